import Foundation

/// Why a safetensors file could not be read or written.
public struct SafetensorsError: Error, Sendable, CustomStringConvertible {
    /// The file.
    public let file: String
    /// What was wrong.
    public let problem: String

    /// The file and what was wrong with it.
    public var description: String { "\(file): \(problem)" }

    init(_ file: URL, _ problem: String) {
        self.file = file.path
        self.problem = problem
    }
}
