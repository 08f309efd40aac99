import Foundation
import Geometry

/// Straight lines from samples to noise: x = (1 − t) x₀ + t ε (Liu et al. 2023; Lipman et al. 2023),
/// with times drawn and shifted as in Esser et al. 2024.
public struct RectifiedFlow: NoisePath {
    /// How times are drawn in training.
    public enum Times: Sendable, Equatable {
        /// Uniformly.
        case uniform
        /// The logistic function of a normal number (Esser et al. 2024, equation 19).
        case logitNormal(mean: Double, deviation: Double)
    }

    /// How times are drawn in training.
    public var times: Times
    /// s of t ← s t/(1 + (s − 1) t) (Esser et al. 2024, equation 23), in training and sampling:
    /// above 1 for large samples, which need more noise to be hidden. 1 leaves times as they are.
    public var shift: Double
    /// What a time is multiplied by before a model is told.
    public var timeFactor: Double

    /// A flow.
    public init(
        times: Times = .logitNormal(mean: 0, deviation: 1), shift: Double = 1,
        timeFactor: Double = 1000
    ) {
        precondition(shift > 0, "a shift is above 0")
        self.times = times
        self.shift = shift
        self.timeFactor = timeFactor
    }

    /// The level of a time, which is not shifted any more.
    public func level(at time: Double) -> NoiseLevel {
        NoiseLevel(time: time * timeFactor, alpha: 1 - time, sigma: time)
    }

    /// 1/(1 + e^λ).
    public func time(ofHalfLogSNR lambda: Double) -> Double { 1 / (1 + exp(lambda)) }

    /// The shifted time.
    public func shifted(_ time: Double) -> Double { shift * time / (1 + (shift - 1) * time) }

    /// The level of a time that is drawn: for training.
    public func draw(_ random: inout KeyedRandom) -> NoiseLevel {
        let time =
            switch times {
            case .uniform: random.uniform(0..<1)
            case .logitNormal(let mean, let deviation):
                1 / (1 + exp(-(mean + deviation * random.normal())))
            }
        return level(at: shifted(time))
    }

    /// The levels of times at equal distances from 1 on, shifted; `.clean` at the end.
    public func samplingLevels(count: Int) -> [NoiseLevel] {
        precondition(count > 0, "a sampler takes at least one step")
        return (0..<count).map { level(at: shifted(1 - Double($0) / Double(count))) } + [.clean]
    }
}

extension KeyedRandom {
    /// A standard normal number (Box and Muller 1958).
    mutating func normal() -> Double {
        let radius = (-2 * log(1 - uniform(0..<1))).squareRoot()
        return radius * cos(2 * Double.pi * uniform(0..<1))
    }
}
