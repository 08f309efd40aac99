import Foundation

/// What a long run says of itself: one line that is rewritten on a terminal, a log line every ten
/// seconds elsewhere. Both go to standard error, so that standard output holds results alone.
public struct Progress: Sendable {
    /// How far a run is.
    public struct State: Sendable, Equatable {
        /// Assets to do in all.
        public var total: Int
        /// Assets done, in this run.
        public var done = 0
        /// Assets of which a sample was kept.
        public var kept = 0
        /// Assets that rules rejected.
        public var rejected = 0
        /// Assets that could not be processed.
        public var failed = 0

        /// A run over `total` assets.
        public init(total: Int) { self.total = total }
    }

    private let isTerminal: Bool
    private let start: ContinuousClock.Instant
    private var lastShown: ContinuousClock.Instant?
    private let interval: Duration

    /// Progress that starts now.
    public init() {
        isTerminal = isatty(STDERR_FILENO) == 1
        start = .now
        interval = isTerminal ? .milliseconds(100) : .seconds(10)
    }

    /// Shows the state if it is time to, or if `isLast`.
    public mutating func show(_ state: State, isLast: Bool = false) {
        let now = ContinuousClock.now
        if !isLast, let lastShown, now - lastShown < interval { return }
        lastShown = now
        let line = Progress.line(state, elapsed: now - start, width: isTerminal ? 24 : 0)
        let text = isTerminal ? "\r\u{1B}[K\(line)\(isLast ? "\n" : "")" : "\(line)\n"
        FileHandle.standardError.write(Data(text.utf8))
    }

    /// One line: a bar of `width` characters (none for 0), counts, rate and time left.
    package static func line(_ state: State, elapsed: Duration, width: Int) -> String {
        let seconds =
            Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
        let share = state.total > 0 ? Double(state.done) / Double(state.total) : 1
        var parts: [String] = []
        if width > 0 {
            let filled = Int(share * Double(width))
            let bar = String(repeating: "#", count: filled)
            parts.append("[" + bar.padding(toLength: width, withPad: "-", startingAt: 0) + "]")
        }
        parts.append("\(state.done)/\(state.total) assets")
        parts.append("kept \(state.kept), rejected \(state.rejected), failed \(state.failed)")
        if state.done > 0, seconds > 0 {
            let rate = Double(state.done) / seconds
            parts.append(String(format: rate < 1 ? "%.2f/s" : "%.1f/s", rate))
            parts.append("\(duration(Double(state.total - state.done) / rate)) left")
        }
        return parts.joined(separator: "  ")
    }

    /// `42 s`, `3 min 05 s`, `2 h 07 min`, `5 d 12 h`.
    public static func duration(_ seconds: Double) -> String {
        let s = Int(min(max(seconds, 0), 1e12).rounded())
        return switch s {
        case ..<60: "\(s) s"
        case ..<3600: String(format: "%d min %02d s", s / 60, s % 60)
        case ..<86_400: String(format: "%d h %02d min", s / 3600, s / 60 % 60)
        default: String(format: "%d d %02d h", s / 86_400, s / 3600 % 24)
        }
    }
}
