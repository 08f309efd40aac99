/// A picture of 32-bit floats with any number of channels: depth, normals, positions, flow.
///
/// Rows run from the top, pixels from the left, channels innermost.
public struct FloatImage: Sendable, Equatable {
    /// Pixels in a row; at least 1.
    public let width: Int
    /// Rows; at least 1.
    public let height: Int
    /// Values a pixel; at least 1.
    public let channels: Int
    /// `[height, width, channels]`, row-major.
    public var values: [Float]

    /// A picture with every value equal to `fill`.
    public init(width: Int, height: Int, channels: Int, fill: Float = 0) {
        precondition(width > 0 && height > 0 && channels > 0, "an image has at least one value")
        self.width = width
        self.height = height
        self.channels = channels
        self.values = [Float](repeating: fill, count: width * height * channels)
    }

    /// The value of one channel at column `x` and row `y`.
    @inlinable
    public subscript(x: Int, y: Int, channel: Int) -> Float {
        get { values[(y * width + x) * channels + channel] }
        set { values[(y * width + x) * channels + channel] = newValue }
    }
}
