import Tensors

/// A transformer over points that move: each token is one point's path through all frames, and the
/// order of the points means nothing to it. Noise levels modulate the norms of every block, which
/// begins by doing nothing (Peebles and Xie 2023, adaLN-Zero).
public final class PointDenoiser: Module {
    /// The model's form.
    public struct Form: Sendable, Equatable {
        /// Frames of a path.
        public var frames = 16
        /// Numbers of a token.
        public var width = 128
        /// Blocks.
        public var depth = 4
        /// Heads of attention; they divide the width.
        public var heads = 4

        /// The standard form.
        public init() {}
    }

    private let input: Linear
    private let times: TimeEmbedding
    private let blocks: [ModulatedBlock]
    private let modulation: Linear
    private let norm: LayerNorm
    private let output: Linear
    private let recomputes: Bool

    /// A model.
    ///
    /// - Parameter recomputes: whether blocks are computed again in the backward pass rather than
    ///   remembered.
    public init(_ form: Form, recomputes: Bool = false) {
        input = Linear(3 * form.frames, form.width)
        times = TimeEmbedding(form.width)
        blocks = (0..<form.depth).map { _ in ModulatedBlock(form.width, heads: form.heads) }
        modulation = Linear(form.width, 2 * form.width, weight: .zeros, bias: .zeros)
        norm = LayerNorm(form.width, hasWeights: false)
        output = Linear(form.width, 3 * form.frames, weight: .zeros, bias: .zeros)
        self.recomputes = recomputes
    }

    /// What the model puts out for noisy paths.
    ///
    /// - Parameters:
    ///   - x: `[B, N, T · 3]`.
    ///   - time: what noise levels tell, `[B]`.
    public func callAsFunction(_ x: Tensor, time: Tensor) throws -> Tensor {
        let condition = try times(time)  // [B, W]
        var h = try input(x)  // [B, N, W]
        for block in blocks {
            if recomputes {
                h = try Tensors.checkpointed([h, condition], parameters: block.parameters()) {
                    [try block($0[0], $0[1])]
                }[0]
            } else {
                h = try block(h, condition)
            }
        }
        let parts = try modulation(condition.silu()).unsqueezed(1).chunks(2)  // [B, 1, W] each
        return try output(norm(h) * (parts[0] + 1) + parts[1])
    }
}

/// Attention and a feed-forward layer whose norms a condition shifts, scales and gates.
public final class ModulatedBlock: Module {
    private let modulation: Linear
    private let attentionNorm: LayerNorm
    private let attention: Attention
    private let feedForwardNorm: LayerNorm
    private let feedForward: FeedForward

    /// A block of `width` numbers a token.
    public init(_ width: Int, heads: Int) {
        modulation = Linear(width, 6 * width, weight: .zeros, bias: .zeros)
        attentionNorm = LayerNorm(width, hasWeights: false)
        attention = Attention(width, heads: heads, norm: .rms)
        feedForwardNorm = LayerNorm(width, hasWeights: false)
        feedForward = FeedForward(width, activation: .geluTanh)
    }

    /// `[B, N, width]` under a condition `[B, width]`.
    public func callAsFunction(_ x: Tensor, _ condition: Tensor) throws -> Tensor {
        // Scale, shift and gate of both layers, [B, 1, width] each.
        let m = try modulation(condition.silu()).unsqueezed(1).chunks(6)
        let seen = try attention(attentionNorm(x) * (m[0] + 1) + m[1])
        let h = try x + m[2] * seen
        let thought = try feedForward(feedForwardNorm(h) * (m[3] + 1) + m[4])
        return try h + m[5] * thought
    }
}
