/// An 8-bit picture: sRGB-encoded colour with straight (not premultiplied) alpha.
///
/// Rows run from the top, pixels from the left, four bytes each: red, green, blue, alpha.
public struct Image: Sendable, Equatable {
    /// Pixels in a row; at least 1.
    public let width: Int
    /// Rows; at least 1.
    public let height: Int
    /// `[height, width, 4]`, row-major.
    public var pixels: [UInt8]

    /// A picture whose every byte is zero: transparent black.
    public init(width: Int, height: Int) {
        precondition(width > 0 && height > 0, "an image has at least one pixel")
        self.width = width
        self.height = height
        self.pixels = [UInt8](repeating: 0, count: width * height * 4)
    }

    /// A picture around existing bytes.
    ///
    /// - Parameter pixels: `[height, width, 4]`; its count must be `width * height * 4`.
    public init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0, "an image has at least one pixel")
        precondition(
            pixels.count == width * height * 4, "pixels must hold width * height * 4 bytes")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// The pixel at column `x` and row `y`, as red, green, blue, alpha.
    @inlinable
    public subscript(x: Int, y: Int) -> SIMD4<UInt8> {
        get {
            let i = (y * width + x) * 4
            return SIMD4(pixels[i], pixels[i + 1], pixels[i + 2], pixels[i + 3])
        }
        set {
            let i = (y * width + x) * 4
            pixels[i] = newValue.x
            pixels[i + 1] = newValue.y
            pixels[i + 2] = newValue.z
            pixels[i + 3] = newValue.w
        }
    }
}
