import Geometry

/// Where charts go in a square of texels.
enum AtlasPacking {
    /// Texels kept free around a chart, so that mipmaps do not mix it with its neighbours.
    private static let gap: Float = 3

    /// Packs boxes of the given sizes on shelves, at the largest scale at which they fit.
    ///
    /// - Returns: the texel at which each box begins, and texels for a unit of size.
    static func pack(
        _ sizes: [Vector2], resolution: Int
    ) -> (offsets: [Vector2], texelsPerUnit: Float) {
        let order = sizes.indices.sorted {
            sizes[$0].y != sizes[$1].y ? sizes[$0].y > sizes[$1].y : $0 < $1
        }
        let area = sizes.reduce(Float(0)) { $0 + $1.x * $1.y }
        var scale = Float(resolution) / area.squareRoot()
        while true {
            if let offsets = shelves(sizes, order, scale: scale, resolution: Float(resolution)) {
                return (offsets, scale)
            }
            scale *= 0.98
        }
    }

    /// The boxes' places at a scale, tallest first, or nil where they do not fit.
    private static func shelves(
        _ sizes: [Vector2], _ order: [Int], scale: Float, resolution: Float
    ) -> [Vector2]? {
        var offsets = [Vector2](repeating: .zero, count: sizes.count)
        var x: Float = 0
        var y: Float = 0
        var shelf: Float = 0
        for box in order {
            let size = sizes[box] * scale + 2 * gap
            guard size.x <= resolution else { return nil }
            if x + size.x > resolution {
                x = 0
                y += shelf
                shelf = 0
            }
            guard y + size.y <= resolution else { return nil }
            offsets[box] = Vector2(x, y) + gap
            x += size.x
            shelf = max(shelf, size.y)
        }
        return offsets
    }
}
