import ShardStore

/// Outcomes of an imagined build, the same for the same seed.
enum Corpus {
    static let run = RunRecord(
        toolVersion: "1.2.3", commandLine: "muybridge build demo.yaml", manifest: "seed: 1\n")
    static let filter = FilterRecord(name: "demo", text: "rules: []\n")
    static let fractions = try! Split.Fractions(train: 0.6, validation: 0.2, test: 0.2)

    /// Assets of every fate: kept with one to three clips, rejected before or after building,
    /// failed.
    static func outcomes(_ count: Int, seed: UInt64 = 1) -> [AssetOutcome] {
        (0..<count).map { outcome($0, seed: seed) }
    }

    static func outcome(_ number: Int, seed: UInt64 = 1) -> AssetOutcome {
        var random = SeededRandom(seed &* 1_000_003 &+ UInt64(number))
        let id = "folder/asset \(number).glb"
        let asset = AssetRecord(
            id: id, split: Split.assign(asset: id, fractions: fractions, seed: seed),
            path: "corpus/\(id)", sha256: String(repeating: "ab", count: 32),
            byteCount: Int.random(in: 1...9_999, using: &random), format: "glb",
            licence: "CC-BY 4.0", metadata: ["tags": ["walk", "run"], "score": 5.5])
        switch Int.random(in: 0..<8, using: &random) {
        case 0:
            return AssetOutcome(
                asset: asset,
                failures: [
                    FailureRecord(
                        stage: "import", cause: "malformed", message: "bad magic",
                        replayCommand: "muybridge inspect '\(id)'")
                ])
        case 1:
            return AssetOutcome(
                asset: asset,
                decisions: [
                    Decision(
                        stage: "import", rule: "has-clip", position: 0, verdict: .rejected,
                        reason: "no clip")
                ])
        default:
            return animated(asset, &random)
        }
    }

    private static func animated(
        _ asset: AssetRecord, _ random: inout SeededRandom
    ) -> AssetOutcome {
        var outcome = AssetOutcome(asset: asset)
        for index in 0..<Int.random(in: 1...3, using: &random) {
            let name = "clip \(index)"
            let ssim = Double.random(in: 0...1, using: &random)
            outcome.clips.append(
                ClipRecord(name: name, durationSeconds: ssim * 4, metadata: ["index": 1]))
            outcome.measures.append(Measure(name: "ssim", clip: name, value: .scalar(ssim)))
            outcome.measures.append(
                Measure(name: "motion", clip: name, value: .series([0.5, ssim, .nan])))
            outcome.decisions.append(
                Decision(
                    stage: "judge", rule: "too-still", position: 1, clip: name,
                    verdict: ssim > 0.8 ? .rejected : .kept, reason: "ssim \(ssim)"))
            outcome.samples.append(sample(asset.id, name, &random))
        }
        return outcome
    }

    private static func sample(
        _ asset: String, _ clip: String, _ random: inout SeededRandom
    ) -> Sample {
        var fields: [Field] = []
        for frame in 0..<Int.random(in: 1...3, using: &random) {
            fields.append(
                Field(
                    "orbit.00\(frame).png",
                    bytes: random.bytes(.random(in: 0...1500, using: &random))))
        }
        fields.append(Field("orbit.transforms.json", bytes: Array("{\"frames\":[]}".utf8)))
        fields.append(Field("orbit.not-meta.json", bytes: Array("{}".utf8)))
        let points = Int.random(in: 0...60, using: &random)
        let numbers = (0..<points * 3).map { _ in Float.random(in: -1...1, using: &random) }
        fields.append(try! Field("queries.npy", numbers, shape: [points, 3]))
        fields.append(try! Field("latent.mean.npy", [UInt16(7)], shape: []))
        fields.shuffle(using: &random)
        return Sample(
            key: SampleKey.joined([asset, clip]), clip: clip, fields: fields,
            metadata: ["seed": .integer(Int.random(in: 0...99, using: &random))])
    }

    /// Limits under which a few outcomes fill several shards.
    static let smallShards = try! ShardLimits(maximumBytes: 24_000, maximumSamples: 5)

    /// A finished store of outcomes, committed a few at a time.
    @discardableResult
    static func build(
        _ path: String, _ outcomes: [AssetOutcome], limits: ShardLimits = smallShards,
        batch: Int = 3, finish: Bool = true
    ) throws -> [AssetOutcome] {
        let writer = try StoreWriter(at: path, run: run, filter: filter, limits: limits)
        for (index, outcome) in outcomes.enumerated() {
            try writer.append(outcome)
            if index % batch == batch - 1 { try writer.commit() }
        }
        if finish { try writer.finish() } else { try writer.close() }
        return outcomes
    }
}

/// The bytes of a field's data: of an array, without the `.npy` header.
func dataBytes(_ field: Field) -> [UInt8] {
    switch field.payload {
    case .bytes(let bytes): bytes
    case .array(let array): array.bytes
    }
}
