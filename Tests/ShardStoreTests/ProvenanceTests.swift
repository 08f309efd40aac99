import Foundation
import ShardStore
import TestSupport
import Testing

@Suite struct ProvenanceTests {
    private func failed(_ id: String, stage: String, cause: String) -> AssetOutcome {
        AssetOutcome(
            asset: AssetRecord(id: id, split: .train, path: id),
            failures: [FailureRecord(stage: stage, cause: cause, message: "no")])
    }

    private func built(_ id: String, key: String) -> AssetOutcome {
        AssetOutcome(
            asset: AssetRecord(id: id, split: .train, path: id),
            samples: [Sample(key: key, fields: [Field("t", bytes: [1])])])
    }

    /// The second failure of one kind in a row puts an asset aside; another kind, or a success,
    /// takes it back.
    @Test func assetsThatFailAlikeTwiceAreQuarantined() throws {
        let folder = TemporaryFolder()
        let writer = try StoreWriter(at: folder.store, run: Corpus.run)
        let steps: [(stage: String, cause: String, quarantined: Bool)] = [
            ("render", "signal 11", false), ("render", "timeout", false),
            ("import", "timeout", false), ("import", "timeout", true),
            ("import", "timeout", true), ("import", "memory", false), ("import", "memory", true),
        ]
        for step in steps {
            try writer.commit([failed("a", stage: step.stage, cause: step.cause)])
            #expect(
                try writer.assetsToRetry(includingQuarantined: false)
                    == (step.quarantined ? [] : ["a"]))
            #expect(try writer.assetsToRetry(includingQuarantined: true) == ["a"])
            let reader = try StoreReader(at: folder.store)
            #expect(try reader.asset("a")?.isQuarantined == step.quarantined)
            let summary = try StoreSummary(of: reader)
            #expect(summary.failedCount == 1)
            #expect(summary.quarantinedCount == (step.quarantined ? 1 : 0))
        }
        try writer.commit([built("a", key: "a")])
        #expect(try writer.assetsToRetry(includingQuarantined: true).isEmpty)
        let summary = try StoreSummary(of: StoreReader(at: folder.store))
        #expect(summary.failedCount == 0 && summary.quarantinedCount == 0)
    }

    /// An asset of which one clip failed has samples, and is not tried again.
    @Test func assetsWithSamplesAreNotTriedAgain() throws {
        let folder = TemporaryFolder()
        let writer = try StoreWriter(at: folder.store, run: Corpus.run)
        var outcome = built("a", key: "a")
        outcome.clips = [ClipRecord(name: "broken"), ClipRecord(name: "whole")]
        outcome.samples[0].clip = "whole"
        outcome.failures = [
            FailureRecord(stage: "render", clip: "broken", cause: "x", message: "")
        ]
        try writer.commit([outcome])
        #expect(try writer.assetsToRetry(includingQuarantined: true).isEmpty)
    }

    /// What was not there, or not asked for, can come later.
    @Test func absentAssetsCanComeLater() throws {
        let folder = TemporaryFolder()
        let writer = try StoreWriter(at: folder.store, run: Corpus.run, filter: Corpus.filter)
        var unlisted = AssetOutcome(asset: AssetRecord(id: "u", split: .train, path: "u"))
        unlisted.decisions = [
            Decision(stage: "list", rule: "unlisted", position: -1, verdict: .rejected)
        ]
        var rejected = AssetOutcome(asset: AssetRecord(id: "r", split: .train, path: "r"))
        rejected.decisions = [
            Decision(stage: "judge", rule: "too-still", position: 1, verdict: .rejected)
        ]
        try writer.commit([
            failed("m", stage: "find", cause: "missing"), unlisted, rejected,
            failed("f", stage: "render", cause: "missing"),
        ])
        #expect(try writer.absentAssets() == ["m", "u"])
        try writer.commit([built("m", key: "m"), built("u", key: "u")])
        #expect(try writer.absentAssets().isEmpty)
        try writer.finish()
        let reader = try StoreReader(at: folder.store)
        for id in ["m", "u"] {
            let asset = try #require(try reader.asset(id))
            #expect(asset.attempts == 2 && asset.fate == .kept && asset.decisions.isEmpty)
        }
        #expect(try reader.keys() == ["m", "u"])
        #expect(try StoreVerifier.verify(at: folder.store).problems.isEmpty)
    }

    @Test func aliasesAreRejectedAndHaveNoSamples() throws {
        let folder = TemporaryFolder()
        let writer = try StoreWriter(at: folder.store, run: Corpus.run, filter: Corpus.filter)
        var alias = built("b", key: "b")
        alias.asset.aliasOf = "a"
        #expect { try writer.append(alias) } throws: { "\($0)".contains("alias of a") }
        alias.samples = []
        alias.clips = [ClipRecord(name: "c")]
        try writer.commit([built("a", key: "a"), alias])
        let reader = try StoreReader(at: folder.store)
        let stored = try #require(try reader.asset("b"))
        #expect(stored.asset.aliasOf == "a" && stored.fate.outcome == .rejected)
        #expect(stored.fate.rule == "duplicate" && stored.clipFates == [stored.fate])
        try writer.rejudge(under: FilterRecord(name: "all", text: "")) { _ in [] }
        #expect(try reader.asset("b")?.fate == stored.fate)
        #expect(try reader.asset("a")?.fate == .kept)
    }

    @Test func everySampleKnowsWhereItComesFrom() throws {
        let folder = TemporaryFolder()
        let run = RunRecord(
            toolVersion: "1.2.3", commandLine: "muybridge build", manifest: "seed: 7\n",
            manifestSHA256: String(repeating: "0f", count: 32), seed: .max,
            part: Partition("3/64"))
        let writer = try StoreWriter(at: folder.store, run: run)
        var outcome = built("a", key: "k")
        outcome.asset.licence = "CC-BY 4.0"
        outcome.asset.sha256 = String(repeating: "ab", count: 32)
        outcome.asset.timings = ["import": 0.25, "render": 1.5]
        try writer.commit([outcome])
        let reader = try StoreReader(at: folder.store)
        #expect(try reader.runs().map(\.run) == [run])
        #expect(try reader.part() == Partition(index: 3, count: 64))
        #expect(try reader.asset("a")?.asset == outcome.asset)
        let record = try reader.field("meta.json", of: "k").bytes
        #expect(!String(decoding: record, as: UTF8.self).contains("render"))
        let row = try sql(
            folder.store,
            """
            SELECT key || '|' || tool_version || '|' || manifest_sha256 || '|' || source_path \
            || '|' || source_sha256 || '|' || licence || '|' || seed || '|' || timings \
            FROM sample_provenance
            """)
        let digits = (String(repeating: "0f", count: 32), String(repeating: "ab", count: 32))
        #expect(
            row == [
                "k|1.2.3|\(digits.0)|a|\(digits.1)|CC-BY 4.0|18446744073709551615|"
                    + #"{"import":0.25,"render":1.5}"#
            ])
    }

    @Test func aStoreRemembersItsPart() throws {
        let folder = TemporaryFolder()
        func open(_ part: String?, manifest: String? = "m") throws(StoreError) {
            let run = RunRecord(
                toolVersion: "1", commandLine: "", manifest: manifest,
                part: part.flatMap { Partition($0) })
            try StoreWriter(at: folder.store, run: run).close()
        }
        try open("3/64")
        try open("3/64")
        try open(nil, manifest: nil)
        for other in ["4/64", "3/65", nil] {
            #expect {
                try open(other)
            } throws: { error in
                guard case .settingsDiffer(_, "part", "3/64", let asked) = error as? StoreError
                else { return false }
                return asked == other ?? "the whole corpus"
            }
        }
        let whole = TemporaryFolder()
        try StoreWriter(at: whole.store, run: Corpus.run).close()
        var part = Corpus.run
        part.part = Partition("0/1")
        #expect(throws: StoreError.self) { try StoreWriter(at: whole.store, run: part) }
    }

    /// An index of the first version is brought up to date, and keeps what it has.
    @Test func olderIndexesAreBroughtUpToDate() throws {
        let folder = TemporaryFolder()
        let outcomes = try Corpus.build(folder.store, Corpus.outcomes(12))
        for statement in [
            "DROP VIEW sample_provenance", "DROP INDEX assets_by_alias", "DROP TABLE lost",
            "ALTER TABLE assets DROP COLUMN incomplete",
            "ALTER TABLE assets DROP COLUMN quarantined",
            "ALTER TABLE assets DROP COLUMN alias_of", "ALTER TABLE assets DROP COLUMN timings",
            "ALTER TABLE runs DROP COLUMN manifest_sha256", "ALTER TABLE runs DROP COLUMN seed",
            "ALTER TABLE runs DROP COLUMN part",
            "DELETE FROM grdb_migrations WHERE identifier <> '1 store'",
        ] { try tamper(folder.store, statement) }
        #expect(throws: StoreError.olderVersion(path: "\(folder.store)/index.sqlite")) {
            try StoreReader(at: folder.store)
        }
        try Corpus.build(folder.store, [])
        let reader = try StoreReader(at: folder.store)
        for outcome in outcomes {
            #expect(try reader.asset(outcome.asset.id)?.asset == outcome.asset)
        }
        #expect(try StoreVerifier.verify(at: folder.store).problems.isEmpty)
    }
}

@Suite struct PartitionTests {
    @Test(arguments: [
        "", "3", "3/", "/64", "64/64", "-1/64", "0/0", "3/64/", "3 /64", "+3/64", "٣/64",
        "1/99999999999999999999",
    ])
    func textsThatAreNoPart(text: String) {
        #expect(Partition(text) == nil)
    }

    @Test func aPartReadsAsItIsWritten() throws {
        let part = try #require(Partition("3/64"))
        #expect(part.index == 3 && part.count == 64 && part.description == "3/64")
        #expect(Partition(index: 64, count: 64) == nil && Partition(index: 0, count: 1) != nil)
    }

    /// Every asset is in exactly one part, and the parts are about as large: of n assets in k
    /// parts, each has n/k, give or take five standard deviations of a binomial.
    @Test(arguments: [1, 2, 7, 64])
    func partsDivideTheCorpus(count: Int) throws {
        let parts = (0..<count).compactMap { Partition(index: $0, count: count) }
        var sizes = [Int](repeating: 0, count: count)
        let total = 20_000
        for number in 0..<total {
            let holders = parts.filter { $0.contains(asset: "asset/\(number).glb") }
            #expect(holders.count == 1)
            for holder in holders { sizes[holder.index] += 1 }
        }
        let mean = Double(total) / Double(count)
        let deviation = (mean * (1 - 1 / Double(count))).squareRoot()
        #expect(sizes.allSatisfy { abs(Double($0) - mean) <= 5 * deviation })
    }

    /// The rule in Documentation/store.md, computed by its Python: parts do not change between
    /// versions.
    @Test func partsStayAsTheyAre() {
        let ids = ["", "a", "Fox.glb", "folder/asset 7.glb"]
        let found = ids.map { id in
            (0..<64).first { Partition(index: $0, count: 64)?.contains(asset: id) == true }
        }
        #expect(found == [11, 28, 22, 47])
    }
}

@Suite struct AttributionTests {
    private func store(_ folder: TemporaryFolder) throws -> StoreReader {
        let writer = try StoreWriter(at: folder.store, run: Corpus.run, filter: Corpus.filter)
        func asset(_ id: String, licence: String?, _ metadata: JSONValue) -> AssetOutcome {
            AssetOutcome(
                asset: AssetRecord(
                    id: id, split: .train, path: "p/\(id)", licence: licence, metadata: metadata),
                samples: [Sample(key: id, fields: [Field("t", bytes: [1])])])
        }
        var rejected = asset("no", licence: "CC0", [:])
        rejected.decisions = [Decision(stage: "j", rule: "r", position: 0, verdict: .rejected)]
        try writer.commit([
            asset(
                "fox", licence: "CC-BY 4.0",
                [
                    "columns": [
                        "Author": ["Ann, \"the\" Modeller"], "viewerUrl": "https://x.test/fox",
                        "name": "Fox\r\nrunning", "score": 3,
                    ]
                ]),
            asset("bee", licence: "CC-BY 4.0", ["author": "Bob"]), asset("cat", licence: nil, [:]),
            rejected,
        ])
        try writer.finish()
        return try StoreReader(at: folder.store)
    }

    @Test func csvQuotesWhatItMust() throws {
        let folder = TemporaryFolder()
        let csv = try StoreAttributions(of: store(folder)).csv
        #expect(
            csv == "asset,licence,author,title,url,path\r\ncat,,,,,p/cat\r\n"
                + "bee,CC-BY 4.0,Bob,,,p/bee\r\n"
                + "fox,CC-BY 4.0,\"Ann, \"\"the\"\" Modeller\",\"Fox\r\nrunning\","
                + "https://x.test/fox,p/fox\r\n")
    }

    @Test func textGroupsByLicence() throws {
        let folder = TemporaryFolder()
        let reader = try store(folder)
        let text = try StoreAttributions(of: reader).text
        #expect(
            text == """
                No licence stated (1 asset)
                  cat, p/cat

                CC-BY 4.0 (2 assets)
                  bee by Bob, p/bee
                  "Fox\r\nrunning" by Ann, "the" Modeller, https://x.test/fox

                """)
        #expect(
            try StoreAttributions(of: reader, all: true).entries.map(\.asset)
                == ["cat", "bee", "fox", "no"])
    }
}
