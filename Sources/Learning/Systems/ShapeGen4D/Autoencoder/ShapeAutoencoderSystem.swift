import Foundation
import Geometry
import Imaging
import Tensors

/// Shapes and their autoencoder.
public final class ShapeAutoencoderSystem: TrainingSystem {
    /// Some frames of a sample.
    public struct Item: Sendable {
        /// `[F, L, 6]`.
        public let queries: Tensor
        /// `[F, N, 6]`.
        public let cloud: Tensor
        /// `[F, P, 3]`, scaled.
        public let points: Tensor
        /// The field there, `[F, P]`, positive inside and within ±1.
        public let targets: Tensor
    }

    /// The autoencoder.
    public let autoencoder: ShapeAutoencoder
    /// How it was described.
    public let stage: ShapeAutoencoderStage
    /// What the encoder reads, and distances.
    public let fields = ShapeReading.fields + ["sdf.npy"]

    /// A system as a stage describes it.
    public init(_ stage: ShapeAutoencoderStage) throws {
        self.stage = stage
        autoencoder = try ShapeAutoencoder(stage.form, recomputes: stage.recomputes)
    }

    /// The autoencoder.
    public var model: Module { autoencoder }

    /// Step1X-3D's.
    public var publishedNames: [String: NameMap] {
        ["step1x-3d": ShapeAutoencoder.step1XNames(heads: stage.form.heads)]
    }

    /// Draws frames, and points in them.
    public var makeItem: @Sendable (DatasetSample) throws -> Item {
        let stage = self.stage
        return { sample in
            let count = try stage.reading.frameCount(of: sample)
            let distances = try sample.mappedTensor("sdf.npy")  // [T, m, 4]
            guard stage.frames <= count, distances.rank == 3, distances.size(0) == count,
                distances.size(1) >= stage.points, distances.size(2) == 4
            else {
                throw TrainingError.unusable(
                    "sdf.npy is \(distances.form) and cloud.npy has \(count) frames; the stage "
                        + "asks for \(stage.frames) frames and \(stage.points) points of each")
            }
            let times: [Int] = try Tensor.choice(
                stage.frames, of: count, seed: sample.seed("frames")
            ).elements()
            var source = stage.reading.source
            if source == .both {
                source = sample.seed("source") % 2 == 0 ? .aligned : .independent
            }
            let turn = try stage.turns ? Self.turn(seed: sample.seed("turn")) : nil
            var parts: [[Tensor]] = [[], [], [], []]
            for t in times {
                let frame = try stage.reading.frame(t, of: sample, source, seed: sample.seed("\(t)"))
                let chosen = try Tensor.choice(
                    stage.points, of: distances.size(1), seed: sample.seed("points \(t)"))
                let rows = try distances.select(0, t).indexSelect(0, chosen)  // [P, 4]
                let points = try rows.slice(1, to: 3) * stage.reading.scale
                let factor =
                    (stage.isPositiveInside ? 1 : -1) * stage.reading.scale / stage.truncation
                parts[0].append(try Self.turned(frame.queries, turn))
                parts[1].append(try Self.turned(frame.cloud, turn))
                parts[2].append(try Self.turned(points, turn))
                parts[3].append(try (rows.select(1, 3) * factor).clamp(min: -1, max: 1))
            }
            return try Item(
                queries: Tensor.stack(parts[0]), cloud: Tensor.stack(parts[1]),
                points: Tensor.stack(parts[2]), targets: Tensor.stack(parts[3]))
        }
    }

    /// A rotation about the vertical axis, transposed: `[3, 3]`.
    private static func turn(seed: UInt64) throws -> Tensor {
        var random = KeyedRandom(seed: seed, asset: "", purpose: "turn")
        let angle = random.uniform(0..<2 * Double.pi)
        let (c, s) = (Float(cos(angle)), Float(sin(angle)))
        return try Tensor([c, 0, -s, 0, 1, 0, s, 0, c], shape: [3, 3])
    }

    /// Vectors `[n, 3 k]` turned, each three numbers on their own.
    private static func turned(_ x: Tensor, _ rotation: Tensor?) throws -> Tensor {
        guard let rotation else { return x }
        return try x.reshaped([x.size(0), -1, 3]).matmul(rotation).flattened(from: 1)
    }

    /// The field's squared error and the latents' divergence.
    public func losses(of items: [Item], _ context: StepContext) throws -> Losses {
        let batch = try Batch(items, on: context.device)
        let posterior = try autoencoder.encode(queries: batch.queries, cloud: batch.cloud)
        let noise = try posterior.mean.randnLike()
        let latents = context.isTraining ? try posterior.sample(noise) : posterior.mean
        let field = try autoencoder.field(
            at: batch.points, features: autoencoder.features(of: latents)
        ).to(.float32)
        let error = try field.meanSquaredError(batch.targets)
        let divergence = try posterior.divergence().to(.float32)
        return Losses(
            total: try error + divergence * stage.divergenceWeight,
            parts: [
                ("field", error), ("divergence", divergence),
                ("occupancy", try Self.overlap(field, batch.targets)),
            ])
    }

    /// Intersection over union of the points inside.
    private static func overlap(_ field: Tensor, _ targets: Tensor) throws -> Tensor {
        let (a, b) = (try field.greater(0), try targets.greater(0))
        let both = try a.logicalAnd(b).to(.float32).sum()
        let either = try a.logicalOr(b).to(.float32).sum()
        return try both / either.clamp(min: 1)
    }

    /// Frames of all items, one after another.
    private struct Batch {
        let queries: Tensor
        let cloud: Tensor
        let points: Tensor
        let targets: Tensor

        init(_ items: [Item], on device: Device) throws {
            func joined(_ part: (Item) -> Tensor) throws -> Tensor {
                try Tensor.concatenate(items.map(part)).to(device)
            }
            queries = try joined(\.queries)
            cloud = try joined(\.cloud)
            points = try joined(\.points)
            targets = try joined(\.targets)
        }
    }

    /// Slices through the field, the truth above the reconstruction.
    public func pictures(
        of items: [Item], _ context: StepContext
    ) throws -> [(name: String, image: Image)] {
        let shown = Array(items.prefix(stage.pictured))
        let batch = try Batch(shown, on: context.device)
        let latents = try autoencoder.encode(queries: batch.queries, cloud: batch.cloud).mean
        let features = try autoencoder.features(of: latents)
        let sheet = FieldSheet(scale: Float(stage.reading.scale))
        let grid = try Tensor(sheet.places, shape: [1, sheet.places.count / 3, 3])
            .expanded([features.size(0), -1, -1]).to(context.device)
        let field = try autoencoder.field(at: grid, features: features).to(.float32)
        let clouds = try batch.cloud.slice(2, to: 3)
        var rows: [(field: [Float], points: [Float])] = []
        for n in 0..<features.size(0) {
            rows.append(
                (
                    try field.select(0, n).to(.cpu).elements(),
                    try clouds.select(0, n).to(.cpu).elements()
                ))
        }
        return [("slices", sheet.drawn(rows))]
    }
}
