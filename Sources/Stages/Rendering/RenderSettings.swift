/// How many samples a pixel is tested with.
public enum SampleCount: Int, Sendable, Equatable, CaseIterable {
    /// The pixel's centre alone.
    case one = 1
    /// Two by two samples on a rotated grid.
    case four = 4
    /// Four by four samples on a rotated grid.
    case sixteen = 16
}

/// Which pictures a rendered frame holds.
public struct RenderOutputs: OptionSet, Sendable, Hashable {
    /// One bit an output.
    public let rawValue: Int

    /// A set of outputs by its bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Colour with straight alpha.
    public static let color = RenderOutputs(rawValue: 1 << 0)
    /// Distance along the camera's -z in metres.
    public static let depth = RenderOutputs(rawValue: 1 << 1)
    /// Camera-space normal.
    public static let normal = RenderOutputs(rawValue: 1 << 2)
    /// World position.
    public static let position = RenderOutputs(rawValue: 1 << 3)
    /// Index of the triangle.
    public static let triangleID = RenderOutputs(rawValue: 1 << 4)
    /// Index of the mesh part.
    public static let partID = RenderOutputs(rawValue: 1 << 5)
    /// Motion in pixels to the next view.
    public static let flow = RenderOutputs(rawValue: 1 << 6)
    /// Motion in the world to the next view's frame.
    public static let sceneFlow = RenderOutputs(rawValue: 1 << 7)
    /// Every output.
    public static let all = RenderOutputs(rawValue: (1 << 8) - 1)
}

/// Whether triangles that show their back are left out.
public enum BackFaceCulling: String, Sendable, Equatable {
    /// Left out where the material is not double-sided, as glTF asks and as viewers do.
    case byMaterial
    /// All are drawn, as Blender's Cycles does.
    case never
}

/// What a renderer makes of a mesh sequence.
public struct RenderSettings: Sendable, Equatable {
    /// Pixels in a row, 1 to ``maximumSide``; every view's camera has this width.
    public var width: Int
    /// Rows, 1 to ``maximumSide``; every view's camera has this height.
    public var height: Int
    /// Samples a pixel of the colour picture. The other outputs are of the pixel's centre.
    public var samples: SampleCount
    /// What shines on the asset.
    public var lights: LightRig
    /// The pictures that are made.
    public var outputs: RenderOutputs
    /// What happens to back faces. Where they are drawn, their normals are turned to the viewer.
    public var culling: BackFaceCulling
    /// How many threads work at once; 0 for as many as there are processors. The pictures do not
    /// depend on it.
    public var threads: Int

    /// The largest width and height, given by the rasterizer's 32-bit edge functions.
    public static let maximumSide = 8192

    /// Settings of 4 samples a pixel under four suns, unless said otherwise.
    public init(
        width: Int = 256, height: Int = 256, samples: SampleCount = .four,
        lights: LightRig = .fourSuns(), outputs: RenderOutputs = .color,
        culling: BackFaceCulling = .byMaterial, threads: Int = 0
    ) {
        self.width = width
        self.height = height
        self.samples = samples
        self.lights = lights
        self.outputs = outputs
        self.culling = culling
        self.threads = threads
    }
}
