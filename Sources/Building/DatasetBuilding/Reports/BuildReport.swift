import Foundation
import ShardStore

/// What a store holds and what became of every asset and clip: a funnel whose counts add up.
public struct BuildReport {
    /// The report, as lines of text.
    public let text: String

    /// The stages in the order in which a run goes through them.
    static let stages = [
        "list", "find", "read", "identify", "import", "pose", "judge", "surface", "render", "build",
        "compare",
    ]

    /// Reads a store.
    ///
    /// - Throws: `StoreError`.
    public init(store: String) throws {
        let summary = try StoreSummary(of: StoreReader(at: store), stages: BuildReport.stages)
        var lines: [String] = []
        lines += BuildReport.lines("assets", summary.assets)
        lines += BuildReport.lines("clips", summary.clips)
        if summary.keptClipsWithoutSamples > 0 {
            lines.append(
                "\(summary.keptClipsWithoutSamples) clips that the filter keeps have no sample: "
                    + "they were rejected when the store was built; build again to add them.")
        }
        if summary.quarantinedCount > 0 {
            lines.append(
                "\(summary.quarantinedCount) of \(summary.failedCount) failed assets are "
                    + "quarantined: they failed twice alike (build --retry all tries them again).")
        }
        for split in summary.splits {
            lines.append(
                "\(BuildReport.padded(split.split.rawValue, 6)) \(split.keptCount) of "
                    + "\(split.sampleCount) samples kept, \(split.shardCount) shards, "
                    + "\(split.fieldCount) fields, \(BuildReport.bytes(split.byteCount))")
        }
        text = lines.joined(separator: "\n")
    }

    private static func lines(_ what: String, _ funnel: StoreSummary.Funnel) -> [String] {
        guard funnel.total > 0 else { return [] }
        var lines = ["\(funnel.total) \(what)"]
        for step in funnel.steps {
            let name = "\(step.stage): \(step.rule)"
            lines.append(
                "  \(padded("-\(step.count)", 6)) \(padded(step.outcome.rawValue, 9)) "
                    + "\(padded(name, 36)) \(step.remaining) left")
        }
        lines.append("  \(padded("\(funnel.kept)", 6)) kept")
        return lines
    }

    static func padded(_ text: String, _ width: Int) -> String {
        text.count >= width ? text : text + String(repeating: " ", count: width - text.count)
    }

    /// A size as people read it.
    static func bytes(_ count: Int) -> String {
        switch Double(count) {
        case ..<1e3: "\(count) B"
        case ..<1e6: String(format: "%.1f kB", Double(count) / 1e3)
        case ..<1e9: String(format: "%.1f MB", Double(count) / 1e6)
        case ..<1e12: String(format: "%.2f GB", Double(count) / 1e9)
        default: String(format: "%.2f TB", Double(count) / 1e12)
        }
    }
}
