import Foundation
import Tensors

/// What a model's output stands for.
public enum Parameterisation: String, Sendable, CaseIterable {
    /// The noise ε (Ho et al. 2020).
    case noise
    /// The sample x₀.
    case data
    /// v = α ε − σ x₀ (Salimans and Ho 2022).
    case velocity
    /// ε − x₀, along which a rectified flow's lines run.
    case flow

    /// x₀ = fromInput x + fromOutput o, by the level: the one relation that all else follows from.
    private func data(_ level: NoiseLevel) -> (fromInput: Double, fromOutput: Double) {
        let (alpha, sigma) = (level.alpha, level.sigma)
        switch self {
        case .noise: return (1 / alpha, -sigma / alpha)
        case .data: return (0, 1)
        case .velocity:
            let power = alpha * alpha + sigma * sigma
            return (alpha / power, -sigma / power)
        case .flow: return (1 / (alpha + sigma), -sigma / (alpha + sigma))
        }
    }

    /// ε = fromInput x + fromOutput o.
    private func noise(_ level: NoiseLevel) -> (fromInput: Double, fromOutput: Double) {
        let (alpha, sigma) = (level.alpha, level.sigma)
        switch self {
        case .noise: return (0, 1)
        case .data: return (1 / sigma, -alpha / sigma)
        case .velocity:
            let power = alpha * alpha + sigma * sigma
            return (sigma / power, alpha / power)
        case .flow: return (1 / (alpha + sigma), alpha / (alpha + sigma))
        }
    }

    /// The sample and the noise that an output means.
    ///
    /// - Throws: `TensorError` for `.noise` where the input holds nothing but noise, which says
    ///   nothing of the sample: a schedule without signal at its end needs another output.
    public func prediction(
        output: Tensor, input: Tensor, level: NoiseLevel
    ) throws -> Prediction {
        guard self != .noise || level.alpha > 0 else {
            throw TensorError(
                operation: "prediction",
                message: "noise says nothing of a sample of which nothing remains (step "
                    + "\(level.time)); choose velocity or data for zero terminal SNR")
        }
        func mixed(_ weights: (fromInput: Double, fromOutput: Double)) throws -> Tensor {
            if weights.fromInput == 0 { return try output * weights.fromOutput }
            return try input * weights.fromInput + output * weights.fromOutput
        }
        return Prediction(
            data: self == .data ? output : try mixed(data(level)),
            noise: self == .noise ? output : try mixed(noise(level)))
    }

    /// What a model is to put out for samples `[B, ...]` mixed with noise of their form at the
    /// levels of a batch.
    public func target(data: Tensor, noise: Tensor, levels: LevelBatch) throws -> Tensor {
        switch self {
        case .noise: return noise
        case .data: return data
        case .velocity:
            return try levels.alphas(for: data) * noise - levels.sigmas(for: data) * data
        case .flow: return try noise - data
        }
    }

    /// (dx₀/do)²: what an error of the output, squared, means as an error of the sample.
    func dataWeight(_ level: NoiseLevel) -> Double {
        let slope = data(level).fromOutput
        return slope * slope
    }
}

/// What a model believes of a noisy sample.
public struct Prediction {
    /// The sample x₀.
    public var data: Tensor
    /// The noise ε.
    public var noise: Tensor

    /// A belief.
    public init(data: Tensor, noise: Tensor) {
        self.data = data
        self.noise = noise
    }
}

/// The levels of a batch's samples, ready for arithmetic with them.
public struct LevelBatch {
    /// What the model is told, `[B]`.
    public let times: Tensor
    /// The levels.
    public let levels: [NoiseLevel]
    private let alphas: Tensor
    private let sigmas: Tensor

    /// The levels on a device.
    public init(_ levels: [NoiseLevel], on device: Device) throws {
        func tensor(_ value: (NoiseLevel) -> Double) throws -> Tensor {
            try Tensor(levels.map { Float(value($0)) }, on: device)
        }
        self.levels = levels
        times = try tensor(\.time)
        alphas = try tensor(\.alpha)
        sigmas = try tensor(\.sigma)
    }

    /// α of each sample, `[B, 1, ...]` with as many axes as a batch has.
    public func alphas(for batch: Tensor) throws -> Tensor { try spread(alphas, batch) }

    /// σ of each sample, as `alphas`.
    public func sigmas(for batch: Tensor) throws -> Tensor { try spread(sigmas, batch) }

    /// α x₀ + σ ε, for samples and noise `[B, ...]`.
    public func mixed(data: Tensor, noise: Tensor) throws -> Tensor {
        try alphas(for: data) * data + sigmas(for: data) * noise
    }

    private func spread(_ values: Tensor, _ batch: Tensor) throws -> Tensor {
        try values.reshaped([levels.count] + Array(repeating: 1, count: batch.rank - 1))
    }
}
