import ShardStore

/// Outcomes of an imagined build, the same in every process.
enum CrasherCorpus {
    static let filter = FilterRecord(name: "crash", text: "rules: []\n")
    /// A few outcomes fill several shards.
    static let limits = try! ShardLimits(maximumBytes: 24_000, maximumSamples: 5)

    static func run(_ part: Partition?) -> RunRecord {
        RunRecord(
            toolVersion: "1.2.3", commandLine: "muybridge build", manifest: "seed: 1\n", seed: 1,
            part: part)
    }

    /// The outcomes of a part: kept, rejected and failed, one sample larger than a write buffer.
    static func outcomes(_ count: Int, part: Partition?) -> [AssetOutcome] {
        (0..<count).map(outcome).filter { part?.contains(asset: $0.asset.id) ?? true }
    }

    private static func outcome(_ number: Int) -> AssetOutcome {
        let id = "folder/asset \(number).glb"
        let splits = Split.allCases
        let asset = AssetRecord(
            id: id, split: splits[number % 5 % splits.count], path: id,
            // Every seventh asset has the bytes of the one before.
            sha256: "\(number % 7 == 6 ? number - 1 : number)", timings: ["import": 0.5])
        var outcome = AssetOutcome(asset: asset)
        if number % 9 == 4 {
            outcome.failures = [
                FailureRecord(stage: "import", cause: "malformed", message: "no magic")
            ]
            return outcome
        }
        for index in 0..<(1 + number % 3) {
            let name = "clip \(index)"
            let isRejected = (number + index) % 4 == 0
            outcome.clips.append(ClipRecord(name: name, durationSeconds: Double(number)))
            outcome.measures.append(
                Measure(name: "ssim", clip: name, value: .scalar(Double(number) / 64)))
            outcome.decisions.append(
                Decision(
                    stage: "judge", rule: "still", position: 0, clip: name,
                    verdict: isRejected ? .rejected : .kept))
            let size = number % 11 == 7 ? 1_200_000 : 500 + 700 * (number % 4)
            outcome.samples.append(
                Sample(
                    key: SampleKey.joined([id, name]), clip: name,
                    fields: [
                        Field("a.bin", bytes: noise(size, seed: number * 8 + index)),
                        try! Field("b.npy", [Float(number), Float(index)], shape: [2]),
                    ], metadata: ["number": .integer(number)]))
        }
        return outcome
    }

    private static func noise(_ count: Int, seed: Int) -> [UInt8] {
        var state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 | 1
        return (0..<count).map { _ in
            // Xorshift (Marsaglia 2003).
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state >> 24)
        }
    }
}
