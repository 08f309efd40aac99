import DatasetBuilding
import DemoCorpus
import Foundation
import ShardStore
import TestSupport
import Testing

/// The demo as `make demo` runs it: every asset ends as its author meant it to.
@Suite struct DemoTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func rule(_ rejection: DemoAsset.Rejection) -> String {
        switch rejection {
        case .noClip: "no-clip"
        case .tooStill: "barely-moving"
        case .explodes: "explodes"
        case .outOfFrame: "leaves-frame"
        case .tooShort: "too-short"
        case .lowScore: "low-score"
        case .missingTexture: "texture-missing"
        case .license: "licence"
        case .unwantedTag: "unwanted-tag"
        }
    }

    @Test func everyAssetEndsAsItWasMeantTo() throws {
        let folder = TemporaryFolder()
        let corpus = folder.url.appending(path: "corpus")
        try DemoCorpus.write(to: corpus)
        let plan = try BuildPlan(
            manifest: Self.root.appending(path: "Manifests/demo.yaml").path, corpus: corpus.path,
            store: folder.store)
        let catalogue = try Catalogue(plan: plan)
        _ = try DatasetBuilder(
            plan: plan, catalogue: catalogue, storePath: folder.store, commandLine: ["test"]
        ).run(
            on: .workers(WorkerOptions(executable: try BuildFixture.program("muybridge"))),
            shouldStop: { false })

        var fates: [String: Fate] = [:]
        try StoreReader(at: folder.store).forEachAsset { fates[$0.asset.id] = $0.fate }
        for asset in DemoCorpus.assets {
            let fate = fates[asset.id]
            switch asset.expectation {
            case .kept: #expect(fate?.outcome == .kept, "\(asset.id): \(String(describing: fate))")
            case .rejected(let why):
                #expect(
                    fate?.rule == Self.rule(why), "\(asset.id): \(String(describing: fate))")
            case .fails:
                #expect(
                    fate?.outcome == .failed, "\(asset.id): \(String(describing: fate))")
            }
        }
        // One identity of the list has no file.
        #expect(fates.count == DemoCorpus.assets.count + 1)
        let sheets = try StoreSheets(store: folder.store).write(
            to: folder.path, maximumRows: 100)
        #expect(sheets.allSatisfy { FileManager.default.fileExists(atPath: $0) })
    }
}
