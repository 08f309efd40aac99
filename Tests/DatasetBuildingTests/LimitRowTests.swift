import DatasetBuilding
import DemoCorpus
import Foundation
import Geometry
import ShardStore
import TestSupport
import Testing

/// What is beyond the manifest's limits is a row with a reason.
@Suite struct LimitRowTests {
    /// A box with so many clips.
    private static func box(clips: Int) throws -> Data {
        var document = TinyAssets.turningBox()
        let turn = document.animations[0]
        document.animations = (0..<clips).map { i in
            var clip = turn
            clip.name = "turn \(i)"
            return clip
        }
        return try document.glb()
    }

    @Test func leftOutClipsAreDecisions() throws {
        let fixture = try BuildFixture(assets: [])
        try fixture.write(Self.box(clips: 1000), to: "box.glb")
        try fixture.writeManifest(corpus: "{limits: {clips: 3}}")
        try fixture.build("s")
        let stored = try #require(try fixture.reader("s").asset("box"))
        #expect(stored.clips.count == 1000 && stored.sampleKeys.count == 3)
        #expect(stored.clipFates.prefix(3).allSatisfy { $0.outcome == .kept })
        #expect(
            stored.clipFates.dropFirst(3).allSatisfy {
                $0.outcome == .rejected && $0.stage == "limit" && $0.rule == "clips"
            })
        let reason =
            "the asset has 1000 clips, of which the first 3 are taken (corpus.limits.clips)"
        #expect(stored.clipFates[3].reason == reason)
        #expect(stored.fate == .kept)

        // They stay left out whatever other rules say.
        let filter = fixture.folder.url.appending(path: "all.yaml")
        try Data(
            """
            name: all
            rules:
              - {name: some, measure: vertices, at-least: 1, reason: none}
            """.utf8
        ).write(to: filter)
        let outcome = try Rejudging(store: fixture.storePath("s"), filter: filter.path)
            .run(dryRun: false)
        #expect(outcome.stayed == 3 && outcome.needBuild == 0 && outcome.dropped == 0)
        let judged = try #require(try fixture.reader("s").asset("box"))
        #expect(judged.clipFates[999].reason == reason)
    }

    @Test(arguments: [
        ("vertices: 8", "vertices"), ("triangles: 11", "triangles"), ("file-bytes: 100", "bytes"),
        ("texture-pixels: 255", "texture-pixels"),
        ("total-texture-pixels: 255", "total-texture-pixels"), ("decoded-bytes: 64", "bytes"),
    ])
    func largeAssetsAreRows(limit: String, named: String) throws {
        let fixture = try BuildFixture(assets: ["rules/test-card"])
        try fixture.writeManifest(corpus: "{limits: {\(limit)}}")
        try fixture.build("s")
        let stored = try #require(try fixture.reader("s").asset("rules/test-card"))
        #expect(stored.fate.outcome == .failed && stored.fate.rule == "limit", "\(stored.fate)")
        let reason = try #require(stored.fate.reason)
        #expect(reason.contains("rules/test-card.glb") && reason.contains("corpus.limits."))
        #expect(reason.contains(named))
        #expect(try StoreVerifier.verify(at: fixture.storePath("s")).problems.isEmpty)
    }

    @Test func limitsAreRead() throws {
        let manifest = try Manifest(
            file: "m.yaml",
            text: """
                corpus: {limits: {joints: 12, frames: 34, nodes: 56, clips: 78}}
                store: {arrays: [positions]}
                """)
        let limits = manifest.corpus.limits
        #expect(limits.asset.joints == 12 && limits.asset.frames == 34)
        #expect(limits.asset.nodes == 56 && limits.clips == 78)
        #expect(limits.asset.vertices == 2_000_000)
        #expect(throws: ManifestError.self) {
            try Manifest(
                file: "m.yaml",
                text: "corpus: {limits: {nodes: 0}}\nstore: {arrays: [positions]}")
        }
    }

    /// Mutants of what a run reads besides assets.
    @Test func tablesAndManifestsAreReadOrRefused() throws {
        let folder = TemporaryFolder()
        let tables = [
            "csv": "id,score,name\na/b,5.5,\"x, \"\"y\"\"\"\nc,,z\n",
            "jsonl": "{\"id\": \"a/b\", \"tags\": [{\"name\": \"x\"}], \"u\": {\"v\": null}}\n",
            "json": "{\"a/b\": {\"license\": \"by\", \"tags\": [\"x\"], \"n\": [1, 2]}}",
            "yaml": """
            name: fuzz
            seed: 3
            corpus: {layout: gltf, limits: {clips: 3}}
            timeline: {mode: rate, frames: 6, frames-per-second: 24, start: 0.5}
            videos:
              orbit: {path: orbit, azimuth: {from: -15, to: 45}, outputs: [color, depth]}
              still: {frozen: orbit}
            store: {splits: {train: 0.8, validation: 0.1, test: 0.1}, arrays: [positions]}
            """,
        ]
        for (suffix, text) in tables.sorted(by: { $0.key < $1.key }) {
            var read = 0
            for index in 0..<200 {
                var mutator = Mutator(seed: 3, name: "\(suffix)-\(index)")
                let mutant = mutator.mutant(of: Array(text.utf8), syntax: .text)
                do {
                    if suffix == "yaml" {
                        _ = try Manifest(
                            file: "m.yaml", text: String(decoding: mutant, as: UTF8.self))
                    } else {
                        let path = try folder.write("table.\(suffix)", mutant)
                        var tables = CorpusTables()
                        if suffix == "json" {
                            try tables.addAnnotations(path: path)
                        } else {
                            try tables.addTable(path: path, identityColumn: "id")
                        }
                    }
                    read += 1
                } catch let error as ManifestError {
                    #expect(!error.description.isEmpty)
                }
            }
            #expect(read > 10 && read < 200, "\(suffix): \(read) of 200 are read")
        }
    }

    /// Mutants of assets, a few of each layout, through the whole build.
    @Test func mutantsOfAssetsAreRows() throws {
        let fixture = try BuildFixture(assets: [])
        let glb = [UInt8](try TinyAssets.swellingBall().glb())
        let anime = [UInt8](TinyAssets.anime())
        for index in 0..<60 {
            var mutator = Mutator(seed: 4, name: "\(index)")
            try fixture.write(
                Data(mutator.mutant(of: glb, syntax: .glb)), to: "glb/\(index).glb")
            try fixture.write(
                Data(mutator.mutant(of: anime, syntax: .binary)), to: "anime/\(index).anime")
        }
        let ending = try fixture.build("s")
        #expect(ending.processed == 120)
        let fates = try fixture.fates("s")
        #expect(fates.count == 120)
        #expect(fates.values.contains { $0.outcome == .kept })
        #expect(fates.values.contains { $0.outcome == .failed })
        #expect(try StoreVerifier.verify(at: fixture.storePath("s")).problems.isEmpty)
    }
}
