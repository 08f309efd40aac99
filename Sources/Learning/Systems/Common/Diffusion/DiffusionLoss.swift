import Tensors

/// How a denoiser's squared errors are weighed.
public enum DiffusionWeight: Sendable, Equatable {
    /// As they are, in what the model puts out.
    case output
    /// As errors of the sample x₀, which the output stands for.
    case data
    /// As errors of the sample times min(SNR, γ) (Hang et al. 2023).
    case minimumSNR(gamma: Double)

    /// The weight of a squared error of the output at a level.
    public func factor(_ parameterisation: Parameterisation, at level: NoiseLevel) -> Double {
        switch self {
        case .output: 1
        case .data: parameterisation.dataWeight(level)
        case .minimumSNR(let gamma):
            // As an error of the noise where that is the output: (σ/α)² min(SNR, γ), without 0 · ∞.
            parameterisation == .noise
                ? min(1, gamma / level.signalToNoise)
                : parameterisation.dataWeight(level) * min(level.signalToNoise, gamma)
        }
    }
}

/// The mean squared error of a denoiser's output `[B, ...]`, weighed by each sample's level, in
/// float32; without axes.
public func diffusionLoss(
    output: Tensor, data: Tensor, noise: Tensor, levels: LevelBatch,
    _ parameterisation: Parameterisation, weight: DiffusionWeight = .output
) throws -> Tensor {
    let target = try parameterisation.target(data: data, noise: noise, levels: levels)
    let errors = try output.to(.float32).meanSquaredError(target.to(.float32), .none)
        .flattened(from: 1).mean(1)  // [B]
    if weight == .output { return try errors.mean() }
    let weights = levels.levels.map { Float(weight.factor(parameterisation, at: $0)) }
    return try (errors * Tensor(weights, on: errors.device)).mean()
}
