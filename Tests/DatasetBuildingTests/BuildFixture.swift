import DatasetBuilding
import DemoCorpus
import Foundation
import ShardStore
import TestSupport
import Testing

/// A corpus, a manifest and a filter in a temporary folder, and stores built from them.
struct BuildFixture {
    let folder: TemporaryFolder

    var corpus: URL { folder.url.appending(path: "corpus") }

    /// A fixture with some assets of the demo corpus.
    init(assets: [String]) throws {
        folder = TemporaryFolder()
        for id in assets {
            for (path, data) in try DemoCorpus.files(of: id) { try write(data, to: path) }
        }
        try Data(BuildFixture.filter.utf8).write(to: folder.url.appending(path: "filter.yaml"))
        try writeManifest()
    }

    /// Small pictures, few frames: what is tested is the plumbing.
    func writeManifest(corpus: String = "{}", extra: String = "") throws {
        let text = """
            name: test
            seed: 3
            corpus: \(corpus)
            clips: all
            timeline: {mode: uniform, frames: 6}
            rendering: {size: 48, lights: {preset: four-suns, strengths: drawn}}
            videos:
              front: {path: fixed, outputs: [color, depth, triangle-id]}
              orbit: {path: orbit, azimuth: drawn}
              still: {frozen: orbit}
            curation: {filter: filter.yaml, measures: [motion.magnitude], preview-size: 24}
            store:
              shard-bytes: 200000
              arrays: [positions, triangles, uvs]
            \(extra)
            """
        try Data(text.utf8).write(to: folder.url.appending(path: "manifest.yaml"))
    }

    static let filter = """
        name: test
        rules:
          - {name: few, measure: vertices, at-least: 4, reason: too few vertices}
          - {name: static, measure: displacement.max, at-least: 0.001, reason: does not move}
          - {name: empty, measure: alpha.coverage, aggregate: min, at-least: 0.001, reason: nothing to see}
        """

    func write(_ data: Data, to path: String) throws {
        let url = corpus.appending(path: path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
    }

    func storePath(_ name: String) -> String { folder.url.appending(path: name).path }

    /// Builds (or goes on building) the store `name`.
    @discardableResult
    func build(
        _ name: String, workers: Int = 2, only: [String] = [],
        place: DatasetBuilder.Place? = nil, retry: DatasetBuilder.Retry = .none,
        shouldStop: @escaping @Sendable () -> Bool = { false }
    ) throws -> DatasetBuilder.Ending {
        let plan = try BuildPlan(
            manifest: folder.url.appending(path: "manifest.yaml").path, corpus: corpus.path,
            store: storePath(name))
        let builder = DatasetBuilder(
            plan: plan, catalogue: try Catalogue(plan: plan, only: only),
            storePath: storePath(name), commandLine: ["test"])
        return try builder.run(
            on: place ?? .thisProcess(threads: workers), retry: retry, shouldStop: shouldStop)
    }

    /// A program of this package, which lies beside the tests.
    static func program(_ name: String) throws -> String {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appending(path: name).path
    }

    func reader(_ name: String) throws -> StoreReader { try StoreReader(at: storePath(name)) }

    /// The bytes of every shard by its name.
    func shards(_ name: String) throws -> [String: Data] {
        let url = URL(fileURLWithPath: storePath(name)).appending(path: "shards")
        var shards: [String: Data] = [:]
        for file in try FileManager.default.contentsOfDirectory(
            at: url, includingPropertiesForKeys: nil)
        {
            shards[file.lastPathComponent] = try Data(contentsOf: file)
        }
        return shards
    }

    /// What became of every asset.
    func fates(_ name: String) throws -> [String: Fate] {
        var fates: [String: Fate] = [:]
        try reader(name).forEachAsset { fates[$0.asset.id] = $0.fate }
        return fates
    }
}
