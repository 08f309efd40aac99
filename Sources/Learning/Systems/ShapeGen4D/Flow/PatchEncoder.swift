import Tensors

/// Tokens of pictures, learnt along with what uses them: squares, their places, and attention among
/// them (Dosovitskiy et al. 2021). For trainings without a published encoder.
public final class PatchEncoder: Module {
    /// The encoder's form.
    public struct Form: Sendable, Equatable {
        /// Pixels a side of a picture.
        public var size = 96
        /// Pixels a side of a square; they divide a picture's.
        public var patch = 16
        /// Numbers of a token.
        public var width = 128
        /// Heads of attention; they divide the width.
        public var heads = 4
        /// Blocks.
        public var depth = 2

        /// The standard form.
        public init() {}

        /// Tokens of a picture: one for the whole, and one for each square.
        public var tokenCount: Int { 1 + (size / patch) * (size / patch) }
    }

    /// The form.
    public let form: Form
    private let patches: Convolution
    private let whole: Parameter
    private let places: Parameter
    private let blocks: [PerceiverBlock]
    private let norm: LayerNorm

    /// An encoder.
    ///
    /// - Precondition: `form.patch` divides `form.size`.
    public init(_ form: Form) {
        precondition(form.size % form.patch == 0, "squares fill a picture")
        self.form = form
        patches = Convolution(
            axes: 2, 3, form.width, kernel: AxisSizes(form.patch), stride: AxisSizes(form.patch),
            padding: 0)
        whole = Parameter([1, 1, form.width], .normal(deviation: 0.02))
        places = Parameter([1, form.tokenCount, form.width], .normal(deviation: 0.02))
        blocks = (0..<form.depth).map { _ in PerceiverBlock(form.width, heads: form.heads) }
        norm = LayerNorm(form.width)
    }

    /// Pictures `[B, 3, size, size]` to tokens `[B, 1 + (size / patch)², width]`, the whole's first.
    public func callAsFunction(_ pictures: Tensor) throws -> Tensor {
        let squares = try patches(pictures).flattened(from: 2).transposed(1, 2)
        var x =
            try Tensor.concatenate(
                [whole.expanded([squares.size(0), 1, form.width]), squares], axis: 1) + places
        for block in blocks { x = try block(x) }
        return try norm(x)
    }
}
