import Geometry

extension WatertightGrid {
    /// How far beyond the surface sides are computed, in spacings.
    private static let reach: Float = 1.3
    /// Where holes are this near, in spacings, every node is asked.
    private static let borderReach: Float = 4
    /// Winding numbers this near to 1/2 leave a doubt about those of neighbours.
    private static let doubt: Float = 0.25

    /// Finds out where the winding number exceeds 1/2.
    ///
    /// Without holes it changes across the surface only, so nodes near the surface suffice. With
    /// holes it is also computed at every eighth node of the whole grid, and wherever those around
    /// a brick disagree, which is at lids.
    mutating func measureWinding() {
        guard !source.borders.isEmpty else {
            windings = computeWindings(nil, nil)
            isWound = wound(isWound)
            return
        }
        let coarse = CoarseWinding(self)
        let more = slots.indices.filter { slots[$0] < 0 && coarse.isInDoubt($0) }
        if !more.isEmpty { keep((kept + more).sorted()) }
        windings = computeWindings(coarse, BorderPoints(self))
        var wound = BitGrid(size: size)
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x where coarse.isInside(SIMD3(x, y, z)) {
                    wound[x, y, z] = true
                }
            }
        }
        isWound = self.wound(wound)
        self.coarse = coarse
    }

    /// Sides as they are given, but where a winding number is known.
    private func wound(_ given: BitGrid) -> BitGrid {
        var wound = given
        for slot in kept.indices {
            forEachNode(ofSlot: slot) { node, place in
                let w = windings[place]
                if !w.isNaN { wound[node.x, node.y, node.z] = w > 0 }
            }
        }
        return wound
    }

    /// Winding numbers less 1/2 of the kept bricks' nodes near the surface or in doubt.
    private func computeWindings(_ coarse: CoarseWinding?, _ borders: BorderPoints?) -> [Float] {
        var result = [Float](repeating: .nan, count: kept.count * 512)
        result.withUnsafeMutableBufferPointer { buffer in
            let windings = SharedPointer(buffer)
            ParallelRanges.run(count: kept.count, grain: 8) { range in
                for slot in range {
                    let isNearBorder = borders?.isNear(middle(ofSlot: slot)) ?? false
                    let isWhole = isNearBorder || coarse?.isInDoubt(kept[slot]) == true
                    var brick = WindingBrick(self, slot, isWhole: isWhole)
                    brick.compute(isNearBorder: isNearBorder, hasBorders: borders != nil)
                    if let coarse { brick.limit(by: coarse) }
                    for k in 0..<512 { windings[slot << 9 | k] = brick.values[k] }
                }
            }
        }
        return result
    }

    private func middle(ofSlot slot: Int) -> SIMD3<Float> {
        let c = corner(ofBrick: kept[slot])
        return position(c.x, c.y, c.z) + SIMD3(repeating: 3.5 * spacing)
    }

    /// Points along the edges of holes, one every two spacings.
    private struct BorderPoints: Sendable {
        private let tree: KDTree
        private let squaredReach: Float

        init(_ grid: WatertightGrid) {
            let mesh = grid.source.winding.bvh.mesh
            var points = Vector3Array()
            for edge in grid.source.borders {
                let a = mesh.positions[Int(edge.x)], b = mesh.positions[Int(edge.y)]
                guard a - a == .zero, b - b == .zero else { continue }
                let steps = max(1, Int((length(b - a) / (2 * grid.spacing)).rounded(.up)))
                for k in 0...steps { points.append(a + (b - a) * (Float(k) / Float(steps))) }
            }
            tree = KDTree(points)
            // From the middle of a brick to its corner, and beyond.
            let reach = (6.1 + borderReach) * grid.spacing
            squaredReach = reach * reach
        }

        func isNear(_ p: SIMD3<Float>) -> Bool {
            guard let found = tree.nearest(to: p) else { return false }
            return found.squaredDistance < squaredReach
        }
    }

    /// The nodes of one brick: which are asked, and what they answer.
    ///
    /// Two nodes nearer to each other than one of them is to the surface have no surface between
    /// them. Groups of nodes joined so share one winding number where there are no holes, and nearly
    /// one far from holes.
    private struct WindingBrick {
        let grid: WatertightGrid
        let slot: Int
        let corner: SIMD3<Int>
        var values = [Float](repeating: .nan, count: 512)
        private var isAsked = [Bool](repeating: false, count: 512)

        init(_ grid: WatertightGrid, _ slot: Int, isWhole: Bool) {
            self.grid = grid
            self.slot = slot
            corner = grid.corner(ofBrick: grid.kept[slot])
            let limit = reach * grid.spacing
            grid.forEachNode(ofSlot: slot) { node, place in
                isAsked[place & 511] = isWhole || grid.distances[place] < limit
            }
        }

        mutating func compute(isNearBorder: Bool, hasBorders: Bool) {
            for first in 0..<512 where isAsked[first] && values[first].isNaN {
                let group = isNearBorder ? [first] : group(from: first)
                var value = winding(first, exactSign: !hasBorders)
                var isUniform = true
                if hasBorders, group.count > 1 {
                    // The first, the last, and the one farthest from the surface stand for all.
                    let deepest = group.max { distance($0) < distance($1) } ?? first
                    for k in [group[group.count - 1], deepest] {
                        let other = winding(k, exactSign: false)
                        if (other > 0) != (value > 0) || abs(other) < doubt { isUniform = false }
                    }
                    if abs(value) < doubt { isUniform = false }
                }
                for k in group {
                    if !isUniform { value = winding(k, exactSign: false) }
                    // Far from lids the magnitude is of no use: it would only shorten distances.
                    values[k] =
                        isUniform && (group.count > 1 || !hasBorders)
                        ? (value > 0 ? 0.5 : -0.5) : value
                }
            }
        }

        /// Takes from nodes what is not covered.
        mutating func limit(by coarse: CoarseWinding) {
            for k in 0..<512 where values[k] > 0 {
                values[k] = min(values[k], coarse.cover(at: position(k)))
            }
        }

        private func position(_ k: Int) -> SIMD3<Float> {
            grid.position(corner.x + (k & 7), corner.y + (k >> 3 & 7), corner.z + (k >> 6))
        }

        private func distance(_ k: Int) -> Float { grid.distances[slot << 9 | k] }

        private func winding(_ k: Int, exactSign: Bool) -> Float {
            let p = position(k)
            if exactSign { return grid.source.winding.isInside(p) ? 0.5 : -0.5 }
            let rough = grid.source.winding.windingNumber(at: p, opening: 2) - 0.5
            // At a lid the number changes slowly: a thousandth is a good part of a spacing.
            return abs(rough) > 0.05
                ? rough : grid.source.winding.windingNumber(at: p, opening: 5) - 0.5
        }

        /// The asked nodes that are joined with one, which comes first; all are marked.
        private mutating func group(from first: Int) -> [Int] {
            var group = [first]
            values[first] = 0
            var next = 0
            while next < group.count {
                let k = group[next]
                next += 1
                let reach = distance(k)
                let (x, y, z) = (k & 7, k >> 3 & 7, k >> 6)
                for mz in max(0, z - 1)...min(7, z + 1) {
                    for my in max(0, y - 1)...min(7, y + 1) {
                        for mx in max(0, x - 1)...min(7, x + 1) {
                            let m = mz << 6 | my << 3 | mx
                            guard isAsked[m], values[m].isNaN else { continue }
                            let steps = abs(mx - x) + abs(my - y) + abs(mz - z)
                            let apart = Float(steps).squareRoot() * grid.spacing * 1.001
                            guard apart < max(reach, distance(m)) else { continue }
                            values[m] = 0
                            group.append(m)
                        }
                    }
                }
            }
            return group
        }
    }
}
