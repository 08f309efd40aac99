/// Builds a ``KDTree``: ranges of points are halved at the median along the widest axis, at a
/// multiple of the leaves' capacity so that leaves are full.
struct KDTreeBuilder {
    /// A point and where it came from; the fourth component holds the index's bits.
    private typealias Item = SIMD4<Float>

    private let items: UnsafeMutablePointer<Item>
    private(set) var nodes: [BVHNode] = []
    private(set) var leaves: [PointLeaf] = []

    /// The tree over the finite points.
    static func build(
        _ points: Vector3Array
    ) -> (nodes: [BVHNode], leaves: [PointLeaf], count: Int) {
        precondition(points.count < Int(Int32.max), "a tree holds less than 2^31 points")
        let items = UnsafeMutablePointer<Item>.allocate(capacity: points.count)
        defer { items.deallocate() }
        var count = 0
        points.scalars.withUnsafeBufferPointer { s in
            for i in 0..<points.count {
                let p = SIMD3(s[3 * i], s[3 * i + 1], s[3 * i + 2])
                guard p - p == .zero else { continue }
                items[count] = Item(p, Float(bitPattern: UInt32(i)))
                count += 1
            }
        }
        guard count > 0 else { return ([], [], 0) }
        var builder = KDTreeBuilder(items: items)
        builder.nodes.reserveCapacity(count / 32 + 8)
        builder.leaves.reserveCapacity(count / PointLeaf.capacity + 8)
        builder.build(0..<count)
        return (builder.nodes, builder.leaves, count)
    }

    /// A tree whose leaves are runs of points along a space-filling curve: looser boxes than
    /// those of medians, in a fraction of the time.
    static func buildAlongCurve(
        _ points: Vector3Array
    ) -> (nodes: [BVHNode], leaves: [PointLeaf], count: Int) {
        let order = SpatialOrder.morton(points).filter { i in
            let p = points[Int(i)]
            return p - p == .zero
        }
        guard !order.isEmpty else { return ([], [], 0) }
        var leaves: [PointLeaf] = []
        leaves.reserveCapacity(order.count / PointLeaf.capacity + 1)
        var boxes: [(low: Item, high: Item)] = []
        for begin in stride(from: 0, to: order.count, by: PointLeaf.capacity) {
            var leaf = PointLeaf()
            var low = Item(repeating: .infinity)
            var high = -low
            for place in begin..<min(begin + PointLeaf.capacity, order.count) {
                let p = points[Int(order[place])]
                leaf.set(place - begin, p, index: order[place])
                let q = Item(p, 0)
                low = low.replacing(with: q, where: q .< low)
                high = high.replacing(with: q, where: q .> high)
            }
            leaves.append(leaf)
            boxes.append((low, high))
        }
        // Levels from the leaves up; in the array the root comes first.
        var levels: [[BVHNode]] = []
        repeat {
            var level: [BVHNode] = []
            var parents: [(low: Item, high: Item)] = []
            for begin in stride(from: 0, to: boxes.count, by: 8) {
                var node = BVHNode()
                var low = Item(repeating: .infinity)
                var high = -low
                for i in begin..<min(begin + 8, boxes.count) {
                    node.set(i - begin, low: boxes[i].low, high: boxes[i].high)
                    node.child[i - begin] = levels.isEmpty ? ~Int32(i) : Int32(i)
                    low = low.replacing(with: boxes[i].low, where: boxes[i].low .< low)
                    high = high.replacing(with: boxes[i].high, where: boxes[i].high .> high)
                }
                level.append(node)
                parents.append((low, high))
            }
            levels.append(level)
            boxes = parents
        } while boxes.count > 1
        var nodes: [BVHNode] = []
        for level in levels.reversed() {
            let below = Int32(nodes.count + level.count)
            for var node in level {
                for lane in 0..<8 where node.child[lane] >= 0 { node.child[lane] += below }
                nodes.append(node)
            }
        }
        return (nodes, leaves, order.count)
    }

    private init(items: UnsafeMutablePointer<Item>) { self.items = items }

    /// Adds a node over a range and all below it; gives the node's position.
    @discardableResult
    private mutating func build(_ range: Range<Int>) -> Int32 {
        let position = nodes.count
        var node = BVHNode()
        nodes.append(node)
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 9) { bounds in
            // Eight parts at most: three halvings, where there is enough to halve.
            bounds[0] = range.lowerBound
            bounds[1] = range.upperBound
            var parts = 1
            for _ in 0..<3 {
                for part in stride(from: parts - 1, through: 0, by: -1) {
                    let piece = bounds[part]..<bounds[part + 1]
                    guard piece.count > PointLeaf.capacity else { continue }
                    for later in stride(from: parts, to: part, by: -1) {
                        bounds[later + 1] = bounds[later]
                    }
                    bounds[part + 1] = halved(piece)
                    parts += 1
                }
            }
            for lane in 0..<parts {
                let piece = bounds[lane]..<bounds[lane + 1]
                let (low, high) = box(piece)
                node.set(lane, low: low, high: high)
                if piece.count <= PointLeaf.capacity {
                    node.child[lane] = ~Int32(leaves.count)
                    appendLeaf(piece)
                } else {
                    node.child[lane] = build(piece)
                }
            }
        }
        nodes[position] = node
        return Int32(position)
    }

    private func box(_ range: Range<Int>) -> (low: Item, high: Item) {
        var low = Item(repeating: .infinity)
        var high = -low
        for i in range {
            let p = items[i]
            low = low.replacing(with: p, where: p .< low)
            high = high.replacing(with: p, where: p .> high)
        }
        return (low, high)
    }

    /// Parts a range at a median; gives the first position of the second part.
    private func halved(_ range: Range<Int>) -> Int {
        let (low, high) = box(range)
        let extent = high - low
        let unit = PointLeaf.capacity
        let count = (range.count / 2 + unit - 1) / unit * unit
        let middle = range.lowerBound + min(count, (range.count - 1) / unit * unit)
        let axis =
            extent.x >= extent.y && extent.x >= extent.z ? 0 : extent.y >= extent.z ? 1 : 2
        switch axis {
        case 0: select(range, middle) { $0.x }
        case 1: select(range, middle) { $0.y }
        default: select(range, middle) { $0.z }
        }
        return middle
    }

    /// Hoare's selection: afterwards no item before `wanted` has a larger key than one from it on.
    @inline(__always)
    private func select(_ range: Range<Int>, _ wanted: Int, _ key: (Item) -> Float) {
        var low = range.lowerBound, high = range.upperBound - 1
        while low < high {
            let a = key(items[low]), b = key(items[(low + high) / 2]), c = key(items[high])
            let pivot = max(min(a, b), min(max(a, b), c))
            var i = low, j = high
            while i <= j {
                while key(items[i]) < pivot { i += 1 }
                while key(items[j]) > pivot { j -= 1 }
                if i <= j {
                    let swapped = items[i]
                    items[i] = items[j]
                    items[j] = swapped
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
        var leaf = PointLeaf()
        for (place, i) in range.enumerated() {
            let p = items[i]
            leaf.set(
                place, SIMD3(p.x, p.y, p.z), index: Int32(bitPattern: p.w.bitPattern))
        }
        leaves.append(leaf)
    }
}
