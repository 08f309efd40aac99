/// Attention with several heads (Vaswani et al. 2017), to itself or to a context, with optional
/// norms of queries and keys (Henry et al. 2020) and rotary positions.
public final class Attention: Module {
    /// How queries and keys of each head are normalised, which keeps their products bounded.
    public enum QueryKeyNorm: Sendable {
        /// Not at all; by `RMSNorm`; by `LayerNorm`. Norms have weights that all heads share.
        case none, rms, layer
    }

    /// From the input's width to all heads.
    public let query: Linear
    /// From the context's width to all heads.
    public let key: Linear
    /// From the context's width to all heads.
    public let value: Linear
    /// From all heads to the input's width.
    public let output: Linear
    private let queryNorm: (any Layer)?
    private let keyNorm: (any Layer)?
    private let heads: Int
    private let headWidth: Int
    private let dropout: Double

    /// Attention over vectors of `width` numbers.
    ///
    /// - Parameters:
    ///   - contextWidth: of what is attended to; nil is `width`.
    ///   - headWidth: nil divides `width` by `heads`.
    ///   - hasBias: of queries, keys and values; the output always has one.
    ///   - weight: how the weights of queries, keys and values start; their biases then start at 0.
    ///     nil is as in `Linear`.
    ///   - output: how the output's weights start; `.zeros` makes a new layer do nothing at first.
    ///   - dropout: the probability with which weights are dropped in training.
    /// - Precondition: `heads` divides `width` where `headWidth` is nil.
    public init(
        _ width: Int, heads: Int, contextWidth: Int? = nil, headWidth: Int? = nil,
        hasBias: Bool = true, norm: QueryKeyNorm = .none, weight: Initialisation? = nil,
        output: Initialisation? = nil, dropout: Double = 0
    ) {
        precondition(headWidth != nil || width % heads == 0, "\(width) numbers in \(heads) heads")
        let headWidth = headWidth ?? width / heads
        let inner = heads * headWidth
        self.heads = heads
        self.headWidth = headWidth
        self.dropout = dropout
        func projection(_ input: Int) -> Linear {
            Linear(
                input, inner, hasBias: hasBias, weight: weight,
                bias: weight == nil ? nil : .zeros)
        }
        query = projection(width)
        key = projection(contextWidth ?? width)
        value = projection(contextWidth ?? width)
        self.output = Linear(inner, width, weight: output, bias: .zeros)
        (queryNorm, keyNorm) =
            switch norm {
            case .none: (nil, nil)
            case .rms: (RMSNorm(headWidth), RMSNorm(headWidth))
            case .layer: (LayerNorm(headWidth), LayerNorm(headWidth))
            }
    }

    /// `[batch, length, width]` attending to the context `[batch, keys, contextWidth]`, or to
    /// itself.
    ///
    /// - Parameters:
    ///   - mask: broadcast to `[batch, heads, length, keys]`; `bool` keeps where true.
    ///   - causal: each place sees itself and what is before it; then without `mask`.
    ///   - rotary: turns queries and keys, for attention to itself.
    public func callAsFunction(
        _ x: Tensor, context: Tensor? = nil, mask: Tensor? = nil, causal: Bool = false,
        rotary: RotaryEmbedding? = nil
    ) throws -> Tensor {
        let context = context ?? x
        var q = try split(query(x))  // [batch, heads, length, headWidth]
        var k = try split(key(context))
        let v = try split(value(context))
        if let queryNorm, let keyNorm {
            q = try queryNorm(q)
            k = try keyNorm(k)
        }
        if let rotary {
            q = try rotary(q)
            k = try rotary(k)
        }
        let seen = try Tensor.attention(
            query: q, key: k, value: v, mask: mask, dropout: isTraining ? dropout : 0,
            causal: causal)
        return try output(seen.transposed(1, 2).flattened(from: 2))
    }

    private func split(_ x: Tensor) throws -> Tensor {
        try x.reshaped([x.size(0), x.size(1), heads, headWidth]).transposed(1, 2)
    }
}
