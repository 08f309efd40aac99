import Foundation

/// Counter-clockwise outlines about the origin, for ``Shape/plate(_:hole:depth:)``.
enum Outline {
    /// A curve of `points` places whose distance from the origin follows from the angle.
    static func polar(points: Int, _ radius: (Float) -> Float) -> [Vector2] {
        (0..<points).map { i in
            let angle = turn * Float(i) / Float(points)
            return Vector2(cos(angle), sin(angle)) * radius(angle)
        }
    }

    static func circle(_ radius: Float, points: Int = 48) -> [Vector2] {
        polar(points: points) { _ in radius }
    }

    /// A wheel with trapezoid teeth, eight places a tooth.
    static func gear(radius: Float, teeth: Int, depth: Float) -> [Vector2] {
        polar(points: teeth * 8) { angle in
            let t = fraction(angle / turn * Float(teeth) + 0.5)
            return radius + depth * (smoothstep(0.2, 0.35, t) - smoothstep(0.65, 0.8, t))
        }
    }

    /// A star whose first ray points up.
    static func star(rays: Int, outer: Float, inner: Float, steps: Int = 4) -> [Vector2] {
        let corners = (0..<2 * rays).map { i -> Vector2 in
            let angle = turn * (0.25 + Float(i) / Float(2 * rays))
            return Vector2(cos(angle), sin(angle)) * (i % 2 == 0 ? outer : inner)
        }
        return corners.indices.flatMap { i in
            (0..<steps).map {
                mix(corners[i], corners[(i + 1) % corners.count], Float($0) / Float(steps))
            }
        }
    }
}
