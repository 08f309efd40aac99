import Geometry

extension WatertightGrid {
    /// The six steps along the axes.
    private static let steps: [SIMD3<Int>] = [
        SIMD3(-1, 0, 0), SIMD3(1, 0, 0), SIMD3(0, -1, 0), SIMD3(0, 1, 0), SIMD3(0, 0, -1),
        SIMD3(0, 0, 1),
    ]

    /// Labels nodes by winding number and by what water from the border reaches.
    mutating func labelInside() {
        var wall = BitGrid(size: size)
        let reach = spacing * 0.5001
        for slot in kept.indices {
            forEachNode(ofSlot: slot) { n, place in
                if distances[place] <= reach { wall[n.x, n.y, n.z] = true }
            }
        }
        var open = BitGrid(size: size)
        for i in open.words.indices {
            open.words[i] =
                ~(wall.words[i] | isWound.words[i]) & open.validBits(i % open.wordsPerRow)
        }
        let reached = open.floodedFromBorder()
        for i in inside.words.indices {
            let free =
                ~(wall.words[i] | reached.words[i]) & inside.validBits(i % inside.wordsPerRow)
            inside.words[i] = free | isWound.words[i]
        }
        // Nodes closed once may close their neighbours.
        while closeWall(wall) {}
    }

    /// A node at the wall that is not wound is inside where the straight way to an inner neighbour
    /// meets no triangle, and no such way leads outside: there orientation was no help.
    ///
    /// - Returns: whether there were such nodes.
    private mutating func closeWall(_ wall: BitGrid) -> Bool {
        let grid = self
        let found = ParallelRanges.map(count: (kept.count + 15) / 16) { run in
            var closed: [SIMD3<Int32>] = []
            for slot in 16 * run..<min(grid.kept.count, 16 * run + 16) {
                grid.forEachNode(ofSlot: slot) { n, _ in
                    guard wall[n.x, n.y, n.z], !grid.inside[n.x, n.y, n.z] else { return }
                    if grid.belongsInside(n, wall) {
                        closed.append(SIMD3<Int32>(truncatingIfNeeded: n))
                    }
                }
            }
            return closed
        }
        for run in found { for n in run { inside[Int(n.x), Int(n.y), Int(n.z)] = true } }
        return found.contains { !$0.isEmpty }
    }

    private func belongsInside(_ n: SIMD3<Int>, _ wall: BitGrid) -> Bool {
        var inner: [SIMD3<Int>] = []
        var outer: [SIMD3<Int>] = []
        for step in Self.steps {
            let m = n &+ step
            guard m.min() >= 0, m.x < size.x, m.y < size.y, m.z < size.z else { continue }
            // Wound neighbours follow from the surface between; they prove nothing.
            if !inside[m.x, m.y, m.z] {
                if !wall[m.x, m.y, m.z] { outer.append(m) }
            } else if !isWound[m.x, m.y, m.z] {
                inner.append(m)
            }
        }
        guard !inner.isEmpty else { return false }
        let p = position(n.x, n.y, n.z)
        func isFree(_ m: SIMD3<Int>) -> Bool {
            !source.winding.bvh.crosses(from: p, to: position(m.x, m.y, m.z))
        }
        return !outer.contains(where: isFree) && inner.contains(where: isFree)
    }

    /// Gives sheets their thickness and turns the distances into magnitudes for marching cubes.
    mutating func thickenSheets() {
        let grid = self
        let found = ParallelRanges.map(count: (kept.count + 15) / 16) { run in
            var changes: [(place: Int, node: SIMD3<Int32>, value: Float)] = []
            for slot in 16 * run..<min(grid.kept.count, 16 * run + 16) {
                grid.forEachNode(ofSlot: slot) { n, place in
                    if let value = grid.sheetValue(n, place) {
                        changes.append((place, SIMD3<Int32>(truncatingIfNeeded: n), value))
                    }
                }
            }
            return changes
        }
        distances = blendedAtLids()
        for run in found {
            for change in run {
                let n = change.node
                distances[change.place] = abs(change.value)
                if change.value < 0 { inside[Int(n.x), Int(n.y), Int(n.z)] = true }
            }
        }
    }

    /// Across lids of holes the surface is where the winding number is 1/2: its distance from that,
    /// in units in which it is larger than any distance next to plain surfaces, is the magnitude.
    private func blendedAtLids() -> [Float] {
        guard !source.borders.isEmpty else { return distances }
        let scale = 8 * spacing
        var result = distances
        for slot in kept.indices {
            forEachNode(ofSlot: slot) { n, place in
                let w = windings[place]
                guard !w.isNaN, (w > 0) == inside[n.x, n.y, n.z] else { return }
                result[place] = min(result[place], scale * abs(w))
            }
        }
        return result
    }

    /// The distance from the slab around a sheet, for nodes outside whose nearest point is on one;
    /// nil for all others.
    private func sheetValue(_ n: SIMD3<Int>, _ place: Int) -> Float? {
        let distance = distances[place]
        let offset = Self.sheetOffset * spacing
        guard nearest[place] >= 0, distance <= offset + 1.8 * spacing,
            !inside[n.x, n.y, n.z]
        else { return nil }
        let mesh = source.winding.bvh.mesh
        let (a, b, c) = mesh.points(Int(nearest[place]))
        let p = position(n.x, n.y, n.z)
        let point = SIMD3<Float>(
            PointOnTriangle(
                closestTo: SIMD3<Double>(p), SIMD3<Double>(a), SIMD3<Double>(b), SIMD3<Double>(c)
            ).position)
        let depth = spacing
        if distance > 1e-3 * spacing {
            return isInside(point + (point - p) * (depth / distance)) ? nil : distance - offset
        }
        // On the surface itself there is no telling where it leads to: any neighbour will do.
        for k in 0..<27 {
            let m = n &+ SIMD3(k % 3 - 1, k / 3 % 3 - 1, k / 9 - 1)
            if m.min() >= 0, m.x < size.x, m.y < size.y, m.z < size.z, inside[m.x, m.y, m.z] {
                return nil
            }
        }
        return distance - offset
    }

    /// Whether a point is inside: by the node nearest to it, or by its own winding number.
    private func isInside(_ p: SIMD3<Float>) -> Bool {
        let q = (p - origin) / spacing
        let n = SIMD3(
            Int(q.x.rounded()), Int(q.y.rounded()), Int(q.z.rounded()))
        guard n.min() >= 0, n.x < size.x, n.y < size.y, n.z < size.z else { return false }
        if inside[n.x, n.y, n.z] { return true }
        return source.winding.isInside(p) && coarse.map { $0.cover(at: p) > 0 } ?? true
    }

    /// Makes inside what no water reaches: no cavity is left. The border of the grid is outside
    /// whatever else speaks against it, so the surface is closed.
    mutating func fillPockets() {
        for z in 0..<size.z {
            for y in 0..<size.y {
                let isFace = y == 0 || z == 0 || y == size.y - 1 || z == size.z - 1
                let step = isFace ? 1 : max(1, size.x - 1)
                for x in stride(from: 0, to: size.x, by: step) { inside[x, y, z] = false }
            }
        }
        var open = BitGrid(size: size)
        for i in open.words.indices {
            open.words[i] = ~inside.words[i] & open.validBits(i % open.wordsPerRow)
        }
        let reached = open.floodedFromBorder()
        for i in inside.words.indices {
            inside.words[i] = ~reached.words[i] & inside.validBits(i % inside.wordsPerRow)
        }
    }
}
