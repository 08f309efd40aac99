import Geometry
import Imaging

/// A picture that is filled triangle by triangle, and then spread beyond the triangles' borders.
struct AtlasCanvas {
    let resolution: Int
    private var colors: [Paint]
    private var isFilled: [Bool]

    init(resolution: Int) {
        self.resolution = resolution
        colors = Array(repeating: .zero, count: resolution * resolution)
        isFilled = Array(repeating: false, count: resolution * resolution)
    }

    /// Asks for the colour of every texel whose centre lies in a triangle, borders included, by
    /// the barycentric coordinates of the centre.
    mutating func fill(_ p: [Vector2], _ color: (Vector3) -> Paint) {
        func area(_ a: Vector2, _ b: Vector2, _ c: Vector2) -> Float {
            (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
        }
        let whole = area(p[0], p[1], p[2])
        guard abs(whole) > 1e-9 else { return }
        let low = pointwiseMin(pointwiseMin(p[0], p[1]), p[2]).rounded(.down)
        let high = pointwiseMax(pointwiseMax(p[0], p[1]), p[2]).rounded(.up)
        for y in max(Int(low.y), 0)..<min(Int(high.y), resolution) {
            for x in max(Int(low.x), 0)..<min(Int(high.x), resolution) {
                let center = Vector2(Float(x) + 0.5, Float(y) + 0.5)
                let weights =
                    Vector3(
                        area(p[1], p[2], center), area(p[2], p[0], center),
                        area(p[0], p[1], center)) / whole
                guard weights.min() >= -1e-4, !isFilled[y * resolution + x] else { continue }
                colors[y * resolution + x] = color(weights)
                isFilled[y * resolution + x] = true
            }
        }
    }

    /// The picture, its empty texels filled from their neighbours for a few rings, and with the
    /// mean colour beyond.
    func spread(rings: Int = 6) -> Image {
        var canvas = self
        var mean = Paint.zero
        var count: Float = 0
        for i in colors.indices where isFilled[i] {
            mean += colors[i]
            count += 1
        }
        for _ in 0..<rings { canvas.grow() }
        let rest = count > 0 ? mean / count : .zero
        return Image.painted(width: resolution, height: resolution) { uv -> Paint in
            let i =
                Int(uv.y * Float(resolution)) * resolution + Int(uv.x * Float(resolution))
            return canvas.isFilled[i] ? canvas.colors[i] : rest
        }
    }

    /// Fills the empty texels beside filled ones with their mean.
    private mutating func grow() {
        let before = self
        for y in 0..<resolution {
            for x in 0..<resolution where !before.isFilled[y * resolution + x] {
                var sum = Paint.zero
                var count: Float = 0
                for (dx, dy) in [(1, 0), (-1, 0), (0, 1), (0, -1)] {
                    let i = (y + dy) * resolution + x + dx
                    guard (0..<resolution).contains(x + dx), (0..<resolution).contains(y + dy),
                        before.isFilled[i]
                    else { continue }
                    sum += before.colors[i]
                    count += 1
                }
                if count > 0 {
                    colors[y * resolution + x] = sum / count
                    isFilled[y * resolution + x] = true
                }
            }
        }
    }
}
