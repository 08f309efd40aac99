import Documents

/// The stage `autoencoder` of the system `shapegen4d`: shapes as latents and back, learnt from
/// stored queries, clouds and signed distances, frame by frame.
public struct ShapeAutoencoderStage: TrainingStage {
    /// The model.
    public var form = ShapeAutoencoder.Form()
    /// Whether blocks are computed again in the backward pass.
    public var recomputes = false
    /// What the encoder reads.
    public var reading = ShapeReading()
    /// Frames of a sample that are learnt from together, drawn anew in each epoch.
    public var frames = 1
    /// Points of a frame at which the field is compared.
    public var points = 10_000
    /// Distances are cut off at ± this, and divided by it; in the model's coordinates (±1).
    public var truncation = 0.01
    /// Whether stored distances are positive inside.
    public var isPositiveInside = false
    /// The divergence's part of the loss.
    public var divergenceWeight = 1e-3
    /// How shapes are turned by random angles.
    public var turn = Turn.none
    /// Shapes are shrunk by random factors from this to 1.
    public var leastScale = 1.0
    /// How many samples a picture shows.
    public var pictured = 4

    /// Rotations, which leave distances as they are.
    public enum Turn: String, Sendable, CaseIterable {
        /// None; about the vertical axis; all of them alike.
        case none, vertical, any
    }

    /// Reads the stage's own keys.
    public init(_ reader: inout DocumentReader) throws(DocumentError) {
        if var model = try reader.mapping("model") {
            form.width = try model.integer("width", in: 1...65_536) ?? form.width
            form.heads = try model.integer("heads", in: 1...1024) ?? form.heads
            form.encoderDepth = try model.integer("encoder-depth", in: 0...1024) ?? 8
            form.decoderDepth = try model.integer("decoder-depth", in: 0...1024) ?? 16
            form.channels = try model.integer("channels", in: 1...65_536) ?? form.channels
            form.frequencies = try model.integer("frequencies", in: 1...32) ?? form.frequencies
            form.separatesSharp = try model.boolean("sharp") ?? true
            recomputes = try model.boolean("recompute") ?? false
            guard form.width % form.heads == 0 else {
                throw model.error(
                    at: "width",
                    "\(model.path).width is \(form.width); it must divide by the \(form.heads) heads"
                )
            }
            try model.finish()
        }
        if var queries = try reader.mapping("queries") {
            reading.queryCount = try queries.integer("count", in: 1...1_000_000) ?? 1024
            reading.source = try queries.choice("source", QuerySource.self) ?? .aligned
            try queries.finish()
        }
        reading.cloudCount = try reader.integer("cloud", in: 2...10_000_000) ?? reading.cloudCount
        reading.scale = try reader.number("scale", in: 1e-6...1e6) ?? reading.scale
        frames = try reader.integer("frames", in: 1...4096) ?? frames
        if var section = try reader.mapping("supervision") {
            points = try section.integer("points", in: 1...10_000_000) ?? points
            truncation = try section.number("truncation", in: 1e-6...1e3) ?? truncation
            isPositiveInside = try section.boolean("positive-inside") ?? false
            try section.finish()
        }
        divergenceWeight = try reader.number("divergence-weight", in: 0...1e6) ?? divergenceWeight
        if var section = try reader.mapping("augment") {
            turn = try section.choice("turn", Turn.self) ?? .none
            leastScale = try section.number("least-scale", in: 0.01...1) ?? 1
            try section.finish()
        }
        pictured = try reader.integer("pictured", in: 1...64) ?? pictured
    }

    /// The system.
    public func makeSystem() throws -> ShapeAutoencoderSystem { try ShapeAutoencoderSystem(self) }
}
