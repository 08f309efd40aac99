import Foundation

/// What a worker's trouble says of its asset.
struct FailureCause: Equatable {
    /// In a word or two, the same for like failures: `signal 11`, `timeout`, `memory`.
    var word: String
    /// For a reader.
    var message: String
    /// The worker was killed by another process, or by the system for want of memory.
    var isFromOutside = false
    /// What the worker did before may be the reason.
    var mayLieInThePast = false

    /// - Parameter words: what the worker printed last.
    init(_ trouble: WorkerTrouble, words: String, options: WorkerOptions) {
        let said = words.isEmpty ? "" : "; it printed: \(words)"
        switch trouble {
        // A process without memory may also hang while it tries to say so.
        case .ended where FailureCause.saysOutOfMemory(words),
            .timedOut where FailureCause.saysOutOfMemory(words):
            word = "memory"
            message =
                "more than \(options.memoryBytes >> 20) MiB of memory are needed (--memory)" + said
            mayLieInThePast = true
        case .timedOut, .abandoned:
            let limit = options.timeout / .seconds(1)
            word = "timeout"
            message = "not done within \(String(format: "%g", limit)) seconds (--timeout)" + said
        case .garbage(let what):
            word = "garbage"
            message = "the worker sent \(what)" + said
            mayLieInThePast = true
        case .ended(let status):
            let signal = status & 0x7F
            word = signal > 0 ? "signal \(signal)" : "exit \(status >> 8 & 0xFF)"
            message = "the worker \(FailureCause.end(status))" + said
            isFromOutside = signal == SIGKILL || signal == SIGTERM
            if isFromOutside { message += "; the system may be short of memory" }
            mayLieInThePast = true
        }
    }

    /// How a process ended, from the raw status of `waitpid`.
    private static func end(_ status: Int32) -> String {
        let signal = status & 0x7F
        guard signal > 0 else { return "ended with status \(status >> 8 & 0xFF)" }
        return "died of signal \(signal) (\(String(cString: strsignal(signal))))"
    }

    /// What Swift, C++ and the libraries print when an allocation fails.
    static func saysOutOfMemory(_ words: String) -> Bool {
        let words = words.lowercased()
        return [
            "failed to allocate", "could not allocate", "cannot allocate", "bad_alloc",
            "out of memory", "memory exhausted", "insufficient memory",
        ].contains { words.contains($0) }
    }
}
