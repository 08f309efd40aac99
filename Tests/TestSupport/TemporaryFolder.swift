import Foundation

/// A folder of a test's own, which goes when the value does.
public final class TemporaryFolder: Sendable {
    /// Where it lies.
    public let path: String

    /// Makes an empty folder, in memory where the machine has such a place: stores wait for the
    /// device at every commit.
    public init() {
        let memory = "/dev/shm"
        let parent =
            FileManager.default.isWritableFile(atPath: memory)
            ? memory : FileManager.default.temporaryDirectory.path
        path = "\(parent)/muybridge-\(UUID().uuidString)"
        try! FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Lends a folder for the length of `body`.
    public static func using<Result>(_ body: (URL) throws -> Result) rethrows -> Result {
        let folder = TemporaryFolder()
        return try withExtendedLifetime(folder) { try body(folder.url) }
    }

    /// The folder as a URL.
    public var url: URL { URL(fileURLWithPath: path, isDirectory: true) }

    /// The path of a store in the folder.
    public var store: String { "\(path)/store" }

    /// Writes a file, with the folders above it, and gives its path.
    @discardableResult
    public func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        return file.path
    }

    /// Writes a text file and gives its path.
    @discardableResult
    public func write(_ name: String, _ text: String) throws -> String {
        try write(name, Array(text.utf8))
    }
}
