import BenchmarkHarness
import Foundation
import ShardStore

/// What the index costs: rows on appending, and joining the parts of a corpus.
///
/// Samples are as small as samples can be, so that rows and not bytes count: each asset has a
/// clip, a sample with two fields and its record, four measures and four decisions, which is
/// fourteen rows.
struct StoreCases {
    let folder: URL
    /// The most samples that are merged; 10⁶ take some minutes and 5 GB to prepare.
    let mostSamples: Int

    private static let rowsOfAsset = 14
    private static let partCount = 8
    private static let filter = FilterRecord(name: "benchmark", text: "")

    func run(_ harness: Harness) throws {
        let count = 20_000
        try harness.measure("append and commit, 256 assets at a time", item: "row") {
            let path = folder.appending(path: "appended").path
            try? FileManager.default.removeItem(atPath: path)
            try write(0..<count, to: path, part: nil)
            return Harness.Yield(items: count * Self.rowsOfAsset)
        }
        for count in [10_000, 100_000, 1_000_000] where count <= mostSamples {
            let name = "merge \(Self.partCount) parts of \(count) samples"
            guard harness.runs(name) else { continue }
            let parts = try parts(of: count)
            try harness.measure(name, item: "row") {
                let path = folder.appending(path: "merged").path
                try? FileManager.default.removeItem(atPath: path)
                let report = try StoreMerger.merge(
                    parts, into: path, run: RunRecord(toolVersion: "0", commandLine: "benchmark"))
                precondition(report.sampleCount == count)
                return Harness.Yield(items: count * Self.rowsOfAsset)
            }
            for part in parts { try FileManager.default.removeItem(atPath: part) }
        }
    }

    private func parts(of count: Int) throws -> [String] {
        try (0..<Self.partCount).map { index in
            let path = folder.appending(path: "part-\(count)-\(index)").path
            let part = Partition(index: index, count: Self.partCount)
            try write(0..<count, to: path, part: part)
            return path
        }
    }

    private func write(_ numbers: Range<Int>, to path: String, part: Partition?) throws {
        let writer = try StoreWriter(
            at: path,
            run: RunRecord(
                toolVersion: "0", commandLine: "benchmark", manifest: "seed: 0\n", part: part),
            filter: Self.filter)
        var pending = 0
        for number in numbers {
            let id = "objects/\(number).glb"
            guard part?.contains(asset: id) ?? true else { continue }
            try writer.append(outcome(id, number))
            pending += 1
            if pending % 256 == 0 { try writer.commit() }
        }
        try writer.finish()
    }

    private func outcome(_ id: String, _ number: Int) -> AssetOutcome {
        let measures = ["motion", "ssim", "coverage", "duration"]
        return AssetOutcome(
            asset: AssetRecord(
                id: id, split: number % 10 == 0 ? .validation : .train, path: id,
                sha256: String(format: "%064x", number), byteCount: number, format: "glb",
                licence: "CC-BY 4.0", timings: ["import": 0.01, "render": 0.5]),
            clips: [ClipRecord(name: "walk", durationSeconds: 1.5)],
            samples: [
                Sample(
                    key: "sample-\(number)", clip: "walk",
                    fields: [Field("a.bin", bytes: [1]), Field("b.bin", bytes: [2])],
                    metadata: ["number": .integer(number)])
            ],
            measures: measures.map {
                Measure(name: $0, clip: "walk", value: .scalar(Double(number) / 7))
            },
            decisions: measures.enumerated().map { position, name in
                Decision(
                    stage: "judge", rule: name, position: position, clip: "walk", verdict: .kept)
            })
    }
}
