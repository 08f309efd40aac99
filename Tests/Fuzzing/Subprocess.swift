import Foundation

/// A program that is run to its end, or killed.
struct Subprocess {
    /// How it ended.
    enum Ending: Equatable {
        case exit(Int32)
        case signal(Int32)
        case timeout
    }

    /// Runs a program with its output in a file.
    ///
    /// - Parameters:
    ///   - isStuck: asked four times a second; true kills the program and what it started.
    static func run(
        _ program: String, _ arguments: [String], output: String, isStuck: () -> Bool
    ) throws -> Ending {
        try Data().write(to: URL(fileURLWithPath: output))
        let log = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        defer { try? log.close() }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = log
        process.standardError = log
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        try process.run()
        while ended.wait(timeout: .now() + 0.25) == .timedOut {
            guard isStuck() else { continue }
            kill(process.processIdentifier, SIGTERM)
            if ended.wait(timeout: .now() + 15) == .timedOut {
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
            }
            return .timeout
        }
        return process.terminationReason == .exit
            ? .exit(process.terminationStatus) : .signal(process.terminationStatus)
    }

    /// Runs a program for so many seconds at most.
    static func run(
        _ program: String, _ arguments: [String], output: String, seconds: Double
    ) throws -> Ending {
        let end = Date(timeIntervalSinceNow: seconds)
        return try run(program, arguments, output: output, isStuck: { Date() > end })
    }
}
