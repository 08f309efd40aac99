import Tensors

/// A model as samplers use it.
public struct Denoiser {
    /// What the output stands for.
    public let parameterisation: Parameterisation
    private let model: (_ x: Tensor, _ level: NoiseLevel) throws -> Tensor
    private let constraint: ((Tensor) throws -> Tensor)?

    /// A denoiser.
    ///
    /// - Parameters:
    ///   - constraint: what is done to the predicted sample, such as clipping it to its range; the
    ///     noise follows from it.
    ///   - model: the output for a noisy batch `[B, ...]` at one level.
    public init(
        _ parameterisation: Parameterisation, constraint: ((Tensor) throws -> Tensor)? = nil,
        model: @escaping (_ x: Tensor, _ level: NoiseLevel) throws -> Tensor
    ) {
        self.parameterisation = parameterisation
        self.constraint = constraint
        self.model = model
    }

    /// The sample and the noise that the model sees in a noisy batch.
    public func predict(_ x: Tensor, at level: NoiseLevel) throws -> Prediction {
        let prediction = try parameterisation.prediction(
            output: model(x, level), input: x, level: level)
        guard let constraint else { return prediction }
        let data = try constraint(prediction.data)
        return Prediction(data: data, noise: try (x - data * level.alpha) / level.sigma)
    }
}
