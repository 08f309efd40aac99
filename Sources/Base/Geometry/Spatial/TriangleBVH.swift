/// A tree of boxes over the triangles of a mesh: closest points, crossings and boxes in
/// logarithmic time.
///
/// Every inner node holds the boxes of up to eight children component by component, every leaf up
/// to eight triangles, so that each step is a handful of vector instructions. Nodes lie in one
/// array, parents before children. Triangles with a corner that is no finite point are left out.
///
/// All queries may be made from several threads at once.
public struct TriangleBVH: Sendable {
    /// The triangles.
    public let mesh: TriangleMesh
    /// Inner nodes, the root first; empty where no triangle is finite.
    let nodes: [BVHNode]
    /// Triangles in groups of up to eight.
    let leaves: [TriangleLeaf]
    /// The box around all triangles in the tree.
    public let bounds: Bounds

    /// A tree over a mesh.
    ///
    /// - Complexity: O(*F* log *F*); both halves of the work are spread over the cores.
    public init(_ mesh: TriangleMesh) {
        self.mesh = mesh
        let built = BVHBuilder.build(mesh)
        nodes = built.nodes
        leaves = built.leaves
        bounds = built.bounds
    }

    /// Whether there is nothing to find.
    public var isEmpty: Bool { nodes.isEmpty }

    /// Room for the nodes that a search has yet to visit: seven siblings a level.
    static let stackCapacity = 8 * (BVHBuilder.greatestDepth + 2)
}

/// Up to eight children: their boxes, and where they are.
struct BVHNode: Sendable {
    /// The smallest corners; +infinity in lanes without a child.
    var minimum = (
        FloatLanes(repeating: .infinity), FloatLanes(repeating: .infinity),
        FloatLanes(repeating: .infinity)
    )
    /// The largest corners; +infinity in lanes without a child.
    var maximum = (
        FloatLanes(repeating: .infinity), FloatLanes(repeating: .infinity),
        FloatLanes(repeating: .infinity)
    )
    /// An inner node's position, the complement of a leaf's, or `noChild`.
    var child = IntLanes(repeating: BVHNode.noChild)

    static let noChild = Int32.min

    /// Sets the box of a child.
    mutating func set(_ lane: Int, low: SIMD4<Float>, high: SIMD4<Float>) {
        minimum.0[lane] = low.x
        minimum.1[lane] = low.y
        minimum.2[lane] = low.z
        maximum.0[lane] = high.x
        maximum.1[lane] = high.y
        maximum.2[lane] = high.z
    }

    /// The squared distances from a point to the eight boxes; infinite for missing ones.
    @inline(__always)
    func squaredDistances(_ x: FloatLanes, _ y: FloatLanes, _ z: FloatLanes) -> FloatLanes {
        let dx = larger(larger(minimum.0 - x, x - maximum.0), .zero)
        let dy = larger(larger(minimum.1 - y, y - maximum.1), .zero)
        let dz = larger(larger(minimum.2 - z, z - maximum.2), .zero)
        return dx * dx + dy * dy + dz * dz
    }
}

/// Up to eight triangles, component by component, with what the distance to them needs. Lanes
/// beyond the last triangle repeat one of its corners, with the last triangle's name.
struct TriangleLeaf: Sendable {
    /// First corners.
    var a = (FloatLanes.zero, FloatLanes.zero, FloatLanes.zero)
    /// Second minus first corners.
    var ab = (FloatLanes.zero, FloatLanes.zero, FloatLanes.zero)
    /// Third minus first corners.
    var ac = (FloatLanes.zero, FloatLanes.zero, FloatLanes.zero)
    /// One over the squared lengths of the sides ab, ac, bc; zero for sides without length.
    var inverseSquares = (FloatLanes.zero, FloatLanes.zero, FloatLanes.zero)
    /// One over the squared length of ab × ac; zero for triangles without area.
    var inverseArea = FloatLanes.zero
    /// Which triangles of the mesh they are.
    var triangle = IntLanes.zero

    /// Squared distances from a point to the eight triangles.
    ///
    /// Each is the distance to some point of the triangle, the closest of four candidates (one a
    /// side, one inside), so that rounding in a needle-shaped triangle cannot make it too small.
    @inline(__always)
    func squaredDistances(_ x: FloatLanes, _ y: FloatLanes, _ z: FloatLanes) -> FloatLanes {
        let px = x - a.0, py = y - a.1, pz = z - a.2
        let bcx = ac.0 - ab.0, bcy = ac.1 - ab.1, bcz = ac.2 - ab.2
        let onAB = px * ab.0 + py * ab.1 + pz * ab.2
        let onAC = px * ac.0 + py * ac.1 + pz * ac.2
        let qx = px - ab.0, qy = py - ab.1, qz = pz - ab.2
        let onBC = qx * bcx + qy * bcy + qz * bcz

        func squared(_ ex: FloatLanes, _ ey: FloatLanes, _ ez: FloatLanes) -> FloatLanes {
            ex * ex + ey * ey + ez * ez
        }
        let t = saturated(onAB * inverseSquares.0)
        let u = saturated(onAC * inverseSquares.1)
        let v = saturated(onBC * inverseSquares.2)
        var best = squared(px - ab.0 * t, py - ab.1 * t, pz - ab.2 * t)
        best = smaller(best, squared(px - ac.0 * u, py - ac.1 * u, pz - ac.2 * u))
        best = smaller(best, squared(qx - bcx * v, qy - bcy * v, qz - bcz * v))

        let nx = ab.1 * ac.2 - ab.2 * ac.1
        let ny = ab.2 * ac.0 - ab.0 * ac.2
        let nz = ab.0 * ac.1 - ab.1 * ac.0
        // Barycentrics by (p × ac)·n and (ab × p)·n; both zero where there is no area, which
        // makes corner a the candidate.
        let b1 =
            ((py * ac.2 - pz * ac.1) * nx + (pz * ac.0 - px * ac.2) * ny
                + (px * ac.1 - py * ac.0) * nz) * inverseArea
        let b2 =
            ((ab.1 * pz - ab.2 * py) * nx + (ab.2 * px - ab.0 * pz) * ny
                + (ab.0 * py - ab.1 * px) * nz) * inverseArea
        let inner = squared(
            px - ab.0 * b1 - ac.0 * b2, py - ab.1 * b1 - ac.1 * b2, pz - ab.2 * b1 - ac.2 * b2)
        let smallest = smaller(smaller(b1, b2), 1 - b1 - b2)
        let candidate = FloatLanes(repeating: .infinity).replacing(
            with: inner, where: smallest .>= 0)
        return smaller(best, candidate)
    }
}
