import Geometry

/// An affine transform in single precision: four columns of three numbers and a pad, so that a
/// blend of several is one vector sum.
struct AffineTransform: Equatable {
    /// Four columns of x, y, z and zero.
    var columns: SIMD16<Float>

    /// The columns of a matrix, rounded.
    init(_ m: Matrix4) {
        let c = m.columns
        columns = SIMD16(
            lowHalf: SIMD8(lowHalf: SIMD4<Float>(c.0), highHalf: SIMD4<Float>(c.1)),
            highHalf: SIMD8(lowHalf: SIMD4<Float>(c.2), highHalf: SIMD4<Float>(c.3)))
        columns[3] = 0
        columns[7] = 0
        columns[11] = 0
        columns[15] = 0
    }
}

/// Where the vertices of a frame, or of one instance in it, are written.
///
/// All that rig evaluation writes goes through here. Whoever makes a value answers for room for
/// all vertices that are written through it; the evaluator has checked all indices.
struct MovedVertices {
    /// Room for `[V, 3]` positions.
    let positions: UnsafeMutablePointer<Float>
    /// Room for `[V, 3]` normals, or nil where the whole rig has none.
    let normals: UnsafeMutablePointer<Float>?

    /// The room from vertex `v` on.
    func advanced(by v: Int) -> MovedVertices {
        MovedVertices(positions: positions + 3 * v, normals: normals.map { $0 + 3 * v })
    }

    /// Copies `count` vertices of another frame.
    func copy(_ other: MovedVertices, count: Int) {
        positions.initialize(from: other.positions, count: 3 * count)
        if let normals, let source = other.normals {
            normals.initialize(from: source, count: 3 * count)
        }
    }

    /// Writes `count` vertices of a rigid part.
    func place(_ points: [Float], normals source: [Float], count: Int, worldFromMesh: Matrix4) {
        let c = AffineTransform(worldFromMesh).columns
        let c0 = c.lowHalf.lowHalf
        let c1 = c.lowHalf.highHalf
        let c2 = c.highHalf.lowHalf
        let c3 = c.highHalf.highHalf
        for v in 0..<count {
            let p = c0 * points[3 * v] + c1 * points[3 * v + 1] + c2 * points[3 * v + 2] + c3
            write(p, to: positions, v)
        }
        guard let normals else { return }
        guard !source.isEmpty else { return normals.initialize(repeating: 0, count: 3 * count) }
        // The cofactors are the inverse transpose but for the determinant, whose sign matters.
        let (n0, n1, n2) = worldFromMesh.normalMatrix
        let size = max(
            n0.largestMagnitude, n1.largestMagnitude, n2.largestMagnitude)
        let factor = (worldFromMesh.linearDeterminant < 0 ? -1 : 1) / (size > 0 ? size : 1)
        let r0 = SIMD4<Float>(SIMD4(n0 * factor, 0))
        let r1 = SIMD4<Float>(SIMD4(n1 * factor, 0))
        let r2 = SIMD4<Float>(SIMD4(n2 * factor, 0))
        for v in 0..<count {
            let n = r0 * source[3 * v] + r1 * source[3 * v + 1] + r2 * source[3 * v + 2]
            write(n.unit, to: normals, v)
        }
    }

    /// Writes `count` vertices by linear blend skinning.
    func skin(
        _ points: [Float], normals source: [Float], count: Int, influences: Rig.Influences,
        worldFromBind: [AffineTransform]
    ) {
        if source.isEmpty, let normals { normals.initialize(repeating: 0, count: 3 * count) }
        let normals = source.isEmpty ? nil : normals
        points.withUnsafeBufferPointer { points in
            source.withUnsafeBufferPointer { source in
                influences.withRows { offsets, joints, weights in
                    worldFromBind.withUnsafeBufferPointer { transforms in
                        for v in 0..<count {
                            var c = SIMD16<Float>.zero
                            for i in Int(offsets[v])..<Int(offsets[v + 1]) {
                                c += transforms[Int(joints[i])].columns * weights[i]
                            }
                            let c0 = c.lowHalf.lowHalf
                            let c1 = c.lowHalf.highHalf
                            let c2 = c.highHalf.lowHalf
                            let p =
                                c0 * points[3 * v] + c1 * points[3 * v + 1]
                                + c2 * points[3 * v + 2] + c.highHalf.highHalf
                            write(p, to: positions, v)
                            guard let normals else { continue }
                            let n = SIMD3(source[3 * v], source[3 * v + 1], source[3 * v + 2])
                            write(turned(n, c0, c1, c2), to: normals, v)
                        }
                    }
                }
            }
        }
    }

    /// A normal under the linear map of three columns, of length one.
    @inline(__always)
    private func turned(
        _ n: SIMD3<Float>, _ c0: SIMD4<Float>, _ c1: SIMD4<Float>, _ c2: SIMD4<Float>
    ) -> SIMD4<Float> {
        let n12 = c1.cross(c2)
        let sum = n12 * n.x + c2.cross(c0) * n.y + c0.cross(c1) * n.z
        return ((c0 * n12).sum() < 0 ? -sum : sum).unit
    }

    @inline(__always)
    private func write(_ p: SIMD4<Float>, to base: UnsafeMutablePointer<Float>, _ v: Int) {
        base[3 * v] = p.x
        base[3 * v + 1] = p.y
        base[3 * v + 2] = p.z
    }
}

extension SIMD3<Double> {
    /// The number of largest magnitude without its sign.
    fileprivate var largestMagnitude: Double { Swift.max(Swift.abs(x), Swift.abs(y), Swift.abs(z)) }
}

/// Three-component vectors in four lanes, the last one zero, so that each step is one
/// instruction.
extension SIMD4<Float> {
    /// The vector product.
    @inline(__always)
    fileprivate func cross(_ b: SIMD4<Float>) -> SIMD4<Float> {
        SIMD4(y, z, x, w) * SIMD4(b.z, b.x, b.y, b.w) - SIMD4(z, x, y, w)
            * SIMD4(b.y, b.z, b.x, b.w)
    }

    /// The vector at length one, or zero where it has no direction.
    @inline(__always)
    fileprivate var unit: SIMD4<Float> {
        let squared = (self * self).sum()
        return squared > 0 && squared.isFinite ? self * (1 / squared.squareRoot()) : .zero
    }
}

extension Rig.Influences {
    /// Calls `body` with offsets, joints and weights.
    fileprivate func withRows(
        _ body: (
            UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<Float>
        ) -> Void
    ) {
        offsets.withUnsafeBufferPointer { o in
            joints.withUnsafeBufferPointer { j in
                weights.withUnsafeBufferPointer { w in body(o, j, w) }
            }
        }
    }
}
