import Documents

/// The stage `flow` of the system `shapegen4d`: latents of sequences out of noise, given a video.
/// It learns from stored latents (`muybridge encode`) and stored videos.
public struct ShapeFlowStage: TrainingStage {
    /// The transformer.
    public var form = ShapeFlowTransformer.Form()
    /// Whether blocks are computed again in the backward pass.
    public var recomputes = false
    /// What makes tokens of pictures.
    public var encoder = ImageEncoderChoice.learnt(PatchEncoder.Form())
    /// Pixels a side of the pictures that it reads.
    public var pictureSize = 96
    /// Stored videos, one of which is drawn for each sample in each epoch.
    public var videos = ["view-a"]
    /// T, frames of a sequence.
    public var frames = 16
    /// Stored frames from one that is used to the next.
    public var stride = 1
    /// The field of latents.
    public var field = "latents.npy"
    /// Whether latents are brought to mean 0 and deviation 1 in each channel, as measured on the
    /// samples.
    public var normalisesLatents = true
    /// Whether all frames of a sequence get the same noise, in training and sampling.
    public var sharesNoise = true
    /// How often a sequence is learnt without its pictures.
    public var dropout = 0.1
    /// The noise.
    public var noise: DiffusionSettings
    /// How sequences are drawn.
    public var sampler: SamplerSettings
    /// w of ∅ + w (c − ∅) in sampling.
    public var guidance = 7.5

    /// What makes tokens of pictures.
    public enum ImageEncoderChoice: Sendable, Equatable {
        /// A small encoder that learns along.
        case learnt(PatchEncoder.Form)
        /// A TorchScript file: `[B, 3, size, size]` to `[B, I, width]`.
        case scripted(path: String)
    }

    private enum Scope: String, CaseIterable { case all, shapes, times, none }

    /// Reads the stage's own keys.
    public init(_ reader: inout DocumentReader) throws(DocumentError) {
        // A flow whose model puts out ε − x₀, weighed as errors of the sample: Step1X-3D's.
        let noise = try DiffusionSettings(reader.mapping("noise"), standard: .flow)
        self.noise = noise
        guard case .flow = noise.process else {
            throw reader.error(
                at: "noise", "\(reader.path).noise: this stage is a flow; take process: flow")
        }
        sampler = try SamplerSettings(reader.mapping("sampler"), for: noise)
        if var model = try reader.mapping("model") { try readModel(&model) }
        if var images = try reader.mapping("images") { try readImages(&images) }
        if let names = try reader.strings("videos") { videos = names }
        guard !videos.isEmpty else {
            throw reader.error(at: "videos", "\(reader.path).videos names none")
        }
        frames = try reader.integer("frames", in: 1...4096) ?? frames
        stride = try reader.integer("stride", in: 1...4096) ?? stride
        if var latents = try reader.mapping("latents") {
            field = try latents.string("field") ?? field
            normalisesLatents = try latents.boolean("normalise") ?? true
            try latents.finish()
        }
        sharesNoise = try reader.boolean("share-noise") ?? true
        dropout = try reader.number("drop", in: 0...1) ?? dropout
        guidance = try reader.number("guidance", in: 0...1000) ?? guidance
    }

    private mutating func readModel(_ model: inout DocumentReader) throws(DocumentError) {
        form.channels = try model.integer("channels", in: 1...65_536) ?? form.channels
        form.width = try model.integer("width", in: 2...65_536) ?? form.width
        form.heads = try model.integer("heads", in: 1...1024) ?? form.heads
        form.dualDepth = try model.integer("dual", in: 0...1024) ?? form.dualDepth
        form.singleDepth = try model.integer("single", in: 0...1024) ?? form.singleDepth
        let scope = try model.choice("across-frames", Scope.self) ?? .all
        form.scope = SpatiotemporalScope(rawValue: scope.rawValue)
        recomputes = try model.boolean("recompute") ?? false
        guard form.width % (2 * form.heads) == 0 else {
            throw model.error(
                at: "width",
                "\(model.path).width is \(form.width); it must divide by twice the \(form.heads) "
                    + "heads")
        }
        try model.finish()
    }

    private mutating func readImages(_ images: inout DocumentReader) throws(DocumentError) {
        if let path = try images.filePath("encoder") {
            encoder = .scripted(path: path)
            pictureSize = try images.integer("size", in: 1...8192) ?? 518
            form.imageWidth = try images.integer("width", in: 1...65_536) ?? 1024
        } else {
            var patches = PatchEncoder.Form()
            patches.size = try images.integer("size", in: 1...8192) ?? patches.size
            patches.patch = try images.integer("patch", in: 1...8192) ?? patches.patch
            patches.width = try images.integer("width", in: 1...65_536) ?? patches.width
            patches.heads = try images.integer("heads", in: 1...1024) ?? patches.heads
            patches.depth = try images.integer("depth", in: 0...1024) ?? patches.depth
            guard patches.size % patches.patch == 0, patches.width % patches.heads == 0 else {
                throw images.error(
                    "\(images.path): the patch must divide the size, and the heads the width")
            }
            encoder = .learnt(patches)
            pictureSize = patches.size
            form.imageWidth = patches.width
        }
        try images.finish()
    }

    /// The system.
    public func makeSystem() throws -> ShapeFlowSystem { try ShapeFlowSystem(self) }
}
