extension Image {
    /// A rectangle of the picture, which must lie within it.
    public func cropped(x: Int, y: Int, width newWidth: Int, height newHeight: Int) -> Image {
        precondition(
            x >= 0 && y >= 0 && x + newWidth <= width && y + newHeight <= height,
            "the rectangle lies within the picture")
        var result = Image(width: newWidth, height: newHeight)
        for row in 0..<newHeight {
            let from = ((y + row) * width + x) * 4
            let to = row * newWidth * 4
            result.pixels.replaceSubrange(
                to..<to + newWidth * 4, with: pixels[from..<from + newWidth * 4])
        }
        return result
    }

    /// Replaces a rectangle, alpha included, by another picture that must fit at column `x` and
    /// row `y`.
    public mutating func paste(_ other: Image, x: Int, y: Int) {
        precondition(
            x >= 0 && y >= 0 && x + other.width <= width && y + other.height <= height,
            "the other picture lies within this one")
        for row in 0..<other.height {
            let from = row * other.width * 4
            let to = ((y + row) * width + x) * 4
            pixels.replaceSubrange(
                to..<to + other.width * 4, with: other.pixels[from..<from + other.width * 4])
        }
    }
}
