import Assets
import BenchmarkHarness
import Foundation
import Geometry
import Surfaces

/// What surfaces of one asset cost at the papers' sizes, step by step: 16 frames in the unit box
/// without root motion (ShapeGen4D), and the frame in the middle of them.
struct SurfaceCases {
    let asset: BenchmarkAsset

    private static let frameCount = 16

    func run(_ harness: Harness) throws {
        let name = "\(asset.name): surface, "
        guard harness.runs(name) else { return }
        let loaded = try AssetLoader().load(path: asset.path)
        let clip = asset.clip.flatMap { name in loaded.clips.firstIndex { $0.name == name } } ?? 0
        let times = Timeline.uniform(count: Self.frameCount, periodic: false)
            .times(for: loaded.clips[clip])
        let posed = try loaded.mesh(clip: clip, times: times)
        var mesh = posed
        try harness.measure(name + "normalise and register", item: "frame") {
            mesh = posed
            mesh.normalise(Normalisation(extent: .allFrames, rootMotion: .remove))
            return Harness.Yield(items: mesh.frameCount)
        }
        let sequence = mesh
        try harness.measure(name + "1,024 queries, after frame 0", item: "frame") {
            var random = random()
            _ = try TrackedPoints(queriesOf: sequence, watertight: nil, using: &random)
            return Harness.Yield(items: sequence.frameCount)
        }
        try harness.measure(name + "8,192 tracks", item: "frame") {
            var random = random()
            _ = try TrackedPoints(tracks: 8192, of: sequence, using: &random)
            return Harness.Yield(items: sequence.frameCount)
        }
        try measureFrame(sequence, name, harness)
    }

    private func measureFrame(
        _ sequence: MeshSequence, _ name: String, _ harness: Harness
    ) throws {
        let frame = sequence.mesh(ofFrame: Self.frameCount / 2)
        var source = WatertightSource(frame)
        try harness.measure(name + "trees of the input", item: "frame") {
            source = WatertightSource(frame)
            return Harness.Yield(items: 1)
        }
        let input = source
        var surface = TriangleMesh()
        try harness.measure(name + "watertight, 256^3", item: "frame") {
            surface = try WatertightConversion.convert(input)
            let holds = MeshTopology(surface).isClosedManifold ? "closed manifold" : "NOT closed"
            return Harness.Yield(
                items: 1, quality: "\(holds), \(surface.triangleCount) triangles")
        }
        let result = surface
        try harness.measure(name + "report on it", item: "frame") {
            var random = random()
            _ = try WatertightReport(result, of: input, using: &random)
            return Harness.Yield(items: 1)
        }
        try harness.measure(name + "cloud of 32,768", item: "frame") {
            var random = random()
            _ = try SurfaceCloud(result, using: &random)
            return Harness.Yield(items: 1)
        }
        var distance = SignedDistance(result)
        try harness.measure(name + "trees of the result", item: "frame") {
            distance = SignedDistance(result)
            return Harness.Yield(items: 1)
        }
        let signed = distance
        try harness.measure(name + "61,440 distances", item: "frame") {
            var random = random()
            _ = try DistanceSamples(signed, using: &random)
            return Harness.Yield(items: 1)
        }
        try harness.measure(name + "64^3 distances", item: "frame") {
            _ = DistanceGrid.sample(signed)
            return Harness.Yield(items: 1)
        }
        try harness.measure(name + "64^3 voxels", item: "frame") {
            _ = SparseVoxels.cells(of: frame)
            return Harness.Yield(items: 1)
        }
        let colors = SurfaceColors(sequence)
        try harness.measure(name + "16,384 colours", item: "frame") {
            var random = random()
            let colored = try ColoredSurface(result, after: input.winding.bvh, colors)
            _ = try ColorSamples(colored, using: &random)
            return Harness.Yield(items: 1)
        }
    }

    private func random() -> KeyedRandom {
        KeyedRandom(seed: 0, asset: asset.name, purpose: "benchmark")
    }
}
