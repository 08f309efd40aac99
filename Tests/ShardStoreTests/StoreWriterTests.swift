import Foundation
import ShardStore
import TestSupport
import Testing

@Suite struct StoreWriterTests {
    private func asset(_ id: String, split: Split = .train) -> AssetRecord {
        AssetRecord(id: id, split: split, path: "\(id).glb")
    }

    private func outcome(_ id: String, keys: [String]) -> AssetOutcome {
        AssetOutcome(
            asset: asset(id),
            samples: keys.map { Sample(key: $0, fields: [Field("txt", bytes: Array($0.utf8))]) })
    }

    /// Where commits fall, and whether a sample is large or small, does not show in the shards.
    @Test func commitsDoNotShowInTheShards() throws {
        let outcomes = Corpus.outcomes(40, seed: 11)
        var all: [[String: [UInt8]]] = []
        for batch in [1, 7, 1000] {
            let folder = TemporaryFolder()
            try Corpus.build(folder.store, outcomes, batch: batch)
            all.append(shardBytes(folder.store))
        }
        #expect(all[0] == all[1] && all[1] == all[2])
    }

    @Test func largeAndSmallMembersAreWrittenAlike() throws {
        var random = SeededRandom(2)
        let folder = TemporaryFolder()
        let sizes = [0, 1, 511, 512, 513, 262_143, 262_144, 900_000, 5, 1_100_000, 3]
        let fields = sizes.enumerated().map { Field("f\($0 + 10).bin", bytes: random.bytes($1)) }
        let writer = try StoreWriter(at: folder.store, run: Corpus.run)
        try writer.commit([
            AssetOutcome(asset: asset("a"), samples: [Sample(key: "a", fields: fields)])
        ])
        try writer.finish()
        let tar = try PlainTar(fileBytes("\(folder.store)/shards/train-000000.tar"))
        #expect(tar.members.dropLast().map(\.data) == fields.map(dataBytes))
    }

    @Test func shardsRollOverBySize() throws {
        let folder = TemporaryFolder()
        let limits = try ShardLimits(maximumBytes: 10_000)
        let writer = try StoreWriter(at: folder.store, run: Corpus.run, limits: limits)
        var random = SeededRandom(1)
        for number in 0..<30 {
            let size = number == 17 ? 20_000 : Int.random(in: 0...3000, using: &random)
            try writer.append(
                AssetOutcome(
                    asset: asset("\(number)"),
                    samples: [
                        Sample(key: "k\(number)", fields: [Field("b", bytes: random.bytes(size))])
                    ]))
        }
        try writer.finish()
        let shards = shardBytes(folder.store).sorted { $0.key < $1.key }.map(\.value)
        var previous: Int?
        for bytes in shards {
            let tar = try PlainTar(bytes)
            let samples = tar.members.filter { $0.name.hasSuffix("meta.json") }.count
            #expect(bytes.count <= 10_000 || samples == 1)
            // The first sample of a shard would not have fitted into the one before.
            let first = tar.members[1].offset + (tar.members[1].data.count + 511) / 512 * 512
            if let previous { #expect(previous + first > 10_000) }
            previous = bytes.count
        }
        let names = shardBytes(folder.store).keys.sorted()
        #expect(names == shards.indices.map { "train-00000\($0).tar" } || shards.count > 10)
    }

    @Test func uncommittedOutcomesAreInvisible() throws {
        let folder = TemporaryFolder()
        let writer = try StoreWriter(at: folder.store, run: Corpus.run)
        try writer.append(outcome("a", keys: ["a"]))
        #expect(writer.uncommittedByteCount == 4 * 512)
        let reader = try StoreReader(at: folder.store)
        #expect(try reader.keys().isEmpty)
        try writer.commit()
        #expect(writer.uncommittedByteCount == 0)
        #expect(try reader.keys() == ["a"])
        try writer.append(outcome("b", keys: ["b"]))
        #expect(try reader.keys() == ["a"])
        #expect(try reader.field("txt", of: "a", checked: true).bytes == [97])
    }

    @Test func aWriterThatIsLetGoLosesOnlyWhatWasNotCommitted() throws {
        let folder = TemporaryFolder()
        do {
            let writer = try StoreWriter(at: folder.store, run: Corpus.run)
            try writer.commit([outcome("a", keys: ["a"])])
            try writer.append(outcome("b", keys: ["b"]))
        }
        let writer = try StoreWriter(at: folder.store, run: Corpus.run)
        #expect(try writer.completedAssets() == ["a"])
        try writer.commit([outcome("b", keys: ["b"])])
        try writer.finish()
        #expect(try StoreReader(at: folder.store).keys() == ["a", "b"])
        #expect(throws: StoreError.writerStopped(cause: "it was closed")) { try writer.commit() }
    }

    /// What is refused leaves nothing behind.
    @Test func recordsThatBreakRulesAreRefused() throws {
        let folder = TemporaryFolder()
        let writer = try StoreWriter(at: folder.store, run: Corpus.run)
        let png = Field("a.png", bytes: [1])
        let array = Payload.array(try ArrayPayload([Float(1)], shape: [1]))
        func sample(_ fields: [Field], key: String = "k", _ metadata: JSONValue = [:]) -> Sample {
            Sample(key: key, fields: fields, metadata: metadata)
        }
        let samples = [
            sample([png], key: "a.b"), sample([png], key: ""), sample([png, png]),
            sample([Field("A.png", bytes: [])]), sample([Field("meta.json", bytes: [])]),
            sample([Field("x.npy", bytes: [])]), sample([Field(name: "x.png", payload: array)]),
            sample([png], 3), Sample(key: "k", clip: "none", fields: [png]),
        ]
        for sample in samples {
            #expect {
                try writer.append(AssetOutcome(asset: asset("a"), samples: [sample]))
            } throws: { if case .invalid = $0 as? StoreError { true } else { false } }
        }
        let clips = [ClipRecord(name: "c"), ClipRecord(name: "c")]
        let failure = FailureRecord(stage: "render", cause: "timeout", message: "")
        let decision = Decision(stage: "judge", rule: "r", position: 0, verdict: .kept)
        let outcomes = [
            AssetOutcome(asset: asset("")), AssetOutcome(asset: asset("a"), clips: clips),
            AssetOutcome(asset: asset("a"), samples: [sample([png])], failures: [failure]),
            AssetOutcome(asset: asset("a"), decisions: [decision]),
            AssetOutcome(
                asset: asset("a"),
                measures: [
                    Measure(name: "m", value: .scalar(1)), Measure(name: "m", value: .series([])),
                ]),
        ]
        for outcome in outcomes {
            #expect {
                try writer.append(outcome)
            } throws: { if case .invalid = $0 as? StoreError { true } else { false } }
        }
        #expect(throws: StoreError.duplicateKey(key: "k")) {
            try writer.append(
                AssetOutcome(asset: asset("a"), samples: [sample([png]), sample([png])]))
        }
        try writer.commit([outcome("a", keys: ["k"])])
        #expect(throws: StoreError.duplicateKey(key: "k")) {
            try writer.append(outcome("b", keys: ["k"]))
        }
        #expect(throws: StoreError.assetExists(asset: "a")) {
            try writer.append(outcome("a", keys: ["l"]))
        }
        try writer.append(outcome("c", keys: ["l"]))
        #expect(throws: StoreError.duplicateKey(key: "l")) {
            try writer.append(outcome("d", keys: ["l"]))
        }
        #expect(throws: StoreError.assetExists(asset: "c")) {
            try writer.append(outcome("c", keys: ["m"]))
        }
        try writer.finish()
        #expect(try StoreReader(at: folder.store).keys() == ["k", "l"])
        #expect(try StoreVerifier.verify(at: folder.store).problems.isEmpty)
    }

    @Test func aFailedAssetCanBeTriedAgain() throws {
        let folder = TemporaryFolder()
        let writer = try StoreWriter(at: folder.store, run: Corpus.run, filter: Corpus.filter)
        var failed = AssetOutcome(asset: asset("a"))
        failed.failures = [
            FailureRecord(
                stage: "render", cause: "signal 11", message: "crashed", replayCommand: "replay")
        ]
        try writer.commit([failed])
        #expect(try writer.fate(ofAsset: "a")?.outcome == .failed)
        try writer.commit([failed])
        var built = outcome("a", keys: ["a"])
        built.measures = [Measure(name: "m", value: .scalar(2))]
        let reader = try StoreReader(at: folder.store)
        let stored = try #require(try reader.asset("a"))
        #expect(stored.attempts == 2 && stored.failures == failed.failures)
        #expect(
            stored.fate
                == Fate(outcome: .failed, stage: "render", rule: "signal 11", reason: "crashed"))
        try writer.commit([built])
        try writer.finish()
        let again = try #require(try reader.asset("a"))
        #expect(again.attempts == 3 && again.failures.isEmpty && again.fate == .kept)
        #expect(again.measures == built.measures && again.sampleKeys == ["a"])
        let history = try sql(folder.store, "SELECT attempt || ' ' || cause FROM failures")
        #expect(history == ["1 signal 11", "2 signal 11"])
    }

    @Test func aFinishedStoreTakesFurtherShards() throws {
        let folder = TemporaryFolder()
        let outcomes = Corpus.outcomes(30)
        try Corpus.build(folder.store, Array(outcomes.prefix(15)))
        let before = shardBytes(folder.store)
        try Corpus.build(folder.store, [])
        #expect(shardBytes(folder.store) == before)
        try Corpus.build(folder.store, Array(outcomes.dropFirst(15)))
        let after = shardBytes(folder.store)
        #expect(after.count > before.count)
        for (name, bytes) in before { #expect(after[name] == bytes) }
        #expect(try StoreVerifier.verify(at: folder.store).problems.isEmpty)
        #expect(
            try StoreReader(at: folder.store).keys()
                == outcomes.flatMap(\.samples).map(\.key))
    }

    @Test func laterStagesAddFieldsInShardsOfTheirOwn() throws {
        let folder = TemporaryFolder()
        try Corpus.build(folder.store, Corpus.outcomes(20))
        let before = shardBytes(folder.store)
        let reader = try StoreReader(at: folder.store)
        let pending = SampleQuery(lackingField: "latents.meta.json")
        let keys = try reader.keys(pending)
        #expect(try keys == reader.keys())
        let stage = RunRecord(toolVersion: "1.2.4", commandLine: "muybridge encode")
        for part in [keys.prefix(6), keys.dropFirst(6)] {
            let writer = try StoreWriter(at: folder.store, run: stage)
            for (number, key) in part.enumerated() {
                let field = try Field("latent.npy", [Float(number), 1], shape: [2])
                try writer.append(Addition(key: key, series: "latents", fields: [field]))
            }
            try writer.close()
            #expect(try reader.keys(pending) == (part.count == 6 ? Array(keys.dropFirst(6)) : []))
        }
        let writer = try StoreWriter(at: folder.store, run: stage)
        let field = try Field("latent.npy", [Float(0)], shape: [1])
        #expect(throws: StoreError.noSuchSample(key: "none")) {
            try writer.append(Addition(key: "none", series: "latents", fields: [field]))
        }
        for series in ["latents", "again"] {
            #expect {
                try writer.append(Addition(key: keys[0], series: series, fields: [field]))
            } throws: { "\($0)".contains("already has a field") }
        }
        try writer.finish()
        for (name, bytes) in before { #expect(shardBytes(folder.store)[name] == bytes) }
        #expect(try StoreVerifier.verify(at: folder.store).problems.isEmpty)
        let data = try reader.field("latent.npy", of: keys[3], checked: true)
        #expect(try data.elements(as: Float.self) == [3, 1])
        #expect(data.entry.shard.contains("-latents-000000.tar"))
        #expect(try reader.shards(series: "latents").map(\.sampleCount).reduce(0, +) == keys.count)
    }

    @Test func otherSettingsAreRefused() throws {
        let folder = TemporaryFolder()
        try Corpus.build(folder.store, Corpus.outcomes(4), finish: false)
        func open(
            manifest: String? = "seed: 1\n", filter: String = "rules: []\n", bytes: Int = 24_000
        ) throws(StoreError) {
            let writer = try StoreWriter(
                at: folder.store,
                run: RunRecord(toolVersion: "2", commandLine: "", manifest: manifest),
                filter: FilterRecord(name: "demo", text: filter),
                limits: try ShardLimits(maximumBytes: bytes, maximumSamples: 5))
            try writer.close()
        }
        try open()
        try open(manifest: nil)
        #expect(throws: StoreError.recipeDiffers(path: "\(folder.store)/manifest.yaml")) {
            try open(manifest: "seed: 2\n")
        }
        #expect(
            throws: StoreError.filterDiffers(path: folder.store, stored: "demo", asked: "demo")
        ) { try open(filter: "rules: [x]\n") }
        #expect(
            throws: StoreError.settingsDiffer(
                path: folder.store, setting: "shard_bytes", stored: "24000", asked: "25000")
        ) { try open(bytes: 25_000) }
        #expect(fileBytes("\(folder.store)/manifest.yaml") == Array("seed: 1\n".utf8))
    }

    @Test func foldersThatAreNoStores() throws {
        let folder = TemporaryFolder()
        #expect(throws: StoreError.self) { try StoreReader(at: folder.path) }
        try Data("not a database at all, but long enough to look at".utf8).write(
            to: URL(fileURLWithPath: "\(folder.path)/index.sqlite"))
        #expect(throws: StoreError.self) { try StoreReader(at: folder.path) }
        #expect(throws: StoreError.self) {
            try StoreWriter(at: folder.path, run: Corpus.run)
        }
        #expect(throws: StoreError.self) {
            try StoreWriter(at: "\(folder.path)/index.sqlite/x", run: Corpus.run)
        }
    }

    @Test(arguments: [
        ("INSERT INTO grdb_migrations VALUES ('99 later')", "newer version"),
        ("DELETE FROM grdb_migrations", "older version"),
        ("PRAGMA application_id = 7", "another application"),
    ])
    func indexesOfOtherVersionsAreRefused(statement: String, reason: String) throws {
        let folder = TemporaryFolder()
        try Corpus.build(folder.store, Corpus.outcomes(3))
        try tamper(folder.store, statement)
        #expect {
            try StoreReader(at: folder.store)
        } throws: { "\($0)".contains(reason) }
        let shards = shardBytes(folder.store)
        #expect(throws: StoreError.self) { try StoreWriter(at: folder.store, run: Corpus.run) }
        #expect(shardBytes(folder.store) == shards)
    }
}
