import Imaging
import Tensors

/// Animated point sets and their denoiser.
public final class PointDenoiserSystem: TrainingSystem {
    /// A sample's paths with the noise that is added to them.
    public struct Item: Sendable {
        /// Paths of points, scaled: `[N, T · 3]`.
        public let paths: Tensor
        /// Standard normal, of the same form.
        public let noise: Tensor
        /// How they are mixed.
        public let level: NoiseLevel
    }

    /// The denoiser.
    public let denoiser: PointDenoiser
    /// The field of query points, `[T, N, 3]`.
    public let fields = ["queries.npy"]
    private let stage: PointDenoiserStage

    /// A system as a stage describes it.
    public init(_ stage: PointDenoiserStage) {
        self.stage = stage
        denoiser = PointDenoiser(stage.form, recomputes: stage.recomputes)
    }

    /// The denoiser.
    public var model: Module { denoiser }

    /// Takes frames at equal distances and points at random, and draws noise.
    public var makeItem: @Sendable (DatasetSample) throws -> Item {
        let (frames, points, scale, noise) = (
            stage.form.frames, stage.points, stage.scale, stage.noise
        )
        return { sample in
            let queries = try sample.mappedTensor("queries.npy")  // [T, N, 3]
            guard queries.rank == 3, queries.size(2) == 3, queries.size(0) >= frames,
                queries.size(1) >= points
            else {
                throw TrainingError.unusable(
                    "queries.npy is \(queries.form); the stage asks for \(frames) frames of "
                        + "\(points) points")
            }
            let all = queries.size(0)
            let times = try Tensor((0..<frames).map { $0 * all / frames })
            let chosen = try Tensor.choice(
                points, of: queries.size(1), seed: sample.seed("points"))
            let paths = try queries.indexSelect(0, times).indexSelect(1, chosen).to(.float32)
                .transposed(0, 1).reshaped([points, frames * 3])  // [N, T · 3]
            return Item(
                paths: try paths * scale,
                noise: try Tensor.randn(paths.shape, seed: sample.seed("noise")),
                level: noise.drawLevel(seed: sample.seed("level")))
        }
    }

    /// The weighed squared error of what the denoiser puts out.
    public func losses(of items: [Item], _ context: StepContext) throws -> Losses {
        let paths = try Tensor.stack(items.map(\.paths)).to(context.device)  // [B, N, T · 3]
        let noise = try Tensor.stack(items.map(\.noise)).to(context.device)
        let levels = try LevelBatch(items.map(\.level), on: context.device)
        let output = try denoiser(
            levels.mixed(data: paths, noise: noise), time: levels.times)
        let loss = try diffusionLoss(
            output: output, data: paths, noise: noise, levels: levels,
            stage.noise.parameterisation, weight: stage.noise.weight)
        return Losses(total: loss)
    }

    /// Draws animated point sets out of noise.
    ///
    /// - Returns: positions `[count, T, N, 3]`, on the processor.
    public func generate(count: Int, seed: UInt64, on device: Device) throws -> Tensor {
        let (points, frames) = (stage.points, stage.form.frames)
        let noise = try Tensor.randn(
            [count, points, frames * 3], seed: keyedSeed(seed, "points out of noise"))
        let denoiser = self.denoiser
        let paths = try stage.sampler.sample(
            from: noise.to(device), stage.noise, seed: seed,
            Denoiser(stage.noise.parameterisation) { x, level in
                try denoiser(
                    x, time: Tensor.full([count], level.time, on: device)
                ).to(.float32)
            })
        return try (paths / stage.scale).reshaped([count, points, frames, 3])
            .transposed(1, 2).to(.cpu).contiguous()
    }

    /// Samples, one a line, through time.
    public func pictures(
        of items: [Item], _ context: StepContext
    ) throws -> [(name: String, image: Image)] {
        let count = stage.pictured
        let positions = try generate(
            count: count, seed: keyedSeed(context.seed, "pictures"), on: context.device)
        let numbers: [Float] = try positions.elements()
        let size = positions.size(1) * positions.size(2) * 3
        let sheet = PointSheet(frames: stage.form.frames, points: stage.points)
        return [
            (
                "samples",
                sheet.drawn((0..<count).map { Array(numbers[$0 * size..<($0 + 1) * size]) })
            )
        ]
    }
}
