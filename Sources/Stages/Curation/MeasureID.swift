/// The name of something that can be measured on an asset: `ssim.front`, `column.license`, ...
///
/// ``definitions`` lists them all; columns of the manifest join them under `column.`.
public struct MeasureID: Hashable, Sendable, CustomStringConvertible {
    /// The name as rules write it.
    public let name: String

    /// A measure by its name; nil where there is none of that name. Any name with the prefix
    /// `column.` and at least one more letter is a measure.
    public init?(_ name: String) {
        let isColumn = name.hasPrefix(MeasureID.columnPrefix) && name != MeasureID.columnPrefix
        guard isColumn || MeasureID.definitionsByName[name] != nil else { return nil }
        self.name = name
    }

    private init(known name: String) { self.name = name }

    /// The measure that reads a column of the manifest.
    ///
    /// - Parameter column: the column's name; not empty.
    public static func column(_ column: String) -> MeasureID {
        precondition(!column.isEmpty, "a column has a name")
        return MeasureID(known: columnPrefix + column)
    }

    /// The column that the measure reads, or nil where it reads none.
    public var column: String? {
        name.hasPrefix(MeasureID.columnPrefix)
            ? String(name.dropFirst(MeasureID.columnPrefix.count)) : nil
    }

    /// What the measure costs.
    public var cost: MeasureCost { MeasureID.definitionsByName[name]?.cost ?? .manifest }

    /// The name as rules write it.
    public var description: String { name }

    private static let columnPrefix = "column."
    private static let definitionsByName = Dictionary(
        uniqueKeysWithValues: definitions.map { ($0.id.name, $0) })
}

/// What must be at hand before a measure can be taken; cheap ones first.
public enum MeasureCost: Int, Sendable, Comparable, CaseIterable {
    /// The manifest's row.
    case manifest
    /// The loaded asset, not yet sampled.
    case metadata
    /// The sampled mesh sequence.
    case geometry
    /// A few rendered frames.
    case fewFrames
    /// Whole rendered videos.
    case fullVideo

    /// Whether the left cost is the smaller one.
    public static func < (a: MeasureCost, b: MeasureCost) -> Bool { a.rawValue < b.rawValue }
}

/// What a measure is.
public struct MeasureDefinition: Sendable {
    /// Its name.
    public let id: MeasureID
    /// What it needs.
    public let cost: MeasureCost
    /// What its numbers mean, in one or two sentences.
    public let summary: String
}

extension MeasureID {
    /// SSIM between the front view at τ0 and at τT/4, and between τ0 and τT/2.
    public static let ssimFront = MeasureID(known: "ssim.front")
    /// Motion magnitude of an orbit against the frozen orbit.
    public static let motionMagnitude = MeasureID(known: "motion.magnitude")
    /// Share of border pixels that the object touches.
    public static let alphaBorder = MeasureID(known: "alpha.border")
    /// Share of the picture that the object covers.
    public static let alphaCoverage = MeasureID(known: "alpha.coverage")
    /// Mean vertex displacement from frame 0.
    public static let displacementMean = MeasureID(known: "displacement.mean")
    /// Largest vertex displacement from frame 0.
    public static let displacementMaximum = MeasureID(known: "displacement.max")
    /// Length of the clip.
    public static let clipDuration = MeasureID(known: "clip.duration")
    /// Frames of the clip.
    public static let clipFrames = MeasureID(known: "clip.frames")
    /// Clips of the asset.
    public static let clipCount = MeasureID(known: "clip.count")
    /// Triangles of the asset.
    public static let triangles = MeasureID(known: "triangles")
    /// Vertices of the asset.
    public static let vertices = MeasureID(known: "vertices")
    /// Textures of the asset.
    public static let textures = MeasureID(known: "textures")
    /// Textures that could not be read.
    public static let texturesMissing = MeasureID(known: "textures.missing")
    /// Share of degenerate triangles.
    public static let geometryDegenerate = MeasureID(known: "geometry.degenerate")
    /// Share of vertices with finite positions.
    public static let geometryFinite = MeasureID(known: "geometry.finite")
    /// Growth of the box.
    public static let geometryGrowth = MeasureID(known: "geometry.growth")

    /// The shape's signature.
    public static let signatureShape = MeasureID(known: "signature.shape")
    /// The motion's signature.
    public static let signatureMotion = MeasureID(known: "signature.motion")
    /// The signature of four views.
    public static let signatureViews = MeasureID(known: "signature.views")

    /// What near-duplicates are told by.
    public static let signatures = [signatureShape, signatureMotion, signatureViews]

    /// All measures but the manifest's columns, cheap ones first.
    public static let definitions: [MeasureDefinition] = [
        MeasureDefinition(
            id: clipCount, cost: .metadata, summary: "Animations that the asset has."),
        MeasureDefinition(
            id: clipDuration, cost: .metadata,
            summary: "Seconds from the clip's first key to its last."),
        MeasureDefinition(
            id: clipFrames, cost: .metadata,
            summary: "Frames of the clip: as stored where the file is sampled, else as many as its "
                + "keys span at the timeline's frame rate."),
        MeasureDefinition(id: triangles, cost: .metadata, summary: "Triangles of a frame."),
        MeasureDefinition(id: vertices, cost: .metadata, summary: "Vertices of a frame."),
        MeasureDefinition(
            id: textures, cost: .metadata,
            summary: "Textures that the asset has and that were read."),
        MeasureDefinition(
            id: texturesMissing, cost: .metadata,
            summary: "Textures that materials ask for and that could not be read."),
        MeasureDefinition(
            id: displacementMean, cost: .geometry,
            summary: "Mean over vertices and frames of the distance from frame 0, the longest side "
                + "of frame 0's box being 1."),
        MeasureDefinition(
            id: displacementMaximum, cost: .geometry,
            summary:
                "Largest distance of any vertex from where it was in frame 0, the longest side "
                + "of frame 0's box being 1."),
        MeasureDefinition(
            id: geometryFinite, cost: .geometry,
            summary: "Per frame, the share of vertices whose positions are finite numbers."),
        MeasureDefinition(
            id: geometryDegenerate, cost: .geometry,
            summary: "Per frame, the share of triangles without area."),
        MeasureDefinition(
            id: geometryGrowth, cost: .geometry,
            summary: "Per frame, the longest side of the box relative to frame 0's."),
        MeasureDefinition(
            id: signatureShape, cost: .geometry,
            summary: "What the surface of frame 0 is like, in 64 numbers: histograms of distances "
                + "between points, of heights and of distances from the axis. Near-duplicates are "
                + "told by it."),
        MeasureDefinition(
            id: signatureMotion, cost: .geometry,
            summary: "How far points of the surface are from where they were in frame 0 at eight "
                + "times, and how far above that. Near-duplicates are told by it."),
        MeasureDefinition(
            id: signatureViews, cost: .fewFrames,
            summary: "Perceptual hashes of four views of frame 0, the upper and the lower 32 bits "
                + "of each. Near-duplicates are told by it."),
        MeasureDefinition(
            id: ssimFront, cost: .fewFrames,
            summary: "SSIM of the front view at frame 0 with frames T/4 and T/2, two numbers: luma "
                + "over white, Gaussian window of 11 pixels."),
        MeasureDefinition(
            id: motionMagnitude, cost: .fullVideo,
            summary: "Mean over frames, pixels and colour channels of the squared difference "
                + "between an orbit and the orbit frozen at frame 0, over white, in [0, 1]."),
        MeasureDefinition(
            id: alphaBorder, cost: .fullVideo,
            summary: "Per frame, the share of pixels on the border that are not fully "
                + "transparent."),
        MeasureDefinition(
            id: alphaCoverage, cost: .fullVideo,
            summary: "Per frame, the share of the picture that the object covers (mean alpha)."),
    ]
}
