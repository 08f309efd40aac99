/// Where a ray meets a mesh first.
public struct RayHit: Sendable, Equatable {
    /// Position along the ray, in lengths of its direction.
    public var parameter: Float
    /// The triangle that is met.
    public var triangle: Int
}

extension TriangleBVH {
    /// The first triangle that the ray from `origin` along `direction` meets at a parameter of
    /// `0...limit`, from either side; nil where there is none. Triangles seen exactly edge-on are
    /// not met.
    ///
    /// - Complexity: about O(log *F*).
    public func firstHit(
        from origin: SIMD3<Float>, along direction: SIMD3<Float>, limit: Float = .infinity
    ) -> RayHit? {
        withReader { $0.firstHit(from: origin, along: direction, limit: limit) }
    }

    /// Whether the straight line between two points meets the mesh.
    public func crosses(from a: SIMD3<Float>, to b: SIMD3<Float>) -> Bool {
        withReader { $0.firstHit(from: a, along: b - a, limit: 1, anyHit: true) != nil }
    }
}

extension BVHReader {
    func firstHit(
        from origin: SIMD3<Float>, along direction: SIMD3<Float>, limit: Float,
        anyHit: Bool = false
    ) -> RayHit? {
        guard !nodes.isEmpty else { return nil }
        let ray = RayLanes(origin: origin, direction: direction)
        var reach = limit
        var hit: RayHit?
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: TriangleBVH.stackCapacity) {
            stack in
            stack[0] = 0
            var count = 1
            while count > 0 {
                count -= 1
                let next = stack[count]
                if next < 0 {
                    let leaf = leaves.baseAddress.unsafelyUnwrapped + Int(~next)
                    let parameters = ray.parameters(of: leaf)
                    let least = laneMinimum(parameters)
                    guard least <= reach, least < .infinity else { continue }
                    reach = least
                    let lane = laneBits(parameters .== least).trailingZeroBitCount & 7
                    hit = RayHit(
                        parameter: least, triangle: Int(leaf.pointee.triangle[lane]))
                    if anyHit { return }
                    continue
                }
                let node = nodes.baseAddress.unsafelyUnwrapped + Int(next)
                var lanes = ray.boxes(node, reach: reach)
                while lanes != 0 {
                    stack[count] = node.pointee.child[lanes.trailingZeroBitCount & 7]
                    count += 1
                    lanes &= lanes - 1
                }
            }
        }
        return hit
    }
}

/// A ray, ready to be tested against eight boxes or triangles at once.
private struct RayLanes {
    let origin: (FloatLanes, FloatLanes, FloatLanes)
    let direction: (FloatLanes, FloatLanes, FloatLanes)
    let inverse: (FloatLanes, FloatLanes, FloatLanes)

    init(origin o: SIMD3<Float>, direction d: SIMD3<Float>) {
        origin = (
            FloatLanes(repeating: o.x), FloatLanes(repeating: o.y), FloatLanes(repeating: o.z)
        )
        direction = (
            FloatLanes(repeating: d.x), FloatLanes(repeating: d.y), FloatLanes(repeating: d.z)
        )
        // A huge number in place of infinity, which would turn zero distances into no numbers.
        func inverted(_ v: Float) -> FloatLanes {
            FloatLanes(repeating: abs(v) > 1e-30 ? 1 / v : (v.sign == .minus ? -1e30 : 1e30))
        }
        inverse = (inverted(d.x), inverted(d.y), inverted(d.z))
    }

    /// The lanes whose boxes the ray meets within its reach, grown by a few units in the last
    /// place so that rounding loses none.
    @inline(__always)
    func boxes(_ node: UnsafePointer<BVHNode>, reach: Float) -> UInt32 {
        let low = node.pointee.minimum, high = node.pointee.maximum
        let a0 = (low.0 - origin.0) * inverse.0, b0 = (high.0 - origin.0) * inverse.0
        let a1 = (low.1 - origin.1) * inverse.1, b1 = (high.1 - origin.1) * inverse.1
        let a2 = (low.2 - origin.2) * inverse.2, b2 = (high.2 - origin.2) * inverse.2
        let enter = larger(larger(smaller(a0, b0), smaller(a1, b1)), smaller(a2, b2))
        let leave = smaller(smaller(larger(a0, b0), larger(a1, b1)), larger(a2, b2))
        let slack = larger(magnitude(enter), magnitude(leave)) * 1e-6 + 1e-30
        let meets =
            (enter - slack .<= leave) .& (leave + slack .>= 0)
            .& (enter - slack .<= FloatLanes(repeating: reach))
        // Missing boxes are at infinity: no comparison with what comes of that is true.
        return laneBits(meets)
    }

    /// Parameters at which the ray meets the triangles of a leaf (Möller and Trumbore 1997);
    /// infinite for those that it misses.
    @inline(__always)
    func parameters(of leaf: UnsafePointer<TriangleLeaf>) -> FloatLanes {
        let ab = leaf.pointee.ab, ac = leaf.pointee.ac, a = leaf.pointee.a
        let px = direction.1 * ac.2 - direction.2 * ac.1
        let py = direction.2 * ac.0 - direction.0 * ac.2
        let pz = direction.0 * ac.1 - direction.1 * ac.0
        let determinant = ab.0 * px + ab.1 * py + ab.2 * pz
        let sx = origin.0 - a.0, sy = origin.1 - a.1, sz = origin.2 - a.2
        let inverse = 1 / determinant
        let u = (sx * px + sy * py + sz * pz) * inverse
        let qx = sy * ab.2 - sz * ab.1, qy = sz * ab.0 - sx * ab.2, qz = sx * ab.1 - sy * ab.0
        let v = (direction.0 * qx + direction.1 * qy + direction.2 * qz) * inverse
        let t = (ac.0 * qx + ac.1 * qy + ac.2 * qz) * inverse
        // Shared edges belong to both sides: a ray must not slip between two triangles.
        let slack: Float = -1e-6
        let inside = (smaller(smaller(u, v), 1 - u - v) .>= slack) .& (t .>= 0)
        let valid = inside .& (determinant .!= 0)
        return FloatLanes(repeating: .infinity).replacing(with: t, where: valid)
    }
}
