import Foundation
import Tensors

/// How a sample is drawn from noise by a denoiser, along levels that fall to none.
public enum Sampler: Sendable, Equatable {
    /// Which variance the ancestral sampler's draws have (Ho et al. 2020, section 3.2).
    public enum Variance: String, Sendable, CaseIterable {
        /// That of the true posterior when the sample is known: DDPM's β̃.
        case posterior
        /// That of the noising step: DDPM's β.
        case step
    }

    /// DDPM (Ho et al. 2020, algorithm 2), between any two levels.
    case ancestral(Variance = .posterior)
    /// DDIM (Song et al. 2021, equation 12); eta 0 draws nothing, eta 1 is the ancestral sampler.
    case implicit(eta: Double = 0)
    /// Euler's rule along a rectified flow.
    case euler
    /// DPM-Solver++ of order 2, multistep (Lu et al. 2023, algorithm 2); the first and the last
    /// step have order 1.
    case multistep

    /// Draws samples.
    ///
    /// - Parameters:
    ///   - noise: a standard normal batch `[B, ...]`; it is scaled to the first level's σ.
    ///   - levels: from noise to the sample, for example `NoisePath.samplingLevels`.
    ///   - seed: of the noise that is added on the way, where any is.
    ///   - progress: called after each step with the batch as it then is.
    public func sample(
        from noise: Tensor, levels: [NoiseLevel], seed: UInt64 = 0,
        progress: (_ step: Int, _ x: Tensor) throws -> Void = { _, _ in },
        _ denoiser: Denoiser
    ) throws -> Tensor {
        try withoutGradients {
            var x = levels.first.map { $0.sigma == 1 } ?? true ? noise : try noise * levels[0].sigma
            var previous: (data: Tensor, level: NoiseLevel)?
            for (step, (level, next)) in zip(levels, levels.dropFirst()).enumerated() {
                let prediction = try denoiser.predict(x, at: level)
                func draw() throws -> Tensor {
                    try Tensor.randn(x.shape, seed: keyedSeed(seed, "sampler step \(step)"))
                        .to(x.type, on: x.device)
                }
                switch self {
                case .ancestral(let variance):
                    x = try ancestralStep(x, prediction, level, next, variance, draw)
                case .implicit(let eta):
                    x = try implicitStep(prediction, level, next, eta, draw)
                case .euler:
                    precondition(
                        abs(level.alpha + level.sigma - 1) < 1e-9, "Euler's rule is for flows")
                    let velocity = try prediction.noise - prediction.data
                    x = try x + velocity * (next.sigma - level.sigma)
                case .multistep:
                    x = try multistepped(x, prediction.data, previous, level, next)
                    previous = (prediction.data, level)
                }
                try progress(step, x)
            }
            return x
        }
    }
}

/// q(x_s | x_t, x₀) of Ho et al. 2020, equations 6 and 7, between levels t and s.
private func ancestralStep(
    _ x: Tensor, _ prediction: Prediction, _ level: NoiseLevel, _ next: NoiseLevel,
    _ variance: Sampler.Variance, _ draw: () throws -> Tensor
) throws -> Tensor {
    let kept = level.alpha / next.alpha  // α of the step from s to t
    let (after, before) = (next.sigma * next.sigma, level.sigma * level.sigma)
    let added = before - kept * kept * after  // σ² of that step
    let mean = try x * (kept * after / before) + prediction.data * (next.alpha * added / before)
    guard next.sigma > 0 else { return mean }
    let spread = variance == .posterior ? added * after / before : added
    return try mean + draw() * spread.squareRoot()
}

private func implicitStep(
    _ prediction: Prediction, _ level: NoiseLevel, _ next: NoiseLevel, _ eta: Double,
    _ draw: () throws -> Tensor
) throws -> Tensor {
    let kept = level.alpha / next.alpha
    let added = level.sigma * level.sigma - kept * kept * next.sigma * next.sigma
    let spread = eta * (next.sigma / level.sigma) * max(0, added).squareRoot()
    let rest = max(0, next.sigma * next.sigma - spread * spread).squareRoot()
    let mean = try prediction.data * next.alpha + prediction.noise * rest
    return spread > 0 ? try mean + draw() * spread : mean
}

/// Lu et al. 2023, algorithm 2: with h = λ_t − λ_s and r = h₋₁/h,
/// x_t = (σ_t/σ_s) x_s − α_t (e⁻ʰ − 1) ((1 + 1/2r) x₀ − (1/2r) x₀₋₁).
private func multistepped(
    _ x: Tensor, _ data: Tensor, _ previous: (data: Tensor, level: NoiseLevel)?,
    _ level: NoiseLevel, _ next: NoiseLevel
) throws -> Tensor {
    var data = data
    // Noise without signal, and signal without noise, are infinitely far away in λ: order 1.
    if let previous, next.sigma > 0, previous.level.alpha > 0 {
        let ratio =
            (level.halfLogSNR - previous.level.halfLogSNR) / (next.halfLogSNR - level.halfLogSNR)
        data = try data * (1 + 0.5 / ratio) - previous.data * (0.5 / ratio)
    }
    return try exponentialStep(x, data, level, next)
}

/// (σ_t/σ_s) x − α_t (e⁻ʰ − 1) d, where e⁻ʰ = α_s σ_t/(α_t σ_s) is finite at both ends.
func exponentialStep(
    _ x: Tensor, _ data: Tensor, _ level: NoiseLevel, _ next: NoiseLevel
) throws -> Tensor {
    let ratio = next.sigma / level.sigma
    return try x * ratio + data * (next.alpha - level.alpha * ratio)
}
