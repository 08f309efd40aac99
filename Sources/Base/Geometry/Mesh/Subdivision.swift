extension TriangleMesh {
    /// The mesh with every triangle cut into four at the middles of its sides, as often as it takes
    /// until no side is longer than `length`, but not beyond `limit` triangles.
    ///
    /// The surface stays where it is; what was closed and manifold stays so, as both triangles at a
    /// side share its middle.
    ///
    /// - Complexity: O(triangles of the result).
    public func subdivided(untilSidesAreBelow length: Float, limit: Int = 1 << 22) -> TriangleMesh {
        var mesh = self
        while mesh.triangleCount * 4 <= limit, mesh.longestSide > length {
            mesh = mesh.subdivided()
        }
        return mesh
    }

    /// The length of the longest side of a triangle; zero for none.
    public var longestSide: Float {
        var longest: Float = 0
        for f in 0..<triangleCount {
            let (a, b, c) = points(f)
            let squared = max(dot(b - a, b - a), max(dot(c - b, c - b), dot(a - c, a - c)))
            if squared.isFinite { longest = max(longest, squared) }
        }
        return longest.squareRoot()
    }

    /// Every triangle cut into four; the original vertices come first.
    public func subdivided() -> TriangleMesh {
        var result = TriangleMesh()
        result.positions = positions
        var middles: [UInt64: UInt32] = [:]
        middles.reserveCapacity(triangles.count / 2)
        func middle(_ a: UInt32, _ b: UInt32) -> UInt32 {
            let key = UInt64(min(a, b)) << 32 | UInt64(max(a, b))
            if let known = middles[key] { return known }
            let index = UInt32(result.positions.count)
            result.positions.append((positions[Int(a)] + positions[Int(b)]) / 2)
            middles[key] = index
            return index
        }
        result.triangles.reserveCapacity(4 * triangles.count)
        for f in 0..<triangleCount {
            let (a, b, c) = (triangles[3 * f], triangles[3 * f + 1], triangles[3 * f + 2])
            let (ab, bc, ca) = (middle(a, b), middle(b, c), middle(c, a))
            result.triangles += [a, ab, ca, ab, b, bc, ca, bc, c, ab, bc, ca]
        }
        return result
    }
}
