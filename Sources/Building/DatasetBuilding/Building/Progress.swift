import Running

/// What a build says of itself.
public struct Progress: Sendable {
    /// How far a build is.
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

    private var line = ProgressLine()

    /// Progress that starts now.
    public init() {}

    /// Shows the state if it is time to, or if `isLast`.
    public mutating func show(_ state: State, isLast: Bool = false) {
        line.show(isLast: isLast) { Progress.line(state, elapsed: $0, width: $1) }
    }

    /// One line: a bar of `width` characters (none for 0), counts, rate and time left.
    package static func line(_ state: State, elapsed: Duration, width: Int) -> String {
        let seconds = elapsed.seconds
        let share = state.total > 0 ? Double(state.done) / Double(state.total) : 1
        var parts: [String] = []
        if width > 0 { parts.append(ProgressLine.bar(share, width: width)) }
        parts.append("\(state.done)/\(state.total) assets")
        parts.append("kept \(state.kept), rejected \(state.rejected), failed \(state.failed)")
        if state.done > 0, seconds > 0 {
            let rate = Double(state.done) / seconds
            parts.append(ProgressLine.rate(rate))
            let left = ProgressLine.duration(Double(state.total - state.done) / rate)
            parts.append("\(left) left")
        }
        return parts.joined(separator: "  ")
    }
}
