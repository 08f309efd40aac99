import Foundation
import Tensors

/// The blocks of a set encoder (Jaegle et al. 2021; Zhang et al. 2023, 3DShape2VecSet) in the form
/// of Step1X-3D's autoencoder: norms before, GELU, queries and keys without biases.
enum Perceiver {
    /// What Step1X-3D draws all weights from: a normal of deviation 1/(4 √width), biases 0.
    static func initialisation(_ width: Int) -> Initialisation {
        .normal(deviation: 0.25 / Double(width).squareRoot())
    }

    static func attention(_ width: Int, heads: Int) -> Attention {
        Attention(
            width, heads: heads, hasBias: false, weight: initialisation(width),
            output: initialisation(width))
    }

    static func feedForward(_ width: Int) -> FeedForward {
        FeedForward(width, weight: initialisation(width), output: initialisation(width))
    }
}

/// Attention of a set to itself, then a feed-forward layer.
final class PerceiverBlock: Module {
    private let attentionNorm: LayerNorm
    private let attention: Attention
    private let feedForwardNorm: LayerNorm
    private let feedForward: FeedForward

    init(_ width: Int, heads: Int) {
        attentionNorm = LayerNorm(width)
        attention = Perceiver.attention(width, heads: heads)
        feedForwardNorm = LayerNorm(width)
        feedForward = Perceiver.feedForward(width)
    }

    /// `[B, L, width]` to the same.
    func callAsFunction(_ x: Tensor) throws -> Tensor {
        let h = try x + attention(attentionNorm(x))
        return try h + feedForward(feedForwardNorm(h))
    }

    /// The same, computed again in the backward pass where wanted.
    func callAsFunction(_ x: Tensor, recomputes: Bool) throws -> Tensor {
        recomputes ? try checkpointed(x) { try self($0) } : try self(x)
    }
}

/// Attention of a set to another, then a feed-forward layer.
final class PerceiverCrossBlock: Module {
    private let queryNorm: LayerNorm
    private let contextNorm: LayerNorm
    private let attention: Attention
    private let feedForwardNorm: LayerNorm
    private let feedForward: FeedForward

    init(_ width: Int, heads: Int) {
        queryNorm = LayerNorm(width)
        contextNorm = LayerNorm(width)
        attention = Perceiver.attention(width, heads: heads)
        feedForwardNorm = LayerNorm(width)
        feedForward = Perceiver.feedForward(width)
    }

    /// `[B, L, width]`, seeing `[B, N, width]`, to `[B, L, width]`.
    func callAsFunction(_ x: Tensor, _ context: Tensor) throws -> Tensor {
        let h = try x + attention(queryNorm(x), context: contextNorm(context))
        return try h + feedForward(feedForwardNorm(h))
    }
}
