/// To mean 0 and variance 1 over the last axis, then times weight plus bias (Ba et al. 2016).
public final class LayerNorm: Module, Layer {
    /// `[width]`, or nil.
    public let weight: Parameter?
    /// `[width]`, or nil.
    public let bias: Parameter?
    private let width: Int
    private let epsilon: Double

    /// A norm over `width` numbers.
    ///
    /// - Parameter hasWeights: false leaves the result as it is, for layers that modulate it
    ///   themselves.
    public init(_ width: Int, hasWeights: Bool = true, epsilon: Double = 1e-5) {
        self.width = width
        self.epsilon = epsilon
        weight = hasWeights ? Parameter([width], .ones) : nil
        bias = hasWeights ? Parameter([width], .zeros) : nil
    }

    /// `[..., width]` to the same.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        try x.layerNorm([width], weight: weight, bias: bias, epsilon: epsilon)
    }
}

/// To root mean square 1 over the last axis, then times weight (Zhang and Sennrich 2019).
public final class RMSNorm: Module, Layer {
    /// `[width]`, or nil.
    public let weight: Parameter?
    private let epsilon: Double

    /// A norm over `width` numbers.
    public init(_ width: Int, hasWeights: Bool = true, epsilon: Double = 1e-6) {
        self.epsilon = epsilon
        weight = hasWeights ? Parameter([width], .ones) : nil
    }

    /// `[..., width]` to the same.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        try x.rmsNorm(weight: weight, epsilon: epsilon)
    }
}

/// To mean 0 and variance 1 over groups of channels and all places, then times weight plus bias
/// (Wu and He 2018).
public final class GroupNorm: Module, Layer {
    /// `[channels]`.
    public let weight: Parameter
    /// `[channels]`.
    public let bias: Parameter
    private let groups: Int
    private let epsilon: Double

    /// A norm over groups of `channels / groups` channels.
    ///
    /// - Precondition: `channels` divides by `groups`.
    public init(groups: Int, _ channels: Int, epsilon: Double = 1e-5) {
        precondition(channels % groups == 0, "\(channels) channels in \(groups) groups")
        self.groups = groups
        self.epsilon = epsilon
        weight = Parameter([channels], .ones)
        bias = Parameter([channels], .zeros)
    }

    /// `[batch, channels, ...]` to the same.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        try x.groupNorm(groups: groups, weight: weight, bias: bias, epsilon: epsilon)
    }
}
