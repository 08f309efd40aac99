import Foundation
import ShardStore

/// Damaged assets through `muybridge build`, a few hundred at a time, each batch into a store of
/// its own that is verified.
struct AssetRun {
    let seed: UInt64
    let seeds: SeedFiles
    let muybridge: String
    let work: String
    let deadline: Date

    private static let batchSize = 250
    /// The longest that an asset may take, in seconds.
    private static let assetSeconds = 20

    /// Few small frames: what is tried are readers, sampling and the store.
    static func manifest(layout: String) -> String {
        """
        name: fuzz
        corpus: {layout: \(layout)}
        clips: all
        timeline: {frames: 3}
        rendering: {size: 24, samples: 1, lights: {preset: unlit}}
        videos:
          front: {path: fixed, outputs: [color, depth]}
        curation: {filter: filter.yaml, measures: [motion.magnitude], preview-size: 0}
        store: {arrays: [positions, triangles]}
        """
    }

    static let filter = """
        name: fuzz
        rules:
          - {name: few, measure: vertices, at-least: 4, reason: too few vertices}
          - {name: static, measure: displacement.max, at-least: 0.0001, reason: does not move}
        """

    func run(count: Int, report: inout FuzzReport) throws {
        var index = 0
        while index < count, Date() < deadline {
            let end = min(count, index + Self.batchSize)
            let mutants = (index..<end).map { AssetMutant(seed: seed, index: $0, seeds: seeds) }
            for layout in ["automatic", "assimp"] {
                let batch = mutants.filter { $0.layout == layout }
                if !batch.isEmpty { try run(batch, layout: layout, report: &report) }
            }
            index = end
            progress("assets: \(index) of \(count)")
        }
        if index < count { progress("assets: out of time after \(index) of \(count)") }
    }

    private func run(_ batch: [AssetMutant], layout: String, report: inout FuzzReport) throws {
        let folder = work + "/batch"
        try? FileManager.default.removeItem(atPath: folder)
        for mutant in batch { try mutant.write(to: "\(folder)/corpus/\(mutant.name)") }
        let manifest = folder + "/manifest.yaml"
        try Data(Self.manifest(layout: layout).utf8).write(to: URL(fileURLWithPath: manifest))
        try Data(Self.filter.utf8).write(to: URL(fileURLWithPath: folder + "/filter.yaml"))
        let ending = try build(folder, seconds: Double(Self.assetSeconds * batch.count) / 2 + 120)
        guard ending == .exit(0) else {
            // A run must not end for what an asset holds: find the asset.
            report.fail("build-\(batch[0].name)", "the build ended with \(ending)") {
                try Data(contentsOf: URL(fileURLWithPath: folder + "/build.log"))
                    .write(to: URL(fileURLWithPath: $0 + "/build.log"))
            }
            return try blame(batch, folder: folder, report: &report)
        }
        let verified = try Subprocess.run(
            muybridge, ["verify", folder + "/store"], output: folder + "/verify.log", seconds: 300)
        if verified != .exit(0) {
            report.fail("verify-\(batch[0].name)", "verify ended with \(verified)") {
                try FileManager.default.copyItem(atPath: folder + "/store", toPath: $0 + "/store")
            }
        }
        try count(batch, store: folder + "/store", report: &report)
    }

    private func build(
        _ folder: String, only: String? = nil, out: String = "store", seconds: Double
    ) throws -> Subprocess.Ending {
        try Subprocess.run(
            muybridge,
            [
                "build", folder + "/manifest.yaml", "--corpus", folder + "/corpus", "--out",
                "\(folder)/\(out)", "--timeout", "\(Self.assetSeconds)",
            ] + (only.map { ["--only", $0] } ?? []), output: folder + "/build.log",
            seconds: seconds)
    }

    /// Builds each mutant of a batch alone, to find those that end the run.
    private func blame(
        _ batch: [AssetMutant], folder: String, report: inout FuzzReport
    ) throws {
        for mutant in batch {
            let alone = work + "/alone"
            try? FileManager.default.removeItem(atPath: alone)
            try mutant.write(to: "\(alone)/corpus/\(mutant.name)")
            for file in ["manifest.yaml", "filter.yaml"] {
                try FileManager.default.copyItem(
                    atPath: "\(folder)/\(file)", toPath: "\(alone)/\(file)")
            }
            let ending = try build(alone, seconds: 60)
            if ending != .exit(0) {
                report.count("asset " + mutant.kind, "ends the run")
                report.fail(mutant.name, "ends the run with \(ending); seed \(seed)") {
                    try mutant.write(to: $0)
                }
            } else {
                try count([mutant], store: alone + "/store", report: &report)
            }
        }
    }

    /// Counts what the index says of a batch. Every mutant must have a row.
    private func count(
        _ batch: [AssetMutant], store: String, report: inout FuzzReport
    ) throws {
        var fates: [String: [(fate: Fate, message: String)]] = [:]
        try StoreReader(at: store).forEachAsset { stored in
            let folder = String(stored.asset.id.split(separator: "/").first ?? "")
            let failure = stored.failures.first?.message ?? ""
            fates[folder, default: []].append((stored.fate, failure))
        }
        for mutant in batch {
            guard let found = fates[mutant.name] else {
                report.count("asset " + mutant.kind, "no row")
                report.fail(mutant.name, "has no row; seed \(seed)") { try mutant.write(to: $0) }
                continue
            }
            for (fate, message) in found {
                let words = [fate.outcome.rawValue, fate.stage, fate.rule].compactMap { $0 }
                report.count("asset " + mutant.kind, words.joined(separator: " "))
                let cause = fate.rule ?? ""
                let isCrash = ["signal", "exit", "timeout", "memory", "garbage"]
                    .contains { cause.hasPrefix($0) }
                // A foreign importer may fail as it likes; what comes after it is ours.
                let isForeign = !mutant.isOwn && fate.stage == "import"
                if fate.outcome == .failed, isCrash, !isForeign {
                    report.fail(mutant.name, "\(message); seed \(seed)") {
                        try mutant.write(to: $0)
                    }
                }
            }
        }
    }
}
