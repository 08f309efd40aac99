import Geometry

extension OBJDocument {
    /// `[F, 3]` positions in `corners` of the triangles that the polygons make, and `[F]` the
    /// polygon of each.
    ///
    /// Triangles stay; a polygon of more corners is cut by its diagonals so that none of its
    /// triangles turns over (ears are clipped, seen along the polygon's mean normal), which a fan
    /// would do to a concave one. Polygons of more than ``largestClippedPolygon`` corners become
    /// fans.
    ///
    /// - Complexity: O(*n*) in the number of corners; clipping is quadratic in a polygon's.
    func triangles() -> (corners: [Int32], polygons: [Int32]) {
        var corners: [Int32] = []
        var polygons: [Int32] = []
        corners.reserveCapacity(3 * (self.corners.count - 2 * polygonCount))
        for p in 0..<polygonCount {
            let range = self.corners(ofPolygon: p)
            let first = Int32(range.lowerBound)
            let before = corners.count
            if range.count == 3 {
                corners += [first, first + 1, first + 2]
            } else if range.count > Self.largestClippedPolygon {
                for k in 1..<Int32(range.count - 1) {
                    corners += [first, first + k, first + k + 1]
                }
            } else {
                clipEars(of: range, into: &corners)
            }
            polygons.append(
                contentsOf: repeatElement(Int32(p), count: (corners.count - before) / 3))
        }
        return (corners, polygons)
    }

    /// The most corners of a polygon that is cut with care.
    static let largestClippedPolygon = 256

    /// Cuts triangles off a polygon until three corners are left (Meisters 1975). Where a
    /// degenerate or self-crossing polygon has no ear, the next corner is cut all the same, so
    /// that every polygon of n corners gives n - 2 triangles.
    private func clipEars(of range: Range<Int>, into triangles: inout [Int32]) {
        let points = range.map { corner -> SIMD3<Double> in
            SIMD3(positions[Int(corners[corner].position)])
        }
        // Newell's normal: the sum of the cross products around the polygon.
        var normal = SIMD3<Double>.zero
        for i in points.indices {
            normal += cross(points[i], points[(i + 1) % points.count])
        }
        var left = Array(points.indices)
        while left.count > 3 {
            // Beginning at corner 1 makes fans of convex polygons.
            let n = left.count
            let ear =
                (1...n).first { isEar($0 % n, of: left, points: points, normal: normal) } ?? 1
            for k in [ear + n - 1, ear, ear + 1] {
                triangles.append(Int32(range.lowerBound + left[k % n]))
            }
            left.remove(at: ear % n)
        }
        for k in left { triangles.append(Int32(range.lowerBound + k)) }
    }

    /// Whether the corner at `i` of the corners left sticks out with no other corner inside.
    private func isEar(
        _ i: Int, of left: [Int], points: [SIMD3<Double>], normal: SIMD3<Double>
    ) -> Bool {
        let n = left.count
        let (ia, ib, ic) = (left[(i + n - 1) % n], left[i], left[(i + 1) % n])
        let (a, b, c) = (points[ia], points[ib], points[ic])
        guard dot(cross(b - a, c - b), normal) > 0 else { return false }
        for k in left where k != ia && k != ib && k != ic {
            let p = points[k]
            // Corners at the same place as one of the ear's do not block it: polygons with holes
            // are joined by a bridge that runs to and fro.
            if p == a || p == b || p == c { continue }
            if dot(cross(b - a, p - a), normal) >= 0, dot(cross(c - b, p - b), normal) >= 0,
                dot(cross(a - c, p - c), normal) >= 0
            {
                return false
            }
        }
        return true
    }
}
