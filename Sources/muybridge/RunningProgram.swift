import Foundation

/// The program that runs.
enum RunningProgram {
    /// Where it lies, wherever it was installed.
    static func path() throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }
}
