import Foundation
import ShardStore
import TestSupport
import Testing

private func largestShard(_ store: String) -> (key: String, value: [UInt8])? {
    shardBytes(store).max { $0.value.count < $1.value.count }
}

@Suite struct StoreVerifierTests {
    @Test func aSoundStoreHasNoProblems() throws {
        let folder = TemporaryFolder()
        let outcomes = try Corpus.build(folder.store, Corpus.outcomes(40))
        let report = try StoreVerifier.verify(at: folder.store)
        #expect(report.problems.isEmpty)
        let samples = outcomes.flatMap(\.samples)
        #expect(report.sampleCount == samples.count)
        #expect(report.fieldCount == samples.reduce(0) { $0 + $1.fields.count + 1 })
        #expect(report.shardCount == shardBytes(folder.store).count)
    }

    /// A bit flipped anywhere in any shard is found, and the sample that it lies in is named.
    @Test func everyFlippedBitIsFound() throws {
        let folder = TemporaryFolder()
        try Corpus.build(folder.store, Corpus.outcomes(25))
        let shards = shardBytes(folder.store).sorted { $0.key < $1.key }
        var random = SeededRandom(9)
        for _ in 0..<150 {
            let (name, bytes) = shards.randomElement(using: &random)!
            let position = Int.random(in: 0..<bytes.count, using: &random)
            var flipped = bytes
            flipped[position] ^= 1 << UInt8.random(in: 0...7, using: &random)
            let url = URL(fileURLWithPath: "\(folder.store)/shards/\(name)")
            try Data(flipped).write(to: url)
            let problems = try StoreVerifier.verify(at: folder.store).problems
            #expect(!problems.isEmpty, "\(name), byte \(position)")
            let members = try PlainTar(bytes).members
            if let member = members.first(where: {
                position < $0.offset + ($0.data.count + 511) / 512 * 512
            }) {
                let key = String(member.name.prefix { $0 != "." })
                #expect(problems.allSatisfy { $0.sample == key })
            }
            try Data(bytes).write(to: url)
        }
        #expect(try StoreVerifier.verify(at: folder.store).problems.isEmpty)
    }

    @Test func truncatedShardsNameEverySampleThatIsLost() throws {
        let folder = TemporaryFolder()
        try Corpus.build(folder.store, Corpus.outcomes(25))
        let (name, bytes) = try #require(
            largestShard(folder.store))
        let members = try PlainTar(bytes).members
        var random = SeededRandom(10)
        for _ in 0..<60 {
            let length = Int.random(in: 0..<bytes.count, using: &random)
            try Data(bytes.prefix(length)).write(
                to: URL(fileURLWithPath: "\(folder.store)/shards/\(name)"))
            let problems = try StoreVerifier.verify(at: folder.store).problems
            let lost = Set(
                members.filter { $0.offset + ($0.data.count + 511) / 512 * 512 > length }
                    .map { String($0.name.prefix { $0 != "." }) })
            #expect(
                Set(problems.filter { $0.kind == .shardTruncated }.compactMap(\.sample)) == lost)
            #expect(problems.allSatisfy { $0.shard == "shards/\(name)" })
            #expect(!problems.isEmpty)
        }
    }

    @Test func missingAndUnknownShardsAreNamed() throws {
        let folder = TemporaryFolder()
        try Corpus.build(folder.store, Corpus.outcomes(25))
        let reader = try StoreReader(at: folder.store)
        let shard = try #require(try reader.shards().first)
        let keys = try reader.keys(SampleQuery(shard: shard.name))
        try FileManager.default.moveItem(
            atPath: "\(folder.store)/\(shard.name)",
            toPath: "\(folder.store)/shards/train-000099.tar")
        let problems = try StoreVerifier.verify(at: folder.store).problems
        #expect(problems.filter { $0.kind == .shardMissing }.compactMap(\.sample) == keys)
        #expect(
            problems.filter { $0.kind == .shardUnknown }.map(\.shard)
                == ["shards/train-000099.tar"])
        #expect(problems.count == keys.count + 1)
    }

    @Test(arguments: [
        "UPDATE samples SET key = 'other' WHERE id = 1",
        "UPDATE samples SET split = 'test' WHERE id = (SELECT min(id) FROM samples WHERE split = 'train')",
        "UPDATE samples SET kept = 1 - kept WHERE id = 1",
        "UPDATE samples SET metadata = '{}' WHERE id = 1",
        "UPDATE samples SET clip_id = NULL WHERE id = 1",
        "UPDATE assets SET name = 'x' WHERE id = (SELECT asset_id FROM samples WHERE id = 1)",
        "UPDATE fields SET crc32c = crc32c + 1 WHERE sample_id = 1 AND name = 'orbit.000.png'",
        "UPDATE fields SET length = length + 1 WHERE sample_id = 1 AND name = 'orbit.000.png'",
        "UPDATE fields SET name = 'other.png' WHERE sample_id = 1 AND name = 'orbit.000.png'",
        "UPDATE fields SET dtype = 'int16' WHERE sample_id = 1 AND name = 'latent.mean.npy'",
        "DELETE FROM fields WHERE sample_id = 1 AND name = 'orbit.transforms.json'",
        "DELETE FROM fields WHERE sample_id = 1",
        "DELETE FROM samples WHERE id = 1",
        "UPDATE shards SET samples = samples + 1 WHERE id = 1",
        "UPDATE shards SET bytes = bytes - 512 WHERE id = 1",
        "UPDATE shards SET sealed = 0 WHERE id = 1",
    ])
    func anIndexThatDisagreesIsFound(statement: String) throws {
        let folder = TemporaryFolder()
        try Corpus.build(folder.store, Corpus.outcomes(25))
        try tamper(folder.store, statement)
        #expect(try !StoreVerifier.verify(at: folder.store).problems.isEmpty)
    }

    @Test func verifyingChangesNothing() throws {
        let folder = TemporaryFolder()
        try Corpus.build(folder.store, Corpus.outcomes(10))
        let before = fileBytes("\(folder.store)/index.sqlite")
        let shards = shardBytes(folder.store)
        _ = try StoreVerifier.verify(at: folder.store)
        #expect(fileBytes("\(folder.store)/index.sqlite") == before)
        #expect(shardBytes(folder.store) == shards)
    }
}

@Suite struct StoreRebuilderTests {
    /// All that the shards can tell, as text.
    private func contents(_ store: String) throws -> [String] {
        try sql(
            store,
            """
            SELECT s.key || '|' || a.name || '|' || ifnull(c.name, '') || '|' || s.split || '|' \
            || s.kept || '|' || s.metadata || '|' || h.name || '|' || f.name || '|' || f.offset \
            || '|' || f.length || '|' || f.header_bytes || '|' || ifnull(f.dtype, '') || '|' \
            || ifnull(f.shape, '') || '|' || f.crc32c || '|' || h.bytes || '|' || h.samples \
            || '|' || h.sealed || '|' || h.series || '|' || h.number \
            FROM fields f JOIN samples s ON s.id = f.sample_id JOIN assets a ON a.id = s.asset_id \
            LEFT JOIN clips c ON c.id = s.clip_id JOIN shards h ON h.id = f.shard_id \
            ORDER BY s.key, f.name
            """)
    }

    @Test(arguments: [true, false])
    func theIndexComesBack(finished: Bool) throws {
        let folder = TemporaryFolder()
        let outcomes = try Corpus.build(folder.store, Corpus.outcomes(40), finish: finished)
        let writer = try StoreWriter(at: folder.store, run: Corpus.run)
        for key in outcomes.flatMap(\.samples).prefix(9).map(\.key) {
            let field = try Field("latent.npy", [Float(1)], shape: [1])
            try writer.append(Addition(key: key, series: "latents", fields: [field]))
        }
        try writer.close()
        let before = try contents(folder.store)
        let shards = shardBytes(folder.store)
        #expect(throws: StoreError.self) { try StoreRebuilder.rebuild(at: folder.store) }
        let report = try StoreRebuilder.rebuild(at: folder.store, replacing: true)
        #expect(report.problems.isEmpty, "\(report.problems)")
        #expect(try contents(folder.store) == before)
        #expect(shardBytes(folder.store) == shards)
        #expect(exists("\(folder.store)/index.sqlite.replaced"))
        #expect(try StoreVerifier.verify(at: folder.store).problems.isEmpty)
        #expect(report.sampleCount == outcomes.flatMap(\.samples).count)
    }

    /// Killed in the middle, then without an index: the rebuilt one leaves out what is not whole,
    /// and the next run makes what an undisturbed one would have.
    @Test func anInterruptedStoreIsRebuiltToItsLastWholeAsset() throws {
        let outcomes = Corpus.outcomes(16, seed: 6).filter { !$0.samples.isEmpty }
        let calm = TemporaryFolder()
        try Corpus.build(calm.store, outcomes)
        var random = SeededRandom(12)
        for _ in 0..<25 {
            let folder = TemporaryFolder()
            try Corpus.build(folder.store, outcomes, finish: false)
            let open = try StoreReader(at: folder.store).shards().filter { !$0.isSealed }
            for shard in open {
                let path = "\(folder.store)/\(shard.name)"
                let length = Int.random(in: 0...shard.byteCount, using: &random)
                try Data(fileBytes(path).prefix(length)).write(to: URL(fileURLWithPath: path))
            }
            try FileManager.default.removeItem(atPath: "\(folder.store)/index.sqlite")
            _ = try StoreRebuilder.rebuild(at: folder.store)
            let writer = try StoreWriter(
                at: folder.store, run: Corpus.run, filter: Corpus.filter,
                limits: Corpus.smallShards)
            let done = try writer.completedAssets()
            #expect(done.count < outcomes.count || open.isEmpty)
            for outcome in outcomes where !done.contains(outcome.asset.id) {
                try writer.append(outcome)
            }
            try writer.finish()
            let problems = try StoreVerifier.verify(at: folder.store).problems
            #expect(problems.isEmpty, "\(problems)")
            #expect(shardBytes(folder.store) == shardBytes(calm.store))
        }
    }

    @Test func damageInsideCostsOnlyTheSamplesItHits() throws {
        let folder = TemporaryFolder()
        try Corpus.build(folder.store, Corpus.outcomes(30))
        let (name, bytes) = try #require(
            largestShard(folder.store))
        let members = try PlainTar(bytes).members
        let hit = members[members.count / 2]
        let key = String(hit.name.prefix { $0 != "." })
        var damaged = bytes
        for position in (hit.offset - 512)..<hit.offset { damaged[position] ^= 0x55 }
        try Data(damaged).write(to: URL(fileURLWithPath: "\(folder.store)/shards/\(name)"))
        let before = try StoreReader(at: folder.store).keys()
        let report = try StoreRebuilder.rebuild(at: folder.store, replacing: true)
        #expect(report.problems.contains { $0.sample == key })
        #expect(
            try Set(StoreReader(at: folder.store).keys()) == Set(before).subtracting([key]))
        let problems = try StoreVerifier.verify(at: folder.store).problems
        #expect(problems.isEmpty, "\(problems)")
    }

    /// Shards of noise, of noise after a good start, of a stranger's tar: errors or nothing, and
    /// never a crash.
    @Test func mutatedShardsNeverCrash() throws {
        let folder = TemporaryFolder()
        try Corpus.build(folder.store, Corpus.outcomes(12))
        let shards = shardBytes(folder.store)
        var random = SeededRandom(14)
        for _ in 0..<80 {
            let (name, bytes) = shards.randomElement(using: &random)!
            var mutant = bytes
            for _ in 0..<Int.random(in: 1...40, using: &random) {
                let block = Int.random(in: 0..<mutant.count / 512, using: &random) * 512
                let position = block + Int.random(in: 0..<160, using: &random)
                mutant[position] = UInt8.random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) {
                mutant.removeLast(Int.random(in: 0..<mutant.count, using: &random))
            }
            let url = URL(fileURLWithPath: "\(folder.store)/shards/\(name)")
            try Data(mutant).write(to: url)
            _ = try StoreVerifier.verify(at: folder.store)
            _ = try StoreRebuilder.rebuild(at: folder.store, replacing: true)
            let problems = try StoreVerifier.verify(at: folder.store).problems
            #expect(problems.isEmpty, "\(problems)")
            try Data(bytes).write(to: url)
        }
    }
}
