/// Where on a mesh a query point came out.
public struct SurfacePoint: Sendable, Equatable {
    /// The triangle of the mesh.
    public var triangle: Int
    /// Barycentric coordinates in it: not negative, summing to one up to rounding.
    public var barycentrics: SIMD3<Float>

    /// A point of a triangle.
    public init(triangle: Int, barycentrics: SIMD3<Float>) {
        self.triangle = triangle
        self.barycentrics = barycentrics
    }
}

/// The point of a mesh closest to a query point.
public struct ClosestPoint: Sendable, Equatable {
    /// The distance; infinite where the mesh has no finite triangle.
    public var distance: Float
    /// Where on the mesh it is.
    public var point: SurfacePoint
    /// Its position.
    public var position: SIMD3<Float>

    static let none = ClosestPoint(
        distance: .infinity, point: SurfacePoint(triangle: -1, barycentrics: .zero),
        position: SIMD3(repeating: .nan))
}

extension TriangleBVH {
    /// The point of the mesh closest to `p`: of all triangles, to single precision in the choice
    /// of the triangle and to double precision in what follows from it. Among equally close
    /// triangles some one is taken, always the same.
    ///
    /// - Complexity: about O(log *F*) for points near the surface.
    public func closestPoint(to p: SIMD3<Float>) -> ClosestPoint {
        withReader { reader in
            let found = reader.nearest(to: p, within: .infinity, triangle: -1)
            return closestPoint(to: p, triangle: found.triangle)
        }
    }

    /// The triangle nearest to `p` and the squared distance to it; -1 and infinity where there is
    /// none. A triangle that is likely to be near (or -1) makes the search short.
    public func nearestTriangle(
        to p: SIMD3<Float>, startingFrom guess: Int32 = -1
    ) -> (squaredDistance: Float, triangle: Int32) {
        withReader { reader in
            let found = reader.nearest(to: p, startingFrom: guess)
            return (found.squared, found.triangle)
        }
    }

    /// The closest points to many, in the order of `points`.
    ///
    /// The work goes along a space-filling curve, where each answer bounds the next search, and is
    /// spread over the cores; results do not depend on that.
    public func closestPoints(to points: Vector3Array) -> [ClosestPoint] {
        var results = [ClosestPoint](repeating: .none, count: points.count)
        results.withUnsafeMutableBufferPointer { buffer in
            let places = SharedPointer(buffer)
            forEachNearest(to: points) { i, p, found in
                places[i] = closestPoint(to: p, triangle: found.triangle)
            }
        }
        return results
    }

    /// The distances from many points to the mesh, in the order of `points`; infinite where the
    /// mesh has no finite triangle or the point is no finite one.
    public func distances(to points: Vector3Array) -> [Float] {
        var results = [Float](repeating: .infinity, count: points.count)
        results.withUnsafeMutableBufferPointer { buffer in
            let places = SharedPointer(buffer)
            forEachNearest(to: points) { i, _, found in
                places[i] = found.squared.squareRoot()
            }
        }
        return results
    }

    /// Calls `body` once for every point, from several threads, with the nearest triangle.
    func forEachNearest(
        to points: Vector3Array,
        _ body: @Sendable (Int, SIMD3<Float>, (squared: Float, triangle: Int32)) -> Void
    ) {
        guard !isEmpty else { return }
        let order = SpatialOrder.morton(points)
        ParallelRanges.run(count: points.count, grain: 4096) { range in
            withReader { reader in
                var previous: Int32 = -1
                for place in range {
                    let i = Int(order[place])
                    let p = points[i]
                    guard p - p == .zero else { continue }
                    let found = reader.nearest(to: p, startingFrom: previous)
                    previous = found.triangle
                    body(i, p, found)
                }
            }
        }
    }

    /// The point of one triangle closest to `p`.
    func closestPoint(to p: SIMD3<Float>, triangle: Int32) -> ClosestPoint {
        guard triangle >= 0 else { return .none }
        let (a, b, c) = mesh.points(Int(triangle))
        let q = SIMD3<Double>(p)
        let found = PointOnTriangle(
            closestTo: q, SIMD3<Double>(a), SIMD3<Double>(b), SIMD3<Double>(c))
        return ClosestPoint(
            distance: Float(found.squaredDistance(to: q).squareRoot()),
            point: SurfacePoint(
                triangle: Int(triangle), barycentrics: SIMD3<Float>(found.barycentrics)),
            position: SIMD3<Float>(found.position))
    }

    /// Lends the tree's arrays without checks of bounds and counts of references.
    @inline(__always)
    func withReader<Result>(_ body: (BVHReader) -> Result) -> Result {
        nodes.withUnsafeBufferPointer { nodes in
            leaves.withUnsafeBufferPointer { leaves in
                mesh.positions.scalars.withUnsafeBufferPointer { scalars in
                    mesh.triangles.withUnsafeBufferPointer { triangles in
                        body(
                            BVHReader(
                                nodes: nodes, leaves: leaves, scalars: scalars,
                                triangles: triangles))
                    }
                }
            }
        }
    }
}

/// The arrays of a ``TriangleBVH``, for the length of a search.
struct BVHReader {
    let nodes: UnsafeBufferPointer<BVHNode>
    let leaves: UnsafeBufferPointer<TriangleLeaf>
    let scalars: UnsafeBufferPointer<Float>
    let triangles: UnsafeBufferPointer<UInt32>

    /// A node or leaf that is yet to be visited, and the squared distance to its box.
    private struct Pending {
        var squared: Float
        var child: Int32
    }

    /// The nearest triangle, where the distance to a likely one (or -1) bounds the search.
    func nearest(
        to p: SIMD3<Float>, startingFrom guess: Int32
    ) -> (squared: Float, triangle: Int32) {
        guard guess >= 0 else { return nearest(to: p, within: .infinity, triangle: -1) }
        func corner(_ k: Int) -> SIMD3<Double> {
            let v = 3 * Int(triangles[3 * Int(guess) + k])
            return SIMD3(Double(scalars[v]), Double(scalars[v + 1]), Double(scalars[v + 2]))
        }
        let q = SIMD3<Double>(p)
        let point = PointOnTriangle(closestTo: q, corner(0), corner(1), corner(2))
        // A little more than the distance, so that rounding does not hide the triangle itself.
        let bound = Float(point.squaredDistance(to: q)) * 1.000_01 + .leastNormalMagnitude
        return nearest(to: p, within: bound, triangle: guess)
    }

    /// The nearest triangle closer than a bound (squared), or the given one where there is none.
    func nearest(
        to p: SIMD3<Float>, within bound: Float, triangle: Int32
    ) -> (squared: Float, triangle: Int32) {
        let x = FloatLanes(repeating: p.x)
        let y = FloatLanes(repeating: p.y)
        let z = FloatLanes(repeating: p.z)
        var best = bound
        var winner = triangle
        guard !nodes.isEmpty else { return (best, winner) }
        withUnsafeTemporaryAllocation(of: Pending.self, capacity: TriangleBVH.stackCapacity) {
            stack in
            stack[0] = Pending(squared: 0, child: 0)
            var count = 1
            while count > 0 {
                count -= 1
                let next = stack[count]
                guard next.squared < best else { continue }
                if next.child < 0 {
                    let leaf = leaves.baseAddress.unsafelyUnwrapped + Int(~next.child)
                    let squared = leaf.pointee.squaredDistances(x, y, z)
                    let least = laneMinimum(squared)
                    if least < best {
                        best = least
                        let lane = laneBits(squared .== least).trailingZeroBitCount
                        winner = leaf.pointee.triangle[lane & 7]
                    }
                    continue
                }
                let node = nodes.baseAddress.unsafelyUnwrapped + Int(next.child)
                let squared = node.pointee.squaredDistances(x, y, z)
                var lanes = laneBits(squared .< best)
                let first = count
                while lanes != 0 {
                    let lane = lanes.trailingZeroBitCount & 7
                    lanes &= lanes - 1
                    let entry = Pending(
                        squared: squared[lane], child: node.pointee.child[lane])
                    // Farthest first, so that the nearest is on top.
                    var place = count
                    while place > first, stack[place - 1].squared < entry.squared {
                        stack[place] = stack[place - 1]
                        place -= 1
                    }
                    stack[place] = entry
                    count += 1
                }
            }
        }
        return (best, winner)
    }
}
