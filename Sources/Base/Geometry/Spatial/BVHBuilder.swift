/// Builds the boxes and leaves of a ``TriangleBVH`` from the top: ranges of triangles are split by
/// the surface area heuristic over sixteen bins (Wald 2007), always at a multiple of eight
/// triangles so that leaves are full.
struct BVHBuilder {
    /// Levels below the root at most. A split leaves at least eight triangles on either side and
    /// is made at the middle from `balancedDepth` on, so 2^32 triangles end before this.
    static let greatestDepth = 72
    private static let balancedDepth = 40
    private static let binCount = 16

    /// The boxes of the triangles; the fourth component is not used.
    private let lower: UnsafeMutablePointer<SIMD4<Float>>
    private let upper: UnsafeMutablePointer<SIMD4<Float>>
    /// Triangles in the order of the tree, as positions in the lists of boxes.
    private let order: UnsafeMutablePointer<Int32>
    /// The triangles of the mesh that the boxes belong to.
    private let names: UnsafeMutablePointer<Int32>
    private let mesh: TriangleMesh

    private(set) var nodes: [BVHNode] = []
    private(set) var leaves: [TriangleLeaf] = []

    /// The tree over the finite triangles of a mesh.
    static func build(
        _ mesh: TriangleMesh
    ) -> (nodes: [BVHNode], leaves: [TriangleLeaf], bounds: Bounds) {
        let capacity = mesh.triangleCount
        precondition(capacity < Int(Int32.max), "a tree holds less than 2^31 triangles")
        let lower = UnsafeMutablePointer<SIMD4<Float>>.allocate(capacity: capacity)
        let upper = UnsafeMutablePointer<SIMD4<Float>>.allocate(capacity: capacity)
        let order = UnsafeMutablePointer<Int32>.allocate(capacity: capacity)
        let names = UnsafeMutablePointer<Int32>.allocate(capacity: capacity)
        defer {
            lower.deallocate()
            upper.deallocate()
            order.deallocate()
            names.deallocate()
        }
        var count = 0
        var bounds = Bounds()
        for f in 0..<capacity {
            let (a, b, c) = mesh.points(f)
            guard a - a == .zero, b - b == .zero, c - c == .zero else { continue }
            let low = pointwiseMin(a, pointwiseMin(b, c))
            let high = pointwiseMax(a, pointwiseMax(b, c))
            lower[count] = SIMD4(low, 0)
            upper[count] = SIMD4(high, 0)
            order[count] = Int32(count)
            names[count] = Int32(f)
            bounds.formUnion(low)
            bounds.formUnion(high)
            count += 1
        }
        guard count > 0 else { return ([], [], bounds) }
        var top = BVHBuilder(lower: lower, upper: upper, order: order, names: names, mesh: mesh)
        top.buildConcurrently(0..<count)
        return (top.nodes, top.leaves, bounds)
    }

    private init(
        lower: UnsafeMutablePointer<SIMD4<Float>>, upper: UnsafeMutablePointer<SIMD4<Float>>,
        order: UnsafeMutablePointer<Int32>, names: UnsafeMutablePointer<Int32>, mesh: TriangleMesh
    ) {
        self.lower = lower
        self.upper = upper
        self.order = order
        self.names = names
        self.mesh = mesh
    }

    /// The root here, the subtrees of its children side by side, then all in one array.
    private mutating func buildConcurrently(_ range: Range<Int>) {
        let ranges = childRanges(of: range, depth: 0)
        guard range.count > 4096 else {
            build(ranges, depth: 0)
            return
        }
        let seed = UncheckedSendable(value: self)
        let subtrees = ParallelRanges.map(count: ranges.count) { i in
            var builder = seed.value
            if ranges[i].count > 8 {
                builder.build(builder.childRanges(of: ranges[i], depth: 1), depth: 1)
            } else {
                builder.appendLeaf(ranges[i])
            }
            return UncheckedSendable(value: (builder.nodes, builder.leaves))
        }
        var root = BVHNode()
        nodes.append(root)
        for (lane, range) in ranges.enumerated() {
            let (subnodes, subleaves) = subtrees[lane].value
            let (low, high) = box(of: range)
            root.set(lane, low: low, high: high)
            root.child[lane] = subnodes.isEmpty ? ~Int32(leaves.count) : Int32(nodes.count)
            let nodeShift = Int32(nodes.count), leafShift = Int32(leaves.count)
            for var node in subnodes {
                for k in 0..<8 where node.child[k] != BVHNode.noChild {
                    node.child[k] += node.child[k] >= 0 ? nodeShift : -leafShift
                }
                nodes.append(node)
            }
            leaves += subleaves
        }
        nodes[0] = root
    }

    /// Adds a node over the given ranges and all below it; gives the node's position.
    @discardableResult
    private mutating func build(_ ranges: [Range<Int>], depth: Int) -> Int32 {
        let position = nodes.count
        var node = BVHNode()
        nodes.append(node)
        for (lane, range) in ranges.enumerated() {
            let (low, high) = box(of: range)
            node.set(lane, low: low, high: high)
            if range.count <= 8 {
                node.child[lane] = ~Int32(leaves.count)
                appendLeaf(range)
            } else {
                node.child[lane] = build(childRanges(of: range, depth: depth + 1), depth: depth + 1)
            }
        }
        nodes[position] = node
        return Int32(position)
    }

    private func box(of range: Range<Int>) -> (low: SIMD4<Float>, high: SIMD4<Float>) {
        var low = SIMD4<Float>(repeating: .infinity)
        var high = -low
        for i in range {
            let t = Int(order[i])
            low = low.replacing(with: lower[t], where: lower[t] .< low)
            high = high.replacing(with: upper[t], where: upper[t] .> high)
        }
        return (low, high)
    }

    /// Splits a range until there are eight, always the one with the largest surface times count.
    private func childRanges(of range: Range<Int>, depth: Int) -> [Range<Int>] {
        var ranges = [range]
        var costs = [Float.infinity]
        while ranges.count < 8 {
            var widest = -1
            for i in ranges.indices where ranges[i].count > 8 {
                if widest < 0 || costs[i] > costs[widest] { widest = i }
            }
            guard widest >= 0 else { break }
            let whole = ranges[widest]
            let middle = whole.lowerBound + leftCount(of: whole, depth: depth)
            ranges[widest] = whole.lowerBound..<middle
            ranges.insert(middle..<whole.upperBound, at: widest + 1)
            costs[widest] = cost(ranges[widest])
            costs.insert(cost(ranges[widest + 1]), at: widest + 1)
        }
        return ranges
    }

    private func cost(_ range: Range<Int>) -> Float {
        let (low, high) = box(of: range)
        return halfSurface(high - low) * Float(range.count)
    }

    private func halfSurface(_ d: SIMD4<Float>) -> Float { d.x * d.y + d.y * d.z + d.z * d.x }

    /// Orders a range so that its first part and its second make good boxes, and gives the size
    /// of the first: a multiple of eight.
    private func leftCount(of range: Range<Int>, depth: Int) -> Int {
        var low = SIMD4<Float>(repeating: .infinity)
        var high = -low
        for i in range {
            let c = center(Int(order[i]))
            low = low.replacing(with: c, where: c .< low)
            high = high.replacing(with: c, where: c .> high)
        }
        let extent = high - low
        let axis =
            extent.x >= extent.y && extent.x >= extent.z ? 0 : extent.y >= extent.z ? 1 : 2
        var count = range.count / 2
        if extent[axis] > 0, extent[axis].isFinite, depth < Self.balancedDepth {
            count = heuristicCount(range, axis: axis, low: low[axis], extent: extent[axis])
        }
        count = max(8, (count + 4) / 8 * 8)
        if count >= range.count { count = (range.count - 1) / 8 * 8 }
        select(range, count, axis: axis)
        return count
    }

    /// How many triangles lie left of the bin boundary with the least expected cost.
    private func heuristicCount(
        _ range: Range<Int>, axis: Int, low: Float, extent: Float
    ) -> Int {
        let bins = Self.binCount
        return withUnsafeTemporaryAllocation(of: SIMD4<Float>.self, capacity: 2 * bins) { boxes in
            withUnsafeTemporaryAllocation(of: Int.self, capacity: bins) { counts in
                for b in 0..<bins {
                    boxes[2 * b] = SIMD4(repeating: .infinity)
                    boxes[2 * b + 1] = SIMD4(repeating: -.infinity)
                    counts[b] = 0
                }
                let scale = Float(bins) / extent
                for i in range {
                    let t = Int(order[i])
                    let b = min(bins - 1, max(0, Int((center(t)[axis] - low) * scale)))
                    counts[b] += 1
                    let l = boxes[2 * b], h = boxes[2 * b + 1]
                    boxes[2 * b] = l.replacing(with: lower[t], where: lower[t] .< l)
                    boxes[2 * b + 1] = h.replacing(with: upper[t], where: upper[t] .> h)
                }
                return cheapestBoundary(boxes, counts, total: range.count)
            }
        }
    }

    private func cheapestBoundary(
        _ boxes: UnsafeMutableBufferPointer<SIMD4<Float>>,
        _ counts: UnsafeMutableBufferPointer<Int>, total: Int
    ) -> Int {
        let bins = Self.binCount
        return withUnsafeTemporaryAllocation(of: Float.self, capacity: bins) { right in
            var low = SIMD4<Float>(repeating: .infinity)
            var high = -low
            var count = 0
            for b in stride(from: bins - 1, to: 0, by: -1) {
                low = low.replacing(with: boxes[2 * b], where: boxes[2 * b] .< low)
                high = high.replacing(with: boxes[2 * b + 1], where: boxes[2 * b + 1] .> high)
                count += counts[b]
                right[b] = count == 0 ? 0 : halfSurface(high - low) * Float(count)
            }
            low = SIMD4(repeating: .infinity)
            high = -low
            count = 0
            var best = (cost: Float.infinity, count: total / 2)
            for b in 0..<bins - 1 {
                low = low.replacing(with: boxes[2 * b], where: boxes[2 * b] .< low)
                high = high.replacing(with: boxes[2 * b + 1], where: boxes[2 * b + 1] .> high)
                count += counts[b]
                guard count > 0, count < total else { continue }
                let cost = halfSurface(high - low) * Float(count) + right[b + 1]
                if cost < best.cost { best = (cost, count) }
            }
            return best.count
        }
    }

    /// Twice the middle of a triangle's box.
    @inline(__always)
    private func center(_ t: Int) -> SIMD4<Float> { lower[t] + upper[t] }

    /// Brings the `count` triangles with the smallest middles along an axis to the front (Hoare's
    /// selection; the pivot is the median of three).
    private func select(_ range: Range<Int>, _ count: Int, axis: Int) {
        func key(_ i: Int) -> Float { center(Int(order[i]))[axis] }
        var low = range.lowerBound, high = range.upperBound - 1
        let wanted = range.lowerBound + count
        while low < high {
            let a = key(low), b = key((low + high) / 2), c = key(high)
            let pivot = max(min(a, b), min(max(a, b), c))
            var i = low, j = high
            while i <= j {
                while key(i) < pivot { i += 1 }
                while key(j) > pivot { j -= 1 }
                if i <= j {
                    (order[i], order[j]) = (order[j], order[i])
                    i += 1
                    j -= 1
                }
            }
            if wanted <= j {
                high = j
            } else if wanted >= i {
                low = i
            } else {
                return
            }
        }
    }

    private mutating func appendLeaf(_ range: Range<Int>) {
        var leaf = TriangleLeaf()
        for lane in 0..<8 {
            let isFilled = lane < range.count
            let name = names[Int(order[range.lowerBound + min(lane, range.count - 1)])]
            let (a, b, c) = mesh.points(Int(name))
            let ab = isFilled ? b - a : .zero
            let ac = isFilled ? c - a : .zero
            func inverse(_ v: SIMD3<Float>) -> Float {
                let squared = dot(v, v)
                let inverse = 1 / squared
                return squared > 0 && inverse.isFinite ? inverse : 0
            }
            (leaf.a.0[lane], leaf.a.1[lane], leaf.a.2[lane]) = (a.x, a.y, a.z)
            (leaf.ab.0[lane], leaf.ab.1[lane], leaf.ab.2[lane]) = (ab.x, ab.y, ab.z)
            (leaf.ac.0[lane], leaf.ac.1[lane], leaf.ac.2[lane]) = (ac.x, ac.y, ac.z)
            leaf.inverseSquares.0[lane] = inverse(ab)
            leaf.inverseSquares.1[lane] = inverse(ac)
            leaf.inverseSquares.2[lane] = inverse(ac - ab)
            leaf.inverseArea[lane] = inverse(cross(ab, ac))
            leaf.triangle[lane] = name
        }
        leaves.append(leaf)
    }
}

/// A value that is handed to other threads by one that sees to it that they do not collide.
struct UncheckedSendable<Value>: @unchecked Sendable {
    let value: Value
}
