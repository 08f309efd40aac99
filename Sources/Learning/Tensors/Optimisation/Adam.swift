import CTorch

/// Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019).
public final class Adam {
    /// What the rule's numbers are.
    public struct Settings: Sendable, Codable, Equatable {
        /// The step size; `Adam.learningRate` starts with it.
        public var learningRate: Double
        /// The decay of the mean of gradients.
        public var beta1: Double
        /// The decay of the mean of squared gradients.
        public var beta2: Double
        /// Added to the root of the mean of squares.
        public var epsilon: Double
        /// How strongly weights are drawn to 0.
        public var weightDecay: Double
        /// Whether decay shrinks the weights themselves (AdamW) or adds to the gradient (Adam).
        public var isDecoupled: Bool

        /// AdamW unless told otherwise, with PyTorch's numbers.
        public init(
            learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999,
            epsilon: Double = 1e-8, weightDecay: Double = 0.01, isDecoupled: Bool = true
        ) {
            self.learningRate = learningRate
            self.beta1 = beta1
            self.beta2 = beta2
            self.epsilon = epsilon
            self.weightDecay = weightDecay
            self.isDecoupled = isDecoupled
        }
    }

    /// What is kept for one parameter.
    private struct Moments {
        var first: Tensor
        var second: Tensor
        var step: Int64
    }

    /// The parameters that learn, with the names by which the state is saved.
    public let parameters: [(name: String, parameter: Parameter)]
    /// The rule's numbers.
    public let settings: Settings
    /// The step size of the next step; a schedule sets it.
    public var learningRate: Double
    private var moments: [Moments?]

    /// An optimiser of some parameters; those that need no gradient now are left out.
    ///
    /// Make it after the model was moved and converted: the state takes the parameters' form.
    public init(
        _ parameters: [(name: String, parameter: Parameter)], _ settings: Settings = Settings()
    ) {
        self.parameters = parameters.filter { $0.parameter.requiresGradient }
        self.settings = settings
        learningRate = settings.learningRate
        moments = Array(repeating: nil, count: self.parameters.count)
    }

    /// Changes every parameter that has a gradient.
    ///
    /// - Throws: `TensorError` where a gradient's form is not its parameter's.
    public func step() throws {
        var changed: [Tensor] = []
        var gradients: [Tensor] = []
        var first: [Tensor] = []
        var second: [Tensor] = []
        var steps: [Int64] = []
        for (place, (_, parameter)) in parameters.enumerated() {
            guard let gradient = parameter.gradient else { continue }
            var state =
                try moments[place]
                ?? withoutGradients {
                    Moments(
                        first: try parameter.zerosLike(), second: try parameter.zerosLike(), step: 0
                    )
                }
            state.step += 1
            moments[place] = state
            changed.append(parameter)
            gradients.append(gradient)
            first.append(state.first)
            second.append(state.second)
            steps.append(state.step)
        }
        let rule = TorchAdam(
            learning_rate: learningRate, beta1: settings.beta1, beta2: settings.beta2,
            epsilon: settings.epsilon, weight_decay: settings.weightDecay,
            decoupled: settings.isDecoupled)
        let succeeded = Tensor.withHandles(changed) { changed in
            Tensor.withHandles(gradients) { gradients in
                Tensor.withHandles(first) { first in
                    Tensor.withHandles(second) { second in
                        torch_adam_step(
                            changed, gradients, first, second, steps, changed.count, rule)
                    }
                }
            }
        }
        guard succeeded else { throw TensorError.last("adam", changed + gradients) }
    }

    /// Removes the gradients, so that the next backward pass starts from none.
    public func clearGradients() throws {
        for (_, parameter) in parameters { try parameter.setGradient(nil) }
    }

    /// What a checkpoint holds: for each parameter that has been changed `NAME.first`,
    /// `NAME.second` and `NAME.step` (`int64`), by the parameters' names.
    public func state() throws -> [(name: String, tensor: Tensor)] {
        var result: [(name: String, tensor: Tensor)] = []
        for ((name, _), moments) in zip(parameters, moments) {
            guard let moments else { continue }
            result.append(("\(name).first", moments.first))
            result.append(("\(name).second", moments.second))
            result.append(("\(name).step", try .scalar(Int(moments.step), type: .int64)))
        }
        return result
    }

    /// Takes up what `state` gave. A parameter without entries has not been changed yet.
    ///
    /// - Throws: `TensorError` where entries are of no parameter here, incomplete or of another
    ///   shape.
    public func load(_ state: [String: Tensor]) throws {
        var rest = state
        var loaded: [Moments?] = []
        for (name, parameter) in parameters {
            let parts = ["first", "second", "step"].map {
                rest.removeValue(forKey: "\(name).\($0)")
            }
            if parts.allSatisfy({ $0 == nil }) {
                loaded.append(nil)
                continue
            }
            guard let first = parts[0], let second = parts[1], let step = parts[2],
                first.shape == parameter.shape, second.shape == parameter.shape
            else {
                throw TensorError(
                    operation: "adam",
                    message: "the state of \(name) is incomplete or of another "
                        + "shape than \(parameter.shape)")
            }
            loaded.append(
                Moments(
                    first: try first.to(parameter.type, on: parameter.device).clone(),
                    second: try second.to(parameter.type, on: parameter.device).clone(),
                    step: Int64(try step.integer())))
        }
        guard rest.isEmpty else {
            throw TensorError(
                operation: "adam",
                message: "no parameter here has the state "
                    + rest.keys.sorted().prefix(3).joined(separator: ", "))
        }
        moments = loaded
    }
}
