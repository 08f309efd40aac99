/// x Wᵀ + b over the last axis.
public final class Linear: Module, Layer {
    /// `[output, input]`.
    public let weight: Parameter
    /// `[output]`, or nil.
    public let bias: Parameter?

    /// A map from `input` to `output` numbers.
    ///
    /// - Parameters:
    ///   - weight: how weights start; nil is uniform with bound 1/√input, as in PyTorch.
    ///   - bias: how the bias starts; nil is as for the weights.
    public init(
        _ input: Int, _ output: Int, hasBias: Bool = true, weight: Initialisation? = nil,
        bias: Initialisation? = nil
    ) {
        self.weight = Parameter([output, input], weight ?? .fanIn(input))
        self.bias = hasBias ? Parameter([output], bias ?? .fanIn(input)) : nil
    }

    /// `[..., input]` to `[..., output]`.
    public func callAsFunction(_ x: Tensor) throws -> Tensor { try x.linear(weight, bias) }
}
