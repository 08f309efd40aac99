import Assets
import BenchmarkHarness
import Dispatch
import Foundation
import Geometry
import Imaging
import Rendering

/// The path of one asset from its file to pictures on disk: an orbit of 24 frames at 256², 4
/// samples a pixel, under four suns.
struct RenderCases {
    let asset: BenchmarkAsset
    let folder: URL

    private static let frameCount = 24

    func run(_ harness: Harness) throws {
        let names =
            ["import", "pose", "encode PNG, one core", "file to PNGs on disk, all cores"].map {
                "\(asset.name): \($0)"
            } + RasterCases.names("raster \(asset.name)")
        guard names.contains(where: harness.runs) else { return }
        let loader = AssetLoader()
        let loaded = try loader.load(path: asset.path)
        let clip = asset.clip.flatMap { name in loaded.clips.firstIndex { $0.name == name } } ?? 0
        let times = Timeline.uniform(count: Self.frameCount, periodic: true)
            .times(for: loaded.clips[clip])
        let views = CameraPath.orbit(periodic: true).views(frameCount: Self.frameCount)

        let bytes = try Data(contentsOf: URL(fileURLWithPath: asset.path)).count
        try harness.measure("\(asset.name): import", item: "asset") {
            _ = try loader.load(path: asset.path)
            return Harness.Yield(items: 1, bytes: bytes)
        }
        try harness.measure("\(asset.name): pose", item: "frame") {
            let mesh = try loaded.mesh(clip: clip, times: times)
            return Harness.Yield(items: Self.frameCount, bytes: mesh.positions.scalars.count * 4)
        }
        var mesh = try loaded.mesh(clip: clip, times: times)
        mesh.normalise(Normalisation())
        try RasterCases(folder: folder).run(harness, asset: asset.name, mesh)
        let renderer = try Renderer(mesh: mesh, settings: RenderSettings())
        let pictures = renderer.renderVideo(views).compactMap(\.color)
        try harness.measure("\(asset.name): encode PNG, one core", item: "frame") {
            let sizes = try pictures.map { try $0.pngEncoded().count }
            return Harness.Yield(items: pictures.count, bytes: sizes.reduce(0, +))
        }
        try harness.measure("\(asset.name): file to PNGs on disk, all cores", item: "frame") {
            try fileToPictures(loader, clip: clip, times: times, views: views)
        }
    }

    /// Import, pose, normalise, render, encode and write, as `muybridge render` does.
    private func fileToPictures(
        _ loader: AssetLoader, clip: Int, times: [Double], views: [View]
    ) throws -> Harness.Yield {
        var mesh = try loader.load(path: asset.path).mesh(clip: clip, times: times)
        mesh.normalise(Normalisation())
        let renderer = try Renderer(mesh: mesh, settings: RenderSettings())
        let folder = folder
        renderer.render(views: views) { i, frame in
            guard let png = try? frame.color?.pngEncoded() else { return }
            try? Data(png).write(to: folder.appending(path: "\(i).png"))
        }
        let bytes = try views.indices.reduce(0) { sum, i in
            try sum + Data(contentsOf: folder.appending(path: "\(i).png")).count
        }
        return Harness.Yield(items: views.count, bytes: bytes)
    }
}
