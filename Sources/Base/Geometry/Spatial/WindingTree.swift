/// Winding numbers in logarithmic time: triangles far away are taken together as a multipole
/// (Barill, Dickson, Schmidt, Levin and Jacobson 2018), with a bound on what that leaves out.
///
/// For triangles of total area A within distance a of a centre at distance R, the expansion to
/// the second order errs by less than `A/(4πR²) · s³(4 − 3s)/(1 − s)²` with `s = a/R`: the term
/// of order m of a unit dipole's field is the gradient of a solid harmonic of degree m + 1, whose
/// length is at most `(m + 1) aᵐ/Rᵐ⁺²`. Bounds add up, so every answer comes with its own, and a
/// sign that is in doubt is computed again with smaller groups until it is not.
///
/// All queries may be made from several threads at once.
public struct WindingTree: Sendable {
    /// The triangles and their boxes.
    public let bvh: TriangleBVH
    /// One for every inner node of `bvh`.
    let multipoles: [MultipoleNode]

    /// The winding tree of a mesh's box tree. O(*F* log *F*), spread over the cores.
    public init(_ bvh: TriangleBVH) {
        self.bvh = bvh
        multipoles = MultipoleNode.build(bvh)
    }

    /// How much larger than a group's radius its distance must be at first.
    static let firstOpening: Float = 2
    /// The same where a sign is wanted: here the bound decides it nearly everywhere at once.
    private static let signOpening: Float = 2.5
    /// From here on every triangle is taken alone.
    private static let lastOpening: Float = 64

    /// The winding number at `p`.
    ///
    /// - Parameters:
    ///   - p: a point.
    ///   - tolerance: how far off the result may be at most, beyond single-precision rounding. The
    ///     bound is a worst case that is met only where all triangles of a group conspire: without
    ///     a tolerance, groups are opened within twice their radius, as the paper proposes, and
    ///     results are off by some thousandths.
    public func windingNumber(at p: SIMD3<Float>, tolerance: Float = .infinity) -> Float {
        bvh.withReader { reader in
            multipoles.withUnsafeBufferPointer { multipoles in
                var opening = Self.firstOpening
                while true {
                    let (value, error) = reader.windingNumber(
                        at: p, multipoles, opening: opening)
                    if error <= tolerance { return value }
                    opening = opening < Self.lastOpening ? opening * 2 : .infinity
                }
            }
        }
    }

    /// The winding number at `p` where groups of triangles are taken together from `opening` times
    /// their radius on. The error falls with the third power of `opening`: some thousandths at 2.
    public func windingNumber(at p: SIMD3<Float>, opening: Float) -> Float {
        bvh.withReader { reader in
            multipoles.withUnsafeBufferPointer {
                reader.windingNumber(at: p, $0, opening: opening).value
            }
        }
    }

    /// Whether the winding number at `p` exceeds 1/2: the bound on the error decides when the
    /// approximation is good enough.
    public func isInside(_ p: SIMD3<Float>) -> Bool {
        bvh.withReader { reader in
            multipoles.withUnsafeBufferPointer { isInside(p, reader, $0) }
        }
    }

    @inline(__always)
    func isInside(
        _ p: SIMD3<Float>, _ reader: BVHReader, _ multipoles: UnsafeBufferPointer<MultipoleNode>
    ) -> Bool {
        var opening = Self.signOpening
        while true {
            let (value, error) = reader.windingNumber(at: p, multipoles, opening: opening)
            if abs(value - 0.5) > error { return value > 0.5 }
            if opening == .infinity { return value > 0.5 }
            opening = opening < Self.lastOpening ? opening * 2 : .infinity
        }
    }

    /// The winding numbers at many points, in their order, as ``windingNumber(at:tolerance:)``
    /// gives them; spread over the cores.
    public func windingNumbers(
        at points: Vector3Array, tolerance: Float = .infinity
    ) -> [Float] {
        forEachPoint(points, initial: 0) { p in windingNumber(at: p, tolerance: tolerance) }
    }

    /// Whether each of many points is inside, in their order; spread over the cores.
    public func areInside(_ points: Vector3Array) -> [Bool] {
        forEachPoint(points, initial: false) { p in isInside(p) }
    }

    private func forEachPoint<Value: Sendable>(
        _ points: Vector3Array, initial: Value, _ body: @Sendable (SIMD3<Float>) -> Value
    ) -> [Value] {
        let order = SpatialOrder.morton(points)
        var results = [Value](repeating: initial, count: points.count)
        results.withUnsafeMutableBufferPointer { buffer in
            let places = SharedPointer(buffer)
            ParallelRanges.run(count: points.count, grain: 2048) { range in
                for place in range {
                    let i = Int(order[place])
                    places[i] = body(points[i])
                }
            }
        }
        return results
    }
}

extension BVHReader {
    /// The winding number at `p` where groups farther than `opening` times their radius are taken
    /// together, and the bound on its error.
    func windingNumber(
        at p: SIMD3<Float>, _ multipoles: UnsafeBufferPointer<MultipoleNode>, opening: Float
    ) -> (value: Float, error: Float) {
        guard !nodes.isEmpty else { return (0, 0) }
        let x = FloatLanes(repeating: p.x)
        let y = FloatLanes(repeating: p.y)
        let z = FloatLanes(repeating: p.z)
        let factor = opening * opening
        var sum = FloatLanes.zero
        var error = FloatLanes.zero
        var near: Float = 0
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: TriangleBVH.stackCapacity) {
            stack in
            stack[0] = 0
            var count = 1
            while count > 0 {
                count -= 1
                let next = stack[count]
                if next < 0 {
                    let leaf = leaves.baseAddress.unsafelyUnwrapped + Int(~next)
                    near += leaf.pointee.windingNumber(x, y, z)
                    continue
                }
                let pole = multipoles.baseAddress.unsafelyUnwrapped + Int(next)
                let dx = pole.pointee.center.0 - x
                let dy = pole.pointee.center.1 - y
                let dz = pole.pointee.center.2 - z
                let squared = dx * dx + dy * dy + dz * dz
                let isFar = squared .> pole.pointee.squaredRadius * factor
                var opened = laneBits(.!isFar)
                if opened != 0xff {
                    let far = pole.pointee.field(dx, dy, dz, squared)
                    sum += FloatLanes.zero.replacing(with: far.value, where: isFar)
                    error += FloatLanes.zero.replacing(with: far.error, where: isFar)
                }
                opened &= pole.pointee.filled
                let node = nodes.baseAddress.unsafelyUnwrapped + Int(next)
                while opened != 0 {
                    stack[count] = node.pointee.child[opened.trailingZeroBitCount & 7]
                    count += 1
                    opened &= opened - 1
                }
            }
        }
        return (laneSum(sum) + near, laneSum(error))
    }
}
