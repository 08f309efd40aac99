import Tensors

/// How sequences are drawn, other than the stage says.
public struct ShapeSampling: Sendable {
    /// What noise is drawn from.
    public var seed: UInt64 = 0
    /// w of ∅ + w (c − ∅); nil is the stage's, 1 is without guidance.
    public var guidance: Double?
    /// Steps; nil is the stage's number.
    public var steps: Int?
    /// The shift of times; nil is the stage's, 1 is none.
    public var shift: Double?
    /// Whether all frames begin from the same noise; nil is as in training.
    public var sharesNoise: Bool?

    /// The stage's own way.
    public init() {}
}

extension ShapeFlowSystem {
    /// Draws the latents of a video's frames.
    ///
    /// - Parameters:
    ///   - pictures: `[T, 3, size, size]`; T may differ from the training's.
    ///   - tokens: L, latents of a frame.
    ///   - progress: called after each step.
    /// - Returns: `[T, L, C]` as an autoencoder knows them, on the processor.
    public func generate(
        _ pictures: Tensor, tokens count: Int, _ sampling: ShapeSampling, on device: Device,
        progress: @escaping (_ step: Int) throws -> Void = { _ in }
    ) throws -> Tensor {
        try transformer.evaluating {
            let frames = pictures.size(0)
            let seen = try tokens(of: pictures.unsqueezed(0).to(device))  // [1, T, I, D]
            let unseen = try seen.zerosLike()
            let noised = (sampling.sharesNoise ?? stage.sharesNoise) ? 1 : frames
            let noise = try Tensor.randn(
                [1, noised, count, stage.form.channels],
                seed: keyedSeed(sampling.seed, "latents out of noise"))
            let start = try noise.expanded([1, frames, count, stage.form.channels]).contiguous()
            let guidance = Guidance.classifierFree(
                seen, unconditional: unseen, scale: sampling.guidance ?? stage.guidance)
            let transformer = self.transformer
            var step = 0
            var sampler = stage.sampler
            if let steps = sampling.steps { sampler.steps = steps }
            if let shift = sampling.shift { sampler.shift = shift }
            let latents = try sampler.sample(
                from: start.to(device), stage.noise, seed: sampling.seed,
                Denoiser(stage.noise.parameterisation) { x, level in
                    let output = try guidance.output { conditions in
                        let batch = conditions.count
                        return try transformer(
                            x.expanded([batch] + x.shape.dropFirst()),
                            time: Tensor.full([batch], level.time, on: device),
                            tokens: Tensor.concatenate(conditions)
                        ).to(.float32).chunks(batch, axis: 0)
                    }
                    step += 1
                    try progress(step)
                    return output
                })
            return try transformer.denormalised(latents).squeezed(0).to(.cpu).contiguous()
        }
    }
}
