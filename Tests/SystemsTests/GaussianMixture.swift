import Foundation
import Systems
import Tensors

/// A mixture of isotropic Gaussians, whose noisy versions are mixtures as well, so that the best
/// denoiser is known in closed form.
struct GaussianMixture {
    let weights: [Double]
    /// `[K][D]`.
    let means: [[Double]]
    let deviations: [Double]

    /// E[x₀ | x] at a level, for x `[B, D]` in float64.
    func data(_ x: Tensor, _ level: NoiseLevel) throws -> Tensor {
        var logs: [Tensor] = []
        var estimates: [Tensor] = []
        let (a, s) = (level.alpha, level.sigma)
        for (weight, (mean, deviation)) in zip(weights, zip(means, deviations)) {
            let mean = try Tensor(mean, shape: [1, mean.count])
            let variance = a * a * deviation * deviation + s * s
            let offset = try x - mean * a
            let dimensions = Double(x.size(1))
            logs.append(
                try offset.square().sum(1, keeping: true) * (-0.5 / variance)
                    + (log(weight) - 0.5 * dimensions * log(variance)))
            estimates.append(try offset * (a * deviation * deviation / variance) + mean)
        }
        let shares = try Tensor.stack(logs).softmax(0)  // [K, B, 1]
        return try (shares * Tensor.stack(estimates)).sum(0)
    }

    /// The output of a perfect model.
    func denoiser(_ parameterisation: Parameterisation) -> Denoiser {
        Denoiser(parameterisation) { x, level in
            let data = try data(x, level)
            let noise = try (x - data * level.alpha) / level.sigma
            return try parameterisation.target(
                data: data, noise: noise,
                levels: Levels.same(level, count: x.size(0)))
        }
    }

    /// The velocity dx/dt along a rectified flow at a time.
    func velocity(_ x: Tensor, time: Double) throws -> Tensor {
        let data = try data(x, NoiseLevel(time: time, alpha: 1 - time, sigma: time))
        return try (x - data) / time
    }

    /// The probability flow of a rectified flow by Runge and Kutta's rule of order 4.
    func flowed(_ x: Tensor, from start: Double, to end: Double, steps: Int) throws -> Tensor {
        var x = x
        let h = (end - start) / Double(steps)
        for step in 0..<steps {
            let t = start + Double(step) * h
            let k1 = try velocity(x, time: t)
            let k2 = try velocity(x + k1 * (h / 2), time: t + h / 2)
            let k3 = try velocity(x + k2 * (h / 2), time: t + h / 2)
            let k4 = try velocity(x + k3 * h, time: t + h)
            x = try x + (k1 + k2 * 2 + k3 * 2 + k4) * (h / 6)
        }
        return x
    }
}

enum Levels {
    /// One level for a whole batch, in float64's arithmetic.
    static func same(_ level: NoiseLevel, count: Int) throws -> LevelBatch {
        try LevelBatch(Array(repeating: level, count: count), on: .cpu)
    }
}
