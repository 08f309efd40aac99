import Assets
import BenchmarkHarness
import Foundation
import Geometry
import Imaging
import Rendering
import ShardStore

/// The main job beside what Diffusion4D's authors ran: Blender's Cycles, by their script's settings.
struct DatasetCases {
    let assets: [BenchmarkAsset]
    let folder: URL

    private static let frameCount = 24
    /// A frame of Cycles takes seconds: so many of an orbit's 24 stand for all.
    private static let renderedCount = 2

    func run(_ harness: Harness) throws {
        // Blender reads the assets as they are; real ones where they are there.
        let real = assets.filter { $0.clip != nil }
        let measured = real.isEmpty ? assets : real
        for asset in measured { try orbit(of: asset, harness) }
        try dataset(of: measured, harness)
        harness.endPeers()
    }

    private func cycles(
        _ name: String, _ assets: [BenchmarkAsset], samples: Int, rendered: Int
    ) -> PeerWork {
        var inputs: [String: URL] = [:]
        for (i, asset) in assets.enumerated() {
            inputs["asset\(i)"] = URL(fileURLWithPath: asset.path)
        }
        return PeerWork(
            peer: "cycles_render", name: name, inputs: inputs,
            options: [
                "samples": samples, "denoises": samples > 1, "size": 256, "rendered": rendered,
            ])
    }

    // MARK: An orbit

    /// Pose, render, encode and write an orbit; importing is not part of either side.
    private func orbit(of asset: BenchmarkAsset, _ harness: Harness) throws {
        let name = "\(asset.name): orbit of 24, posed, to PNG files"
        guard harness.runs(name) else { return }
        let loaded = try AssetLoader().load(path: asset.path)
        let clip = asset.clip.flatMap { name in loaded.clips.firstIndex { $0.name == name } } ?? 0
        let times = Timeline.uniform(count: Self.frameCount, periodic: true)
            .times(for: loaded.clips[clip])
        let views = CameraPath.orbit(periodic: true).views(frameCount: Self.frameCount)
        let folder = folder
        try harness.measure(
            name, item: "frame",
            against: [
                cycles("orbit, 128 samples", [asset], samples: 128, rendered: Self.renderedCount),
                cycles("orbit, 1 sample", [asset], samples: 1, rendered: Self.frameCount),
            ]
        ) {
            var mesh = try loaded.mesh(clip: clip, times: times)
            mesh.normalise(Normalisation())
            try Renderer(mesh: mesh, settings: RenderSettings()).render(views: views) { i, frame in
                guard let png = try? frame.color?.pngEncoded() else { return }
                try? Data(png).write(to: folder.appending(path: "orbit\(i).png"))
            }
            let bytes = try views.indices.reduce(0) { sum, i in
                try sum + Data(contentsOf: folder.appending(path: "orbit\(i).png")).count
            }
            return Harness.Yield(items: views.count, bytes: bytes)
        }
    }

    // MARK: A dataset

    /// Diffusion4D's videos and measures, with rules that keep everything.
    private static let manifest = """
        name: benchmark
        seed: 0
        corpus: {layout: automatic}
        clips: first
        timeline: {mode: rate, frames: 24, frames-per-second: 24}
        normalisation: {shape: unit-cube, over: first-frame, root-motion: keep}
        rendering:
          size: 256
          samples: 4
          distance: 2
          field-of-view: 39.5978
          lights: {preset: four-suns, strengths: drawn}
          culling: never
        videos:
          front: {path: fixed, azimuth: 0, elevation: 0}
          multi: {path: orbit, azimuth: 0, elevation: 0, periodic: false}
          multi-static: {frozen: multi}
          random: {path: orbit, azimuth: drawn, elevation: 0, periodic: false}
          random-static: {frozen: random}
        curation:
          filter: keep.yaml
          measures: [motion.magnitude]

        """

    private static let filter = """
        name: keep
        rules:
          - {name: static, measure: ssim.front, aggregate: min, at-most: 1, reason: "no"}
          - {name: distorted, measure: ssim.front, aggregate: min, at-least: -1, reason: "no"}
          - {name: leaves-frame, measure: alpha.border, aggregate: max, at-most: 1, reason: "no"}

        """

    /// The whole command, from assets to a store, with its worker processes.
    private func dataset(of assets: [BenchmarkAsset], _ harness: Harness) throws {
        let name = "build: \(assets.map(\.name).joined(separator: ", "))"
        guard harness.runs(name) else { return }
        let corpus = folder.appending(path: "corpus")
        try FileManager.default.createDirectory(at: corpus, withIntermediateDirectories: true)
        for asset in assets {
            let file = URL(fileURLWithPath: asset.path)
            try FileManager.default.copyItem(
                at: file, to: corpus.appending(path: file.lastPathComponent))
        }
        let manifest = folder.appending(path: "benchmark.yaml")
        try Data(Self.manifest.utf8).write(to: manifest)
        try Data(Self.filter.utf8).write(to: folder.appending(path: "keep.yaml"))
        let store = folder.appending(path: "store")
        try harness.measure(
            name, item: "asset",
            against: [cycles("dataset, 128 samples", assets, samples: 128, rendered: 1)]
        ) {
            try? FileManager.default.removeItem(at: store)
            try muybridge([
                "build", manifest.path, "--corpus", corpus.path, "--out", store.path,
            ])
            let shards = try FileManager.default.contentsOfDirectory(
                at: store.appending(path: "shards"), includingPropertiesForKeys: [.fileSizeKey])
            let bytes = try shards.reduce(0) {
                try $0 + ($1.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0)
            }
            let kept = try StoreReader(at: store.path).keys().count
            return Harness.Yield(items: kept, bytes: bytes)
        }
    }

    /// Runs the command that lies beside this program.
    private func muybridge(_ arguments: [String]) throws {
        let program = URL(fileURLWithPath: CommandLine.arguments[0])
            .deletingLastPathComponent().appending(path: "muybridge")
        try ChildProcess.run([program.path] + arguments)
    }
}
