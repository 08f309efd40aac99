import CTorch

// Shapes. Results show this tensor's memory where that is possible.

extension Tensor {
    /// The elements in row-major order with another shape; one length may be −1, to be inferred.
    public final func reshaped(_ shape: [Int]) throws -> Tensor {
        try made("reshaped") { torch_reshape($0, shape, shape.count) }
    }

    /// The elements in row-major order with another shape; one length may be −1, to be inferred.
    public final func reshaped(_ shape: Int...) throws -> Tensor { try reshaped(shape) }

    /// The axes in another order.
    public final func permuted(_ axes: [Int]) throws -> Tensor {
        try made("permuted") { torch_permute($0, axes, axes.count) }
    }

    /// The axes in another order.
    public final func permuted(_ axes: Int...) throws -> Tensor { try permuted(axes) }

    /// Two axes exchanged.
    public final func transposed(_ a: Int = -2, _ b: Int = -1) throws -> Tensor {
        try made("transposed") { torch_transpose($0, a, b) }
    }

    /// Without an axis of length 1; unchanged where it is longer.
    public final func squeezed(_ axis: Int) throws -> Tensor {
        try made("squeezed") { torch_squeeze($0, axis) }
    }

    /// With a further axis of length 1 at a place.
    public final func unsqueezed(_ axis: Int) throws -> Tensor {
        try made("unsqueezed") { torch_unsqueeze($0, axis) }
    }

    /// Axes `first` to `last` joined into one.
    public final func flattened(from first: Int = 0, through last: Int = -1) throws -> Tensor {
        try made("flattened") { torch_flatten($0, first, last) }
    }

    /// One axis divided into several; one length may be −1.
    public final func unflattened(_ axis: Int, _ sizes: [Int]) throws -> Tensor {
        let shape = shape
        let place = axis < 0 ? axis + shape.count : axis
        guard shape.indices.contains(place) else {
            throw TensorError(
                operation: "unflattened", message: "there is no axis \(axis)", operands: [self])
        }
        return try reshaped(Array(shape[..<place]) + sizes + Array(shape[(place + 1)...]))
    }

    /// Axes of length 1 repeated to a shape, without a copy; −1 keeps a length.
    public final func expanded(_ shape: [Int]) throws -> Tensor {
        try made("expanded") { torch_expand($0, shape, shape.count) }
    }

    /// The whole repeated along each axis.
    public final func repeated(_ counts: [Int]) throws -> Tensor {
        try made("repeated") { torch_repeat($0, counts, counts.count) }
    }

    /// Each element repeated along an axis: a, a, b, b.
    public final func repeatedInterleaved(_ count: Int, axis: Int) throws -> Tensor {
        try made("repeatedInterleaved") { torch_repeat_interleave($0, count, axis) }
    }

    /// Some axes in reverse.
    public final func flipped(_ axes: [Int]) throws -> Tensor {
        try made("flipped") { torch_flip($0, axes, axes.count) }
    }

    /// Elements moved along axes, from the end to the start again.
    public final func rolled(_ shifts: [Int], axes: [Int]) throws -> Tensor {
        precondition(shifts.count == axes.count, "one shift per axis")
        return try made("rolled") { torch_roll($0, shifts, axes, shifts.count) }
    }

    /// This tensor, or a copy that lies densely in row-major order.
    public final func contiguous() throws -> Tensor { try made("contiguous", torch_contiguous) }

    /// A copy of the elements, through which gradients flow.
    public final func clone() throws -> Tensor { try made("clone", torch_clone) }

    /// Windows of an axis, as a further last axis.
    public final func unfolded(_ axis: Int, size: Int, step: Int) throws -> Tensor {
        try made("unfolded") { torch_unfold($0, axis, size, step) }
    }

    /// The elements on and below a diagonal of the last two axes; zeros elsewhere.
    public final func lowerTriangle(_ diagonal: Int = 0) throws -> Tensor {
        try made("lowerTriangle") { torch_tril($0, diagonal) }
    }

    /// The elements on and above a diagonal of the last two axes; zeros elsewhere.
    public final func upperTriangle(_ diagonal: Int = 0) throws -> Tensor {
        try made("upperTriangle") { torch_triu($0, diagonal) }
    }

    /// The diagonal of two axes, as the last axis.
    public final func diagonal(offset: Int = 0, _ a: Int = -2, _ b: Int = -1) throws -> Tensor {
        try made("diagonal") { torch_diagonal($0, offset, a, b) }
    }

    /// Tensors one after another along an axis that they have.
    public static func concatenate(_ tensors: [Tensor], axis: Int = 0) throws -> Tensor {
        try made("concatenate", tensors) {
            withHandles(tensors) { torch_cat($0, $0.count, axis) }
        }
    }

    /// Tensors of one shape side by side along a new axis.
    public static func stack(_ tensors: [Tensor], axis: Int = 0) throws -> Tensor {
        try made("stack", tensors) {
            withHandles(tensors) { torch_stack($0, $0.count, axis) }
        }
    }

    /// Equal parts along an axis.
    ///
    /// - Throws: `TensorError` also where the axis does not divide by `count`.
    public final func chunks(_ count: Int, axis: Int = -1) throws -> [Tensor] {
        try Tensor.made("chunks", count: count, [self]) {
            torch_chunk(handle, count, axis, $0)
        }.map { $0! }
    }

    /// Parts of the sizes given, along an axis.
    public final func split(_ sizes: [Int], axis: Int = -1) throws -> [Tensor] {
        try Tensor.made("split", count: sizes.count, [self]) {
            torch_split(handle, sizes, sizes.count, axis, $0)
        }.map { $0! }
    }

    /// What padding puts beyond the edges.
    public enum Padding: Int32, Sendable {
        /// A number; the elements mirrored without the edge; the edge; the other end.
        case constant, reflect, replicate, circular
    }

    /// With further elements before and after along the last axes.
    ///
    /// - Parameter widths: (before, after) for each of the last axes, the last axis first.
    public final func padded(
        _ widths: [(Int, Int)], _ padding: Padding = .constant, value: Double = 0
    ) throws -> Tensor {
        let flat = widths.flatMap { [$0.0, $0.1] }
        return try made("padded") {
            torch_pad($0, flat, flat.count, padding.rawValue, value)
        }
    }
}
