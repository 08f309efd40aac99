import Foundation

/// Programs that the benchmarks run to their end.
package enum ChildProcess {
    /// A program that ended with an error.
    package struct Failure: Error, CustomStringConvertible {
        /// All that it printed.
        package var output: String

        /// The line that says most.
        package var lastWords: String {
            let lines = output.split(separator: "\n")
            return String(lines.last { $0.contains("ERROR") } ?? lines.last ?? "no word of why")
        }

        package var description: String { output }
    }

    /// Runs a program, whose path comes first, and waits for it.
    ///
    /// - Throws: ``Failure`` where its status is not zero.
    package static func run(_ command: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(output: String(decoding: text, as: UTF8.self))
        }
    }
}
