/// The normals of eight triangles' corners.
struct TriangleNormals {
    /// The triangles' own.
    let flat: VectorLanes
    private let n0: VectorLanes
    private let n1: VectorLanes
    private let n2: VectorLanes
    /// Where all three corners have a normal.
    private let isSmooth: SIMDMask<IntLanes>

    /// - Parameter normals: `[V, 3]`, or nil where the mesh has none.
    @inline(__always)
    init(
        _ corners: some TriangleCorners, _ planes: SurfacePlanes,
        _ normals: UnsafePointer<Float>?
    ) {
        flat = cross(planes.e1, planes.e2).normalized
        guard let normals else {
            (n0, n1, n2) = (flat, flat, flat)
            isSmooth = SIMDMask(repeating: false)
            return
        }
        n0 = corners.vectors(0, of: normals)
        n1 = corners.vectors(1, of: normals)
        n2 = corners.vectors(2, of: normals)
        // A vertex without a normal has a zero vector; others have length one.
        let shortest = smaller(smaller(dot(n0, n0), dot(n1, n1)), dot(n2, n2))
        isSmooth = shortest .> FloatLanes(repeating: 0.25)
    }

    /// The interpolated normals of the triangles' fronts, in the world: those of the corners, or
    /// the triangle's own where a corner has none.
    @inline(__always)
    func normal(_ surface: SurfaceLanes) -> VectorLanes {
        let w1 = surface.weight1, w2 = surface.weight2
        let sum = n0 * (1 - w1 - w2) + n1 * w1 + n2 * w2
        let usable = isSmooth .& (dot(sum, sum) .> FloatLanes(repeating: 1e-12))
        return flat.replacing(with: sum.normalized, where: usable)
    }
}
