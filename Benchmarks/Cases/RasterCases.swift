import BenchmarkHarness
import Foundation
import Geometry
import Imaging
import Rendering

/// Rendering alone, beside Mesa's llvmpipe that draws the same posed triangles: orbits of 24 frames,
/// 4 samples a pixel, textured under four suns or plain.
struct RasterCases {
    let folder: URL

    static let frameCount = 24

    /// Spheres with waves, of 1,000 triangles to a million.
    func run(_ harness: Harness) throws {
        for (label, triangles) in [
            ("1K", 1000), ("10K", 10_000), ("100K", 100_000), ("1M", 1_000_000),
        ] {
            for isTextured in [true, false] {
                let name = "raster \(label) \(isTextured ? "textured" : "plain")"
                // Names begin so; a mesh of a million triangles takes a while to make.
                guard Self.names(name).contains(where: harness.runs) else { continue }
                let mesh = WavingSphere.mesh(
                    triangles: triangles, frameCount: Self.frameCount, isTextured: isTextured)
                try run(
                    harness, name, mesh, lights: isTextured ? .fourSuns() : .unlit,
                    sides: [256, 512])
            }
        }
    }

    /// A posed and normalised asset.
    func run(_ harness: Harness, asset: String, _ mesh: MeshSequence) throws {
        try run(harness, "raster \(asset)", mesh, lights: .fourSuns(), sides: [256])
    }

    /// What the lines of a mesh may be called.
    static func names(_ name: String) -> [String] {
        [256, 512].flatMap { side in
            ["one core", "all cores"].map { "\(name), \(side)², \($0)" }
        }
    }

    private func run(
        _ harness: Harness, _ name: String, _ mesh: MeshSequence, lights: LightRig, sides: [Int]
    ) throws {
        for side in sides {
            let views = CameraPath.orbit(elevationDegrees: 15, periodic: true).views(
                frameCount: Self.frameCount, framing: Framing(width: side, height: side))
            for threads in [1, 0] {
                let name = "\(name), \(side)², \(threads == 1 ? "one core" : "all cores")"
                guard harness.runs(name) else { continue }
                let settings = RenderSettings(
                    width: side, height: side, lights: lights, threads: threads)
                let renderer = try Renderer(mesh: mesh, settings: settings)
                let scene = try PeerScene(mesh, views, settings, folder: folder)
                var frames: [RenderedFrame] = []
                let check = { (file: URL) in
                    try Agreement.pictures(file, frames.compactMap(\.color))
                }
                var works = Self.teams(oneCore: threads == 1).map { team in
                    PeerWork(
                        peer: "llvmpipe", name: team.name, inputs: scene.inputs,
                        options: scene.options.merging(team.options) { $1 }, agreement: check)
                }
                // It takes all cores.
                if threads == 0 {
                    works.append(
                        PeerWork(
                            peer: "pyrender_orbit", inputs: scene.inputs, options: scene.options,
                            agreement: check))
                }
                try harness.measure(name, item: "frame", against: works) {
                    frames = renderer.renderVideo(views)
                    return Harness.Yield(items: frames.count)
                }
                harness.endPeers()
            }
        }
    }

    /// How llvmpipe is given the cores. On two, a process a core does better where there are many
    /// vertices, which Mesa works on in one thread, and a process of two threads where pixels are
    /// most of the work.
    private static func teams(
        oneCore: Bool
    ) -> [(name: String, options: [String: any Sendable])] {
        guard !oneCore else { return [("1 process", ["processes": 1, "threads": 0])] }
        let cores = ProcessInfo.processInfo.activeProcessorCount
        return [
            ("\(cores) processes", ["processes": cores, "threads": 0]),
            ("\(cores) threads", ["processes": 1, "threads": cores]),
        ]
    }
}
