import Geometry

extension WatertightGrid {
    /// Finds the bricks near the surface and the distances of their nodes.
    ///
    /// In a brick, blocks of four, then two nodes along each side are asked at their middle first:
    /// most are wholly beyond the band.
    mutating func measureDistances() {
        let count = bricks.x * bricks.y * bricks.z
        var middles = Vector3Array()
        middles.reserveCapacity(count)
        for brick in 0..<count { middles.append(middle(of: corner(ofBrick: brick), 8)) }
        let reach = (halfDiagonal(8) + Self.band) * spacing
        let found = source.winding.bvh.distances(to: middles)
        keep((0..<count).filter { found[$0] <= reach })
    }

    /// Keeps further bricks, in ascending order, and measures the distances of their nodes.
    mutating func keep(_ wanted: [Int]) {
        kept = wanted
        for i in slots.indices { slots[i] = -1 }
        for (slot, brick) in kept.enumerated() { slots[brick] = Int32(slot) }
        distances = [Float](repeating: Self.band * spacing, count: kept.count * 512)
        nearest = [Int32](repeating: -1, count: kept.count * 512)
        let grid = self
        distances.withUnsafeMutableBufferPointer { distanceBuffer in
            nearest.withUnsafeMutableBufferPointer { nearestBuffer in
                let distances = SharedPointer(distanceBuffer)
                let nearest = SharedPointer(nearestBuffer)
                ParallelRanges.run(count: grid.kept.count, grain: 8) { range in
                    var guess: Int32 = -1
                    for slot in range {
                        grid.measure(slot, grid.corner(ofBrick: grid.kept[slot]), 8, &guess) {
                            place, distance, triangle in
                            distances[place] = distance
                            nearest[place] = triangle
                        }
                    }
                }
            }
        }
    }

    /// The middle of a block of `edge` nodes along each side.
    private func middle(of corner: SIMD3<Int>, _ edge: Int) -> SIMD3<Float> {
        position(corner.x, corner.y, corner.z)
            + SIMD3(repeating: Float(edge - 1) / 2 * spacing)
    }

    /// From the middle of a block to its corner nodes, in spacings.
    private func halfDiagonal(_ edge: Int) -> Float { Float(edge - 1) / 2 * 1.7321 }

    private func measure(
        _ slot: Int, _ corner: SIMD3<Int>, _ edge: Int, _ guess: inout Int32,
        _ body: (Int, Float, Int32) -> Void
    ) {
        let p = middle(of: corner, edge)
        let found = source.winding.bvh.nearestTriangle(to: p, startingFrom: guess)
        guess = found.triangle
        let distance = found.squaredDistance.squareRoot()
        if edge == 1 {
            let place = slot << 9 | (corner.z & 7) << 6 | (corner.y & 7) << 3 | (corner.x & 7)
            if distance < Self.band * spacing { body(place, distance, found.triangle) }
            return
        }
        guard distance <= (halfDiagonal(edge) + Self.band) * spacing else { return }
        let half = edge / 2
        for k in 0..<8 {
            let next = corner &+ SIMD3(k & 1, k >> 1 & 1, k >> 2) &* half
            guard next.x < size.x, next.y < size.y, next.z < size.z else { continue }
            measure(slot, next, half, &guess, body)
        }
    }

    /// Finds out where the winding number exceeds 1/2.
    ///
    /// On a balanced mesh it can change only across the surface, so nodes near it suffice. On others
    /// it is computed at every fourth node of the whole grid, too, and wherever those around a block
    /// disagree, which is at lids of holes.
    mutating func measureWinding() {
        if source.isBalanced {
            measureBalanced()
            return
        }
        let coarse = CoarseWinding(self)
        let lids = coarse.bricksInDoubt()
        let more = lids.filter { slots[$0] < 0 }
        if !more.isEmpty { keep((kept + more).sorted()) }
        measureEverywhere(coarse)
    }

    /// Balanced meshes: nodes within a spacing and a little, each near one whose side is known where
    /// possible.
    private mutating func measureBalanced() {
        let grid = self
        let limit = 1.3 * spacing
        let found = ParallelRanges.map(count: (kept.count + 15) / 16) { run in
            var wound: [SIMD3<Int32>] = []
            var known = (position: SIMD3<Float>.zero, squaredReach: Float(0), isInside: false)
            for slot in 16 * run..<min(grid.kept.count, 16 * run + 16) {
                grid.forEachNode(ofSlot: slot) { node, place in
                    let distance = grid.distances[place]
                    guard distance < limit else { return }
                    let p = grid.position(node.x, node.y, node.z)
                    let d = p - known.position
                    if dot(d, d) >= known.squaredReach {
                        known = (
                            p, distance * distance * 0.999, grid.source.winding.isInside(p)
                        )
                    }
                    if known.isInside { wound.append(SIMD3<Int32>(truncatingIfNeeded: node)) }
                }
            }
            return wound
        }
        for run in found { for n in run { isWound[Int(n.x), Int(n.y), Int(n.z)] = true } }
    }

    /// Other meshes: nodes near the surface and in blocks in doubt one by one, the others as their
    /// block.
    private mutating func measureEverywhere(_ coarse: CoarseWinding) {
        windings = [Float](repeating: .nan, count: kept.count * 512)
        let grid = self
        let limit = 1.3 * spacing
        windings.withUnsafeMutableBufferPointer { buffer in
            let windings = SharedPointer(buffer)
            ParallelRanges.run(count: grid.kept.count, grain: 8) { range in
                for slot in range {
                    grid.forEachNode(ofSlot: slot) { node, place in
                        guard grid.distances[place] < limit || coarse.isInDoubt(node) else {
                            return
                        }
                        windings[place] =
                            grid.source.winding.windingNumber(
                                at: grid.position(node.x, node.y, node.z)) - 0.5
                    }
                }
            }
        }
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x {
                    let value = place(x, y, z).map { windings[$0] } ?? .nan
                    if value.isNaN ? coarse.isInside(SIMD3(x, y, z)) : value > 0 {
                        isWound[x, y, z] = true
                    }
                }
            }
        }
    }
}

/// Winding numbers at every fourth node of a grid.
struct CoarseWinding {
    private let size: SIMD3<Int>
    private let bricks: SIMD3<Int>
    private let blocks: SIMD3<Int>
    private let inside: [Bool]

    init(_ grid: WatertightGrid) {
        let size = SIMD3(
            (grid.size.x + 7) / 4, (grid.size.y + 7) / 4, (grid.size.z + 7) / 4)
        self.size = size
        blocks = size &- 1
        bricks = grid.bricks
        var points = Vector3Array()
        points.reserveCapacity(size.x * size.y * size.z)
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x { points.append(grid.position(4 * x, 4 * y, 4 * z)) }
            }
        }
        inside = grid.source.winding.windingNumbers(at: points).map { $0 > 0.5 }
    }

    private func at(_ x: Int, _ y: Int, _ z: Int) -> Bool {
        inside[(z * size.y + y) * size.x + x]
    }

    /// Whether the corners of the block around a node disagree.
    func isInDoubt(_ node: SIMD3<Int>) -> Bool {
        let b = SIMD3(node.x >> 2, node.y >> 2, node.z >> 2)
        let first = at(b.x, b.y, b.z)
        for k in 1..<8 where at(b.x + (k & 1), b.y + (k >> 1 & 1), b.z + (k >> 2)) != first {
            return true
        }
        return false
    }

    /// The side of the first corner of the block around a node.
    func isInside(_ node: SIMD3<Int>) -> Bool { at(node.x >> 2, node.y >> 2, node.z >> 2) }

    /// The bricks (of two blocks along each side) that hold blocks in doubt.
    func bricksInDoubt() -> [Int] {
        (0..<bricks.x * bricks.y * bricks.z).filter { brick in
            let b = SIMD3(
                brick % bricks.x, brick / bricks.x % bricks.y, brick / (bricks.x * bricks.y))
            return (0..<8).contains { k in
                let block = b &* 2 &+ SIMD3(k & 1, k >> 1 & 1, k >> 2)
                return block.x < blocks.x && block.y < blocks.y && block.z < blocks.z
                    && isInDoubt(block &* 4)
            }
        }
    }
}
