import Curation
import DatasetBuilding
import DemoCorpus
import Foundation
import ShardStore
import Synchronization
import TestSupport
import Testing

/// Variants of a model are told from other models, and become what the manifest says.
@Suite struct NearDuplicateTests {
    private static func fixture(_ duplicates: String) throws -> BuildFixture {
        let fixture = try BuildFixture(assets: [])
        try Data(
            """
            name: variants
            clips: first
            timeline: {mode: uniform, frames: 8}
            curation: {preview-size: 0, \(duplicates)}
            store: {arrays: [triangles], splits: {train: 0.4, validation: 0.3, test: 0.3}}
            """.utf8
        ).write(to: fixture.folder.url.appending(path: "manifest.yaml"))
        return fixture
    }

    private static func write(
        _ id: String, _ variants: [AssetVariant], to fixture: BuildFixture
    ) throws {
        let document = try #require(DemoCorpus.document(named: id))
        let name = id.split(separator: "/").last.map(String.init) ?? id
        try fixture.write(document.glb(), to: "\(name)/original/\(name).glb")
        for variant in variants {
            for (file, data) in try variant.files(of: document, name: name) {
                try fixture.write(data, to: "\(name)/\(variant)/\(file)")
            }
        }
    }

    /// Every variant of ten models is in its model's group, and nothing else is.
    @Test func variantsGroupAndOtherModelsDoNot() throws {
        let fixture = try Self.fixture(
            "measures: [signature.shape, signature.motion, signature.views]")
        let ids = [
            "penguin", "cat", "owl", "dinosaur", "fish", "octopus", "snail", "cobra", "butterfly",
            "ghost",
        ].map { "creatures/\($0)" }.filter { DemoCorpus.document(named: $0) != nil }
        try #require(ids.count >= 8)
        for id in ids { try Self.write(id, AssetVariant.allCases, to: fixture) }
        try fixture.build("s")
        let found = try DuplicateGroups(store: fixture.storePath("s"))
        #expect(found.signatureCount == ids.count * (1 + AssetVariant.allCases.count))
        #expect(found.groups.count == ids.count)
        for group in found.groups {
            #expect(Set(group.members.map { $0.asset.prefix { $0 != "/" } }).count == 1)
            #expect(group.members.count == 1 + AssetVariant.allCases.count)
            #expect(group.members.filter { $0.reason == nil }.count == 1)
        }
        #expect(!found.leaks.isEmpty)
        #expect(found.text.contains("in several splits"))
        let json = try JSONSerialization.jsonObject(with: Data(found.json().utf8))
        let groups = try #require((json as? [String: Any])?["groups"] as? [[String: Any]])
        #expect(groups.count == ids.count)
        // With no distance allowed, what differs in a vertex is apart.
        let strict = try DuplicateGroups(
            store: fixture.storePath("s"), limits: Signature.Limits(views: 0, shape: 0, motion: 0))
        #expect(strict.groups.allSatisfy { $0.members.count < AssetVariant.allCases.count })
    }

    private static func policies(_ policy: String) throws -> BuildFixture {
        let fixture = try fixture("duplicates: {policy: \(policy)}")
        try write("creatures/penguin", [.turned, .shuffled, .scaled, .exported], to: fixture)
        try write("creatures/cat", [.decimated, .tinted], to: fixture)
        try write("objects/clock", [], to: fixture)
        return fixture
    }

    private func rows(_ fixture: BuildFixture, _ store: String) throws -> [String: [String]] {
        var rows: [String: [String]] = [:]
        try fixture.reader(store).forEachAsset { stored in
            rows[stored.asset.id] = [
                stored.asset.split.rawValue, "\(stored.fate)", "\(stored.decisions)",
                "\(stored.measures)", "\(stored.sampleKeys)",
            ]
        }
        return rows
    }

    @Test func keepFirstRejectsTheLaterOnes() throws {
        let fixture = try Self.policies("keep-first")
        try fixture.build("s")
        let fates = try fixture.fates("s")
        // In the catalogue's order the penguin's first is "exported", the cat's "decimated".
        let kept = Set(fates.filter { $0.value.outcome == .kept }.keys)
        #expect(
            kept == ["cat/decimated/cat", "clock/original/clock", "penguin/exported/penguin"])
        for (id, fate) in fates where !kept.contains(id) {
            #expect(fate.stage == "compare" && fate.rule == "near-duplicate")
            let first = id.hasPrefix("cat") ? "cat/decimated/cat" : "penguin/exported/penguin"
            #expect(fate.reason?.contains("looks and moves like \(first), clip ") == true)
        }
        let filter = fixture.folder.url.appending(path: "other.yaml")
        try Data(
            "name: o\nrules:\n  - {name: v, measure: vertices, at-least: 1, reason: none}\n".utf8
        ).write(to: filter)
        let outcome = try Rejudging(store: fixture.storePath("s"), filter: filter.path)
            .run(dryRun: false)
        #expect(outcome.stayed == 3 && outcome.needBuild == 0)
        #expect(try fixture.fates("s").filter { $0.value.outcome == .kept }.count == 3)
    }

    @Test func oneSplitHoldsWhatLooksAlike() throws {
        let fixture = try Self.policies("one-split")
        try fixture.build("s")
        var splits: [String: Set<Split>] = [:]
        var own: [String: Set<Split>] = [:]
        let fractions = try Split.Fractions(train: 0.4, validation: 0.3, test: 0.3)
        try fixture.reader("s").forEachAsset { stored in
            let name = String(stored.asset.id.prefix { $0 != "/" })
            splits[name, default: []].insert(stored.asset.split)
            let split = Split.assign(
                asset: stored.asset.sha256 ?? "", fractions: fractions, seed: 0)
            own[name, default: []].insert(split)
            #expect(stored.fate.outcome == .kept)
        }
        #expect(splits.values.allSatisfy { $0.count == 1 })
        // By their bytes alone they would not stand together.
        #expect(own.values.contains { $0.count > 1 })
        let found = try DuplicateGroups(store: fixture.storePath("s"))
        #expect(found.groups.count == 2 && found.leaks.isEmpty)
    }

    @Test(arguments: ["keep-first", "one-split"])
    func decisionsDoNotDependOnWorkersOrStops(policy: String) throws {
        let fixture = try Self.policies(policy)
        try fixture.build("one", workers: 1)
        let (shards, rows) = (try fixture.shards("one"), try rows(fixture, "one"))
        for workers in [2, 5] {
            try fixture.build("many\(workers)", workers: workers)
            #expect(try fixture.shards("many\(workers)") == shards)
            #expect(try self.rows(fixture, "many\(workers)") == rows)
        }
        for stop in [1, 3, 6] {
            let asked = Atomic<Int>(0)
            let first = try fixture.build("s\(stop)", workers: 1) {
                asked.add(1, ordering: .relaxed).newValue > stop
            }
            #expect(first.remaining > 0)
            try fixture.build("s\(stop)", workers: 3)
            #expect(try fixture.shards("s\(stop)") == shards)
            #expect(try self.rows(fixture, "s\(stop)") == rows)
        }
        // Signatures that come back from a worker process are the same numbers.
        let program = try BuildFixture.program("muybridge")
        try fixture.build(
            "processes", place: .workers(WorkerOptions(count: 2, executable: program)))
        #expect(try fixture.shards("processes") == shards)
        #expect(try self.rows(fixture, "processes") == rows)
    }

    // MARK: What hangs together through others

    private func outcome(_ id: String, split: Split, bits: Int) throws -> AssetOutcome {
        let hash: UInt64 = bits == 0 ? 0 : .max >> UInt64(64 - bits)
        let views = ViewSignature(hashes: SIMD4(hash, 0, 0, 0))
        let numbers = [Double](repeating: 0, count: 64)
        return AssetOutcome(
            asset: AssetRecord(id: id, split: split, path: id),
            clips: [ClipRecord(name: "c")],
            samples: [Sample(key: id, clip: "c", fields: [])],
            measures: [
                Measure(name: "signature.views", clip: "c", value: .series(views.numbers)),
                Measure(name: "signature.shape", clip: "c", value: .series(numbers)),
                Measure(name: "signature.motion", clip: "c", value: .series(numbers)),
            ])
    }

    /// Two that are not alike stand in two splits; a third is like both, and can stand in neither.
    @Test func whatTiesTwoSplitsIsLeftOut() throws {
        let fixture = try BuildFixture(assets: ["objects/ball"])
        try fixture.build("s")
        var duplicates = Manifest.Duplicates.off
        duplicates.policy = .oneSplit
        duplicates.limits = Signature.Limits(views: 20, shape: 1, motion: 1)
        var settling = try #require(try NearDuplicates(fixture.reader("s"), duplicates))
        var first = try outcome("a", split: .train, bits: 0)
        var second = try outcome("b", split: .test, bits: 36)
        settling.settle(&first)
        settling.settle(&second)
        #expect(first.asset.split == .train && second.asset.split == .test)
        #expect(first.samples.count == 1 && second.samples.count == 1)
        var bridge = try outcome("c", split: .validation, bits: 18)
        settling.settle(&bridge)
        #expect(bridge.samples.isEmpty && bridge.decisions.count == 1)
        #expect(bridge.decisions[0].reason.contains("like a, clip c"))
        #expect(bridge.decisions[0].reason.contains("like b, clip c"))
        // What was left out ties nobody.
        var near = try outcome("d", split: .validation, bits: 10)
        settling.settle(&near)
        #expect(near.asset.split == .train && near.decisions.isEmpty)
        // And goes on tying: "e" is like "d" and "c", not like "a".
        var chained = try outcome("e", split: .test, bits: 23)
        chained.measures[0] = Measure(
            name: "signature.views", clip: "c",
            value: .series(ViewSignature(hashes: SIMD4(0x3ff, 0x7fff, 0, 0)).numbers))
        settling.settle(&chained)
        #expect(chained.asset.split == .train && chained.samples.count == 1)
    }
}
