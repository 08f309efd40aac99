import DatasetBuilding
import DemoCorpus
import Foundation
import MeshFiles
import Running
import ShardStore
import Synchronization
import TestSupport
import Testing

/// The same bytes are built once, whoever works and wherever a run was stopped.
@Suite struct DuplicateTests {
    private static func bytes(_ id: String) throws -> Data {
        try #require(try DemoCorpus.files(of: id).values.first)
    }

    /// Five assets, of which two come again, one of them twice, and one that is broken and comes
    /// again.
    private static func fixture() throws -> BuildFixture {
        let fixture = try BuildFixture(assets: [])
        let penguin = try bytes("creatures/penguin")
        for name in ["b/one", "c/two", "z/three"] { try fixture.write(penguin, to: "\(name).glb") }
        let clock = try bytes("objects/clock")
        for name in ["a/clock", "y/clock"] { try fixture.write(clock, to: "\(name).glb") }
        for name in ["d/broken", "e/broken"] {
            try fixture.write(Data("glTF, but not really".utf8), to: "\(name).glb")
        }
        try fixture.write(bytes("objects/ball"), to: "m/ball.glb")
        return fixture
    }

    private static let aliases = [
        "c/two": "b/one", "z/three": "b/one", "y/clock": "a/clock", "e/broken": "d/broken",
    ]

    private func aliases(_ fixture: BuildFixture, _ store: String) throws -> [String: String] {
        var aliases: [String: String] = [:]
        try fixture.reader(store).forEachAsset { aliases[$0.asset.id] = $0.asset.aliasOf }
        return aliases
    }

    /// All that the index says of assets, but for times.
    private func assets(_ fixture: BuildFixture, _ store: String) throws -> [String: [String]] {
        var assets: [String: [String]] = [:]
        try fixture.reader(store).forEachAsset { stored in
            var record = stored.asset
            let metadata = record.metadata.text
            (record.timings, record.metadata) = (.object([:]), .object([:]))
            assets[record.id] = [
                "\(record)", metadata, "\(stored.fate)", "\(stored.decisions)",
                "\(stored.measures)",
                "\(stored.sampleKeys)",
            ]
        }
        return assets
    }

    @Test func theSameBytesAreBuiltOnce() throws {
        let fixture = try Self.fixture()
        try fixture.build("one", workers: 1)
        #expect(try aliases(fixture, "one") == Self.aliases)
        let reader = try fixture.reader("one")
        for (alias, first) in Self.aliases {
            let stored = try #require(try reader.asset(alias))
            #expect(stored.fate.outcome == .rejected && stored.fate.stage == "identify")
            #expect(stored.fate.rule == "duplicate")
            #expect(stored.fate.reason == "the same bytes as \(first)")
            #expect(stored.sampleKeys.isEmpty && stored.clips.isEmpty && stored.failures.isEmpty)
            #expect(stored.asset.split == (try reader.asset(first))?.asset.split)
        }
        #expect(try #require(try reader.asset("d/broken")).fate.outcome == .failed)
        #expect(try #require(try reader.asset("b/one")).fate.outcome == .kept)
        #expect(try reader.keys().count == Set(try reader.keys()).count)
        let report = try BuildReport(store: fixture.storePath("one")).text
        #expect(report.contains("identify: duplicate"))
    }

    @Test func aliasesDoNotDependOnTheNumberOfWorkers() throws {
        let fixture = try Self.fixture()
        try fixture.build("one", workers: 1)
        let (shards, rows) = (try fixture.shards("one"), try assets(fixture, "one"))
        for workers in [2, 5, 8] {
            try fixture.build("many\(workers)", workers: workers)
            #expect(try fixture.shards("many\(workers)") == shards)
            #expect(try assets(fixture, "many\(workers)") == rows)
        }
    }

    @Test func stoppedRunsFindTheSameAliases() throws {
        let fixture = try Self.fixture()
        try fixture.build("whole", workers: 1)
        for stop in 1...7 {
            let asked = Atomic<Int>(0)
            let first = try fixture.build("s\(stop)", workers: 1) {
                asked.add(1, ordering: .relaxed).newValue > stop
            }
            #expect(first.remaining > 0)
            try fixture.build("s\(stop)", workers: 3)
            #expect(try fixture.shards("s\(stop)") == fixture.shards("whole"))
            #expect(try assets(fixture, "s\(stop)") == assets(fixture, "whole"))
        }
    }

    @Test func judgingAgainLeavesAliases() throws {
        let fixture = try Self.fixture()
        try fixture.build("s")
        let filter = fixture.folder.url.appending(path: "other.yaml")
        try Data(
            """
            name: other
            rules:
              - {name: any, measure: vertices, at-least: 1, reason: no vertices}
            """.utf8
        ).write(to: filter)
        let outcome = try Rejudging(store: fixture.storePath("s"), filter: filter.path)
            .run(dryRun: false)
        #expect(outcome.needBuild == 0)
        #expect(try aliases(fixture, "s") == Self.aliases)
        for alias in Self.aliases.keys {
            #expect(try fixture.fates("s")[alias]?.rule == "duplicate")
        }
    }

    /// A row of a table that rejects one of two says nothing of the other.
    @Test func tablesJudgeEachOfTheSameBytes() throws {
        let fixture = try BuildFixture(assets: [])
        let ball = try Self.bytes("objects/ball")
        for name in ["a", "b", "c"] { try fixture.write(ball, to: "\(name).glb") }
        try fixture.write(Data("id,score\na,1\nb,9\nc,9\n".utf8), to: "scores.csv")
        try Data(
            """
            name: scores
            rules:
              - {name: low, measure: column.score, at-least: 5, reason: low}
            """.utf8
        ).write(to: fixture.folder.url.appending(path: "filter.yaml"))
        try fixture.writeManifest(corpus: "{columns: scores.csv}")
        try fixture.build("s")
        let fates = try fixture.fates("s")
        #expect(fates["a"]?.rule == "low")
        #expect(fates["b"]?.outcome == .kept)
        #expect(try aliases(fixture, "s") == ["c": "b"])
    }

    /// The bytes of a .gltf name a buffer beside it: in another folder that may be another one.
    @Test func filesThatNameFilesAreOneOnlyInOneFolder() throws {
        let fixture = try BuildFixture(assets: [])
        let id = try #require(
            DemoCorpus.assets.first { $0.path.hasSuffix(".gltf") && $0.expectation == .kept }
        ).id
        let document = try #require(DemoCorpus.document(named: id))
        func write(_ embedding: GLTFDocument.Embedding, _ folder: String, as names: [String]) throws
        {
            for (file, data) in try document.gltf(baseName: "model", embedding: embedding) {
                let isMain = file.hasSuffix(".gltf")
                for name in isMain ? names.map({ "\($0).gltf" }) : [file] {
                    try fixture.write(data, to: "\(folder)/\(name)")
                }
            }
        }
        try write(.externalFiles, "a", as: ["one", "two"])
        try write(.externalFiles, "b", as: ["one"])
        // A picture of the asset's own name might be its own.
        try write(.externalFiles, "c", as: ["one", "two"])
        try fixture.write(Data("x".utf8), to: "c/two.png")
        try write(.dataURIs, "d", as: ["one"])
        try write(.dataURIs, "e", as: ["one"])
        try fixture.build("s")
        #expect(try aliases(fixture, "s") == ["a/two": "a/one", "e/one": "d/one"])
    }

    /// Under any name the same bytes stand in the same split, in stores that know nothing of each
    /// other too.
    @Test func splitsFollowTheBytes() throws {
        let fixture = try BuildFixture(assets: [])
        let ids = DemoCorpus.assets.filter { $0.expectation == .kept && $0.path.hasSuffix(".glb") }
            .prefix(4).map(\.id)
        try Data(
            """
            name: splits
            timeline: {frames: 1}
            curation: {preview-size: 0}
            store: {arrays: [triangles], splits: {train: 0.4, validation: 0.3, test: 0.3}}
            """.utf8
        ).write(to: fixture.folder.url.appending(path: "manifest.yaml"))
        for (i, id) in ids.enumerated() {
            for copy in 0..<3 { try fixture.write(Self.bytes(id), to: "\(copy)/\(i)x\(copy).glb") }
        }
        let fractions = try Split.Fractions(train: 0.4, validation: 0.3, test: 0.3)
        var splits: [Set<Split>] = Array(repeating: [], count: ids.count)
        for copy in 0..<3 {
            let names = ids.indices.map { "\(copy)/\($0)x\(copy)" }
            try fixture.build("part\(copy)", only: names)
            try fixture.reader("part\(copy)").forEachAsset { stored in
                let i = Int(String(stored.asset.id.dropFirst(2).first!))!
                splits[i].insert(stored.asset.split)
                #expect(stored.fate.outcome == .kept)
                // As Documentation/store.md says it.
                let split = Split.assign(
                    asset: stored.asset.sha256 ?? "", fractions: fractions, seed: 0)
                #expect(stored.asset.split == split)
            }
        }
        #expect(splits.allSatisfy { $0.count == 1 })
    }

    @Test func provenanceIsKept() throws {
        let fixture = try BuildFixture(assets: ["objects/ball"])
        try fixture.build("s")
        let reader = try fixture.reader("s")
        let key = try #require(try reader.keys().first)
        let provenance = try reader.provenance(of: key)
        #expect(provenance.asset == "objects/ball" && provenance.seed == 3)
        #expect(provenance.sourcePath == "objects/ball.glb")
        #expect(provenance.toolVersion == Version.current)
        func digest(_ url: URL) throws -> String {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
            process.arguments = [url.path]
            let pipe = Pipe()
            process.standardOutput = pipe
            try process.run()
            let data = pipe.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return String(String(decoding: data, as: UTF8.self).prefix(64))
        }
        #expect(
            provenance.sourceSHA256
                == (try digest(fixture.corpus.appending(path: "objects/ball.glb"))))
        #expect(
            provenance.manifestSHA256
                == (try digest(fixture.folder.url.appending(path: "manifest.yaml"))))
        guard case .object(let seconds) = provenance.timings else {
            Issue.record("no timings")
            return
        }
        #expect(Set(seconds.keys).isSuperset(of: ["import", "pose", "measure", "render"]))
        for case .number(let second) in seconds.values { #expect(second >= 0 && second < 600) }
        let text = StoreText.describe(provenance)
        #expect(text.contains("source objects/ball.glb") && text.contains("seed 3"))
    }
}
