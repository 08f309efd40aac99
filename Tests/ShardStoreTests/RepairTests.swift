import Foundation
import ShardStore
import TestSupport
import Testing

/// What a repair keeps, what it drops, and how the next build heals the store.
@Suite struct RepairTests {
    private static let outcomes = Corpus.outcomes(30, seed: 5)

    private func resume(_ store: String) throws {
        try Corpus.build(
            store,
            try {
                let writer = try StoreWriter(
                    at: store, run: Corpus.run, filter: Corpus.filter, limits: Corpus.smallShards)
                let done = try writer.completedAssets()
                try writer.close()
                return Self.outcomes.filter { !done.contains($0.asset.id) }
            }())
    }

    /// Assets as texts, in which what was not finite is equal to itself.
    private func texts(_ store: String) throws -> [String: String] {
        try assets(store).mapValues { "\($0)" }
    }

    private func assets(_ store: String) throws -> [String: StoredAsset] {
        let reader = try StoreReader(at: store)
        var assets: [String: StoredAsset] = [:]
        try reader.forEachAsset { assets[$0.asset.id] = $0 }
        return assets
    }

    private func checkSound(_ store: String) throws {
        let problems = try StoreVerifier.verify(at: store).problems
        #expect(problems.isEmpty, "\(problems)")
    }

    /// Every sample is there again, and says what it said.
    private func checkHealed(_ store: String) throws {
        try checkSound(store)
        let reader = try StoreReader(at: store)
        let samples = Self.outcomes.flatMap(\.samples)
        #expect(try Set(reader.keys()) == Set(samples.map(\.key)))
        for sample in samples {
            for field in sample.fields {
                let data = try reader.field(field.name, of: sample.key, checked: true)
                #expect(data.bytes == dataBytes(field))
            }
        }
    }

    @Test func aSoundStoreIsLeftAlone() throws {
        let folder = TemporaryFolder()
        try Corpus.build(folder.store, Self.outcomes)
        let index = fileBytes("\(folder.store)/index.sqlite")
        #expect(try StoreRebuilder.repair(at: folder.store) == nil)
        #expect(fileBytes("\(folder.store)/index.sqlite") == index)
        #expect(!exists("\(folder.store)/index.sqlite.replaced"))
    }

    /// A rebuilt index is the old one, row by row, but for the numbers of shards.
    @Test func allOfASoundIndexIsKept() throws {
        let folder = TemporaryFolder()
        var run = Corpus.run
        run.part = Partition("0/1")
        let writer = try StoreWriter(
            at: folder.store, run: run, filter: Corpus.filter, limits: Corpus.smallShards)
        try writer.commit(Self.outcomes)
        let failed = try #require(Self.outcomes.first { !$0.failures.isEmpty })
        try writer.commit([failed])
        var alias = AssetOutcome(asset: AssetRecord(id: "alias", split: .train, path: "x"))
        alias.asset.aliasOf = Self.outcomes[0].asset.id
        alias.asset.timings = ["import": 0.5]
        try writer.commit([alias])
        try writer.rejudge(under: FilterRecord(name: "odd", text: "1")) { asset in
            asset.clips.enumerated().map { index, clip in
                Decision(
                    stage: "judge", rule: "odd", position: 0, clip: clip.name,
                    verdict: index % 2 == 1 ? .rejected : .kept)
            }
        }
        try writer.finish()
        func rows() throws -> [String] {
            try indexDump(folder.store).filter {
                !$0.hasPrefix("fields:") && !$0.hasPrefix("samples:") && !$0.hasPrefix("shards:")
            }
        }
        let (before, assets, texts) = (
            try rows(), try assets(folder.store), try texts(folder.store)
        )
        let keys = try StoreReader(at: folder.store).keys(SampleQuery(isKept: true))
        let report = try StoreRebuilder.rebuild(at: folder.store, replacing: true)
        #expect(report.problems.isEmpty && report.hadIndex && report.incompleteCount == 0)
        #expect(try rows() == before)
        #expect(try self.texts(folder.store) == texts)
        #expect(try StoreReader(at: folder.store).keys(SampleQuery(isKept: true)) == keys)
        #expect(assets["alias"]?.fate.outcome == .rejected)
        try checkSound(folder.store)
    }

    /// The samples of a shard that is gone are made again; nothing else is lost.
    @Test func aMissingShardCostsItsSamples() throws {
        for position in 0..<shardCount() {
            let folder = TemporaryFolder()
            try Corpus.build(folder.store, Self.outcomes)
            let before = try assets(folder.store)
            let reader = try StoreReader(at: folder.store)
            let shard = try reader.shards()[position].name
            let lost = try reader.keys(SampleQuery(shard: shard))
            try FileManager.default.removeItem(atPath: "\(folder.store)/\(shard)")
            let report = try #require(try StoreRebuilder.repair(at: folder.store))
            #expect(report.problems.contains { $0.kind == .shardMissing && $0.shard == shard })
            try checkSound(folder.store)
            let after = try assets(folder.store)
            #expect(Set(after.keys) == Set(before.keys))
            for (id, asset) in after {
                #expect(asset.measures.count == before[id]?.measures.count)
                #expect(asset.decisions == before[id]?.decisions)
                #expect(asset.failures == before[id]?.failures)
                #expect(asset.asset == before[id]?.asset && asset.fate == before[id]?.fate)
                #expect(asset.sampleKeys == before[id]?.sampleKeys.filter { !lost.contains($0) })
            }
            let owners = before.values.filter { !Set($0.sampleKeys).isDisjoint(with: lost) }
            #expect(report.incompleteCount == owners.count)
            try resume(folder.store)
            try checkHealed(folder.store)
        }
    }

    private func shardCount() -> Int {
        let folder = TemporaryFolder()
        _ = try? Corpus.build(folder.store, Self.outcomes)
        return shardBytes(folder.store).count
    }

    /// Wherever bits flip and shards end early, what is hit goes, and the next build makes it anew.
    @Test func anyDamageHeals() throws {
        let calm = TemporaryFolder()
        try Corpus.build(calm.store, Self.outcomes)
        var random = SeededRandom(31)
        for round in 0..<15 {
            let folder = TemporaryFolder()
            try FileManager.default.copyItem(atPath: calm.store, toPath: folder.store)
            var hit: Set<String> = []
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let name = shardBytes(calm.store).keys.sorted().randomElement(using: &random)!
                let url = URL(fileURLWithPath: "\(folder.store)/shards/\(name)")
                var bytes = fileBytes(url.path)
                if bytes.isEmpty { continue }
                if round % 3 == 0 {
                    bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
                } else {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 0x10
                }
                try Data(bytes).write(to: url)
            }
            for problem in try StoreVerifier.verify(at: folder.store).problems {
                if let key = problem.sample { hit.insert(key) }
            }
            let before = try Set(StoreReader(at: folder.store).keys())
            _ = try StoreRebuilder.repair(at: folder.store)
            try checkSound(folder.store)
            let left = try Set(StoreReader(at: folder.store).keys())
            #expect(left.isSuperset(of: before.subtracting(hit)) || round % 3 == 0)
            #expect(left.isDisjoint(with: hit))
            try resume(folder.store)
            try checkHealed(folder.store)
            // A second repair finds nothing to do, and a rebuild from scratch loses nothing.
            #expect(try StoreRebuilder.repair(at: folder.store) == nil)
            _ = try StoreRebuilder.rebuild(at: folder.store, replacing: true)
            try checkHealed(folder.store)
        }
    }

    /// Pages of the index are overwritten with noise: every sample comes back from the shards, and
    /// with them what can still be read of the rest.
    @Test func aDamagedIndexIsSalvaged() throws {
        let calm = TemporaryFolder()
        try Corpus.build(calm.store, Self.outcomes)
        let sound = fileBytes("\(calm.store)/index.sqlite")
        let pageSize = 4096
        let before = try texts(calm.store)
        var random = SeededRandom(32)
        var kept = 0
        for round in 0..<16 {
            let folder = TemporaryFolder()
            try FileManager.default.copyItem(atPath: calm.store, toPath: folder.store)
            var index = sound
            for _ in 0..<(1 + round % 4) {
                let page = Int.random(in: 1..<index.count / pageSize, using: &random)
                let range = page * pageSize..<(page + 1) * pageSize
                let noise =
                    round % 2 == 0
                    ? random.bytes(pageSize)
                    : [UInt8](
                        repeating: 0, count: pageSize)
                index.replaceSubrange(range, with: noise)
            }
            try Data(index).write(to: URL(fileURLWithPath: "\(folder.store)/index.sqlite"))
            let report = try StoreRebuilder.rebuild(at: folder.store, replacing: true)
            #expect(report.sampleCount == Self.outcomes.flatMap(\.samples).count)
            try checkSound(folder.store)
            for (id, text) in try texts(folder.store) where text == before[id] { kept += 1 }
            try resume(folder.store)
            try checkHealed(folder.store)
        }
        #expect(kept > 16 * before.count / 2, "\(kept) of \(16 * before.count) were kept whole")
    }

    /// Noise all over the file, and a file that is no database.
    @Test func anUnreadableIndexIsReplaced() throws {
        var random = SeededRandom(33)
        for length in [0, 1, 100, 5_000, 100_000] {
            let folder = TemporaryFolder()
            try Corpus.build(folder.store, Self.outcomes)
            try Data(random.bytes(length)).write(
                to: URL(fileURLWithPath: "\(folder.store)/index.sqlite"))
            let report = try #require(try StoreRebuilder.repair(at: folder.store))
            #expect(!report.hadIndex)
            try checkSound(folder.store)
            try resume(folder.store)
            try checkHealed(folder.store)
        }
    }

    /// An incomplete asset that fails again keeps what it has; when it is built, the rest comes.
    @Test func anIncompleteAssetCanFailAgain() throws {
        let folder = TemporaryFolder()
        try Corpus.build(folder.store, Self.outcomes)
        let outcome = try #require(Self.outcomes.first { $0.samples.count > 1 })
        let entry = try StoreReader(at: folder.store).sample(outcome.samples[0].key)
            .entry("meta.json")
        let url = URL(fileURLWithPath: "\(folder.store)/\(entry.shard)")
        var bytes = fileBytes(url.path)
        bytes[entry.offset] ^= 1
        try Data(bytes).write(to: url)
        let report = try #require(try StoreRebuilder.repair(at: folder.store))
        #expect(report.incompleteCount == 1)
        let left = outcome.samples.dropFirst().map(\.key)
        var failed = outcome
        failed.samples = []
        failed.failures = [FailureRecord(stage: "render", cause: "timeout", message: "slow")]
        let writer = try StoreWriter(
            at: folder.store, run: Corpus.run, filter: Corpus.filter, limits: Corpus.smallShards)
        let id = outcome.asset.id
        #expect(try !writer.completedAssets().contains(id))
        try writer.commit([failed])
        let reader = try StoreReader(at: folder.store)
        #expect(try reader.asset(id)?.sampleKeys == left)
        #expect(try reader.asset(id)?.attempts == 2)
        #expect(try !writer.completedAssets().contains(id))
        try writer.commit([outcome])
        #expect(try writer.completedAssets().contains(id))
        #expect(throws: StoreError.assetExists(asset: id)) { try writer.append(outcome) }
        try writer.finish()
        try checkHealed(folder.store)
    }

    @Test func aStoppedRepairIsSaidSo() throws {
        let folder = TemporaryFolder()
        try Corpus.build(folder.store, Self.outcomes)
        let index = "\(folder.store)/index.sqlite"
        try FileManager.default.moveItem(atPath: index, toPath: index + ".repaired")
        #expect { try StoreReader(at: folder.store) } throws: { "\($0)".contains("--repair") }
        #expect {
            try StoreWriter(at: folder.store, run: Corpus.run)
        } throws: { "\($0)".contains("--repair") }
        #expect(try StoreRebuilder.repair(at: folder.store) != nil)
        try checkHealed(folder.store)
    }
}
