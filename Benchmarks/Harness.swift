import Foundation

/// Times cases and prints one aligned line each.
///
/// A case runs once to warm up and then at least five times; the median counts, since other work
/// on the machine only ever slows a run down now and then.
struct Harness {
    /// What one run of a case came to.
    struct Yield {
        /// Things made: frames, assets, samples.
        var items: Int
        /// Bytes written or moved.
        var bytes = 0
    }

    private let runs: Int
    private let only: String?

    init(runs: Int, only: String?) {
        self.runs = max(5, runs)
        self.only = only
    }

    static func printHeader() {
        print(line("case", "item", "items", "median s", "items/s", "MB/s"))
    }

    /// Whether the command line asks for a case.
    func runs(_ name: String) -> Bool { only.map(name.contains) ?? true }

    /// Runs a case, unless the command line asks for others.
    func measure(_ name: String, item: String, _ body: () throws -> Yield) rethrows {
        guard runs(name) else { return }
        var yield = try body()
        var seconds: [Double] = []
        for _ in 0..<runs {
            let start = ContinuousClock.now
            yield = try body()
            let elapsed = (ContinuousClock.now - start).components
            seconds.append(Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18)
        }
        let median = seconds.sorted()[seconds.count / 2]
        print(
            Harness.line(
                name, item, "\(yield.items)", String(format: "%.4f", median),
                String(format: "%.1f", Double(yield.items) / median),
                yield.bytes > 0 ? String(format: "%.1f", Double(yield.bytes) / median / 1e6) : "-"))
    }

    private static func line(_ columns: String...) -> String {
        let widths = [44, 8, 8, 10, 10, 8]
        return zip(columns, widths).enumerated().map { i, pair in
            let (text, width) = pair
            let padding = String(repeating: " ", count: max(0, width - text.count))
            return i < 2 ? text + padding : padding + text
        }.joined(separator: " ")
    }
}
