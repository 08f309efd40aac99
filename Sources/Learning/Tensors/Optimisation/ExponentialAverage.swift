import CTorch
import Foundation

/// A mean of the parameters over the last steps, weighted by age: what a trained model is measured
/// and published with (Polyak and Juditsky 1992).
public final class ExponentialAverage {
    private let parameters: [(name: String, parameter: Parameter)]
    private let averages: [Tensor]
    /// What remains of the mean at each step.
    public let decay: Double
    /// How many updates there were.
    public private(set) var updates = 0
    private let warmsUp: Bool

    /// A mean that starts at the parameters' values now. Make it after the model was moved.
    ///
    /// - Parameters:
    ///   - decay: for example 0.9999.
    ///   - warmsUp: lets the decay of update n be at most (1 + n)/(10 + n), so that the first
    ///     values are forgotten soon.
    public init(
        _ parameters: [(name: String, parameter: Parameter)], decay: Double, warmsUp: Bool = false
    ) throws {
        self.parameters = parameters
        self.decay = decay
        self.warmsUp = warmsUp
        averages = try withoutGradients {
            try parameters.map { try $0.parameter.detached().clone() }
        }
    }

    /// average ← decay · average + (1 − decay) · parameter.
    public func update() throws {
        let count = Double(updates)
        let decay = warmsUp ? min(decay, (1 + count) / (10 + count)) : decay
        updates += 1
        let succeeded = Tensor.withHandles(averages) { averages in
            Tensor.withHandles(parameters.map { $0.parameter as Tensor }) {
                torch_lerp_all(averages, $0, $0.count, 1 - decay)
            }
        }
        guard succeeded else { throw TensorError.last("update", averages) }
    }

    /// Runs `body` with the means in the parameters' place, and puts the parameters back.
    public func applied<Result>(_ body: () throws -> Result) throws -> Result {
        let own = try parameters.map { try $0.parameter.detached() }
        for (place, average) in zip(parameters, averages) {
            try place.parameter.showMemory(of: average)
        }
        defer {
            for (place, value) in zip(parameters, own) {
                // It was this parameter's own a moment ago, so it has the right form.
                try? place.parameter.showMemory(of: value)
            }
        }
        return try body()
    }

    /// What a checkpoint holds: the means, by the parameters' names.
    public func state() -> [(name: String, tensor: Tensor)] {
        zip(parameters, averages).map { ($0.name, $1) }
    }

    /// Takes up what `state` gave.
    ///
    /// - Parameter updates: how many there had been.
    /// - Throws: `TensorError` where a mean is missing or of another shape.
    public func load(_ state: [String: Tensor], updates: Int) throws {
        for ((name, _), average) in zip(parameters, averages) {
            guard let saved = state[name], saved.shape == average.shape else {
                throw TensorError(
                    operation: "load",
                    message: "the mean of \(name) is missing or of another shape than "
                        + "\(average.shape)")
            }
        }
        for ((name, _), average) in zip(parameters, averages) {
            try average.copyInPlace(from: state[name]!)
        }
        self.updates = updates
    }
}
