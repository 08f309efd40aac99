import Foundation

/// Runs Tests/StoreCrasher in a process of its own, beside the tests.
struct Crasher {
    /// How a run ended.
    struct Ending {
        var isKilled: Bool
        var status: Int32
        var lines: [String]

        /// How many assets the run said were committed.
        var committed: Int { last("committed") ?? 0 }
        /// How many file operations a run that came to its end made.
        var operations: Int { last("operations") ?? 0 }
        var error: String? {
            lines.first { $0.hasPrefix("error ") }.map { String($0.dropFirst(6)) }
        }

        private func last(_ word: String) -> Int? {
            lines.last { $0.hasPrefix("\(word) ") }
                .flatMap { Int($0.dropFirst(word.count + 1)) }
        }
    }

    /// The program: built into the folder that the tests run from.
    static let path: String = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        let folder = ((own ?? CommandLine.arguments[0]) as NSString).deletingLastPathComponent
        return "\(folder)/muybridge-store-crasher"
    }()

    /// How many kills the tests make, times `MUYBRIDGE_CRASH_FACTOR`.
    static let factor = max(
        1, Int(ProcessInfo.processInfo.environment["MUYBRIDGE_CRASH_FACTOR"] ?? "") ?? 1)

    /// Runs the program.
    ///
    /// - Parameter killedAfter: microseconds after its first word at which it is killed.
    static func run(_ arguments: [String], killedAfter delay: UInt32? = nil) throws -> Ending {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var text = Data()
        if let delay {
            text += output.fileHandleForReading.availableData
            usleep(delay)
            kill(process.processIdentifier, SIGKILL)
        }
        text += output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Ending(
            isKilled: process.terminationReason == .uncaughtSignal,
            status: process.terminationStatus,
            lines: String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init))
    }

    /// Runs a program again and again, killed each time from outside or inside, until a run comes
    /// to its end.
    ///
    /// - Parameters:
    ///   - operations: how many file operations an undisturbed run makes.
    ///   - microseconds: how long an undisturbed run takes.
    ///   - kills: counts the kills.
    ///   - check: looks at what a killed run left.
    static func runToTheEnd(
        _ arguments: [String], operations: Int, microseconds: Double, _ random: inout SeededRandom,
        kills: inout Int, check: (Ending) throws -> Void
    ) throws {
        while true {
            let ending: Ending
            if Bool.random(using: &random) {
                let moment = ["before", "torn", "after"].randomElement(using: &random)!
                let number = Int.random(in: 0..<max(1, operations), using: &random)
                ending = try run(arguments + ["at=\(number)", "moment=\(moment)"])
            } else {
                let delay = Double.random(in: 0...microseconds, using: &random)
                ending = try run(arguments, killedAfter: UInt32(delay))
            }
            guard ending.isKilled else {
                if ending.status != 0 { throw CrasherFailure(description: "\(ending)") }
                return
            }
            kills += 1
            try check(ending)
        }
    }

    /// Runs a program undisturbed, and tells how long it worked.
    static func measure(
        _ arguments: [String]
    ) throws -> (ending: Ending, microseconds: Double) {
        let start = ContinuousClock.now
        let ending = try run(arguments)
        if ending.status != 0 { throw CrasherFailure(description: "\(ending)") }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        return (ending, seconds * 1e6)
    }
}

/// A run of the crasher that neither ended well nor was killed.
struct CrasherFailure: Error, CustomStringConvertible {
    var description: String
}
