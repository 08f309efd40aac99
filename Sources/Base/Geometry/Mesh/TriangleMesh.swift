/// Triangles at one moment: points and how they are joined, nothing else.
///
/// It may be open, non-manifold, self-intersecting, double-layered, and hold points that are no
/// finite numbers; what reads it says what it makes of that.
public struct TriangleMesh: Sendable, Equatable {
    /// `[V, 3]` positions.
    public var positions: Vector3Array
    /// `[F, 3]` vertex indices below V, counter-clockwise seen from outside.
    public var triangles: [UInt32]

    /// A mesh; every index must be below the number of positions.
    public init(positions: Vector3Array = Vector3Array(), triangles: [UInt32] = []) {
        precondition(triangles.count % 3 == 0, "triangles must be [F, 3]")
        precondition(
            triangles.allSatisfy { $0 < positions.count }, "a triangle names a missing vertex")
        self.positions = positions
        self.triangles = triangles
    }

    /// A mesh whose indices are known to be right.
    init(trusted positions: Vector3Array, triangles: [UInt32]) {
        self.positions = positions
        self.triangles = triangles
    }

    /// V, the number of vertices.
    @inlinable public var vertexCount: Int { positions.count }
    /// F, the number of triangles.
    @inlinable public var triangleCount: Int { triangles.count / 3 }

    /// The vertex indices of triangle `f`.
    @inlinable
    public func corners(_ f: Int) -> SIMD3<Int> {
        SIMD3(Int(triangles[3 * f]), Int(triangles[3 * f + 1]), Int(triangles[3 * f + 2]))
    }

    /// The corner points of triangle `f`.
    @inlinable
    public func points(_ f: Int) -> (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>) {
        let c = corners(f)
        return (positions[c.x], positions[c.y], positions[c.z])
    }

    /// Twice the area times the unit normal of triangle `f`, in double precision; zero where a
    /// corner is no finite point.
    @inlinable
    public func areaVector(_ f: Int) -> SIMD3<Double> {
        let (a, b, c) = points(f)
        let p = SIMD3<Double>(a)
        let n = cross(SIMD3<Double>(b) - p, SIMD3<Double>(c) - p)
        return n - n == .zero ? n : .zero
    }

    /// The unit normal of triangle `f`; zero where it has no area.
    @inlinable
    public func normal(_ f: Int) -> SIMD3<Float> { SIMD3<Float>(normalize(areaVector(f))) }

    /// The point of triangle `f` with barycentric coordinates `b` (summing to one).
    @inlinable
    public func point(_ f: Int, _ b: SIMD3<Float>) -> SIMD3<Float> {
        let (p, q, r) = points(f)
        return p * b.x + q * b.y + r * b.z
    }

    /// The box around the vertices that triangles use.
    public var bounds: Bounds {
        var box = Bounds()
        for index in triangles {
            let p = positions[Int(index)]
            if p - p == .zero { box.formUnion(p) }
        }
        return box
    }

    /// The sum of the triangles' areas. O(*F*).
    public var area: Double {
        (0..<triangleCount).reduce(0) { $0 + length(areaVector($1)) } / 2
    }

    /// The volume inside by the divergence theorem; meaningful for closed surfaces, negative where
    /// they are inside out. O(*F*).
    public var signedVolume: Double {
        let origin = SIMD3<Double>(bounds.center)
        var sum = 0.0
        for f in 0..<triangleCount {
            let (a, b, c) = points(f)
            let volume = dot(
                SIMD3<Double>(a) - origin,
                cross(SIMD3<Double>(b) - origin, SIMD3<Double>(c) - origin))
            if volume.isFinite { sum += volume }
        }
        return sum / 6
    }

    /// Unit normals at the vertices, weighted by the angles of the triangles around them (Thürmer
    /// and Wüthrich 1998); zero where nothing with an area touches a vertex.
    ///
    /// - Returns: `[V, 3]`.
    public var vertexNormals: Vector3Array {
        var sums = [SIMD3<Double>](repeating: .zero, count: vertexCount)
        for f in 0..<triangleCount {
            let n = normalize(areaVector(f))
            guard n != .zero else { continue }
            let c = corners(f)
            for k in 0..<3 {
                let p = SIMD3<Double>(positions[c[k]])
                let u = normalize(SIMD3<Double>(positions[c[(k + 1) % 3]]) - p)
                let v = normalize(SIMD3<Double>(positions[c[(k + 2) % 3]]) - p)
                sums[c[k]] += n * arcCosine(dot(u, v))
            }
        }
        return Vector3Array(sums.map { SIMD3<Float>(normalize($0)) })
    }
}

extension MeshSequence {
    /// The triangles of frame `t`. O(*V* + *F*).
    public func mesh(ofFrame t: Int) -> TriangleMesh {
        let range = 3 * t * vertexCount..<3 * (t + 1) * vertexCount
        return TriangleMesh(
            positions: Vector3Array(scalars: Array(positions.scalars[range])),
            triangles: triangles)
    }
}
