/// The dipole fields of up to eight groups of triangles, each expanded about its own centre.
///
/// Of the moments of first and second order only the symmetric parts without trace have a field
/// (the rest cancels, since dipole fields are harmonic): five and seven numbers, kept as the six
/// and ten components of symmetric tensors.
struct MultipoleNode: Sendable {
    /// Bit i: lane i holds a group.
    var filled: UInt32 = 0
    /// Centres: means of the triangles' middles, weighted by area.
    var center = (
        FloatLanes(repeating: 1e9), FloatLanes(repeating: 1e9), FloatLanes(repeating: 1e9)
    )
    /// The squared distance of the farthest corner from the centre.
    var squaredRadius = FloatLanes.zero
    /// The sum of the triangles' areas, over 4π.
    var area = FloatLanes.zero
    /// The sum of area vectors, over 4π.
    var dipole = (FloatLanes.zero, FloatLanes.zero, FloatLanes.zero)
    /// Moments of first order: xx, yy, zz, xy, yz, zx, off-diagonal ones doubled; -3/4π times.
    var quadrupole = (
        FloatLanes.zero, FloatLanes.zero, FloatLanes.zero, FloatLanes.zero, FloatLanes.zero,
        FloatLanes.zero
    )
    /// Moments of second order times how often each occurs, 7.5/4π times: x³, y³, z³, then x²y,
    /// x²z, y²x, y²z, z²x, z²y, then xyz.
    var cubes = (FloatLanes.zero, FloatLanes.zero, FloatLanes.zero)
    var mixed = (
        FloatLanes.zero, FloatLanes.zero, FloatLanes.zero, FloatLanes.zero, FloatLanes.zero,
        FloatLanes.zero
    )
    var product = FloatLanes.zero

    /// The groups' winding numbers seen from where their centres are at (dx, dy, dz), and bounds
    /// on what the expansion leaves out.
    @inline(__always)
    func field(
        _ dx: FloatLanes, _ dy: FloatLanes, _ dz: FloatLanes, _ squared: FloatLanes
    ) -> (value: FloatLanes, error: FloatLanes) {
        let inverse = 1 / squared
        let distance = roots(squared)
        let inverseCube = inverse * inverse * distance
        let xx = dx * dx, yy = dy * dy, zz = dz * dz
        let first = dipole.0 * dx + dipole.1 * dy + dipole.2 * dz
        let second =
            quadrupole.0 * xx + quadrupole.1 * yy + quadrupole.2 * zz
            + dx * (quadrupole.3 * dy + quadrupole.5 * dz) + quadrupole.4 * dy * dz
        let third =
            xx * (cubes.0 * dx + mixed.0 * dy + mixed.1 * dz)
            + yy * (cubes.1 * dy + mixed.2 * dx + mixed.3 * dz)
            + zz * (cubes.2 * dz + mixed.4 * dx + mixed.5 * dy) + product * dx * dy * dz
        let value = inverseCube * (first + inverse * (second + inverse * third))
        // s = a/R; the bound of ``WindingTree``.
        let s2 = squaredRadius * inverse
        let s = roots(s2)
        let rest = 1 - s
        let error = area * inverse * s2 * s * (4 - 3 * s) / (rest * rest)
        return (value, error)
    }

    /// One for every inner node of a tree.
    static func build(_ bvh: TriangleBVH) -> [MultipoleNode] {
        guard !bvh.isEmpty else { return [] }
        // Leaves of a subtree follow each other: the last leaf of a child is the one before the
        // next child's first.
        var firstLeaf = [Int32](repeating: 0, count: bvh.nodes.count)
        for i in bvh.nodes.indices.reversed() {
            let child = bvh.nodes[i].child[0]
            firstLeaf[i] = child < 0 ? ~child : firstLeaf[Int(child)]
        }
        var endLeaf = [Int32](repeating: 0, count: bvh.nodes.count)
        endLeaf[0] = Int32(bvh.leaves.count)
        for i in bvh.nodes.indices {
            forEachChild(bvh.nodes[i], firstLeaf, end: endLeaf[i]) { _, child, leaves in
                if child >= 0 { endLeaf[Int(child)] = leaves.upperBound }
            }
        }
        var result = [MultipoleNode](repeating: MultipoleNode(), count: bvh.nodes.count)
        let (firsts, ends) = (firstLeaf, endLeaf)
        result.withUnsafeMutableBufferPointer { buffer in
            let places = SharedPointer(buffer)
            ParallelRanges.run(count: bvh.nodes.count, grain: 16) { range in
                for i in range {
                    var pole = MultipoleNode()
                    forEachChild(bvh.nodes[i], firsts, end: ends[i]) { lane, _, leaves in
                        pole.set(
                            lane,
                            Moments(bvh.leaves[Int(leaves.lowerBound)..<Int(leaves.upperBound)]))
                    }
                    places[i] = pole
                }
            }
        }
        return result
    }

    /// Calls `body` with lane, child and range of leaves of every child of a node.
    private static func forEachChild(
        _ node: BVHNode, _ firstLeaf: [Int32], end: Int32,
        _ body: (Int, Int32, Range<Int32>) -> Void
    ) {
        var end = end
        for lane in (0..<8).reversed() where node.child[lane] != BVHNode.noChild {
            let child = node.child[lane]
            let first = child < 0 ? ~child : firstLeaf[Int(child)]
            body(lane, child, first..<end)
            end = first
        }
    }

    private mutating func set(_ lane: Int, _ m: Moments) {
        filled |= 1 << UInt32(lane)
        center.0[lane] = Float(m.center.x)
        center.1[lane] = Float(m.center.y)
        center.2[lane] = Float(m.center.z)
        // The centre is rounded: the radius grows by as much.
        squaredRadius[lane] = Float(m.squaredRadius * 1.000_001)
        let unit = 1 / (4 * Double.pi)
        area[lane] = Float(m.area * unit)
        dipole.0[lane] = Float(m.dipole.x * unit)
        dipole.1[lane] = Float(m.dipole.y * unit)
        dipole.2[lane] = Float(m.dipole.z * unit)
        let q = m.diagonal - m.diagonal.sum() / 3
        quadrupole.0[lane] = Float(-3 * unit * q.x)
        quadrupole.1[lane] = Float(-3 * unit * q.y)
        quadrupole.2[lane] = Float(-3 * unit * q.z)
        quadrupole.3[lane] = Float(-6 * unit * m.offDiagonal.x)
        quadrupole.4[lane] = Float(-6 * unit * m.offDiagonal.y)
        quadrupole.5[lane] = Float(-6 * unit * m.offDiagonal.z)
        let trace =
            SIMD3(
                m.cubes.x + m.mixed.2 + m.mixed.4, m.cubes.y + m.mixed.0 + m.mixed.5,
                m.cubes.z + m.mixed.1 + m.mixed.3) / 5
        cubes.0[lane] = Float(7.5 * unit * (m.cubes.x - 3 * trace.x))
        cubes.1[lane] = Float(7.5 * unit * (m.cubes.y - 3 * trace.y))
        cubes.2[lane] = Float(7.5 * unit * (m.cubes.z - 3 * trace.z))
        mixed.0[lane] = Float(22.5 * unit * (m.mixed.0 - trace.y))
        mixed.1[lane] = Float(22.5 * unit * (m.mixed.1 - trace.z))
        mixed.2[lane] = Float(22.5 * unit * (m.mixed.2 - trace.x))
        mixed.3[lane] = Float(22.5 * unit * (m.mixed.3 - trace.z))
        mixed.4[lane] = Float(22.5 * unit * (m.mixed.4 - trace.x))
        mixed.5[lane] = Float(22.5 * unit * (m.mixed.5 - trace.y))
        product[lane] = Float(45 * unit * m.product)
    }
}

/// Moments of a group of triangles about its centre, in double precision, symmetrised.
private struct Moments {
    var center = SIMD3<Double>.zero
    var squaredRadius = 0.0
    var area = 0.0
    var dipole = SIMD3<Double>.zero
    /// xx, yy, zz.
    var diagonal = SIMD3<Double>.zero
    /// xy, yz, zx.
    var offDiagonal = SIMD3<Double>.zero
    /// x³, y³, z³.
    var cubes = SIMD3<Double>.zero
    /// x²y, x²z, y²x, y²z, z²x, z²y.
    var mixed = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    /// xyz.
    var product = 0.0

    init(_ leaves: ArraySlice<TriangleLeaf>) {
        var weighted = SIMD3<Double>.zero
        var plain = SIMD3<Double>.zero
        Self.forEachTriangle(leaves) { a, ab, ac in
            let middle = a + (ab + ac) / 3
            let size = length(cross(ab, ac)) / 2
            weighted += middle * size
            plain += middle
            area += size
        }
        center = area > 0 ? weighted / area : plain / Double(8 * leaves.count)
        // As it will be stored, so that the moments are about that very point.
        center = SIMD3<Double>(SIMD3<Float>(center))
        Self.forEachTriangle(leaves) { a, ab, ac in add(a - center, ab, ac) }
    }

    private static func forEachTriangle(
        _ leaves: ArraySlice<TriangleLeaf>,
        _ body: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>) -> Void
    ) {
        func vector(_ v: (FloatLanes, FloatLanes, FloatLanes), _ lane: Int) -> SIMD3<Double> {
            SIMD3(Double(v.0[lane]), Double(v.1[lane]), Double(v.2[lane]))
        }
        for leaf in leaves {
            for lane in 0..<8 {
                body(vector(leaf.a, lane), vector(leaf.ab, lane), vector(leaf.ac, lane))
            }
        }
    }

    /// Adds a triangle with corner `a` and sides `ab`, `ac` about the centre.
    private mutating func add(_ a: SIMD3<Double>, _ ab: SIMD3<Double>, _ ac: SIMD3<Double>) {
        let b = a + ab, c = a + ac
        squaredRadius = max(squaredRadius, max(dot(a, a), max(dot(b, b), dot(c, c))))
        let n = cross(ab, ac) / 2
        let g = (a + b + c) / 3
        dipole += n
        diagonal += n * g
        let ng = SIMD3(n.y, n.z, n.x)
        let gg = SIMD3(g.y, g.z, g.x)
        offDiagonal += (n * gg + ng * g) / 2
        // ∫ δδᵀ over a triangle is its area over twelve times (Σ corners vvᵀ + 9 ggᵀ).
        func second(_ i: Int, _ j: Int) -> Double {
            (a[i] * a[j] + b[i] * b[j] + c[i] * c[j] + 9 * g[i] * g[j]) / 12
        }
        let xx = second(0, 0), yy = second(1, 1), zz = second(2, 2)
        let xy = second(0, 1), yz = second(1, 2), zx = second(2, 0)
        cubes += SIMD3(n.x * xx, n.y * yy, n.z * zz)
        mixed.0 += (2 * n.x * xy + n.y * xx) / 3
        mixed.1 += (2 * n.x * zx + n.z * xx) / 3
        mixed.2 += (2 * n.y * xy + n.x * yy) / 3
        mixed.3 += (2 * n.y * yz + n.z * yy) / 3
        mixed.4 += (2 * n.z * zx + n.x * zz) / 3
        mixed.5 += (2 * n.z * yz + n.y * zz) / 3
        product += (n.x * yz + n.y * zx + n.z * xy) / 3
    }
}
