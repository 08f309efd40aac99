import Foundation
import ShardStore
import TestSupport
import Testing

@Suite struct StoreReaderTests {
    @Test func everyFieldIsWhatWasWritten() throws {
        let folder = TemporaryFolder()
        let outcomes = try Corpus.build(folder.store, Corpus.outcomes(40))
        let reader = try StoreReader(at: folder.store)
        for outcome in outcomes {
            for sample in outcome.samples {
                let stored = try reader.sample(sample.key)
                #expect(stored.asset == outcome.asset.id && stored.clip == sample.clip)
                #expect(stored.split == outcome.asset.split)
                #expect(try JSONValue(text: stored.metadata) == sample.metadata)
                #expect(
                    stored.fields.map(\.name)
                        == (sample.fields.map(\.name) + ["meta.json"]).sorted())
                for field in sample.fields {
                    let data = try reader.field(field.name, of: sample.key, checked: true)
                    #expect(data.bytes == dataBytes(field))
                    if case .array(let array) = field.payload {
                        #expect(data.entry.type == array.type && data.entry.shape == array.shape)
                        #expect(PlainNumpy(data.fileBytes)?.data == array.bytes)
                        let address = data.withUnsafeBytes { Int(bitPattern: $0.baseAddress) }
                        #expect(array.bytes.isEmpty || address % 64 == 0)
                    } else {
                        #expect(data.entry.type == nil && data.entry.shape == nil)
                    }
                }
            }
        }
    }

    /// Offsets in the index, taken by plain file reads, as numpy.memmap takes them.
    @Test func offsetsLeadToTheDataWithoutThisReader() throws {
        let folder = TemporaryFolder()
        let outcomes = try Corpus.build(folder.store, Corpus.outcomes(20))
        let shards = shardBytes(folder.store)
        for sample in outcomes.flatMap(\.samples) {
            for field in sample.fields {
                let row = try sql(
                    folder.store,
                    """
                    SELECT shard || ' ' || offset || ' ' || length FROM sample_fields \
                    WHERE key = '\(sample.key)' AND field = '\(field.name)'
                    """)
                let parts = row[0].split(separator: " ")
                let bytes = shards[String(parts[0].dropFirst(7))]!
                let offset = Int(parts[1])!
                #expect(Array(bytes[offset..<offset + Int(parts[2])!]) == dataBytes(field))
            }
        }
    }

    @Test func typedViewsAreTyped() throws {
        let folder = TemporaryFolder()
        let writer = try StoreWriter(at: folder.store, run: Corpus.run)
        let numbers: [Float] = [1.5, -2, .infinity, 4, 5, 6]
        try writer.commit([
            AssetOutcome(
                asset: AssetRecord(id: "a", split: .train, path: ""),
                samples: [
                    Sample(
                        key: "a",
                        fields: [
                            try Field("x.npy", numbers, shape: [2, 3]), Field("y.png", bytes: [1]),
                        ])
                ])
        ])
        let reader = try StoreReader(at: folder.store)
        let field = try reader.field("x.npy", of: "a")
        #expect(try field.elements(as: Float.self) == numbers)
        #expect(try field.withElements(as: Float.self) { $0[5] } == 6)
        #expect(field.withBytes { $0.byteCount } == 24)
        #expect(
            throws: StoreError.wrongType(
                sample: "a", field: "x.npy", stored: "float32", asked: "int32")
        ) { try field.elements(as: Int32.self) }
        #expect(
            throws: StoreError.wrongType(
                sample: "a", field: "y.png", stored: "a file", asked: "uint8")
        ) { try reader.field("y.png", of: "a").elements(as: UInt8.self) }
        #expect(throws: StoreError.noSuchSample(key: "b")) { try reader.field("x.npy", of: "b") }
        #expect(
            throws: StoreError.noSuchField(
                key: "a", field: "z", available: ["meta.json", "x.npy", "y.png"])
        ) { try reader.field("z", of: "a") }
    }

    @Test func queriesSelect() throws {
        let folder = TemporaryFolder()
        let outcomes = try Corpus.build(folder.store, Corpus.outcomes(50))
        let reader = try StoreReader(at: folder.store)
        func keys(where include: (AssetOutcome, Sample) -> Bool) -> [String] {
            outcomes.flatMap { outcome in
                outcome.samples.filter { include(outcome, $0) }.map(\.key)
            }
        }
        func isKept(_ outcome: AssetOutcome, _ sample: Sample) -> Bool {
            !outcome.decisions.contains { $0.clip == sample.clip && $0.verdict == .rejected }
        }
        #expect(try reader.keys() == keys { _, _ in true })
        for split in Split.allCases {
            #expect(
                try reader.keys(SampleQuery(split: split))
                    == keys { o, _ in o.asset.split == split })
            for kept in [true, false] {
                #expect(
                    try reader.keys(SampleQuery(split: split, isKept: kept))
                        == keys { o, s in o.asset.split == split && isKept(o, s) == kept })
            }
        }
        for outcome in outcomes.prefix(10) {
            #expect(
                try reader.keys(SampleQuery(asset: outcome.asset.id))
                    == outcome.samples.map(\.key))
        }
        var walked: [String] = []
        for shard in try reader.shards() {
            try reader.forEachSample(SampleQuery(shard: shard.name)) { sample in
                #expect(sample.shard == shard.name)
                walked.append(sample.key)
            }
            let tar = try PlainTar(fileBytes("\(folder.store)/\(shard.name)"))
            let inShard = tar.members.filter { $0.name.hasSuffix(".meta.json") }.map {
                String($0.name.dropLast(10))
            }
            #expect(walked.suffix(inShard.count) == inShard[...])
        }
        #expect(walked.sorted() == keys { _, _ in true }.sorted())
    }

    @Test func assetsComeBackWhole() throws {
        let folder = TemporaryFolder()
        let outcomes = try Corpus.build(folder.store, Corpus.outcomes(30))
        let reader = try StoreReader(at: folder.store)
        var stored: [StoredAsset] = []
        try reader.forEachAsset { stored.append($0) }
        #expect(stored.map(\.asset) == outcomes.map(\.asset))
        for (asset, outcome) in zip(stored, outcomes) {
            #expect(asset.clips == outcome.clips && asset.decisions == outcome.decisions)
            #expect(asset.failures == outcome.failures)
            #expect(asset.sampleKeys == outcome.samples.map(\.key))
            #expect("\(asset.measures)" == "\(outcome.measures)", "NaN equals nothing")
            #expect(try reader.asset(asset.asset.id)?.fate == asset.fate)
        }
        let run = try #require(try reader.runs().first)
        #expect(run.run == Corpus.run && run.finishedAt != nil)
        #expect(try reader.filter() == Corpus.filter)
    }

    @Test func manyThreadsReadWhileOneWrites() async throws {
        let folder = TemporaryFolder()
        let outcomes = Corpus.outcomes(120)
        let path = folder.store
        try Corpus.build(path, Array(outcomes.prefix(10)), finish: false)
        var fields: [String: [String: [UInt8]]] = [:]
        for sample in outcomes.flatMap(\.samples) {
            for field in sample.fields {
                fields[sample.key, default: [:]][field.name] = dataBytes(field)
            }
        }
        let expected = fields
        let reader = try StoreReader(at: path)
        try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                try Corpus.build(path, Array(outcomes.dropFirst(10)), batch: 1)
                return 0
            }
            for task in 0..<6 {
                group.addTask {
                    var random = SeededRandom(UInt64(task))
                    var read = 0
                    for _ in 0..<150 {
                        let key = try reader.keys().randomElement(using: &random)!
                        for entry in try reader.sample(key).fields where entry.name != "meta.json" {
                            let data = try reader.data(of: entry, of: key, checked: true)
                            guard data.bytes == expected[key]?[entry.name] else { return -1 }
                            read += 1
                        }
                    }
                    return read
                }
            }
            for try await read in group { #expect(read >= 0) }
        }
        #expect(try reader.keys().count == outcomes.flatMap(\.samples).count)
    }

    /// A view outlives the reader, the writer and the file's name.
    @Test func viewsKeepTheirShard() throws {
        let folder = TemporaryFolder()
        let outcomes = try Corpus.build(folder.store, Corpus.outcomes(10))
        let sample = try #require(outcomes.flatMap(\.samples).first)
        let data = try StoreReader(at: folder.store).field(sample.fields[0].name, of: sample.key)
        try FileManager.default.removeItem(atPath: folder.store)
        #expect(data.bytes == dataBytes(sample.fields[0]))
        try data.check()
    }

    @Test func damagedShardsNameTheSample() throws {
        let folder = TemporaryFolder()
        let outcomes = try Corpus.build(folder.store, Corpus.outcomes(30))
        let entry = try #require(
            try outcomes.flatMap(\.samples).compactMap { sample in
                try StoreReader(at: folder.store).sample(sample.key).fields.first {
                    $0.name == "orbit.000.png" && $0.length > 100
                }.map { (sample.key, $0) }
            }.last)
        let (key, field) = entry
        let path = "\(folder.store)/\(field.shard)"
        let whole = fileBytes(path)

        var flipped = whole
        flipped[field.offset + 50] ^= 4
        try Data(flipped).write(to: URL(fileURLWithPath: path))
        #expect {
            try StoreReader(at: folder.store).field(field.name, of: key, checked: true)
        } throws: { error in
            guard case .corrupt(field.shard, key, field.name, _) = error as? StoreError else {
                return false
            }
            return true
        }

        try Data(whole.prefix(field.offset + 60)).write(to: URL(fileURLWithPath: path))
        #expect(
            throws: StoreError.shardTruncated(
                shard: field.shard, sample: key, field: field.name, ends: field.offset + 60,
                needs: field.offset + field.length)
        ) { try StoreReader(at: folder.store).field(field.name, of: key) }

        try FileManager.default.removeItem(atPath: path)
        #expect {
            try StoreReader(at: folder.store).field(field.name, of: key)
        } throws: { error in
            guard case .shardUnreadable(field.shard, key, _) = error as? StoreError else {
                return false
            }
            return true
        }
    }

    /// A finished store is plain files: no log, and nothing that needs the folder to be writable.
    @Test func finishedStoresAreReadFromReadOnlyFolders() throws {
        let folder = TemporaryFolder()
        let outcomes = try Corpus.build(folder.store, Corpus.outcomes(10))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.store).sorted()
        #expect(names == ["index.sqlite", "manifest.yaml", "shards"])
        let manager = FileManager.default
        try manager.setAttributes(
            [.posixPermissions: 0o444], ofItemAtPath: "\(folder.store)/index.sqlite")
        try manager.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.store)
        defer {
            try? manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.store)
        }
        let reader = try StoreReader(at: folder.store)
        #expect(try reader.keys().count == outcomes.flatMap(\.samples).count)
        #expect(try StoreVerifier.verify(at: folder.store).problems.isEmpty)
    }

    /// Numbers in the index become ranges of memory, so nonsense must not get that far.
    @Test func rowsThatCannotBeRightAreErrors() throws {
        for change in [
            "length = 9223372036854775807", "offset = -5", "header_bytes = -1", "length = -1",
            "crc32c = -1", "shape = '[1,2'", "shape = '[9223372036854775807,9]'", "dtype = 'x'",
            "dtype = NULL", "offset = offset + 1", "header_bytes = 99999999",
        ] {
            let folder = TemporaryFolder()
            let outcomes = try Corpus.build(folder.store, Corpus.outcomes(6))
            let key = try #require(outcomes.flatMap(\.samples).first).key
            try tamper(
                folder.store,
                """
                UPDATE fields SET \(change) WHERE name = 'queries.npy' \
                AND sample_id = (SELECT id FROM samples WHERE key = '\(key)')
                """)
            let reader = try StoreReader(at: folder.store)
            #expect(throws: StoreError.self, "\(change)") {
                try reader.field("queries.npy", of: key, checked: true)
            }
            #expect(try !StoreVerifier.verify(at: folder.store).problems.isEmpty, "\(change)")
        }
    }
}
