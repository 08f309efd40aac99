import Foundation
import ShardStore

/// What stores hold, as text for people.
public enum StoreText {
    /// An asset with its clips, measures, decisions and failures.
    public static func describe(_ stored: StoredAsset) -> String {
        let asset = stored.asset
        var lines = ["asset \(asset.id): \(describe(stored.fate))"]
        lines.append("  path \(asset.path), split \(asset.split.rawValue)")
        if let format = asset.format { lines.append("  format \(format)") }
        if let licence = asset.licence { lines.append("  licence \(licence)") }
        if let sha256 = asset.sha256 { lines.append("  sha256 \(sha256)") }
        if let first = asset.aliasOf {
            lines.append("  alias of \(first), which has the same bytes")
        }
        if let seconds = seconds(asset.timings) { lines.append("  took \(seconds)") }
        for (clip, fate) in zip(stored.clips, stored.clipFates) {
            let seconds = clip.durationSeconds.map { String(format: ", %.3f s", $0) } ?? ""
            lines.append("  clip \(clip.name)\(seconds): \(describe(fate))")
            for measure in stored.measures where measure.clip == clip.name {
                lines.append("    \(measure.name) = \(describe(measure.value))")
            }
            for decision in stored.decisions where decision.clip == clip.name {
                lines.append("    \(describe(decision))")
            }
        }
        for decision in stored.decisions where decision.clip == nil {
            lines.append("  \(describe(decision))")
        }
        for failure in stored.failures {
            lines.append("  failed at \(failure.stage) (\(failure.cause)): \(failure.message)")
            if !failure.replayCommand.isEmpty { lines.append("  replay: \(failure.replayCommand)") }
        }
        for key in stored.sampleKeys { lines.append("  sample \(key)") }
        return lines.joined(separator: "\n")
    }

    /// Where a sample comes from.
    public static func describe(_ provenance: SampleProvenance) -> String {
        let run = [
            provenance.toolVersion.map { "muybridge \($0)" },
            provenance.manifestSHA256.map { "manifest \($0)" },
            provenance.seed.map { "seed \($0)" }, provenance.part.map { "part \($0)" },
        ].compactMap { $0 }
        var lines = [
            "provenance",
            "  source \(provenance.sourcePath)"
                + (provenance.sourceSHA256.map { ", sha256 \($0)" } ?? ""),
            "  licence \(provenance.licence ?? "not stated")",
        ]
        if !run.isEmpty { lines.append("  made by \(run.joined(separator: ", "))") }
        if let command = provenance.commandLine {
            lines.append("  command \(command), begun \(provenance.startedAt ?? "-")")
        }
        if let seconds = seconds(provenance.timings) { lines.append("  took \(seconds)") }
        return lines.joined(separator: "\n")
    }

    /// `import 0.012 s, render 0.4 s`, the longest first; nil where nothing was measured.
    private static func seconds(_ timings: JSONValue) -> String? {
        guard case .object(let members) = timings, !members.isEmpty else { return nil }
        let seconds = members.compactMapValues { value -> Double? in
            switch value {
            case .number(let number): number
            case .integer(let number): Double(number)
            default: nil
            }
        }
        return seconds.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\($0.key) \(String(format: "%.3f", $0.value)) s" }.joined(separator: ", ")
    }

    /// A sample with its fields.
    public static func describe(_ sample: StoredSample) -> String {
        let width = sample.fields.map(\.name.count).max() ?? 0
        var lines = [
            "sample \(sample.key): \(sample.isKept ? "kept" : "rejected"), "
                + "\(sample.split.rawValue), asset \(sample.asset), clip \(sample.clip ?? "-")"
        ]
        for field in sample.fields {
            let array = field.type.map { type in
                "  \(type.rawValue) "
                    + "[\((field.shape ?? []).map(String.init).joined(separator: ", "))]"
            }
            lines.append(
                "  \(BuildReport.padded(field.name, width))  \(field.shard) + \(field.offset)  "
                    + "\(field.length) bytes\(array ?? "")")
        }
        return lines.joined(separator: "\n")
    }

    /// What a verification went through and found.
    public static func describe(_ report: StoreVerifier.Report) -> String {
        "\(report.sampleCount) samples, \(report.fieldCount) fields, \(report.shardCount) shards, "
            + "\(BuildReport.bytes(report.byteCount)): "
            + (report.problems.isEmpty ? "all right" : "\(report.problems.count) problems")
    }

    private static func describe(_ fate: Fate) -> String {
        switch fate.outcome {
        case .kept: "kept"
        case .rejected, .failed:
            "\(fate.outcome.rawValue) by \(fate.rule ?? "-") (\(fate.reason ?? ""))"
        }
    }

    private static func describe(_ decision: Decision) -> String {
        "\(decision.rule): \(decision.verdict.rawValue)"
            + (decision.reason.isEmpty ? "" : " (\(decision.reason))")
    }

    private static func describe(_ value: Measure.Value) -> String {
        func text(_ number: Double) -> String { String(format: "%.5g", number) }
        switch value {
        case .scalar(let number): return text(number)
        case .series(let numbers):
            let shown = numbers.prefix(8).map(text).joined(separator: ", ")
            return "[\(shown)\(numbers.count > 8 ? ", ... \(numbers.count) in all" : "")]"
        }
    }
}
