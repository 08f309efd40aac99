import Assets
import Curation
import DemoCorpus
import Foundation
import Geometry
import Imaging
import Rendering
import ShardStore
import Surfaces
import TestSupport

/// A small job whose instructions and allocations are counted.
struct CountedCase: Sendable {
    /// What the record calls it.
    let name: String
    /// Makes the inputs, in a folder for files, and returns the job.
    let prepare: @Sendable (_ folder: URL) throws -> () throws -> Void

    init(_ name: String, _ prepare: @escaping @Sendable (URL) throws -> () throws -> Void) {
        self.name = name
        self.prepare = prepare
    }

    /// All cases. Of those whose names end in a number, the allocations must not grow with it.
    static let all: [CountedCase] = assets + pictures + geometry + store

    private static let assets = [
        CountedCase("import glTF") { folder in
            let path = try demoAsset("creatures/cat", folder)
            let loader = AssetLoader()
            return { _ = try loader.load(path: path) }
        },
        CountedCase("pose and normalise 24 frames") { folder in
            let asset = try AssetLoader().load(path: demoAsset("creatures/cat", folder))
            let times = Timeline.uniform(count: 24, periodic: true).times(for: asset.clips[0])
            return {
                var mesh = try asset.mesh(clip: 0, times: times)
                mesh.normalise(Normalisation())
            }
        },
        CountedCase("render 24 frames of an asset") { folder in
            let asset = try AssetLoader().load(path: demoAsset("creatures/cat", folder))
            let times = Timeline.uniform(count: 24, periodic: true).times(for: asset.clips[0])
            var mesh = try asset.mesh(clip: 0, times: times)
            mesh.normalise(Normalisation())
            return try rendering(mesh, side: 64)
        },
    ]

    private static let pictures =
        [128, 2048].map { triangles in
            // A sphere of n bands has 4 n (n - 1) triangles.
            CountedCase("render 24 frames, triangles: \(triangles)") { _ in
                let rows = Int((Double(triangles) / 4).squareRoot().rounded(.up))
                return try rendering(sequence(Shapes.sphere(radius: 0.45, rows: rows)), side: 48)
            }
        }
        + [32, 128].flatMap { side in
            [
                CountedCase("encode PNG, side: \(side)") { _ in
                    let picture = picture(side: side, phase: 0)
                    return { _ = try picture.pngEncoded() }
                },
                CountedCase("decode PNG, side: \(side)") { _ in
                    let file = try picture(side: side, phase: 0).pngEncoded()
                    return { _ = try Image(decoding: file) }
                },
                CountedCase("SSIM, side: \(side)") { _ in
                    let (a, b) = (picture(side: side, phase: 0), picture(side: side, phase: 1))
                    return { _ = try StructuralSimilarity().score(a, b) }
                },
            ]
        }

    private static let geometry =
        [512, 4096].map { count in
            CountedCase("choose 64 farthest points, points: \(count)") { _ in
                var random = KeyedRandom(seed: 1, asset: "counts", purpose: "points")
                let points = Shapes.points(count, using: &random)
                return { _ = FarthestPointSampling.indices(in: points, count: 64) }
            }
        }
        + [64, 512].map { count in
            CountedCase("signed distances, points: \(count)") { _ in
                var random = KeyedRandom(seed: 2, asset: "counts", purpose: "points")
                let points = Shapes.points(count, using: &random)
                let distance = SignedDistance(Shapes.sphere(radius: 0.4, rows: 12))
                return { _ = distance(at: points) }
            }
        }
        + [
            CountedCase("build the trees of 2,208 triangles") { _ in
                let mesh = Shapes.sphere(radius: 0.4, rows: 24)
                return { _ = WindingTree(TriangleBVH(mesh)) }
            },
            CountedCase("make a sphere watertight at 64³") { _ in
                let source = WatertightSource(Shapes.sphere(radius: 0.4, rows: 12))
                return {
                    _ = try WatertightConversion.convert(source, WatertightSettings(resolution: 64))
                }
            },
        ]

    private static let store = [
        CountedCase("append and commit 16 samples") { folder in
            var number = 0
            return {
                number += 1
                try fill(folder.appending(path: "store-\(number)").path)
            }
        },
        CountedCase("read 16 samples, checked") { folder in
            let path = folder.appending(path: "read").path
            try fill(path)
            let table = try StoreReader(at: path).table(["positions.npy"])
            var batch = [UInt8](repeating: 0, count: 4 * 3072)
            return {
                let order = SampleOrder.shuffled(count: table.count, seed: 1, epoch: 0)
                for index in order.indices {
                    let field = table[index][0]
                    try field.check()
                    var span = batch.mutableSpan
                    var memory = span.mutableBytes
                    field.copyBytes(to: &memory)
                }
            }
        },
    ]

    // MARK: Inputs

    private static func demoAsset(_ id: String, _ folder: URL) throws -> String {
        var path = ""
        for (name, data) in try DemoCorpus.files(of: id) {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try data.write(to: file)
            path = file.path
        }
        return path
    }

    /// A mesh that swells over 24 frames.
    private static func sequence(_ mesh: TriangleMesh) -> MeshSequence {
        let scalars = (0..<24).flatMap { t in
            mesh.positions.scalars.map { $0 * (1 + 0.005 * Float(t)) }
        }
        return MeshSequence(
            times: (0..<24).map { Double($0) / 24 }, vertexCount: mesh.vertexCount,
            positions: Vector3Array(scalars: scalars), triangles: mesh.triangles)
    }

    /// An orbit of a sequence, one thread; the renderer is made outside.
    private static func rendering(
        _ mesh: MeshSequence, side: Int
    ) throws -> () throws -> Void {
        let renderer = try Renderer(
            mesh: mesh, settings: RenderSettings(width: side, height: side, threads: 1))
        let framing = Framing(width: side, height: side)
        let views = CameraPath.orbit(periodic: true)
            .views(frameCount: mesh.frameCount, framing: framing)
        return { _ = renderer.renderVideo(views) }
    }

    /// A shaded disc on empty ground.
    private static func picture(side: Int, phase: Int) -> Image {
        var image = Image(width: side, height: side)
        for y in 0..<side {
            for x in 0..<side {
                let (u, v) = (2 * x - side, 2 * y - side)
                guard u * u + v * v < side * side * 2 / 3 else { continue }
                let shade = UInt8(truncatingIfNeeded: 128 + (x + phase) * 64 / side)
                let grain = UInt8(truncatingIfNeeded: (x &* 7 ^ y &* 13) & 15)
                image[x, y] = SIMD4(shade &+ grain, 255 - shade, shade / 2 + grain, 255)
            }
        }
        return image
    }

    private static func fill(_ path: String) throws {
        let writer = try StoreWriter(
            at: path, run: RunRecord(toolVersion: "0", commandLine: "counts"))
        let positions = (0..<3072).map { Float($0) }
        for number in 0..<16 {
            try writer.append(
                AssetOutcome(
                    asset: AssetRecord(id: "asset \(number)", split: .train, path: ""),
                    samples: [
                        Sample(
                            key: "sample-\(number)",
                            fields: [try Field("positions.npy", positions, shape: [1024, 3])])
                    ]))
        }
        try writer.commit()
        try writer.finish()
    }
}
