import Foundation

/// Where a long run says how far it is: one line that is rewritten on a terminal, a log line every
/// ten seconds elsewhere. Both go to standard error, so that standard output holds results alone.
public struct ProgressLine: Sendable {
    /// Whether standard error is a terminal.
    public let isTerminal: Bool
    private let start: ContinuousClock.Instant
    private var lastShown: ContinuousClock.Instant?
    private let interval: Duration

    /// A line whose clock starts now.
    public init() {
        isTerminal = isatty(STDERR_FILENO) == 1
        start = .now
        interval = isTerminal ? .milliseconds(100) : .seconds(10)
    }

    /// Shows a line if it is time to, or if `isLast`.
    ///
    /// - Parameters:
    ///   - line: the line, given the time since the start and the width of a bar (0: none).
    public mutating func show(
        isLast: Bool = false, _ line: (_ elapsed: Duration, _ barWidth: Int) -> String
    ) {
        let now = ContinuousClock.now
        if !isLast, let lastShown, now - lastShown < interval { return }
        lastShown = now
        let line = line(now - start, isTerminal ? 24 : 0)
        writeToStandardError(isTerminal ? "\r\u{1B}[K\(line)\(isLast ? "\n" : "")" : "\(line)\n")
    }

    /// Prints a line of its own above the one that is rewritten.
    public func note(_ text: String) {
        writeToStandardError(isTerminal ? "\r\u{1B}[K\(text)\n" : "\(text)\n")
    }

    /// `[####----]  12/40 samples  3.1/s  9 s left`.
    ///
    /// - Parameter barWidth: 0 for no bar.
    public static func count(
        _ done: Int, of total: Int, _ unit: String, _ seconds: Double, barWidth: Int
    ) -> String {
        let rate = Double(done) / max(1e-9, seconds)
        var parts = ["\(done)/\(total) \(unit)"]
        if barWidth > 0 {
            parts.insert(bar(Double(done) / Double(max(1, total)), width: barWidth), at: 0)
        }
        if done > 0 {
            parts.append(Self.rate(rate))
            parts.append("\(duration(Double(total - done) / rate)) left")
        }
        return parts.joined(separator: "  ")
    }

    /// A bar of `width` characters, filled by a share from 0 to 1: `[####----]`; empty for 0.
    public static func bar(_ share: Double, width: Int) -> String {
        guard width > 0 else { return "" }
        let filled = Int(min(max(share, 0), 1) * Double(width))
        let bar = String(repeating: "#", count: filled)
        return "[" + bar.padding(toLength: width, withPad: "-", startingAt: 0) + "]"
    }

    /// `0.25/s`, `12.5/s`.
    public static func rate(_ perSecond: Double) -> String {
        String(format: perSecond < 1 ? "%.2f/s" : "%.1f/s", perSecond)
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

extension Duration {
    /// The duration in seconds.
    public var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
