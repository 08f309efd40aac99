/// A point found by a search, and its squared distance.
public struct Neighbor: Sendable, Equatable {
    /// Position in the list of points that the tree was made of.
    public var index: Int
    /// Squared distance from the query.
    public var squaredDistance: Float

    /// A point at a squared distance.
    public init(index: Int, squaredDistance: Float) {
        self.index = index
        self.squaredDistance = squaredDistance
    }
}

/// A tree over points for nearest-neighbour and radius searches.
///
/// Points are parted at medians along the widest axis, as in every k-d tree; a node holds three
/// such levels at once, as the boxes of eight children, so that one step is a few vector
/// instructions. Points that are no finite numbers are never found. Among equally distant points
/// the ones with the smaller indices are taken, so results equal those of a linear search.
///
/// All queries may be made from several threads at once.
public struct KDTree: Sendable {
    /// Inner nodes, the root first; empty where no point is finite.
    let nodes: [BVHNode]
    /// Points in groups of up to sixteen.
    let leaves: [PointLeaf]
    /// The number of points that can be found.
    public let count: Int

    /// A tree over points; they are copied. O(*n* log *n*).
    public init(_ points: Vector3Array) {
        let built = KDTreeBuilder.build(points)
        nodes = built.nodes
        leaves = built.leaves
        count = built.count
    }

    /// The point nearest to `p`; nil for an empty tree.
    public func nearest(to p: SIMD3<Float>) -> Neighbor? {
        let found = withReader { $0.nearest(to: p, within: .infinity) }
        return found.index < 0
            ? nil : Neighbor(index: Int(found.index), squaredDistance: found.squared)
    }

    /// The point nearest to `p` whose squared distance is not above `limit`; nil where there is
    /// none. The nearer the limit, the less is searched; nothing is allocated.
    public func nearest(to p: SIMD3<Float>, withinSquared limit: Float) -> Neighbor? {
        let found = withReader { $0.nearest(to: p, within: limit) }
        return found.index < 0
            ? nil : Neighbor(index: Int(found.index), squaredDistance: found.squared)
    }

    /// The up to `k` points nearest to `p`, nearest first.
    public func nearest(to p: SIMD3<Float>, count k: Int) -> [Neighbor] {
        precondition(k > 0, "a search asks for some neighbours")
        return withUnsafeTemporaryAllocation(of: PointTreeReader.Found.self, capacity: k) { best in
            let n = withReader { $0.nearest(to: p, best) }
            return best.prefix(n).map {
                Neighbor(index: Int($0.index), squaredDistance: $0.squared)
            }
        }
    }

    /// The `k` points nearest to each of many, nearest first; spread over the cores.
    ///
    /// - Returns: `[n, k]` indices and squared distances; where the tree holds fewer than `k`
    ///   points, the rest is -1 and infinity.
    public func nearest(
        toEach points: Vector3Array, count k: Int = 1
    ) -> (indices: [Int32], squaredDistances: [Float]) {
        precondition(k > 0, "a search asks for some neighbours")
        var indices = [Int32](repeating: -1, count: points.count * k)
        var squared = [Float](repeating: .infinity, count: points.count * k)
        let order = SpatialOrder.morton(points)
        indices.withUnsafeMutableBufferPointer { indexBuffer in
            squared.withUnsafeMutableBufferPointer { squaredBuffer in
                let indices = SharedPointer(indexBuffer)
                let squared = SharedPointer(squaredBuffer)
                ParallelRanges.run(count: points.count, grain: 4096) { range in
                    search(points, order[range], k) { i, rank, found in
                        indices[i * k + rank] = found.index
                        squared[i * k + rank] = found.squared
                    }
                }
            }
        }
        return (indices, squared)
    }

    private func search(
        _ points: Vector3Array, _ order: ArraySlice<Int32>, _ k: Int,
        _ body: (Int, Int, PointTreeReader.Found) -> Void
    ) {
        withReader { reader in
            withUnsafeTemporaryAllocation(of: PointTreeReader.Found.self, capacity: k) { best in
                for i in order {
                    let p = points[Int(i)]
                    guard p - p == .zero else { continue }
                    if k == 1 {
                        let found = reader.nearest(to: p, within: .infinity)
                        if found.index >= 0 { body(Int(i), 0, found) }
                    } else {
                        let n = reader.nearest(to: p, best)
                        for rank in 0..<n { body(Int(i), rank, best[rank]) }
                    }
                }
            }
        }
    }

    /// The points no farther than `radius` from `p`, in ascending order of their indices.
    public func points(within radius: Float, of p: SIMD3<Float>) -> [Int] {
        var result: [Int] = []
        let limit = radius * radius
        withReader { reader in
            reader.forEach(within: limit, of: p) { result.append(Int($0)) }
        }
        return result.sorted()
    }

    @inline(__always)
    private func withReader<Result>(_ body: (PointTreeReader) -> Result) -> Result {
        nodes.withUnsafeBufferPointer { nodes in
            leaves.withUnsafeBufferPointer { leaves in
                body(PointTreeReader(nodes: nodes, leaves: leaves))
            }
        }
    }
}

/// Up to sixteen points; infinitely far away where there are fewer.
struct PointLeaf: Sendable {
    var x = (FloatLanes(repeating: .infinity), FloatLanes(repeating: .infinity))
    var y = (FloatLanes(repeating: .infinity), FloatLanes(repeating: .infinity))
    var z = (FloatLanes(repeating: .infinity), FloatLanes(repeating: .infinity))
    var index = (IntLanes(repeating: .max), IntLanes(repeating: .max))

    static let capacity = 16

    /// Puts a point into a place.
    mutating func set(_ place: Int, _ p: SIMD3<Float>, index i: Int32) {
        if place < 8 {
            (x.0[place], y.0[place], z.0[place]) = (p.x, p.y, p.z)
            index.0[place] = i
        } else {
            (x.1[place - 8], y.1[place - 8], z.1[place - 8]) = (p.x, p.y, p.z)
            index.1[place - 8] = i
        }
    }

    @inline(__always)
    func squaredDistances(
        _ px: FloatLanes, _ py: FloatLanes, _ pz: FloatLanes
    ) -> (FloatLanes, FloatLanes) {
        let ax = px - x.0, ay = py - y.0, az = pz - z.0
        let bx = px - x.1, by = py - y.1, bz = pz - z.1
        return (ax * ax + ay * ay + az * az, bx * bx + by * by + bz * bz)
    }
}

/// The arrays of a ``KDTree``, for the length of a search.
struct PointTreeReader {
    let nodes: UnsafeBufferPointer<BVHNode>
    let leaves: UnsafeBufferPointer<PointLeaf>

    /// A point and its squared distance.
    struct Found {
        var squared: Float
        var index: Int32

        @inline(__always)
        func precedes(_ other: Found) -> Bool {
            squared < other.squared || (squared == other.squared && index < other.index)
        }
    }

    private struct Pending {
        var squared: Float
        var child: Int32
    }

    /// Visits leaves nearest first while their boxes are within the limit that `visit` gives back.
    @inline(__always)
    private func visit(
        _ p: SIMD3<Float>, limit: Float,
        _ visit: (UnsafePointer<PointLeaf>, FloatLanes, FloatLanes, FloatLanes) -> Float
    ) {
        guard !nodes.isEmpty else { return }
        let x = FloatLanes(repeating: p.x)
        let y = FloatLanes(repeating: p.y)
        let z = FloatLanes(repeating: p.z)
        var limit = limit
        withUnsafeTemporaryAllocation(of: Pending.self, capacity: TriangleBVH.stackCapacity) {
            stack in
            stack[0] = Pending(squared: 0, child: 0)
            var count = 1
            while count > 0 {
                count -= 1
                let next = stack[count]
                guard next.squared <= limit else { continue }
                if next.child < 0 {
                    limit = visit(
                        leaves.baseAddress.unsafelyUnwrapped + Int(~next.child), x, y, z)
                    continue
                }
                let node = nodes.baseAddress.unsafelyUnwrapped + Int(next.child)
                let squared = node.pointee.squaredDistances(x, y, z)
                let near =
                    (squared .<= limit) .& (squared .< FloatLanes(repeating: .infinity))
                var lanes = laneBits(near)
                let first = count
                while lanes != 0 {
                    let lane = lanes.trailingZeroBitCount & 7
                    lanes &= lanes - 1
                    let entry = Pending(squared: squared[lane], child: node.pointee.child[lane])
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
    }

    /// The nearest point not farther than a squared distance; -1 where there is none.
    func nearest(to p: SIMD3<Float>, within limit: Float) -> Found {
        var best = Found(squared: limit, index: .max)
        visit(p, limit: limit) { leaf, x, y, z in
            let (a, b) = leaf.pointee.squaredDistances(x, y, z)
            let least = laneMinimum(smaller(a, b))
            if least <= best.squared, least < .infinity {
                let all = IntLanes(repeating: .max)
                let first = all.replacing(with: leaf.pointee.index.0, where: a .== least)
                let second = all.replacing(with: leaf.pointee.index.1, where: b .== least)
                let index = min(first.min(), second.min())
                if least < best.squared || index < best.index {
                    best = Found(squared: least, index: index)
                }
            }
            return best.squared
        }
        return best.index == .max ? Found(squared: .infinity, index: -1) : best
    }

    /// Fills `best` with the nearest points in order and gives their number.
    func nearest(to p: SIMD3<Float>, _ best: UnsafeMutableBufferPointer<Found>) -> Int {
        var count = 0
        let capacity = best.count
        visit(p, limit: .infinity) { leaf, x, y, z in
            let (a, b) = leaf.pointee.squaredDistances(x, y, z)
            let limit = count == capacity ? best[count - 1].squared : Float.infinity
            var lanes = laneBits(a .<= limit) | laneBits(b .<= limit) << 8
            while lanes != 0 {
                let lane = lanes.trailingZeroBitCount & 15
                lanes &= lanes - 1
                let found =
                    lane < 8
                    ? Found(squared: a[lane], index: leaf.pointee.index.0[lane])
                    : Found(squared: b[lane - 8], index: leaf.pointee.index.1[lane - 8])
                guard found.squared < .infinity else { continue }
                if count == capacity {
                    guard found.precedes(best[count - 1]) else { continue }
                } else {
                    count += 1
                }
                var place = count - 1
                while place > 0, found.precedes(best[place - 1]) {
                    best[place] = best[place - 1]
                    place -= 1
                }
                best[place] = found
            }
            return count == capacity ? best[count - 1].squared : .infinity
        }
        return count
    }

    /// Calls `body` with every point within a squared distance, in the order of the tree.
    func forEach(within limit: Float, of p: SIMD3<Float>, _ body: (Int32) -> Void) {
        visit(p, limit: limit) { leaf, x, y, z in
            let (a, b) = leaf.pointee.squaredDistances(x, y, z)
            var lanes = laneBits(a .<= limit) | laneBits(b .<= limit) << 8
            while lanes != 0 {
                let lane = lanes.trailingZeroBitCount & 15
                lanes &= lanes - 1
                let index =
                    lane < 8 ? leaf.pointee.index.0[lane] : leaf.pointee.index.1[lane - 8]
                if index != .max { body(index) }
            }
            return limit
        }
    }
}
