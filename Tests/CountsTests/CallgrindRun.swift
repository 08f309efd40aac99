import Foundation
import Imaging
import Synchronization
import TestSupport

/// A run of `muybridge-counts` under callgrind.
struct CallgrindRun {
    /// What a case took.
    struct Counts: Codable, Equatable {
        /// Machine instructions of a run.
        var instructions: Int
        /// Calls of malloc and its kin by a run.
        var allocations: Int
    }

    /// Why there are no counts here.
    struct Absent: Error, CustomStringConvertible {
        var description: String
    }

    /// By the cases' names.
    private(set) var counts: [String: Counts] = [:]
    /// Cases that could not be counted, and why.
    private(set) var uncounted: [String: String] = [:]

    /// What the counts depend on: they are comparable between runs that agree in it.
    static func toolchain() throws -> String {
        guard let valgrind = output(of: ["/usr/bin/env", "valgrind", "--version"]) else {
            throw Absent(description: "valgrind is not installed")
        }
        let swift = output(of: ["/usr/bin/env", "swift", "--version"]) ?? "Swift of no version"
        let words = swift.split(separator: "\n")[0]
        var system = utsname()
        uname(&system)
        let machine = withUnsafeBytes(of: system.machine) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        let version = valgrind.trimmingCharacters(in: .whitespacesAndNewlines)
        return "\(words), \(version), \(machine)"
    }

    /// Counts every case, each in a process of its own, on all cores.
    ///
    /// Valgrind ends a program at an instruction that it does not know, such as 3.19 at one of two
    /// encodings of `vmovq`, which compilers emit now and then. Such a case is left out.
    init() throws {
        let names = try Self.names()
        let results = Mutex([Int: Result<Counts, any Error>]())
        Parallel.perform(names.count) { i in
            let result = Result { try Self.counts(of: names[i]) }
            results.withLock { $0[i] = result }
        }
        for (i, result) in results.withLock({ $0 }) {
            do {
                counts[names[i]] = try result.get()
            } catch let error as Absent {
                uncounted[names[i]] = error.description
            }
        }
    }

    private static let program: URL = {
        let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: own ?? CommandLine.arguments[0]).deletingLastPathComponent()
            .appending(path: "muybridge-counts")
    }()

    /// The names of all cases.
    private static func names() throws -> [String] {
        try finished([program.path, "--list"]).output.split(separator: "\n").map(String.init)
    }

    private static func counts(of name: String) throws -> Counts {
        // Calls are counted where callgrind does not collect, too, if only by callers that it saw
        // collecting: both processes see the same ones.
        let twice = try dump(of: name, [])
        let once = try dump(of: name, ["--once"])
        return Counts(
            instructions: twice.instructions - once.instructions,
            allocations: twice.allocations - once.allocations)
    }

    /// What callgrind says of a case's process.
    private static func dump(of name: String, _ options: [String]) throws -> Counts {
        let folder = TemporaryFolder()
        let run = try finished(
            [
                "/usr/bin/env", "valgrind", "--tool=callgrind",
                "--toggle-collect=*runUnderCallgrind*",
                "--callgrind-out-file=\(folder.path)/dump", program.path, name,
            ] + options,
            environment: [
                "MUYBRIDGE_THREADS": "1", "SWIFT_DETERMINISTIC_HASHING": "1",
                // Crashes are for valgrind to tell of.
                "SWIFT_BACKTRACE": "enable=no",
                // The kernels of one processor, whatever this one is.
                "OPENBLAS_NUM_THREADS": "1", "OPENBLAS_CORETYPE": "Haswell",
            ])
        if run.errors.contains("Unrecognised instruction") {
            let place = run.errors.split(separator: "\n").first { $0.contains("  at 0x") } ?? ""
            throw Absent(description: "valgrind does not know an instruction: \(place)")
        }
        guard run.status == 0 else { throw Broken(name: name, errors: run.errors) }
        return counts(
            in: try String(contentsOf: folder.url.appending(path: "dump"), encoding: .utf8))
    }

    /// A case that failed by itself.
    private struct Broken: Error {
        var name: String
        var errors: String
    }

    /// Sums up a dump (valgrind's manual, "Callgrind Format Specification").
    static func counts(in dump: String) -> Counts {
        let allocators: Set<String> = [
            "malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc", "memalign",
            "_mid_memalign", "_mid_memalign.constprop.0",
        ]
        var counts = Counts(instructions: 0, allocations: 0)
        // Names stand in full once, as `(7) malloc`, and then as `(7)`.
        var numbers: Set<Substring> = []
        var caller: Substring = ""
        var callee: Substring = ""
        func number(_ line: Substring) -> Substring {
            let parts = line.split(separator: " ", maxSplits: 1)
            if parts.count == 2, allocators.contains(plain(parts[1])) { numbers.insert(parts[0]) }
            return parts[0]
        }
        for line in dump.split(separator: "\n") {
            if line.hasPrefix("fn=") {
                caller = number(line.dropFirst(3))
            } else if line.hasPrefix("cfn=") {
                callee = number(line.dropFirst(4))
            } else if line.hasPrefix("calls="), numbers.contains(callee),
                // What allocators do among themselves is theirs.
                !numbers.contains(caller)
            {
                counts.allocations += Int(line.dropFirst(6).prefix { $0 != " " }) ?? 0
            } else if line.hasPrefix("totals:") {
                counts.instructions = Int(line.dropFirst(7).filter(\.isNumber)) ?? 0
            }
        }
        return counts
    }

    /// A name without the version or the number of a recursion behind it.
    private static func plain(_ name: Substring) -> String {
        String(name.prefix { $0 != "@" && $0 != "'" })
    }

    /// Runs a program to its end.
    private static func finished(
        _ command: [String], environment: [String: String] = [:]
    ) throws -> (output: String, errors: String, status: Int32) {
        let folder = TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        // Files, since a pipe that nobody empties holds a program up.
        let files = try ["output", "errors"].map { name in
            try FileHandle(
                forWritingTo: URL(fileURLWithPath: try folder.write(name, "")))
        }
        process.standardOutput = files[0]
        process.standardError = files[1]
        try process.run()
        process.waitUntilExit()
        let texts = try ["output", "errors"].map { name in
            try String(contentsOf: folder.url.appending(path: name), encoding: .utf8)
        }
        return (texts[0], texts[1], process.terminationStatus)
    }

    /// What a program prints; nil where it cannot be run.
    private static func output(of command: [String]) -> String? {
        guard let run = try? finished(command), run.status == 0 else { return nil }
        return run.output
    }
}
