/// Writes the vertices and triangles of bricks.
struct CellEmitter<Samples: NodeValues> {
    /// Marks the number of a vertex inside a cell.
    static var innerFlag: UInt32 { 1 << 31 }

    let cells: BrickedCells
    let samples: Samples
    let level: Float
    let origin: SIMD3<Float>
    let spacing: Float
    let vertices: SharedPointer<Float>
    let table = CellTable.shared

    private(set) var triangles: [UInt32] = []
    private(set) var innerVertices = Vector3Array()
    /// The vertices on the edges of the cell at hand.
    private var onEdge = [UInt32](repeating: 0, count: 12)

    init(
        cells: BrickedCells, samples: Samples, level: Float, origin: SIMD3<Float>, spacing: Float,
        vertices: SharedPointer<Float>
    ) {
        self.cells = cells
        self.samples = samples
        self.level = level
        self.origin = origin
        self.spacing = spacing
        self.vertices = vertices
    }

    /// The vertices on the edges that begin in a brick, and the triangles of its cells.
    mutating func emit(_ brick: BrickedCells.Brick) {
        let corner = SIMD3<Int>(truncatingIfNeeded: brick.corner)
        var vertex = Int(brick.firstVertex)
        for z in 0..<8 {
            for axis in 0..<3 {
                var bits =
                    axis == 0 ? brick.edges.0[z] : axis == 1 ? brick.edges.1[z] : brick.edges.2[z]
                while bits != 0 {
                    let bit = bits.trailingZeroBitCount
                    bits &= bits - 1
                    place(vertex, corner.x + (bit & 7), corner.y + (bit >> 3), corner.z + z, axis)
                    vertex += 1
                }
            }
        }
        for z in 0..<8 {
            var bits = brick.cells[z]
            while bits != 0 {
                let bit = bits.trailingZeroBitCount
                bits &= bits - 1
                emitCell(brick, SIMD3(bit & 7, bit >> 3, z), corner)
            }
        }
    }

    /// Places the vertex on the edge from a node along an axis.
    private func place(_ vertex: Int, _ x: Int, _ y: Int, _ z: Int, _ axis: Int) {
        let a = number(x, y, z)
        let b = number(
            x + (axis == 0 ? 1 : 0), y + (axis == 1 ? 1 : 0), z + (axis == 2 ? 1 : 0))
        let t = a / (a - b)
        let margin = MarchingCubes.margin
        // Written so that a number that is none leads to the middle.
        let fraction = Float(t >= margin ? (t <= 1 - margin ? t : 1 - margin) : margin)
        var p = SIMD3(Float(x), Float(y), Float(z))
        p[axis] += a.isFinite && b.isFinite ? fraction : 0.5
        let q = origin + p * spacing
        vertices[3 * vertex] = q.x
        vertices[3 * vertex + 1] = q.y
        vertices[3 * vertex + 2] = q.z
    }

    /// The number at a node, less the level.
    @inline(__always)
    private func number(_ x: Int, _ y: Int, _ z: Int) -> Double {
        let value = samples.value(x, y, z, isBelow: cells.below[x, y, z])
        return Double(value) - Double(level)
    }

    private mutating func emitCell(
        _ brick: BrickedCells.Brick, _ p: SIMD3<Int>, _ corner: SIMD3<Int>
    ) {
        let node = corner &+ p
        var signs = 0
        for c in 0..<8 where cells.below[node.x + (c & 1), node.y + (c >> 1 & 1), node.z + (c >> 2)]
        {
            signs |= 1 << c
        }
        for e in 0..<12 {
            let a = CellGeometry.firstCorner(ofEdge: e), b = CellGeometry.secondCorner(ofEdge: e)
            guard signs >> a & 1 != signs >> b & 1 else { continue }
            let q = p &+ SIMD3(a & 1, a >> 1 & 1, a >> 2)
            let axis = CellGeometry.axis(ofEdge: e)
            if q.max() < 8 {
                onEdge[e] = brick.vertex(q.x, q.y, q.z, axis: axis)
            } else {
                let n = corner &+ q
                let owner = cells.brick(holding: n.x, n.y, n.z)
                onEdge[e] = cells.bricks[owner].vertex(n.x & 7, n.y & 7, n.z & 7, axis: axis)
            }
        }
        guard table.ambiguousFaces[signs] == 0 else {
            emitAmbiguous(signs, node)
            return
        }
        // Two corners below the level across the cell leave no face in doubt but the inside.
        if signs.nonzeroBitCount == 2 || signs.nonzeroBitCount == 6 {
            let rest = signs.nonzeroBitCount == 2 ? signs : ~signs & 255
            if rest == 0x81 || rest == 0x42 || rest == 0x24 || rest == 0x18 {
                emitAmbiguous(signs, node)
                return
            }
        }
        var k = 16 * signs
        while table.plainTriangles[k] != 255 {
            triangles.append(onEdge[Int(table.plainTriangles[k])])
            triangles.append(onEdge[Int(table.plainTriangles[k + 1])])
            triangles.append(onEdge[Int(table.plainTriangles[k + 2])])
            k += 3
        }
    }

    /// A cell whose signs leave its topology open.
    private mutating func emitAmbiguous(_ signs: Int, _ node: SIMD3<Int>) {
        var f = SIMD8<Double>.zero
        for c in 0..<8 {
            let value = number(node.x + (c & 1), node.y + (c >> 1 & 1), node.z + (c >> 2))
            // Infinite numbers would make every product alike.
            f[c] = max(-1e30, min(1e30, value.isNaN ? 1e30 : value))
        }
        let cell = TrilinearCell(f: f, signs: signs)
        let joined = cell.joinedFaces(among: table.ambiguousFaces[signs])
        let entry = table.entry(signs: signs, joinedFaces: joined)
        let groups =
            entry.loops.count > 1 ? cell.joinedLoops(entry) : Array(entry.loops.indices)
        for loop in entry.loops.indices {
            let partners = groups.indices.filter { groups[$0] == groups[loop] }
            if partners.count == 2 {
                if partners[0] == loop {
                    emitTunnel(entry.loops[loop], entry.loops[partners[1]], cell, node)
                }
            } else {
                emitDisk(entry, loop, cell, node)
            }
        }
    }

    private mutating func emitDisk(
        _ entry: CellTable.Entry, _ loop: Int, _ cell: TrilinearCell, _ node: SIMD3<Int>
    ) {
        var inner: UInt32 = 0
        if entry.disks[loop].contains(CellTable.innerVertex) {
            let middles = entry.loops[loop].reduce(SIMD3<Double>.zero) {
                $0 + place(onEdge: Int($1), cell)
            }
            inner = addInner(cell.projected(middles / Double(entry.loops[loop].count)), node)
        }
        for corner in entry.disks[loop] {
            triangles.append(corner == CellTable.innerVertex ? inner : onEdge[Int(corner)])
        }
    }

    /// The surface between two loops: a ring of vertices inside the cell, and a strip to each.
    private mutating func emitTunnel(
        _ a: [UInt8], _ b: [UInt8], _ cell: TrilinearCell, _ node: SIMD3<Int>
    ) {
        let p = a.map { place(onEdge: Int($0), cell) }
        let q = b.map { place(onEdge: Int($0), cell) }
        let count = max(p.count, q.count)
        // The two loops run against each other; they are turned so that partners are near.
        func partner(_ k: Int, _ turn: Int) -> Int {
            ((turn - k * q.count / count) % q.count + q.count) % q.count
        }
        func distance(_ turn: Int) -> Double {
            (0..<count).reduce(0) { sum, k in
                sum + length(p[k * p.count / count] - q[partner(k, turn)])
            }
        }
        let turn = (0..<q.count).min { distance($0) < distance($1) } ?? 0
        let ring = (0..<count).map { k in
            addInner(
                cell.projected((p[k * p.count / count] + q[partner(k, turn)]) / 2), node)
        }
        emitStrip(a.map { onEdge[Int($0)] }, ring)
        let turned = (0..<q.count).map { onEdge[Int(b[($0 + turn) % q.count])] }
        emitStrip(turned, [ring[0]] + ring.dropFirst().reversed())
    }

    /// The triangles between a loop, on their left, and a ring in the same sense.
    private mutating func emitStrip(_ loop: [UInt32], _ ring: [UInt32]) {
        let n = loop.count, m = ring.count
        var (i, j) = (0, 0)
        while i < n || j < m {
            if j == m || (i < n && (i + 1) * m <= (j + 1) * n) {
                triangles += [loop[i], loop[(i + 1) % n], ring[j % m]]
                i += 1
            } else {
                triangles += [loop[i % n], ring[(j + 1) % m], ring[j]]
                j += 1
            }
        }
    }

    /// Where the vertex on an edge lies in its cell.
    private func place(onEdge e: Int, _ cell: TrilinearCell) -> SIMD3<Double> {
        let a = CellGeometry.firstCorner(ofEdge: e), b = CellGeometry.secondCorner(ofEdge: e)
        var p = SIMD3(Double(a & 1), Double(a >> 1 & 1), Double(a >> 2))
        p[CellGeometry.axis(ofEdge: e)] = cell.f[a] / (cell.f[a] - cell.f[b])
        return p
    }

    private mutating func addInner(_ p: SIMD3<Double>, _ node: SIMD3<Int>) -> UInt32 {
        let place = SIMD3<Float>(SIMD3<Double>(node) + p)
        innerVertices.append(origin + place * spacing)
        return UInt32(innerVertices.count - 1) | Self.innerFlag
    }
}
