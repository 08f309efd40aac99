import DatasetBuilding
import Foundation
import ShardStore
import TestSupport
import Testing

/// Prices of a corpus by a store, against sums done by hand.
@Suite struct ScaleEstimateTests {
    private func store(_ folder: TemporaryFolder, seconds: [[String: Double]]) throws {
        let writer = try StoreWriter(
            at: folder.store, run: RunRecord(toolVersion: "1", commandLine: "test"),
            filter: FilterRecord(name: "none", text: ""))
        for (index, stages) in seconds.enumerated() {
            let record = AssetRecord(
                id: "asset-\(index)", split: .train, path: "a", byteCount: 1000 * (index + 1),
                timings: .object(stages.mapValues(JSONValue.number)))
            // The last of them fails; the others have a sample each.
            let fails = index == seconds.count - 1
            try writer.append(
                AssetOutcome(
                    asset: record,
                    samples: fails
                        ? []
                        : [
                            Sample(
                                key: "asset-\(index)",
                                fields: [Field("a.png", bytes: [UInt8](repeating: 7, count: 5000))])
                        ],
                    failures: fails
                        ? [FailureRecord(stage: "import", cause: "malformed", message: "no")] : []))
        }
        try writer.commit()
        try writer.finish()
    }

    @Test func costsAreInProportion() throws {
        let folder = TemporaryFolder()
        // Sums: 1, 3, 2 s; mean 2, sample variance 1, standard error 1/√3.
        try store(
            folder,
            seconds: [
                ["import": 0.25, "render": 0.75], ["import": 1, "render": 2], ["import": 2],
            ])
        let estimate = try ScaleEstimate(store: folder.store, assetCount: 3_000_000)
        #expect(estimate.assetCount == 3)
        #expect(isClose(estimate.seconds, 6e6, relative: 1e-12))
        #expect(isClose(estimate.uncertainty, 2 * 3e6 / 3.0.squareRoot(), relative: 1e-9))
        #expect(estimate.secondsByStage == ["import": 3.25, "render": 2.75])
        #expect(estimate.bytesRead == 6e9)
        let shard = try #require(
            try FileManager.default.attributesOfItem(
                atPath: "\(folder.store)/shards/train-000000.tar")[.size] as? Int)
        #expect(estimate.shardBytes == Double(shard) * 1e6)
        #expect(estimate.text.contains("1666.7 core-hours (±58%)"))
        #expect(estimate.text.contains("import 54%, render 46%"))
        #expect(estimate.text.contains("6.00 GB"))
    }

    @Test func nothingIsPricedByNothing() throws {
        let folder = TemporaryFolder()
        try store(folder, seconds: [[:], [:]])
        #expect(throws: StoreError.self) { try ScaleEstimate(store: folder.store, assetCount: 10) }
    }
}
