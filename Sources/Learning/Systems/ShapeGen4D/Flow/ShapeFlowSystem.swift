import Foundation
import Imaging
import Tensors

/// Latents of sequences, and the flow that makes them of noise and pictures.
public final class ShapeFlowSystem: TrainingSystem {
    /// A sequence with its video and the noise that is added to it.
    public struct Item: Sendable {
        /// `[T, L, C]`, as stored.
        public let latents: Tensor
        /// `[T, 3, size, size]`.
        public let pictures: Tensor
        /// Standard normal: `[1, L, C]` where frames share it, else `[T, L, C]`.
        public let noise: Tensor
        /// How they are mixed.
        public let level: NoiseLevel
        /// Whether the pictures are withheld.
        public let isDropped: Bool
    }

    /// How it was described.
    public let stage: ShapeFlowStage
    /// The transformer.
    public let transformer: ShapeFlowTransformer
    private var scripted: ScriptedModel?

    /// A system as a stage describes it.
    public init(_ stage: ShapeFlowStage) throws {
        self.stage = stage
        var images: PatchEncoder?
        if case .learnt(let form) = stage.encoder { images = PatchEncoder(form) }
        transformer = try ShapeFlowTransformer(
            stage.form, images: images, recomputes: stage.recomputes)
    }

    /// The transformer.
    public var model: Module { transformer }

    /// Step1X-3D's.
    public var publishedNames: [String: NameMap] {
        ["step1x-3d": ShapeFlowTransformer.step1XNames]
    }

    /// The latents, and the frames of all videos.
    public var fields: [String] {
        [stage.field] + stage.videos.flatMap { stage.frameFields(of: $0) }
    }

    /// Draws a video, noise and a level.
    public var makeItem: @Sendable (DatasetSample) throws -> Item {
        let stage = self.stage
        return { sample in
            let stored = try stage.latents(of: sample)  // [T, L, C]
            let video = stage.videos[Int(sample.seed("video") % UInt64(stage.videos.count))]
            let pictures = try stage.frameFields(of: video).map {
                try Image(decoding: sample.bytes($0))
            }
            let noised = stage.sharesNoise ? 1 : stage.frames
            let chance = Double(sample.seed("drop") >> 11) * 0x1p-53
            return Item(
                latents: stored,
                pictures: try PictureReading(size: stage.pictureSize).tensor(of: pictures),
                noise: try Tensor.randn(
                    [noised] + stored.shape.dropFirst(), seed: sample.seed("noise")),
                level: stage.noise.drawLevel(seed: sample.seed("level")),
                isDropped: chance < stage.dropout)
        }
    }

    /// Loads the image encoder, and measures the latents.
    public func prepare(on device: Device, samples: StoredDataset) throws {
        try loadEncoder(on: device)
        guard stage.normalisesLatents else { return }
        // Evenly spread samples tell mean and deviation well enough.
        let count = min(samples.count, 256)
        var sums = [
            try Tensor.zeros([stage.form.channels]), try Tensor.zeros([stage.form.channels]),
        ]
        var rows = 0
        for n in 0..<count {
            let latents = try stage.latents(of: samples.sample(n * samples.count / count))
                .flattened(from: 0, through: 1)
            sums[0] = try sums[0] + latents.sum(0)
            sums[1] = try sums[1] + latents.square().sum(0)
            rows += latents.size(0)
        }
        guard rows > 0 else { return }
        let mean = try sums[0] / rows
        let variance = try sums[1] / rows - mean.square()
        try transformer.setLatentStatistics(
            mean: mean, deviation: variance.clamp(min: 1e-12).sqrt())
    }

    /// Loads the image encoder where it is a file.
    ///
    /// - Parameter path: instead of the stage's.
    /// - Throws: `TrainingError.unusable` where it is not there; `TensorError` where it is no
    ///   TorchScript file.
    public func loadEncoder(on device: Device, path: String? = nil) throws {
        guard case .scripted(let own) = stage.encoder else { return }
        let path = path ?? own
        guard FileManager.default.fileExists(atPath: path) else {
            throw TrainingError.unusable(
                "the image encoder \(path) is not there; images.encoder names a TorchScript file "
                    + "beside the manifest, and generation takes another by --image-encoder")
        }
        scripted = try ScriptedModel(path: path, on: device)
    }

    /// The weighed squared error of the flow.
    public func losses(of items: [Item], _ context: StepContext) throws -> Losses {
        let device = context.device
        let latents = try transformer.normalised(
            Tensor.stack(items.map(\.latents)).to(device))  // [B, T, L, C]
        let noise = try Tensor.stack(items.map(\.noise)).to(device).expanded(latents.shape)
        let levels = try LevelBatch(items.map(\.level), on: device)
        var tokens = try self.tokens(of: Tensor.stack(items.map(\.pictures)).to(device))
        if items.contains(where: \.isDropped) {
            let kept = items.map { Float($0.isDropped ? 0 : 1) }
            tokens = try tokens * Tensor(kept, shape: [items.count, 1, 1, 1], on: device)
        }
        let output = try transformer(
            levels.mixed(data: latents, noise: noise), time: levels.times, tokens: tokens)
        let loss = try diffusionLoss(
            output: output, data: latents, noise: noise, levels: levels,
            stage.noise.parameterisation, weight: stage.noise.weight)
        return Losses(total: loss)
    }

    /// Pictures `[B, T, 3, size, size]` to tokens `[B, T, I, width]`.
    package func tokens(of pictures: Tensor) throws -> Tensor {
        let all = try pictures.flattened(from: 0, through: 1)
        let tokens: Tensor
        if let encoder = transformer.images {
            tokens = try encoder(all)
        } else {
            tokens = try withoutGradients { try Tensor.concatenate(scriptedTokens(all)) }
        }
        return try tokens.unflattened(0, [pictures.size(0), pictures.size(1)])
    }

    /// A published encoder takes some pictures at once: one of DINOv2's large forms needs a
    /// gigabyte for thirty.
    private func scriptedTokens(_ pictures: Tensor) throws -> [Tensor] {
        guard let scripted else { preconditionFailure("prepare loads the image encoder") }
        return try stride(from: 0, to: pictures.size(0), by: 16).map { start in
            let part = try pictures.slice(0, from: start, to: min(start + 16, pictures.size(0)))
            guard let tokens = try scripted([part]).first, tokens.rank == 3,
                tokens.size(0) == part.size(0), tokens.size(2) == stage.form.imageWidth
            else {
                throw TrainingError.unusable(
                    "\(scripted.path) must make [B, tokens, \(stage.form.imageWidth)] of "
                        + "[B, 3, \(stage.pictureSize), \(stage.pictureSize)]")
            }
            return tokens
        }
    }
}

extension ShapeFlowStage {
    /// The fields of a stored video's frames.
    public func frameFields(of video: String) -> [String] {
        (0..<frames).map { "\(video).\(String(format: "%03d", $0 * stride)).png" }
    }

    /// A sample's latents of the frames that are used: `[T, L, C]`.
    func latents(of sample: DatasetSample) throws -> Tensor {
        let stored = try sample.mappedTensor(field)
        let needed = (frames - 1) * stride + 1
        guard stored.rank == 3, stored.size(0) >= needed, stored.size(2) == form.channels else {
            throw TrainingError.unusable(
                "\(field) is \(stored.form); the stage asks for \(needed) frames and "
                    + "\(form.channels) channels")
        }
        return try stored.slice(0, to: needed, by: stride).to(.float32)
    }
}
