import Geometry

extension Sculpture {
    /// The surface as quads by surface nets (Gibson 1998): one vertex in each cell of a grid that
    /// the surface passes through, moved onto the surface; one quad for each grid edge that it
    /// crosses. Closed and consistently oriented by construction.
    ///
    /// - Parameter cell: the side of a grid cell.
    package func meshed(cell: Float) -> QuadMesh {
        let grid = DistanceGrid(self, cell: cell)
        var mesh = QuadMesh()
        var vertexOfCell: [Int: Int32] = [:]

        func vertex(_ x: Int, _ y: Int, _ z: Int) -> Int32 {
            let key = grid.index(x, y, z)
            if let found = vertexOfCell[key] { return found }
            let position = onSurface(grid.crossingMean(x, y, z), within: cell)
            mesh.positions.append(position)
            mesh.normals.append(normalize(gradient(position, step: cell * 0.2)))
            vertexOfCell[key] = Int32(mesh.positions.count - 1)
            return Int32(mesh.positions.count - 1)
        }

        for z in 1..<grid.size.z - 1 {
            for y in 1..<grid.size.y - 1 {
                for x in 1..<grid.size.x - 1 {
                    let isInside = grid[x, y, z] < 0
                    // The four cells around the edge, in a right-handed turn about it.
                    if isInside != (grid[x + 1, y, z] < 0) {
                        let around = [
                            vertex(x, y - 1, z - 1), vertex(x, y, z - 1), vertex(x, y, z),
                            vertex(x, y - 1, z),
                        ]
                        mesh.addQuad(around, reversed: !isInside)
                    }
                    if isInside != (grid[x, y + 1, z] < 0) {
                        let around = [
                            vertex(x - 1, y, z - 1), vertex(x - 1, y, z), vertex(x, y, z),
                            vertex(x, y, z - 1),
                        ]
                        mesh.addQuad(around, reversed: !isInside)
                    }
                    if isInside != (grid[x, y, z + 1] < 0) {
                        let around = [
                            vertex(x - 1, y - 1, z), vertex(x, y - 1, z), vertex(x, y, z),
                            vertex(x - 1, y, z),
                        ]
                        mesh.addQuad(around, reversed: !isInside)
                    }
                }
            }
        }
        return mesh
    }

    /// `start` moved along the gradient onto the surface, but by no more than half of `cell`.
    private func onSurface(_ start: Vector3, within cell: Float) -> Vector3 {
        var p = start
        for _ in 0..<2 {
            let g = gradient(p, step: cell * 0.1)
            let squared = dot(g, g)
            guard squared > 0.01 else { return start }
            p -= g * (distance(p) / squared)
        }
        let moved = p - start
        let way = length(moved)
        return way > cell / 2 ? start + moved * (cell / 2 / way) : p
    }
}

extension QuadMesh {
    fileprivate mutating func addQuad(_ around: [Int32], reversed: Bool) {
        let turned = reversed ? [around[0], around[3], around[2], around[1]] : around
        func span(_ a: Int32, _ b: Int32) -> Float {
            length(positions[Int(a)] - positions[Int(b)])
        }
        let shift = span(turned[0], turned[2]) <= span(turned[1], turned[3]) ? 0 : 1
        quads.append(
            SIMD4(
                turned[shift], turned[shift + 1], turned[shift + 2], turned[(shift + 3) % 4]))
    }
}

/// Distances at the corners of a grid; far from the surface only their signs are right.
private struct DistanceGrid {
    let origin: Vector3
    let cell: Float
    let size: SIMD3<Int>
    var values: [Float]

    subscript(x: Int, y: Int, z: Int) -> Float { values[index(x, y, z)] }

    func index(_ x: Int, _ y: Int, _ z: Int) -> Int { (z * size.y + y) * size.x + x }

    init(_ sculpture: Sculpture, cell: Float) {
        let box = sculpture.bounds
        let margin = cell * 2.5
        // Half a cell off the lattice of round numbers: symmetric bodies then have no corner
        // values that vanish exactly.
        origin = ((box.minimum - margin) / cell).rounded(.down) * cell + cell * 0.5
        self.cell = cell
        let extent = ((box.maximum + margin - origin) / cell).rounded(.up)
        size = SIMD3(Int(extent.x) + 1, Int(extent.y) + 1, Int(extent.z) + 1)
        values = [Float](repeating: 1, count: size.x * size.y * size.z)
        let block = 6
        for z in stride(from: 0, to: size.z, by: block) {
            for y in stride(from: 0, to: size.y, by: block) {
                for x in stride(from: 0, to: size.x, by: block) {
                    fill(sculpture, SIMD3(x, y, z), block)
                }
            }
        }
    }

    /// Fills a block: by one sign where the surface is far from it, else corner by corner.
    private mutating func fill(_ sculpture: Sculpture, _ start: SIMD3<Int>, _ block: Int) {
        let center = place(start) + cell * Float(block - 1) / 2
        let d = sculpture.distance(center)
        // The estimates for ellipsoids may be off by a factor of about two.
        let isFar = abs(d) > 2 * cell * Float(block) * 0.866
        for z in start.z..<min(start.z + block, size.z) {
            for y in start.y..<min(start.y + block, size.y) {
                for x in start.x..<min(start.x + block, size.x) {
                    values[index(x, y, z)] = isFar ? d : sculpture.distance(place(SIMD3(x, y, z)))
                }
            }
        }
    }

    private func place(_ corner: SIMD3<Int>) -> Vector3 {
        origin + cell * Vector3(Float(corner.x), Float(corner.y), Float(corner.z))
    }

    /// The mean of the places where the surface crosses the edges of a cell.
    func crossingMean(_ x: Int, _ y: Int, _ z: Int) -> Vector3 {
        var sum = Vector3.zero
        var count: Float = 0
        for axis in 0..<3 {
            for corner in 0..<4 {
                var from = SIMD3(x, y, z)
                from[(axis + 1) % 3] += corner & 1
                from[(axis + 2) % 3] += corner >> 1
                var to = from
                to[axis] += 1
                let a = self[from.x, from.y, from.z]
                let b = self[to.x, to.y, to.z]
                guard (a < 0) != (b < 0) else { continue }
                sum += mix(place(from), place(to), a / (a - b))
                count += 1
            }
        }
        return sum / count
    }
}
