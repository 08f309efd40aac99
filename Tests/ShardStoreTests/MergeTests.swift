import Foundation
import ShardStore
import TestSupport
import Testing

@Suite struct MergeTests {
    private static let run = RunRecord(toolVersion: "1.2.3", commandLine: "muybridge merge")

    /// Outcomes of which no two have the same bytes.
    private static let outcomes: [AssetOutcome] = Corpus.outcomes(60, seed: 8).enumerated().map {
        var outcome = $1
        outcome.asset.sha256 = "sha \($0)"
        return outcome
    }

    private func part(_ index: Int, of count: Int) -> Partition {
        Partition(index: index, count: count)!
    }

    private func record(_ part: Partition?) -> RunRecord {
        var run = Corpus.run
        run.part = part
        return run
    }

    /// Stores of all parts, in the order of their index.
    private func build(
        _ folder: TemporaryFolder, _ outcomes: [AssetOutcome] = outcomes, count: Int = 3
    ) throws -> [String] {
        try (0..<count).map { index in
            let path = "\(folder.path)/part-\(index)"
            try build(path, outcomes, part(index, of: count))
            return path
        }
    }

    private func build(
        _ path: String, _ outcomes: [AssetOutcome], _ part: Partition?, run: RunRecord? = nil,
        filter: FilterRecord = Corpus.filter, isFinished: Bool = true
    ) throws {
        let writer = try StoreWriter(
            at: path, run: run ?? record(part), filter: filter, limits: Corpus.smallShards)
        for outcome in outcomes where part?.contains(asset: outcome.asset.id) ?? true {
            try writer.append(outcome)
        }
        if isFinished { try writer.finish() } else { try writer.close() }
    }

    private func merge(
        _ parts: [String], _ target: String, _ options: StoreMerger.Options = .init()
    ) throws(StoreError) -> StoreMerger.Report {
        try StoreMerger.merge(parts, into: target, run: Self.run, options: options)
    }

    private func assets(_ store: String) throws -> [String: StoredAsset] {
        var assets: [String: StoredAsset] = [:]
        try StoreReader(at: store).forEachAsset { assets[$0.asset.id] = $0 }
        return assets
    }

    /// What is merged is what an undivided build would hold, in the very shards of the parts.
    @Test(arguments: StoreMerger.Placement.allCases)
    func theMergedStoreIsTheUndividedOne(placement: StoreMerger.Placement) throws {
        let folder = TemporaryFolder()
        let parts = try build(folder)
        let whole = "\(folder.path)/whole"
        try build(whole, Self.outcomes, nil)
        // A later stage's shards come along.
        let keys = try StoreReader(at: parts[1]).keys()
        let stage = try StoreWriter(at: parts[1], run: Self.run)
        let field = try Field("latent.npy", [Float(3)], shape: [1])
        try stage.append(Addition(key: keys[0], series: "latents", fields: [field]))
        try stage.finish()
        let shards = parts.flatMap { shardBytes($0).values }
        let report = try merge(
            parts.reversed(), folder.store, StoreMerger.Options(placement: placement))
        #expect(report.partCount == 3 && report.missing.isEmpty && report.unfinished.isEmpty)
        #expect(report.assetCount == 60 && report.shardCount == shards.count)
        #expect(report.aliasCount == 0 && !report.wasDone)
        #expect(report.byteCount == shards.reduce(0) { $0 + $1.count })
        let problems = try StoreVerifier.verify(at: folder.store).problems
        #expect(problems.isEmpty, "\(problems)")
        #expect(try assetTexts(folder.store) == assetTexts(whole))
        let reader = try StoreReader(at: folder.store)
        for sample in Self.outcomes.flatMap(\.samples) {
            for field in sample.fields {
                let data = try reader.field(field.name, of: sample.key, checked: true)
                #expect(data.bytes == dataBytes(field))
            }
        }
        #expect(try reader.field("latent.npy", of: keys[0]).elements(as: Float.self) == [3])
        func sorted(_ shards: [[UInt8]]) -> [[UInt8]] {
            shards.sorted { $0.lexicographicallyPrecedes($1) }
        }
        #expect(sorted(Array(shardBytes(folder.store).values)) == sorted(shards))
        for split in Split.allCases {
            let names = try reader.shards(split: split, series: "").map(\.name)
            #expect(
                names == names.indices.map { "shards/\(split.rawValue)-00000\($0).tar" }
                    || names.count > 10)
        }
        #expect(fileBytes("\(folder.store)/manifest.yaml") == Array("seed: 1\n".utf8))
        #expect(try reader.filter() == Corpus.filter && reader.part() == nil)
        // Done again, nothing happens.
        let rows = try indexDump(folder.store)
        let again = try merge(parts, folder.store, StoreMerger.Options(placement: placement))
        #expect(again.wasDone && again.assetCount == 60)
        #expect(try indexDump(folder.store) == rows)
        // The whole corpus can be built on from here.
        let writer = try StoreWriter(
            at: folder.store, run: Corpus.run, filter: Corpus.filter, limits: Corpus.smallShards)
        #expect(try writer.completedAssets().count == 60)
        try writer.close()
    }

    @Test func theOrderOfThePartsDoesNotMatter() throws {
        let folder = TemporaryFolder()
        let parts = try build(folder, count: 4)
        var dumps: [[String]] = []
        var bytes: [[String: [UInt8]]] = []
        for order in [[0, 1, 2, 3], [3, 1, 0, 2]] {
            let target = "\(folder.path)/merged-\(order[0])"
            _ = try merge(order.map { parts[$0] }, target)
            dumps.append(try indexDump(target))
            bytes.append(shardBytes(target))
        }
        #expect(dumps[0] == dumps[1] && bytes[0] == bytes[1])
    }

    /// Two parts have the same file under two names: the first by name stays.
    @Test func duplicatesAcrossPartsBecomeAliases() throws {
        let folder = TemporaryFolder()
        func outcome(_ id: String, sha: String?, kept: Bool = true, fails: Bool = false)
            -> AssetOutcome
        {
            var outcome = AssetOutcome(
                asset: AssetRecord(id: id, split: .train, path: id, sha256: sha),
                clips: [ClipRecord(name: "c")])
            if fails {
                outcome.failures = [FailureRecord(stage: "s", cause: "c", message: "")]
            } else {
                outcome.samples = [Sample(key: id, clip: "c", fields: [Field("t", bytes: [1])])]
                outcome.decisions = [
                    Decision(
                        stage: "j", rule: "r", position: 0, clip: "c",
                        verdict: kept ? .kept : .rejected)
                ]
            }
            return outcome
        }
        // Names are found such that each part has some.
        let outcomes = [
            outcome("a0", sha: "A", kept: false), outcome("a1", sha: "A"), outcome("a2", sha: "A"),
            outcome("b0", sha: "B", fails: true), outcome("b1", sha: "B"),
            outcome("c0", sha: nil), outcome("c1", sha: nil),
            outcome("d0", sha: "D", kept: false), outcome("d1", sha: "D", kept: false),
        ]
        let parts = try build(folder, outcomes, count: 2)
        let report = try merge(parts, folder.store)
        #expect(report.aliasCount == 3)
        let reader = try StoreReader(at: folder.store)
        let aliases = try assets(folder.store).compactMapValues(\.asset.aliasOf)
        #expect(aliases == ["a0": "a1", "a2": "a1", "d1": "d0"])
        #expect(try Set(reader.keys(SampleQuery(isKept: true))) == ["a1", "b1", "c0", "c1"])
        let alias = try #require(try reader.asset("a2"))
        #expect(alias.fate.rule == "duplicate" && alias.fate.reason == "the same bytes as a1")
        #expect(alias.clipFates == [alias.fate] && alias.sampleKeys == ["a2"])
        #expect(try StoreVerifier.verify(at: folder.store).problems.isEmpty)
        let all = "\(folder.path)/all"
        _ = try merge(parts, all, StoreMerger.Options(keepsDuplicates: true))
        #expect(try StoreReader(at: all).keys(SampleQuery(isKept: true)).count == 5)
    }

    @Test func partsOfOtherRecipesAreRefused() throws {
        let folder = TemporaryFolder()
        let first = try build(folder)[0]
        var odd: [(run: RunRecord, filter: FilterRecord, what: String)] = []
        var run = record(part(1, of: 3))
        run.manifest = "seed: 2\n"
        odd.append((run, Corpus.filter, "another manifest.yaml"))
        run = record(part(1, of: 3))
        odd.append((run, FilterRecord(name: "demo", text: "x"), "another text of the filter demo"))
        odd.append((run, FilterRecord(name: "other", text: "x"), "the filter other"))
        run.toolVersion = "1.2.4"
        odd.append((run, Corpus.filter, "built with version 1.2.4"))
        odd.append((record(part(1, of: 4)), Corpus.filter, "the part 1/4"))
        odd.append((record(part(0, of: 3)), Corpus.filter, "is part 0/3, and so is"))
        odd.append((record(nil), Corpus.filter, "is no part"))
        for (number, item) in odd.enumerated() {
            let path = "\(folder.path)/odd-\(number)"
            try build(path, Self.outcomes, item.run.part, run: item.run, filter: item.filter)
            #expect {
                try merge([first, path], folder.store, .init(allowsUnfinished: true))
            } throws: { "\($0)".contains(path) && "\($0)".contains(item.what) }
            #expect(!exists(folder.store))
        }
    }

    @Test func missingAndUnfinishedPartsAreNamed() throws {
        let folder = TemporaryFolder()
        var parts = try build(folder, count: 4)
        let open = "\(folder.path)/open"
        try build(
            open, Array(Self.outcomes.prefix(30)), part(2, of: 4), isFinished: false)
        parts = [parts[0], open, parts[3]]
        #expect {
            try merge(parts, folder.store)
        } throws: { error in
            "\(error)".contains("parts that are not there: 1/4")
                && "\(error)".contains("parts that are not finished: 2/4 (\(open))")
        }
        let options = StoreMerger.Options(placement: .link, allowsUnfinished: true)
        #expect(throws: StoreError.self) {
            try merge(parts, folder.store, .init(placement: .move, allowsUnfinished: true))
        }
        let report = try merge(parts, folder.store, options)
        #expect(report.missing == [part(1, of: 4)] && report.unfinished == [part(2, of: 4)])
        #expect(try StoreVerifier.verify(at: folder.store).problems.isEmpty)
        // The part goes on, and so does the merged store, which an ordinary build completes.
        try build(open, [], part(2, of: 4))
        #expect(try StoreVerifier.verify(at: open).problems.isEmpty)
        let writer = try StoreWriter(
            at: folder.store, run: Corpus.run, filter: Corpus.filter, limits: Corpus.smallShards)
        let done = try writer.completedAssets()
        for outcome in Self.outcomes where !done.contains(outcome.asset.id) {
            try writer.append(outcome)
        }
        try writer.finish()
        #expect(
            try Set(StoreReader(at: folder.store).keys())
                == Set(Self.outcomes.flatMap(\.samples).map(\.key)))
        #expect(try StoreVerifier.verify(at: folder.store).problems.isEmpty)
    }

    /// A part whose assets all failed, or that has none, is finished when its build is.
    @Test func emptyPartsAreFinished() throws {
        let folder = TemporaryFolder()
        let failed = Self.outcomes.first { !$0.failures.isEmpty }!
        let parts = try build(folder, [failed], count: 2)
        let report = try merge(parts, folder.store)
        #expect(report.assetCount == 1 && report.sampleCount == 0 && report.shardCount == 0)
        #expect(try StoreVerifier.verify(at: folder.store).problems.isEmpty)
    }

    @Test func whatAWriterHoldsIsRefused() throws {
        let folder = TemporaryFolder()
        let parts = try build(folder)
        let writer = try StoreWriter(at: parts[1], run: Self.run)
        #expect {
            try merge(parts, folder.store)
        } throws: { error in
            if case .locked(parts[1], _) = error as? StoreError { true } else { false }
        }
        try writer.close()
        _ = try merge(parts, folder.store)
    }

    @Test func anAssetOfTwoPartsIsRefused() throws {
        let folder = TemporaryFolder()
        let parts = try build(folder)
        let twice = try #require(
            Self.outcomes.first { part(0, of: 3).contains(asset: $0.asset.id) })
        let writer = try StoreWriter(
            at: parts[2], run: record(part(2, of: 3)), filter: Corpus.filter)
        try writer.append(twice)
        try writer.finish()
        #expect {
            try merge(parts, folder.store)
        } throws: { error in
            let text = "\(error)"
            return text.contains(parts[2]) && text.contains(parts[0])
                && text.contains(twice.asset.id)
        }
        #expect(!exists("\(folder.store)/index.sqlite"))
    }

    @Test func foldersThatAreTakenAreRefused() throws {
        let folder = TemporaryFolder()
        let parts = try build(folder)
        #expect { try merge(parts, parts[0]) } throws: { "\($0)".contains("into itself") }
        try build(folder.store, Self.outcomes, nil)
        let rows = try indexDump(folder.store)
        #expect { try merge(parts, folder.store) } throws: { "\($0)".contains("no merge") }
        #expect(try indexDump(folder.store) == rows)
        let target = "\(folder.path)/target"
        _ = try merge(parts, target)
        // A part that has changed since.
        let writer = try StoreWriter(
            at: parts[0], run: record(part(0, of: 3)), filter: Corpus.filter)
        let id = (0...).lazy.map { "new \($0)" }.first { part(0, of: 3).contains(asset: $0) }!
        try writer.append(AssetOutcome(asset: AssetRecord(id: id, split: .train, path: "")))
        try writer.finish()
        #expect { try merge(parts, target) } throws: { "\($0)".contains("have changed") }
        #expect { try merge([], target) } throws: { "\($0)".contains("no parts") }
    }

    /// Between file systems, where this machine has two.
    @Test func otherFileSystems() throws {
        let folder = TemporaryFolder()
        let other = "\(NSTemporaryDirectory())/muybridge-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: other, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: other) }
        var (here, there) = (stat(), stat())
        guard stat(folder.path, &here) == 0, stat(other, &there) == 0,
            here.st_dev != there.st_dev
        else { return }
        let parts = try build(folder)
        let shards = parts.flatMap { shardBytes($0).values }
        #expect {
            try merge(parts, "\(other)/a", .init(placement: .link))
        } throws: { "\($0)".contains("--copy or --move") }
        _ = try merge(parts, "\(other)/b", .init(placement: .move))
        #expect(parts.allSatisfy { shardBytes($0).isEmpty })
        #expect(shardBytes("\(other)/b").count == shards.count)
        #expect(try StoreVerifier.verify(at: "\(other)/b").problems.isEmpty)
    }
}
