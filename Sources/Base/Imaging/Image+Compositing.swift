extension Image {
    /// The picture over an opaque background, blended in sRGB codes as browsers and image viewers
    /// blend; every alpha of the result is 255.
    public func composited(over background: SIMD3<UInt8>) -> Image {
        var result = self
        let ground = SIMD3<UInt32>(truncatingIfNeeded: background)
        result.pixels.withUnsafeMutableBufferPointer { p in
            for i in stride(from: 0, to: p.count, by: 4) {
                let alpha = UInt32(p[i + 3])
                for c in 0..<3 {
                    let sum = UInt32(p[i + c]) * alpha + ground[c] * (255 - alpha)
                    p[i + c] = UInt8((sum + 127) / 255)
                }
                p[i + 3] = 255
            }
        }
        return result
    }

    /// Draws another picture over this one, its upper left corner at column `x` and row `y`,
    /// blended in sRGB codes. What lies outside is cut off. This picture is taken as opaque.
    public mutating func draw(_ other: Image, x: Int, y: Int) {
        let columns = max(0, -x)..<max(max(0, -x), min(other.width, width - x))
        let rows = max(0, -y)..<max(max(0, -y), min(other.height, height - y))
        for row in rows {
            for column in columns {
                let source = SIMD4<UInt32>(truncatingIfNeeded: other[column, row])
                let ground = SIMD4<UInt32>(truncatingIfNeeded: self[x + column, y + row])
                let sum = source &* source.w &+ ground &* (255 - source.w) &+ 127
                var blended = SIMD4<UInt8>(truncatingIfNeeded: sum / 255)
                blended.w = 255
                self[x + column, y + row] = blended
            }
        }
    }

    /// Fills a rectangle with one opaque colour; what lies outside is cut off.
    public mutating func fill(
        _ color: SIMD3<UInt8>, columns: Range<Int>, rows: Range<Int>
    ) {
        for row in rows.clamped(to: 0..<height) {
            for column in columns.clamped(to: 0..<width) {
                self[column, row] = SIMD4(color, 255)
            }
        }
    }
}
