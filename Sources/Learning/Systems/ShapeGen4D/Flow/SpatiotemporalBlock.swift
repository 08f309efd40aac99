import Tensors

/// What a spatiotemporal block's attention runs over.
public enum SpatiotemporalScope: String, Sendable, CaseIterable {
    /// All image and shape tokens of all frames: ShapeGen4D's.
    case all
    /// The shape tokens of all frames (Table 3, "w/o image hidden states").
    case shapes
    /// Each token and the same token of the other frames (Table 3, "1D temporal attention").
    case times
}

/// A single-stream block whose attention crosses frames, put after a block that knows frames one by
/// one (ShapeGen4D, section 3.2). It starts as nothing.
final class SpatiotemporalBlock: Module {
    private let block: SingleStreamBlock
    private let scope: SpatiotemporalScope

    init(_ width: Int, heads: Int, _ scope: SpatiotemporalScope) {
        block = SingleStreamBlock(width, heads: heads, isInserted: true)
        self.scope = scope
    }

    /// `image` `[B · T, I, width]` and `shape` `[B · T, L, width]` under a condition `[B, width]`.
    ///
    /// - Parameter rotary: for positions `[T, 1]`.
    func callAsFunction(
        image: Tensor, shape: Tensor, _ condition: Tensor, frames: Int, _ rotary: RotaryEmbedding
    ) throws -> (image: Tensor, shape: Tensor) {
        switch scope {
        case .all:
            let count = image.size(1)
            let both = try acrossFrames(
                Tensor.concatenate([image, shape], axis: 1), condition, frames, rotary)
            return try (both.slice(1, to: count), both.slice(1, from: count))
        case .shapes:
            return (image, try acrossFrames(shape, condition, frames, rotary))
        case .times:
            let count = image.size(1)
            let both = try alongTime(
                Tensor.concatenate([image, shape], axis: 1), condition, frames, rotary)
            return try (both.slice(1, to: count), both.slice(1, from: count))
        }
    }

    private func acrossFrames(
        _ x: Tensor, _ condition: Tensor, _ frames: Int, _ rotary: RotaryEmbedding
    ) throws -> Tensor {
        let tokens = x.size(1)
        let all = try block(x.reshaped([-1, frames * tokens, x.size(2)]), condition) { part in
            try rotary(part.unflattened(2, [frames, tokens])).flattened(from: 2, through: 3)
        }
        return try all.reshaped(x.shape)
    }

    private func alongTime(
        _ x: Tensor, _ condition: Tensor, _ frames: Int, _ rotary: RotaryEmbedding
    ) throws -> Tensor {
        let (tokens, width) = (x.size(1), x.size(2))
        let paths = try x.reshaped([-1, frames, tokens, width]).transposed(1, 2)
            .reshaped([-1, frames, width])  // [B · tokens, T, width]
        let told = try condition.repeatedInterleaved(tokens, axis: 0)
        let seen = try block(paths, told) { part in
            try rotary(part.unsqueezed(3)).squeezed(3)
        }
        return try seen.reshaped([-1, tokens, frames, width]).transposed(1, 2).reshaped(x.shape)
    }
}
