import Imaging

/// A picture of whole numbers, one a pixel: triangle or part indices.
public struct IndexImage: Sendable, Equatable {
    /// Pixels in a row; at least 1.
    public let width: Int
    /// Rows; at least 1.
    public let height: Int
    /// `[height, width]`, row-major; -1 where nothing is seen.
    public var values: [Int32]

    /// A picture in which nothing is seen.
    public init(width: Int, height: Int) {
        precondition(width > 0 && height > 0, "an image has at least one value")
        self.width = width
        self.height = height
        self.values = [Int32](repeating: -1, count: width * height)
    }

    /// The value at column `x` and row `y`.
    @inlinable
    public subscript(x: Int, y: Int) -> Int32 {
        get { values[y * width + x] }
        set { values[y * width + x] = newValue }
    }
}

/// What one view shows. Outputs that the settings do not ask for are nil.
///
/// All but the colour are of the nearest surface at the pixel's centre; where a material has alpha,
/// the surface is there where its alpha is at least the cutoff (mask) or 0.5 (blend).
public struct RenderedFrame: Sendable, Equatable {
    /// sRGB colour with straight alpha, averaged over the pixel's samples in linear light.
    public var color: Image?
    /// `[height, width, 1]`: metres along the camera's -z; +infinity where nothing is seen.
    public var depth: FloatImage?
    /// `[height, width, 3]`: the unit normal in camera space (x right, y up, z towards the viewer),
    /// interpolated between vertices, without normal maps, and turned to the viewer on back faces;
    /// zero where nothing is seen.
    public var normal: FloatImage?
    /// `[height, width, 3]`: the place in the world; zero where nothing is seen.
    public var position: FloatImage?
    /// Index of the triangle in the mesh sequence.
    public var triangleID: IndexImage?
    /// Index of the part in the mesh sequence.
    public var partID: IndexImage?
    /// `[height, width, 2]`: how far what is seen has moved in the next view, in pixels to the
    /// right and down; zero where nothing is seen or there is no next view, not a number where
    /// what is seen lies behind the next view's camera.
    public var flow: FloatImage?
    /// `[height, width, 3]`: how far what is seen has moved in the world at the next view's frame;
    /// zero where nothing is seen or there is no next view.
    public var sceneFlow: FloatImage?
}
