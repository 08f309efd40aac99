import Foundation
import Geometry
import Imaging
import ShardStore
import Systems
import Tensors
import TestSupport

/// A sphere that moves and breathes, of which everything is known.
struct MovingSphere {
    let number: Int
    /// Whether it stays where it is.
    var isCentred = false

    func radius(_ frame: Int) -> Float {
        let phase = Float(number) * 1.7
        return 0.2 + 0.02 * Float(number % 5) + 0.05 * sin(phase + 0.9 * Float(frame))
    }

    func centre(_ frame: Int) -> SIMD3<Float> {
        guard !isCentred else { return .zero }
        let time = Float(frame) * 0.8 + Float(number)
        return 0.12 * SIMD3(sin(time), cos(1.3 * time), sin(0.7 * time + 1))
    }
}

/// Numbers of a store of moving spheres.
struct ShapeStore {
    var train = 6
    var validation = 2
    var frames = 4
    var queries = 24
    /// Half of them, rounded down, anywhere; the others on the equator, as if it were sharp.
    var cloud = 160
    var distances = 300
    var videos = ["view-a", "view-b"]
    var pictureSize = 16
    var isCentred = false

    /// Writes the store.
    @discardableResult
    func write(to folder: TemporaryFolder) throws -> String {
        let writer = try StoreWriter(
            at: folder.store,
            run: RunRecord(toolVersion: "test", commandLine: "test", manifest: "seed: 1\n"))
        for number in 0..<train + validation {
            let id = "sphere \(number)"
            try writer.append(
                AssetOutcome(
                    asset: AssetRecord(
                        id: id, split: number < train ? .train : .validation, path: id),
                    samples: [
                        Sample(
                            key: SampleKey.joined([id]),
                            fields: fields(MovingSphere(number: number, isCentred: isCentred)))
                    ]))
        }
        try writer.finish()
        return folder.store
    }

    private func fields(_ sphere: MovingSphere) throws -> [Field] {
        var random = KeyedRandom(seed: UInt64(sphere.number), asset: "", purpose: "sphere")
        func direction() -> SIMD3<Float> {
            let z = Float(random.uniform(-1..<1))
            let angle = Float(random.uniform(0..<2 * Double.pi))
            let r = (1 - z * z).squareRoot()
            return SIMD3(r * cos(angle), z, r * sin(angle))
        }
        let followed = (0..<queries).map { _ in direction() }
        var places: [Float] = []
        var surface: [Float] = []
        var distances: [Float] = []
        for frame in 0..<frames {
            let (radius, centre) = (sphere.radius(frame), sphere.centre(frame))
            for d in followed { places += (centre + radius * d).array }
            for n in 0..<cloud {
                var d = direction()
                if n >= cloud / 2 {
                    d.y = 0
                    d /= (d * d).sum().squareRoot()
                }
                surface += (centre + radius * d).array + d.array
            }
            for _ in 0..<self.distances {
                let p = SIMD3<Float>(
                    Float(random.uniform(-0.5..<0.5)), Float(random.uniform(-0.5..<0.5)),
                    Float(random.uniform(-0.5..<0.5)))
                let off = p - centre
                distances += p.array + [(off * off).sum().squareRoot() - radius]
            }
        }
        var fields = [
            try Field("queries.npy", places, shape: [frames, queries, 3]),
            try Field("cloud.npy", surface, shape: [frames, cloud, 6]),
            try Field("sdf.npy", distances, shape: [frames, self.distances, 4]),
        ]
        for video in videos {
            for frame in 0..<frames {
                fields.append(
                    Field(
                        "\(video).00\(frame).png",
                        bytes: try picture(of: sphere, frame, video).pngEncoded()))
            }
        }
        return fields
    }

    /// A disc before nothing, seen along z, or, in the second video, along x.
    private func picture(of sphere: MovingSphere, _ frame: Int, _ video: String) -> Image {
        var image = Image(width: pictureSize, height: pictureSize)
        let centre = sphere.centre(frame)
        let across = video == videos.first ? centre.x : -centre.z
        for y in 0..<pictureSize {
            for x in 0..<pictureSize {
                let a = (Float(x) + 0.5) / Float(pictureSize) - 0.5 - across
                let b = 0.5 - (Float(y) + 0.5) / Float(pictureSize) - centre.y
                guard a * a + b * b < sphere.radius(frame) * sphere.radius(frame) else { continue }
                let shade = UInt8(255 * (0.5 - b) / 2)
                image[x, y] = SIMD4(shade, UInt8(40 * (sphere.number % 6)), 90, 255)
            }
        }
        return image
    }
}

extension SIMD3<Float> {
    /// The three numbers.
    var array: [Float] { [x, y, z] }
}

extension StoredDataset {
    /// The samples that a system learns from.
    init(_ store: String, for system: some TrainingSystem) throws {
        try self.init(store: store, part: .train, fields: system.fields)
    }
}

/// A stage as a manifest describes it in flow style.
func stage<Stage: TrainingStage>(_ type: Stage.Type, _ keys: String) throws -> Stage {
    let name = type == ShapeFlowStage.self ? "flow" : "autoencoder"
    let manifest = try TrainingManifest(
        file: "m.yaml",
        text: "system: shapegen4d\nstages:\n  \(name): {steps: 1, \(keys)}\n")
    return manifest.stages[0].description as! Stage
}
