import CTorch

// What layers are made of. Layers keep the weights; these functions are given them.

extension Tensor {
    /// x Wᵀ + b over the last axis, with W `[output, input]` and b `[output]`.
    public final func linear(_ weight: Tensor, _ bias: Tensor? = nil) throws -> Tensor {
        let result = withExtendedLifetime((self, weight, bias)) {
            torch_linear(handle, weight.handle, bias?.handle)
        }
        guard let result else {
            throw TensorError.last("linear", [self, weight] + (bias.map { [$0] } ?? []))
        }
        return Tensor(owning: result)
    }

    /// Rows of a table `[count, width]` at places of `int64`: `[..., width]`.
    public static func embedding(_ table: Tensor, _ places: Tensor) throws -> Tensor {
        try table.made("embedding", with: places, torch_embedding)
    }

    /// Zeros with a probability, and the rest divided by 1 − probability; unchanged where not
    /// training.
    public final func dropout(_ probability: Double, training: Bool) throws -> Tensor {
        guard training, probability > 0 else { return self }
        return try made("dropout") { torch_dropout($0, probability, true) }
    }

    /// To mean 0 and variance 1 over the last axes, then times weight plus bias.
    ///
    /// - Parameter shape: the lengths of the axes that are normalised together.
    public final func layerNorm(
        _ shape: [Int], weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5
    ) throws -> Tensor {
        let result = withExtendedLifetime((self, weight, bias)) {
            torch_layer_norm(handle, shape, shape.count, weight?.handle, bias?.handle, epsilon)
        }
        guard let result else { throw TensorError.last("layerNorm", [self]) }
        return Tensor(owning: result)
    }

    /// To root mean square 1 over the last axis, then times weight (Zhang and Sennrich 2019).
    ///
    /// - Parameter epsilon: added to the mean square.
    public final func rmsNorm(weight: Tensor? = nil, epsilon: Double = 1e-6) throws -> Tensor {
        let result = withExtendedLifetime((self, weight)) {
            torch_rms_norm(handle, weight?.handle, epsilon)
        }
        guard let result else { throw TensorError.last("rmsNorm", [self]) }
        return Tensor(owning: result)
    }

    /// To mean 0 and variance 1 over groups of channels (axis 1) and all places, then times weight
    /// plus bias for each channel (Wu and He 2018).
    public final func groupNorm(
        groups: Int, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5
    ) throws -> Tensor {
        let result = withExtendedLifetime((self, weight, bias)) {
            torch_group_norm(handle, groups, weight?.handle, bias?.handle, epsilon)
        }
        guard let result else { throw TensorError.last("groupNorm", [self]) }
        return Tensor(owning: result)
    }

    /// softmax(q kᵀ · scale + mask) v over `[..., heads, length, width]` (Vaswani et al. 2017,
    /// equation 1), by libtorch's fused kernels where it has them (2.1 and up).
    ///
    /// - Parameters:
    ///   - mask: broadcast to `[..., heads, queries, keys]`; `bool` keeps where true, real numbers
    ///     are added.
    ///   - dropout: the probability with which weights are dropped, in training.
    ///   - causal: each query sees the keys up to its own place; then without `mask`.
    ///   - scale: nil is 1/√width.
    public static func attention(
        query: Tensor, key: Tensor, value: Tensor, mask: Tensor? = nil, dropout: Double = 0,
        causal: Bool = false, scale: Double? = nil
    ) throws -> Tensor {
        let result = withExtendedLifetime((query, key, value, mask)) {
            torch_attention(
                query.handle, key.handle, value.handle, mask?.handle, dropout, causal,
                scale ?? .nan)
        }
        guard let result else {
            throw TensorError.last(
                "attention", [query, key, value] + (mask.map { [$0] } ?? []))
        }
        return Tensor(owning: result)
    }

    /// A convolution over 1, 2 or 3 last axes of `[batch, channels, ...]`.
    final func convolved(
        _ weight: Tensor, _ bias: Tensor?, _ form: inout TorchConvolution
    ) throws -> Tensor {
        let result = withExtendedLifetime((self, weight, bias)) {
            torch_convolution(handle, weight.handle, bias?.handle, &form)
        }
        guard let result else {
            throw TensorError.last("convolution", [self, weight] + (bias.map { [$0] } ?? []))
        }
        return Tensor(owning: result)
    }

    /// How new samples are made between old ones.
    public enum Interpolation: Int32, Sendable {
        /// The nearest sample; linear along each axis; cubic (two axes only).
        case nearest, linear, cubic
    }

    /// The last axes resampled to sizes: 1, 2 or 3 axes of `[batch, channels, ...]`.
    ///
    /// - Parameters:
    ///   - alignCorners: the first and last samples keep their places, else the edges of their
    ///     cells do.
    ///   - antialias: widens the kernel where the picture shrinks (two axes only).
    public final func interpolated(
        to sizes: [Int], _ mode: Interpolation, alignCorners: Bool = false, antialias: Bool = false
    ) throws -> Tensor {
        try made("interpolated") {
            torch_interpolate($0, sizes, sizes.count, mode.rawValue, alignCorners, antialias)
        }
    }

    /// The means of windows over the last `axes` axes.
    ///
    /// - Parameter stride: nil is the window's size.
    public final func averagePooled(
        axes: Int, size: Int, stride: Int? = nil, padding: Int = 0
    ) throws -> Tensor {
        try made("averagePooled") {
            torch_average_pool($0, axes, size, stride ?? size, padding)
        }
    }

    /// The largest elements of windows over the last `axes` axes.
    ///
    /// - Parameter stride: nil is the window's size.
    public final func maxPooled(
        axes: Int, size: Int, stride: Int? = nil, padding: Int = 0
    ) throws -> Tensor {
        try made("maxPooled") { torch_max_pool($0, axes, size, stride ?? size, padding) }
    }

    /// What sampling sees beyond the edges.
    public enum SamplingEdge: Int32, Sendable {
        /// Zeros; the edge; the picture mirrored.
        case zeros, border, reflection
    }

    /// Samples `[batch, channels, h, w]` or `[batch, channels, d, h, w]` at places in −1...1, given as
    /// `[batch, ..., 2 or 3]` with x (the last axis) first.
    public final func sampled(
        at grid: Tensor, _ mode: Interpolation = .linear, beyond edge: SamplingEdge = .zeros,
        alignCorners: Bool = false
    ) throws -> Tensor {
        try made("sampled", with: grid) {
            torch_grid_sample($0, $1, mode.rawValue, edge.rawValue, alignCorners)
        }
    }
}
