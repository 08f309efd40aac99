import Foundation

/// How a sample x₀ and noise ε are mixed at some time: x = α x₀ + σ ε.
public struct NoiseLevel: Sendable, Equatable {
    /// What a model is told: the step of a diffusion, the time of a flow times its factor.
    public var time: Double
    /// The part of the sample.
    public var alpha: Double
    /// The part of the noise.
    public var sigma: Double

    /// A level.
    public init(time: Double, alpha: Double, sigma: Double) {
        self.time = time
        self.alpha = alpha
        self.sigma = sigma
    }

    /// No noise: where samplers end.
    public static let clean = NoiseLevel(time: 0, alpha: 1, sigma: 0)

    /// α²/σ².
    public var signalToNoise: Double { alpha * alpha / (sigma * sigma) }
    /// λ = log(α/σ), half the logarithm of `signalToNoise`.
    public var halfLogSNR: Double { log(alpha / sigma) }
}

/// How noise grows with time, from nearly none to all of it.
public protocol NoisePath: Sendable {
    /// The level of a time from 0 (the sample) to 1 (the noise).
    func level(at time: Double) -> NoiseLevel

    /// The time of a level whose λ is given: what solvers that step in λ need.
    func time(ofHalfLogSNR lambda: Double) -> Double

    /// The levels of a sampler's `count` evaluations, from noise to the sample, and `.clean` at
    /// the end: `[count + 1]`.
    func samplingLevels(count: Int) -> [NoiseLevel]
}
