import Tensors

/// Velocities of noisy latents of all frames, given the tokens of their pictures: Step1X-3D's
/// transformer, which knows one shape, with blocks between its own that see all frames (ShapeGen4D,
/// section 3.2).
///
/// Its parameters' names begin with `base` (what is published for single shapes; `rates: {base: 0}`
/// freezes it), `temporal` and, where pictures are encoded along, `images`.
public final class ShapeFlowTransformer: Module {
    /// The model's form; the standard one is Step1X-3D's with ShapeGen4D's blocks.
    public struct Form: Sendable, Equatable {
        /// Numbers of a latent, C.
        public var channels = 64
        /// Numbers of a token.
        public var width = 1280
        /// Heads of attention; they divide the width into even parts.
        public var heads = 20
        /// Blocks in which shape and image have weights of their own.
        public var dualDepth = 12
        /// Blocks after them that treat both alike.
        public var singleDepth = 24
        /// Numbers of an image token.
        public var imageWidth = 1024
        /// What attention across frames runs over; nil leaves those blocks out.
        public var scope: SpatiotemporalScope? = .all

        /// The standard form.
        public init() {}
    }

    /// The form.
    public let form: Form
    private let base: ShapeFlowBase
    private let temporal: [SpatiotemporalBlock]
    /// What makes tokens of pictures, where that is learnt along.
    public let images: PatchEncoder?
    /// Mean and deviation of each channel of the latents that were learnt from: `[C]`.
    private let latentMean: Buffer
    private let latentDeviation: Buffer
    private let recomputes: Bool

    /// A model.
    ///
    /// - Parameters:
    ///   - images: makes tokens of pictures and is learnt along; nil where tokens are given.
    ///   - recomputes: whether blocks are computed again in the backward pass.
    public init(
        _ form: Form, images: PatchEncoder? = nil, recomputes: Bool = false
    ) throws {
        precondition(form.width % (2 * form.heads) == 0, "heads divide the width into even parts")
        self.form = form
        base = ShapeFlowBase(form)
        let depth = form.scope == nil ? 0 : form.dualDepth + form.singleDepth
        temporal = (0..<depth).map { _ in
            SpatiotemporalBlock(form.width, heads: form.heads, form.scope ?? .all)
        }
        self.images = images
        self.recomputes = recomputes
        latentMean = Buffer(try Tensor.zeros([form.channels]))
        latentDeviation = Buffer(try Tensor.ones([form.channels]))
    }

    /// Tells what is subtracted from latents `[..., C]`, and what they are divided by: `[C]`.
    public func setLatentStatistics(mean: Tensor, deviation: Tensor) throws {
        try latentMean.copyInPlace(from: mean)
        try latentDeviation.copyInPlace(from: deviation)
    }

    /// Latents of an autoencoder as the flow knows them.
    public func normalised(_ latents: Tensor) throws -> Tensor {
        try (latents - latentMean) / latentDeviation
    }

    /// The inverse of `normalised`.
    public func denormalised(_ latents: Tensor) throws -> Tensor {
        try latents * latentDeviation + latentMean
    }

    /// What the model puts out for noisy latents.
    ///
    /// - Parameters:
    ///   - x: `[B, T, L, C]`.
    ///   - time: what noise levels tell, `[B]`: a sequence has one level.
    ///   - tokens: of the pictures, `[B, T, I, imageWidth]`.
    public func callAsFunction(_ x: Tensor, time: Tensor, tokens: Tensor) throws -> Tensor {
        let frames = x.size(1)
        let condition = try base.time(time).to(x.type)  // [B, W]
        let perFrame = try condition.repeatedInterleaved(frames, axis: 0)  // [B · T, W]
        let rotary = try RotaryEmbedding(
            positions: Tensor.arange(to: frames, on: x.device).unsqueezed(-1),
            width: form.width / form.heads)
        var shape = try base.input(x.flattened(from: 0, through: 1))  // [B · T, L, W]
        var image = try base.imageInput(tokens.flattened(from: 0, through: 1))  // [B · T, I, W]
        for (place, block) in base.dual.enumerated() {
            (image, shape) = try pair(block, image, shape, perFrame) {
                try block(image: $0, shape: $1, $2)
            }
            (image, shape) = try crossing(place, image, shape, condition, frames, rotary)
        }
        let count = image.size(1)
        var both = try Tensor.concatenate([image, shape], axis: 1)
        for (place, block) in base.single.enumerated() {
            both = try single(block, both, perFrame)
            guard !temporal.isEmpty else { continue }
            (image, shape) = try crossing(
                base.dual.count + place, both.slice(1, to: count), both.slice(1, from: count),
                condition, frames, rotary)
            both = try Tensor.concatenate([image, shape], axis: 1)
        }
        return try base.finished(both.slice(1, from: count), perFrame).reshaped(x.shape)
    }

    private func crossing(
        _ place: Int, _ image: Tensor, _ shape: Tensor, _ condition: Tensor, _ frames: Int,
        _ rotary: RotaryEmbedding
    ) throws -> (Tensor, Tensor) {
        guard !temporal.isEmpty else { return (image, shape) }
        let block = temporal[place]
        return try pair(block, image, shape, condition) {
            try block(image: $0, shape: $1, $2, frames: frames, rotary)
        }
    }

    private func pair(
        _ block: Module, _ image: Tensor, _ shape: Tensor, _ condition: Tensor,
        _ body: @escaping (Tensor, Tensor, Tensor) throws -> (image: Tensor, shape: Tensor)
    ) throws -> (Tensor, Tensor) {
        guard recomputes else { return try body(image, shape, condition) }
        let made = try Tensors.checkpointed(
            [image, shape, condition], parameters: block.parameters()
        ) {
            let made = try body($0[0], $0[1], $0[2])
            return [made.image, made.shape]
        }
        return (made[0], made[1])
    }

    private func single(
        _ block: SingleStreamBlock, _ x: Tensor, _ condition: Tensor
    ) throws -> Tensor {
        guard recomputes else { return try block(x, condition) }
        return try Tensors.checkpointed([x, condition], parameters: block.parameters()) {
            [try block($0[0], $0[1])]
        }[0]
    }
}

/// The part that knows single shapes.
final class ShapeFlowBase: Module {
    let time: TimeEmbedding
    let input: Linear
    let imageInput: Linear
    let dual: [DualStreamBlock]
    let single: [SingleStreamBlock]
    private let modulation: Linear
    private let norm: LayerNorm
    private let output: Linear

    init(_ form: ShapeFlowTransformer.Form) {
        time = TimeEmbedding(
            form.width, hidden: 4 * form.width, activation: .gelu, putsSinesFirst: true)
        input = Linear(form.channels, form.width)
        imageInput = Linear(form.imageWidth, form.width)
        dual = (0..<form.dualDepth).map { _ in DualStreamBlock(form.width, heads: form.heads) }
        single = (0..<form.singleDepth).map { _ in
            SingleStreamBlock(form.width, heads: form.heads)
        }
        modulation = Linear(form.width, 2 * form.width, weight: .zeros, bias: .zeros)
        norm = LayerNorm(form.width, hasWeights: false, epsilon: 1e-6)
        output = Linear(form.width, form.channels, weight: .zeros, bias: .zeros)
    }

    /// Shape tokens `[B · T, L, W]` to `[B · T, L, C]`.
    func finished(_ x: Tensor, _ condition: Tensor) throws -> Tensor {
        // Scale before shift here: diffusers' order, which the published weights have.
        let m = try modulation(condition.silu()).unsqueezed(1).chunks(2)
        return try output(norm(x) * (m[0] + 1) + m[1])
    }
}

extension ShapeFlowTransformer {
    /// How Step1X-3D's names (`transformer/diffusion_pytorch_model.safetensors` of its release)
    /// become this model's; the blocks across frames are in nobody's release.
    static let step1XNames: NameMap = {
        let lead = #"(?:dit_model\.)?"#
        let dual = lead + #"transformer_blocks\.(\d+)\."#
        let single = lead + #"single_transformer_blocks\.(\d+)\."#
        func rule(_ old: String, _ new: String) -> NameMap.Rule {
            .rename(lead + old + #"\.(weight|bias)"#, to: "base.\(new).$1")
        }
        func dualRule(_ old: String, _ new: String) -> NameMap.Rule {
            .rename(dual + old + #"\.(weight|bias)"#, to: "base.dual.$1.\(new).$2")
        }
        func singleRule(_ old: String, _ new: String) -> NameMap.Rule {
            .rename(single + old + #"\.(weight|bias)"#, to: "base.single.$1.\(new).$2")
        }
        return NameMap(
            ["q", "k", "v"].flatMap { letter in
                let name = ["q": "query", "k": "key", "v": "value"][letter]!
                return [
                    singleRule(#"attn\.to_\#(letter)"#, "projections.\(name)"),
                    dualRule(#"attn\.to_\#(letter)"#, "shape.projections.\(name)"),
                    dualRule(#"attn\.add_\#(letter)_proj"#, "image.projections.\(name)"),
                ]
            }
                + ["q", "k"].flatMap { letter in
                    let name = letter == "q" ? "queryNorm" : "keyNorm"
                    return [
                        singleRule(#"attn\.norm_\#(letter)"#, "projections.\(name)"),
                        dualRule(#"attn\.norm_\#(letter)"#, "shape.projections.\(name)"),
                        dualRule(#"attn\.norm_added_\#(letter)"#, "image.projections.\(name)"),
                    ]
                } + [
                    dualRule(#"norm1\.linear"#, "shape.modulation"),
                    dualRule(#"norm1_context\.linear"#, "image.modulation"),
                    dualRule(#"attn\.to_out\.0"#, "shape.output"),
                    dualRule(#"attn\.to_add_out"#, "image.output"),
                    dualRule(#"ff\.net\.0\.proj"#, "shape.feedForward.hidden"),
                    dualRule(#"ff\.net\.2"#, "shape.feedForward.output"),
                    dualRule(#"ff_context\.net\.0\.proj"#, "image.feedForward.hidden"),
                    dualRule(#"ff_context\.net\.2"#, "image.feedForward.output"),
                    singleRule(#"norm\.linear"#, "modulation"),
                    singleRule("proj_mlp", "hidden"), singleRule("proj_out", "output"),
                    rule(#"time_proj\.linear_1"#, "time.hidden"),
                    rule(#"time_proj\.linear_2"#, "time.output"),
                    rule("proj_in", "input"), rule("proj_cross_attention", "imageInput"),
                    rule(#"norm_out\.linear"#, "modulation"), rule("proj_out", "output"),
                ])
    }()
}
