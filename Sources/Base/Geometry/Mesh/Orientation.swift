extension TriangleMesh {
    /// The mesh with neighbouring triangles facing the same way: within each part that hangs
    /// together by edges of exactly two triangles (vertices at equal positions being one), the
    /// triangles that disagree with the larger area are turned. Parts that are closed and inside out
    /// are turned as a whole; open ones are left as their authors made them. A part that has but one
    /// side, as Möbius's band, stays inconsistent somewhere.
    ///
    /// Positions and the order of triangles stay; corners of turned ones are swapped.
    ///
    /// - Complexity: O(*V* + *F*).
    public func consistentlyOriented() -> TriangleMesh {
        let links = OrientationLinks(self)
        var result = self
        // 0: not reached, 1: as it is, -1: turned.
        var turns = [Int8](repeating: 0, count: triangleCount)
        var pending: [Int] = []
        for start in 0..<triangleCount where turns[start] == 0 {
            turns[start] = 1
            pending.append(start)
            var part: [Int] = []
            var isClosed = true
            while let f = pending.popLast() {
                part.append(f)
                for side in 3 * f..<3 * f + 3 {
                    let link = links.neighbors[side]
                    guard link != OrientationLinks.none else {
                        isClosed = false
                        continue
                    }
                    let (g, agrees) = (Int(link >> 1), link & 1 == 0)
                    guard turns[g] == 0 else { continue }
                    turns[g] = agrees ? turns[f] : -turns[f]
                    pending.append(g)
                }
            }
            result.turn(part, turns, isClosed: isClosed)
        }
        return result
    }

    /// Turns triangles of one part, or all but those.
    private mutating func turn(_ part: [Int], _ turns: [Int8], isClosed: Bool) {
        var (volume, balance) = (0.0, 0.0)
        let origin = SIMD3<Double>(points(part[0]).0)
        for f in part {
            let sign = Double(turns[f])
            let (a, b, c) = points(f)
            let p = SIMD3<Double>(a) - origin
            let v = dot(p, cross(SIMD3<Double>(b) - origin, SIMD3<Double>(c) - origin))
            if v.isFinite { volume += sign * v }
            balance += sign * length(areaVector(f))
        }
        // A volume that is mere rounding says nothing.
        let isSolid =
            isClosed && abs(volume) > 1e-9 * balance.magnitude.squareRoot() * balance.magnitude
        let keeps: Int8 = (isSolid ? volume : balance) >= 0 ? 1 : -1
        for f in part where turns[f] != keeps { triangles.swapAt(3 * f + 1, 3 * f + 2) }
    }
}

/// For every side of every triangle the one triangle beyond it, where there is exactly one.
private struct OrientationLinks {
    static let none = UInt32.max
    /// `[3 F]`: twice the triangle, plus one where it passes the edge in the same direction.
    var neighbors: [UInt32]

    init(_ mesh: TriangleMesh) {
        var neighbors = [UInt32](repeating: Self.none, count: mesh.triangles.count)
        EdgeTable(mesh, weldingEqualPositions: true).forEachEdge { sides in
            guard sides.count == 2 else { return }
            let a = sides[sides.startIndex], b = sides[sides.startIndex + 1]
            let clash: UInt32 = a.isForward == b.isForward ? 1 : 0
            neighbors[Int(a.halfEdge)] = b.halfEdge / 3 * 2 + clash
            neighbors[Int(b.halfEdge)] = a.halfEdge / 3 * 2 + clash
        }
        self.neighbors = neighbors
    }
}
