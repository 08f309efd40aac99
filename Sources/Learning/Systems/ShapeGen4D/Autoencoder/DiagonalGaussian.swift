import Tensors

/// Normal distributions of independent numbers: what an encoder says of latents (Kingma and
/// Welling 2014).
public struct DiagonalGaussian {
    /// μ, `[...]`.
    public let mean: Tensor
    /// log σ², of the same form.
    public let logVariance: Tensor

    /// Distributions.
    public init(mean: Tensor, logVariance: Tensor) {
        self.mean = mean
        self.logVariance = logVariance
    }

    /// μ + σ ε.
    ///
    /// - Parameter noise: standard normal, of the same form.
    public func sample(_ noise: Tensor) throws -> Tensor {
        try mean + (logVariance * 0.5).exp() * noise
    }

    /// The divergence from a standard normal, ½ (μ² + σ² − 1 − log σ²), as the mean over all numbers
    /// (Step1X-3D's; papers often sum over a latent's): without axes.
    public func divergence() throws -> Tensor {
        try ((mean.square() + logVariance.exp() - logVariance).mean() - 1) * 0.5
    }
}
