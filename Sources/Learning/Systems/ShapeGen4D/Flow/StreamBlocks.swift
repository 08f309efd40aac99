import Tensors

/// Tokens of one kind in attention that several kinds share: what a token asks, shows and tells.
final class StreamProjections: Module {
    private let query: Linear
    private let key: Linear
    private let value: Linear
    private let queryNorm: RMSNorm
    private let keyNorm: RMSNorm
    private let heads: Int

    init(_ width: Int, heads: Int) {
        query = Linear(width, width)
        key = Linear(width, width)
        value = Linear(width, width)
        queryNorm = RMSNorm(width / heads)
        keyNorm = RMSNorm(width / heads)
        self.heads = heads
    }

    /// `[B, N, width]` to queries, keys and values `[B, heads, N, width / heads]`.
    func callAsFunction(_ x: Tensor) throws -> (query: Tensor, key: Tensor, value: Tensor) {
        func split(_ x: Tensor) throws -> Tensor {
            try x.unflattened(-1, [heads, -1]).transposed(1, 2)
        }
        return try (queryNorm(split(query(x))), keyNorm(split(key(x))), split(value(x)))
    }
}

/// `[B, heads, N, w]` to `[B, N, heads · w]`.
private func joined(_ x: Tensor) throws -> Tensor { try x.transposed(1, 2).flattened(from: 2) }

/// Two kinds of tokens, each with weights of its own, that see each other in one attention: the
/// dual-stream block of Flux (Black Forest Labs 2024; Esser et al. 2024, figure 2).
final class DualStreamBlock: Module {
    /// One kind's part.
    final class Stream: Module {
        let modulation: Linear
        let norm: LayerNorm
        let projections: StreamProjections
        let output: Linear
        let feedForward: FeedForward

        init(_ width: Int, heads: Int) {
            modulation = Linear(width, 6 * width, weight: .zeros, bias: .zeros)
            norm = LayerNorm(width, hasWeights: false, epsilon: 1e-6)
            projections = StreamProjections(width, heads: heads)
            output = Linear(width, width)
            feedForward = FeedForward(width, activation: .geluTanh)
        }

        /// x with what was seen and thought, under modulations: shift, scale and gate of both
        /// parts.
        func finished(_ x: Tensor, seen: Tensor, _ m: [Tensor]) throws -> Tensor {
            let h = try x + m[2] * output(seen)
            return try h + m[5] * feedForward(norm(h) * (m[4] + 1) + m[3])
        }
    }

    private let shape: Stream
    private let image: Stream

    init(_ width: Int, heads: Int) {
        shape = Stream(width, heads: heads)
        image = Stream(width, heads: heads)
    }

    /// `image` `[B, I, width]` and `shape` `[B, L, width]` under a condition `[B, width]`.
    func callAsFunction(
        image i: Tensor, shape s: Tensor, _ condition: Tensor
    ) throws -> (image: Tensor, shape: Tensor) {
        let told = try condition.silu()
        let imageParts = try image.modulation(told).unsqueezed(1).chunks(6)
        let shapeParts = try shape.modulation(told).unsqueezed(1).chunks(6)
        let a = try image.projections(image.norm(i) * (imageParts[1] + 1) + imageParts[0])
        let b = try shape.projections(shape.norm(s) * (shapeParts[1] + 1) + shapeParts[0])
        let seen = try joined(
            Tensor.attention(
                query: Tensor.concatenate([a.query, b.query], axis: 2),
                key: Tensor.concatenate([a.key, b.key], axis: 2),
                value: Tensor.concatenate([a.value, b.value], axis: 2)))
        let count = i.size(1)
        return try (
            image.finished(i, seen: seen.slice(1, to: count), imageParts),
            shape.finished(s, seen: seen.slice(1, from: count), shapeParts)
        )
    }
}

/// One kind of tokens; attention and feed-forward layer side by side: the single-stream block of
/// Flux.
final class SingleStreamBlock: Module {
    private let modulation: Linear
    private let norm: LayerNorm
    private let projections: StreamProjections
    private let hidden: Linear
    private let output: Linear
    private let isInserted: Bool

    /// A block.
    ///
    /// - Parameter isInserted: whether it starts as nothing beside blocks that know something: then
    ///   its last map is zero and its gate 1, else the map is random and the gate 0. Were both
    ///   zero, neither would ever learn.
    init(_ width: Int, heads: Int, isInserted: Bool = false) {
        modulation = Linear(width, 3 * width, weight: .zeros, bias: .zeros)
        norm = LayerNorm(width, hasWeights: false, epsilon: 1e-6)
        projections = StreamProjections(width, heads: heads)
        hidden = Linear(width, 4 * width)
        output = Linear(
            5 * width, width, weight: isInserted ? .zeros : nil, bias: isInserted ? .zeros : nil)
        self.isInserted = isInserted
    }

    /// `[B, N, width]` under a condition `[B, width]`.
    ///
    /// - Parameter turn: what is done to queries and keys `[B, heads, N, width / heads]`.
    func callAsFunction(
        _ x: Tensor, _ condition: Tensor, turn: (Tensor) throws -> Tensor = { $0 }
    ) throws -> Tensor {
        let m = try modulation(condition.silu()).unsqueezed(1).chunks(3)
        let h = try norm(x) * (m[1] + 1) + m[0]
        let parts = try projections(h)
        let seen = try joined(
            Tensor.attention(
                query: turn(parts.query), key: turn(parts.key), value: parts.value))
        let thought = try hidden(h).gelu(approximate: true)
        let both = try output(Tensor.concatenate([seen, thought], axis: -1))
        return try x + (isInserted ? m[2] + 1 : m[2]) * both
    }
}
