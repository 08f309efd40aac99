import Documents

/// The stage `denoiser` of the system `points`: animated point sets out of noise, learnt from the
/// stored query points of a dataset. It is small enough for a processor, and goes through all that
/// larger systems use.
public struct PointDenoiserStage: TrainingStage {
    /// The model.
    public var form = PointDenoiser.Form()
    /// Points of a sample, drawn anew in each epoch.
    public var points = 256
    /// What coordinates are multiplied by, so that they have a deviation of about 1.
    public var scale = 4.0
    /// Whether blocks are computed again in the backward pass.
    public var recomputes = false
    /// The noise.
    public var noise: DiffusionSettings
    /// How pictures' samples are drawn.
    public var sampler: SamplerSettings
    /// How many samples a picture shows.
    public var pictured = 4

    /// Reads the stage's own keys.
    public init(_ reader: inout DocumentReader) throws(DocumentError) {
        if var model = try reader.mapping("model") {
            form.frames = try model.integer("frames", in: 1...4096) ?? form.frames
            form.width = try model.integer("width", in: 2...65_536) ?? form.width
            form.depth = try model.integer("depth", in: 1...1024) ?? form.depth
            form.heads = try model.integer("heads", in: 1...1024) ?? form.heads
            recomputes = try model.boolean("recompute") ?? false
            guard form.width % (2 * form.heads) == 0 else {
                throw model.error(
                    at: "width",
                    "\(model.path).width is \(form.width); it must divide by twice the "
                        + "\(form.heads) heads")
            }
            try model.finish()
        }
        points = try reader.integer("points", in: 1...1_000_000) ?? points
        scale = try reader.number("scale", in: 1e-6...1e6) ?? scale
        pictured = try reader.integer("pictured", in: 1...64) ?? pictured
        let noise = try DiffusionSettings(reader.mapping("noise"))
        self.noise = noise
        sampler = try SamplerSettings(reader.mapping("sampler"), for: noise)
    }

    /// The system.
    public func makeSystem() -> PointDenoiserSystem { PointDenoiserSystem(self) }
}
