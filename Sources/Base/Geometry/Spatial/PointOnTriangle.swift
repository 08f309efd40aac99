/// The point of a triangle that is closest to another point.
public struct PointOnTriangle: Sendable, Equatable {
    /// Where it is, in double precision.
    public var position: SIMD3<Double>
    /// Its barycentric coordinates: not negative, summing to one.
    public var barycentrics: SIMD3<Double>

    /// The point of the triangle `a`, `b`, `c` closest to `p`, by the seven regions of the plane
    /// around it (Ericson, Real-Time Collision Detection, 5.1.5). A triangle without area is taken
    /// as its longest side.
    public init(
        closestTo p: SIMD3<Double>, _ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>
    ) {
        let corners = (a, b, c)
        let ab = b - a, ac = c - a
        let n = cross(ab, ac)
        let area = dot(n, n)
        if area > 0 {
            let ap = p - a
            let v = dot(cross(ap, ac), n) / area
            let w = dot(cross(ab, ap), n) / area
            if v >= 0, w >= 0, v + w <= 1 {
                self.init(SIMD3(1 - v - w, v, w), corners)
                return
            }
        }
        // Outside, or no area: the closest of the sides' closest points.
        func along(_ from: SIMD3<Double>, _ to: SIMD3<Double>) -> Double {
            let d = to - from
            let squared = dot(d, d)
            return squared > 0 ? max(0, min(1, dot(p - from, d) / squared)) : 0
        }
        let t = (along(a, b), along(b, c), along(c, a))
        let sides = (
            PointOnTriangle(SIMD3(1 - t.0, t.0, 0), corners),
            PointOnTriangle(SIMD3(0, 1 - t.1, t.1), corners),
            PointOnTriangle(SIMD3(t.2, 0, 1 - t.2), corners)
        )
        var best = sides.0
        if sides.1.squaredDistance(to: p) < best.squaredDistance(to: p) { best = sides.1 }
        if sides.2.squaredDistance(to: p) < best.squaredDistance(to: p) { best = sides.2 }
        self = best
    }

    private init(
        _ weights: SIMD3<Double>, _ corners: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>)
    ) {
        barycentrics = weights
        position = corners.0 * weights.x + corners.1 * weights.y + corners.2 * weights.z
    }

    /// The squared distance to `p`.
    public func squaredDistance(to p: SIMD3<Double>) -> Double {
        let d = position - p
        return dot(d, d)
    }
}
