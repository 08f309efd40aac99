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
}
