/// A function of each number between two layers.
public enum Activation: Sendable {
    /// The functions of `Tensor` with these names.
    case relu, gelu, geluTanh, silu, tanh, sigmoid
    /// `leakyReLU` with a slope; `softplus` with β.
    case leakyReLU(Double)
    case softplus(Double)

    /// The function's values.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        switch self {
        case .relu: try x.relu()
        case .gelu: try x.gelu()
        case .geluTanh: try x.gelu(approximate: true)
        case .silu: try x.silu()
        case .tanh: try x.tanh()
        case .sigmoid: try x.sigmoid()
        case .leakyReLU(let slope): try x.leakyReLU(slope: slope)
        case .softplus(let beta): try x.softplus(beta: beta)
        }
    }
}

/// Two linear maps with an activation between them, as in a transformer's block.
public final class FeedForward: Module, Layer {
    /// To the hidden width, or twice it where gated.
    public let hidden: Linear
    /// Back to the width.
    public let output: Linear
    private let activation: Activation
    private let isGated: Bool

    /// - Parameters:
    ///   - width: of input and output.
    ///   - multiple: the hidden width is this many times as wide.
    ///   - isGated: one half of the hidden numbers is multiplied by the activation of the other
    ///     (Shazeer 2020).
    ///   - weight: how the first map's weights start; its bias then starts at 0. nil is as in
    ///     `Linear`.
    ///   - output: the same of the second map.
    public init(
        _ width: Int, multiple: Int = 4, activation: Activation = .gelu, isGated: Bool = false,
        weight: Initialisation? = nil, output: Initialisation? = nil
    ) {
        hidden = Linear(
            width, width * multiple * (isGated ? 2 : 1), weight: weight,
            bias: weight == nil ? nil : .zeros)
        self.output = Linear(
            width * multiple, width, weight: output, bias: output == nil ? nil : .zeros)
        self.activation = activation
        self.isGated = isGated
    }

    /// `[..., width]` to the same.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        let h = try hidden(x)
        guard isGated else { return try output(activation(h)) }
        let halves = try h.chunks(2)
        return try output(halves[0] * activation(halves[1]))
    }
}

/// Drops numbers in training.
public final class Dropout: Module, Layer {
    private let probability: Double

    /// Drops each number with a probability, and divides the rest by 1 − it.
    public init(_ probability: Double) { self.probability = probability }

    /// The same shape.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        try x.dropout(probability, training: isTraining)
    }
}

/// Drops whole samples of a residual branch in training (Huang et al. 2016).
public final class DropPath: Module, Layer {
    private let probability: Double

    /// Drops each sample with a probability, and divides the rest by 1 − it.
    public init(_ probability: Double) { self.probability = probability }

    /// The same shape, `[batch, ...]`.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        guard isTraining, probability > 0 else { return x }
        let keep = 1 - probability
        let shape = [x.size(0)] + Array(repeating: 1, count: x.rank - 1)
        let mask = try Tensor.full(shape, keep, type: x.type, on: x.device).bernoulli()
        return try x * (mask / keep)
    }
}

/// Layers one after another, named by their places.
public final class Sequential: Module, Layer {
    /// The layers, in order.
    public let layers: [any Layer]

    /// A chain of layers.
    public init(_ layers: [any Layer]) { self.layers = layers }

    /// What the last layer makes.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        try layers.reduce(x) { try $1($0) }
    }
}
