import Foundation
import ShardStore
import TestSupport
import Testing

@Suite struct JudgingTests {
    private func decision(
        _ rule: String, _ position: Int, _ verdict: Decision.Verdict, clip: String? = nil,
        stage: String = "judge"
    ) -> Decision {
        Decision(
            stage: stage, rule: rule, position: position, clip: clip, verdict: verdict,
            reason: "because \(rule)")
    }

    /// A small store of which every fate was worked out by hand.
    private func build(_ path: String) throws {
        let writer = try StoreWriter(at: path, run: Corpus.run, filter: Corpus.filter)
        func asset(_ id: String) -> AssetRecord { AssetRecord(id: id, split: .train, path: id) }
        func sample(_ asset: String, _ clip: String) -> Sample {
            Sample(key: "\(asset)__\(clip)", clip: clip, fields: [Field("t", bytes: [1])])
        }
        let clips = [ClipRecord(name: "run"), ClipRecord(name: "walk")]
        try writer.commit([
            AssetOutcome(
                asset: asset("one-clip-kept"), clips: clips,
                samples: [sample("one-clip-kept", "run"), sample("one-clip-kept", "walk")],
                measures: [
                    Measure(name: "ssim", clip: "run", value: .scalar(0.99)),
                    Measure(name: "ssim", clip: "walk", value: .scalar(0.7)),
                ],
                decisions: [
                    decision("still", 2, .rejected, clip: "run"),
                    decision("border", 1, .rejected, clip: "run"),
                    decision("still", 2, .kept, clip: "walk"),
                ]),
            AssetOutcome(
                asset: asset("all-rejected"), clips: clips,
                samples: [sample("all-rejected", "run")],
                measures: [Measure(name: "ssim", clip: "run", value: .scalar(0.8))],
                decisions: [
                    decision("still", 2, .rejected, clip: "run"),
                    decision("border", 1, .rejected, clip: "walk"),
                ]),
            AssetOutcome(
                asset: asset("no-clip"),
                decisions: [decision("has-clip", 0, .rejected, stage: "import")]),
            AssetOutcome(
                asset: asset("broken"),
                failures: [FailureRecord(stage: "import", cause: "malformed", message: "m")]),
            AssetOutcome(
                asset: asset("half-broken"), clips: clips,
                samples: [sample("half-broken", "walk")],
                failures: [
                    FailureRecord(stage: "render", clip: "run", cause: "timeout", message: "m")
                ]),
        ])
        try writer.finish()
    }

    private func lines(_ funnel: StoreSummary.Funnel) -> [String] {
        ["\(funnel.total) in all, \(funnel.kept) kept"]
            + funnel.steps.map { step in
                "\(step.outcome) \(step.stage) \(step.rule): \(step.count), \(step.remaining) left"
            }
    }

    @Test func fatesFollowTheRules() throws {
        let folder = TemporaryFolder()
        try build(folder.store)
        let reader = try StoreReader(at: folder.store)
        func fate(_ id: String) throws -> Fate? { try reader.asset(id)?.fate }
        #expect(try fate("one-clip-kept") == .kept)
        #expect(try fate("half-broken") == .kept)
        #expect(
            try fate("all-rejected")
                == Fate(
                    outcome: .rejected, stage: "judge", rule: "still", reason: "because still"))
        #expect(try fate("no-clip")?.rule == "has-clip")
        #expect(
            try fate("broken")
                == Fate(outcome: .failed, stage: "import", rule: "malformed", reason: "m"))
        #expect(
            try reader.asset("one-clip-kept")?.clipFates.map(\.rule) == ["border", nil],
            "the first rule by position decides")
        #expect(
            try reader.keys(SampleQuery(isKept: true))
                == ["one-clip-kept__walk", "half-broken__walk"])
        #expect(
            try sql(folder.store, "SELECT key FROM kept_samples ORDER BY key")
                == ["half-broken__walk", "one-clip-kept__walk"])
    }

    @Test func theFunnelAddsUp() throws {
        let folder = TemporaryFolder()
        try build(folder.store)
        let summary = try StoreSummary(
            of: StoreReader(at: folder.store), stages: ["import", "render", "judge"])
        #expect(
            lines(summary.assets) == [
                "5 in all, 2 kept", "failed import malformed: 1, 4 left",
                "rejected import has-clip: 1, 3 left", "rejected judge still: 1, 2 left",
            ])
        #expect(
            lines(summary.clips) == [
                "6 in all, 2 kept", "failed render timeout: 1, 5 left",
                "rejected judge border: 2, 3 left", "rejected judge still: 1, 2 left",
            ])
        #expect(
            try sql(
                folder.store,
                """
                SELECT fate || ' ' || ifnull(stage, '') || ' ' || ifnull(rule, '') || ' ' || assets \
                FROM asset_funnel ORDER BY 1
                """) == [
                    "failed import malformed 1", "kept   2", "rejected import has-clip 1",
                    "rejected judge still 1",
                ])
    }

    @Test func anyFunnelAddsUp() throws {
        for seed in 0..<5 as Range<UInt64> {
            let folder = TemporaryFolder()
            let outcomes = try Corpus.build(folder.store, Corpus.outcomes(60, seed: seed))
            let summary = try StoreSummary(of: StoreReader(at: folder.store))
            for funnel in [summary.assets, summary.clips] {
                #expect(funnel.steps.reduce(funnel.kept) { $0 + $1.count } == funnel.total)
                #expect(funnel.steps.last?.remaining ?? funnel.total == funnel.kept)
            }
            #expect(summary.assets.total == 60)
            #expect(summary.clips.total == outcomes.reduce(0) { $0 + $1.clips.count })
            for split in summary.splits {
                let samples = outcomes.filter { $0.asset.split == split.split }.flatMap(\.samples)
                #expect(split.sampleCount == samples.count)
                #expect(split.fieldCount == samples.reduce(0) { $0 + $1.fields.count + 1 })
                let shards = shardBytes(folder.store).filter {
                    $0.key.hasPrefix(split.split.rawValue)
                }
                #expect(split.shardCount == shards.count)
                #expect(split.byteCount == shards.values.reduce(0) { $0 + $1.count })
            }
        }
    }

    /// Another filter is applied to stored measures, and back; the shards stay as they are.
    @Test func aStoreIsJudgedAgain() throws {
        let folder = TemporaryFolder()
        try build(folder.store)
        let shards = shardBytes(folder.store)
        let reader = try StoreReader(at: folder.store)
        let before = try StoreSummary(of: reader)
        let old = try decisions(reader)

        let lenient = FilterRecord(name: "lenient", text: "ssim: 0.95")
        let stage = RunRecord(toolVersion: "1", commandLine: "muybridge filter")
        let writer = try StoreWriter(at: folder.store, run: stage)
        try writer.rejudge(under: lenient) { asset in
            asset.measures.map { measure in
                guard case .scalar(let ssim) = measure.value else { return nil }
                return Decision(
                    stage: "judge", rule: "ssim", position: 0, clip: measure.clip,
                    verdict: ssim > 0.95 ? .rejected : .kept)
            }.compactMap { $0 }
        }
        try writer.finish()
        #expect(shardBytes(folder.store) == shards)
        #expect(try reader.filter() == lenient)
        #expect(
            try reader.keys(SampleQuery(isKept: true)) == [
                "one-clip-kept__walk", "all-rejected__run", "half-broken__walk",
            ])
        let summary = try StoreSummary(of: reader)
        #expect(summary.assets.kept == 4, "what failed stays failed, no-clip has no rule any more")
        #expect(summary.keptClipsWithoutSamples == 1, "all-rejected's walk was not built")
        #expect(try StoreVerifier.verify(at: folder.store).problems.isEmpty)
        #expect(throws: StoreError.self) {
            try StoreWriter(at: folder.store, run: stage, filter: Corpus.filter)
        }

        let back = try StoreWriter(at: folder.store, run: stage)
        try back.rejudge(under: Corpus.filter) { old[$0.asset.id] ?? [] }
        try back.finish()
        #expect(try StoreSummary(of: reader) == before)
        #expect(try decisions(reader) == old)
    }

    private func decisions(_ reader: StoreReader) throws -> [String: [Decision]] {
        var all: [String: [Decision]] = [:]
        try reader.forEachAsset { all[$0.asset.id] = $0.decisions }
        return all
    }

    @Test func aJudgementThatFailsChangesNothing() throws {
        let folder = TemporaryFolder()
        try build(folder.store)
        let reader = try StoreReader(at: folder.store)
        let before = try StoreSummary(of: reader)
        let old = try decisions(reader)
        let writer = try StoreWriter(at: folder.store, run: Corpus.run, filter: Corpus.filter)
        let other = FilterRecord(name: "other", text: "")
        #expect(throws: StoreError.self) {
            try writer.rejudge(under: other) { _ in
                [
                    Decision(
                        stage: "judge", rule: "r", position: 0, clip: "no such clip",
                        verdict: .kept)
                ]
            }
        }
        #expect(try StoreSummary(of: reader) == before)
        #expect(try decisions(reader) == old && reader.filter() == Corpus.filter)
        try writer.commit([AssetOutcome(asset: AssetRecord(id: "n", split: .test, path: ""))])
        try writer.finish()
    }
}

@Suite struct StoreExporterTests {
    @Test func foldersHoldTheFiles() throws {
        let folder = TemporaryFolder()
        let outcomes = try Corpus.build(folder.store, Corpus.outcomes(20))
        let reader = try StoreReader(at: folder.store)
        let target = "\(folder.path)/export"
        let samples = outcomes.flatMap(\.samples)
        #expect(try StoreExporter.export(of: reader, to: target) == samples.count)
        for sample in samples {
            let base = "\(target)/\(sample.key)"
            for field in sample.fields {
                let path =
                    switch field.name {
                    case "orbit.transforms.json": "orbit/transforms.json"
                    case "queries.npy": "queries.npy"
                    case "latent.mean.npy": "latent/mean.npy"
                    default: "orbit/" + field.name.dropFirst(6)
                    }
                let bytes = fileBytes("\(base)/\(path)")
                if case .array(let array) = field.payload {
                    #expect(PlainNumpy(bytes)?.data == array.bytes)
                } else {
                    #expect(exists("\(base)/\(path)") && bytes == dataBytes(field))
                }
            }
            #expect(exists("\(base)/meta.json"))
        }
        let one = "\(folder.path)/one"
        let asset = try #require(outcomes.first { !$0.samples.isEmpty })
        try StoreExporter.export(SampleQuery(asset: asset.asset.id), of: reader, to: one)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: one).sorted()
                == asset.samples.map(\.key).sorted())
    }

    @Test func pathsAreFilesInTheFolder() throws {
        #expect(try StoreExporter.relativePath(ofField: "png", key: "Fox") == "Fox/Fox.png")
        #expect(try StoreExporter.relativePath(ofField: "a.b.c.d", key: "K") == "K/a/b/c.d")
        #expect(try StoreExporter.relativePath(ofField: "a.b", key: "K") == "K/a.b")
        for (name, key) in [
            ("a", "../up"), ("../a", "k"), ("a/b.c", "k"), ("..", "k"), ("a", "/x"),
        ] {
            #expect(throws: StoreError.self) {
                try StoreExporter.relativePath(ofField: name, key: key)
            }
        }
    }

    /// An index that was changed cannot make an export write elsewhere.
    @Test func hostileNamesAreRefused() throws {
        for statement in [
            "UPDATE samples SET key = '../../evil' WHERE id = 1",
            "UPDATE fields SET name = '../../../evil.png' WHERE name = 'orbit.000.png'",
        ] {
            let folder = TemporaryFolder()
            try Corpus.build(folder.store, Corpus.outcomes(6))
            try tamper(folder.store, statement)
            #expect(throws: StoreError.self) {
                try StoreExporter.export(
                    of: StoreReader(at: folder.store), to: "\(folder.path)/a/b/c")
            }
            #expect(!exists("\(folder.path)/evil") && !exists("\(folder.path)/a/evil.png"))
        }
    }
}
