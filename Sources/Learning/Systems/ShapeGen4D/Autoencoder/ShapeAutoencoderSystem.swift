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
            let pose = try Pose(stage, seed: sample.seed("pose"))
            var parts: [[Tensor]] = [[], [], [], []]
            for t in times {
                let frame = try stage.reading.frame(
                    t, of: sample, source, seed: sample.seed("\(t)"))
                let chosen = try Tensor.choice(
                    stage.points, of: distances.size(1), seed: sample.seed("points \(t)"))
                let rows = try distances.select(0, t).indexSelect(0, chosen)  // [P, 4]
                let points = try rows.slice(1, to: 3) * stage.reading.scale
                let factor =
                    (stage.isPositiveInside ? 1 : -1) * stage.reading.scale * pose.scale
                    / stage.truncation
                parts[0].append(try pose.placed(frame.queries))
                parts[1].append(try pose.placed(frame.cloud))
                parts[2].append(try pose.placed(points))
                parts[3].append(try (rows.select(1, 3) * factor).clamp(min: -1, max: 1))
            }
            return try Item(
                queries: Tensor.stack(parts[0]), cloud: Tensor.stack(parts[1]),
                points: Tensor.stack(parts[2]), targets: Tensor.stack(parts[3]))
        }
    }

    /// How a sample is turned and shrunk.
    private struct Pose {
        /// Rotation, transposed: `[3, 3]`.
        let rotation: Tensor?
        let scale: Double

        init(_ stage: ShapeAutoencoderStage, seed: UInt64) throws {
            var random = KeyedRandom(seed: seed, asset: "", purpose: "pose")
            scale = stage.leastScale < 1 ? random.uniform(stage.leastScale..<1) : 1
            let turn: Quaternion
            switch stage.turn {
            case .none:
                rotation = nil
                return
            case .vertical:
                let half = random.uniform(0..<Double.pi)
                turn = Quaternion(x: 0, y: sin(half), z: 0, w: cos(half))
            case .any:
                // Shoemake 1992: uniform over all rotations.
                let (u, a, b) = (
                    random.uniform(0..<1), random.uniform(0..<2 * Double.pi),
                    random.uniform(0..<2 * Double.pi)
                )
                let (p, q) = ((1 - u).squareRoot(), u.squareRoot())
                turn = Quaternion(x: p * sin(a), y: p * cos(a), z: q * sin(b), w: q * cos(b))
            }
            let columns = Matrix4.rotation(turn).columns
            let rows = [columns.0, columns.1, columns.2].flatMap {
                [Float($0.x), Float($0.y), Float($0.z)]
            }
            rotation = try Tensor(rows, shape: [3, 3])
        }

        /// Positions `[n, 3]`, or positions and normals `[n, 6]`.
        func placed(_ x: Tensor) throws -> Tensor {
            var placed = x
            if let rotation {
                placed = try x.reshaped([x.size(0), -1, 3]).matmul(rotation).flattened(from: 1)
            }
            guard scale != 1 else { return placed }
            return x.size(1) == 3
                ? try placed * scale
                : try Tensor.concatenate(
                    [placed.slice(1, to: 3) * scale, placed.slice(1, from: 3)], axis: 1)
        }
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
