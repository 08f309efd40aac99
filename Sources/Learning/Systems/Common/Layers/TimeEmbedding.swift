import Tensors

/// A vector made of a noise level's time: waves of falling frequency, and two linear maps.
public final class TimeEmbedding: Module {
    private let hidden: Linear
    private let output: Linear
    private let width: Int
    private let activation: Activation
    private let putsSinesFirst: Bool

    /// Vectors of `width` numbers.
    ///
    /// - Parameters:
    ///   - hidden: numbers between the maps; nil is `width`.
    ///   - putsSinesFirst: the order of the waves, which published weights fix.
    public init(
        _ width: Int, hidden: Int? = nil, activation: Activation = .silu,
        putsSinesFirst: Bool = false
    ) {
        self.width = width
        self.activation = activation
        self.putsSinesFirst = putsSinesFirst
        self.hidden = Linear(width, hidden ?? width)
        output = Linear(hidden ?? width, width)
    }

    /// `[B]` to `[B, width]`.
    public func callAsFunction(_ time: Tensor) throws -> Tensor {
        var waves = try timeFeatures(time, width: width)
        if putsSinesFirst {
            waves = try Tensor.concatenate(waves.chunks(2).reversed(), axis: -1)
        }
        return try output(activation(hidden(waves)))
    }
}
