/// The cells and edges of a grid that cross the level, brick by brick, as bits; and the numbering
/// of the vertices on those edges, which needs no table: a vertex is its brick's first plus the
/// number of ones before its bit.
struct BrickedCells: Sendable {
    /// What crosses the level among the 8 × 8 × 8 nodes of a brick and the edges that begin there.
    struct Brick: Sendable {
        /// The first node.
        var corner: SIMD3<Int32>
        /// The number of its first vertex.
        var firstVertex: UInt32 = 0
        /// Eight layers each: cells, then edges along x, y, z.
        var cells = SIMD8<UInt64>.zero
        var edges = (SIMD8<UInt64>.zero, SIMD8<UInt64>.zero, SIMD8<UInt64>.zero)
        /// How many edges come before each layer, within the brick.
        var ranks = (SIMD8<UInt16>.zero, SIMD8<UInt16>.zero, SIMD8<UInt16>.zero)
        var edgeCount = 0
    }

    /// The nodes below the level.
    let below: BitGrid
    /// Bricks along x, y, z.
    let count: SIMD3<Int>
    /// The bricks in which something crosses, in `[z, y, x]` order.
    private(set) var bricks: [Brick]
    /// `[z, y, x]`: the position of each brick in `bricks`, or -1.
    private(set) var places: [Int32]
    /// All vertices on edges.
    private(set) var vertexCount = 0

    init(_ below: BitGrid) {
        self.below = below
        let count = BrickGrid.bricks(for: below.size)
        self.count = count
        let rows = count.y * count.z
        let perRow = ParallelRanges.map(count: count.z) { z in
            var found: [Brick] = []
            for y in 0..<count.y {
                for x in 0..<count.x {
                    if let brick = Self.brick(below, SIMD3(x, y, z)) { found.append(brick) }
                }
            }
            return found
        }
        bricks = Array(perRow.joined())
        places = [Int32](repeating: -1, count: rows * count.x)
        for i in bricks.indices {
            let c = bricks[i].corner
            let place = (Int(c.z >> 3) * count.y + Int(c.y >> 3)) * count.x + Int(c.x >> 3)
            places[place] = Int32(i)
            bricks[i].firstVertex = UInt32(vertexCount)
            vertexCount += bricks[i].edgeCount
        }
        precondition(vertexCount < 1 << 31, "a surface has less than 2^31 vertices")
    }

    /// The nine bits of a row that begins at a multiple of eight.
    @inline(__always)
    private static func nineBits(_ row: UnsafePointer<UInt64>, _ x: Int, _ words: Int) -> UInt16 {
        let w = x >> 6, shift = UInt64(x & 63)
        var bits = row[w] >> shift
        if shift == 56, w + 1 < words { bits |= row[w + 1] << 8 }
        return UInt16(truncatingIfNeeded: bits & 0x1ff)
    }

    /// The brick at a place, or nil where nothing crosses.
    private static func brick(_ below: BitGrid, _ place: SIMD3<Int>) -> Brick? {
        let corner = place &* 8
        let layers = min(9, below.size.z - corner.z), rows = min(9, below.size.y - corner.y)
        return withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 81) { bits in
            var all: UInt16 = 0x1ff
            var any: UInt16 = 0
            let columns = min(9, below.size.x - corner.x)
            let valid = UInt16((1 << columns) - 1)
            below.words.withUnsafeBufferPointer { words in
                for z in 0..<layers {
                    for y in 0..<rows {
                        let row =
                            words.baseAddress.unsafelyUnwrapped
                            + below.row(corner.y + y, corner.z + z)
                        let nine = nineBits(row, corner.x, below.wordsPerRow)
                        bits[9 * z + y] = nine
                        all &= nine
                        any |= nine
                    }
                }
            }
            guard any & valid != 0, all & valid != valid else { return nil }
            return crossings(bits, corner, columns: columns, rows: rows, layers: layers)
        }
    }

    /// The crossing edges and cells of a brick from the rows of its 9 × 9 × 9 nodes, of which only
    /// some may be there.
    private static func crossings(
        _ bits: UnsafeMutableBufferPointer<UInt16>, _ corner: SIMD3<Int>, columns: Int, rows: Int,
        layers: Int
    ) -> Brick? {
        /// Layer z moved down by dy rows and left by dx columns.
        func layer(_ z: Int, _ dx: UInt16, _ dy: Int) -> UInt64 {
            var word: UInt64 = 0
            for y in 0..<min(8, rows - dy) {
                word |= UInt64(bits[9 * z + y + dy] >> dx & 0xff) << UInt64(8 * y)
            }
            return word
        }
        /// The nodes whose neighbour at (dx, dy) exists.
        func valid(_ dx: Int, _ dy: Int) -> UInt64 {
            let row = UInt64((1 << min(8, columns - dx)) - 1)
            var word: UInt64 = 0
            for y in 0..<min(8, rows - dy) { word |= row << UInt64(8 * y) }
            return word
        }
        let here = valid(0, 0), right = valid(1, 0), up = valid(0, 1), both = valid(1, 1)
        var brick = Brick(corner: SIMD3<Int32>(truncatingIfNeeded: corner))
        var lower = (layer(0, 0, 0), layer(0, 1, 0), layer(0, 0, 1), layer(0, 1, 1))
        for z in 0..<min(8, layers) {
            brick.edges.0[z] = (lower.0 ^ lower.1) & right
            brick.edges.1[z] = (lower.0 ^ lower.2) & up
            guard z + 1 < layers else { break }
            let upper = (
                layer(z + 1, 0, 0), layer(z + 1, 1, 0), layer(z + 1, 0, 1), layer(z + 1, 1, 1)
            )
            brick.edges.2[z] = (lower.0 ^ upper.0) & here
            let any = lower.0 | lower.1 | lower.2 | lower.3 | upper.0 | upper.1 | upper.2 | upper.3
            let all = lower.0 & lower.1 & lower.2 & lower.3 & upper.0 & upper.1 & upper.2 & upper.3
            brick.cells[z] = any & ~all & both
            lower = upper
        }
        var rank = 0
        for z in 0..<8 {
            brick.ranks.0[z] = UInt16(rank)
            rank += brick.edges.0[z].nonzeroBitCount
            brick.ranks.1[z] = UInt16(rank)
            rank += brick.edges.1[z].nonzeroBitCount
            brick.ranks.2[z] = UInt16(rank)
            rank += brick.edges.2[z].nonzeroBitCount
        }
        brick.edgeCount = rank
        return brick
    }

    /// The brick that holds a node, which must be one in which something crosses.
    @inline(__always)
    func brick(holding x: Int, _ y: Int, _ z: Int) -> Int {
        Int(places[((z >> 3) * count.y + (y >> 3)) * count.x + (x >> 3)])
    }
}

extension BrickedCells.Brick {
    /// The vertex on the edge that begins at a node of this brick (0..<8 each) along an axis.
    @inline(__always)
    func vertex(_ x: Int, _ y: Int, _ z: Int, axis: Int) -> UInt32 {
        let bit = UInt64(8 * y + x)
        let before: UInt64 = (1 << bit) - 1
        switch axis {
        case 0:
            return firstVertex + UInt32(ranks.0[z])
                + UInt32(truncatingIfNeeded: (edges.0[z] & before).nonzeroBitCount)
        case 1:
            return firstVertex + UInt32(ranks.1[z])
                + UInt32(truncatingIfNeeded: (edges.1[z] & before).nonzeroBitCount)
        default:
            return firstVertex + UInt32(ranks.2[z])
                + UInt32(truncatingIfNeeded: (edges.2[z] & before).nonzeroBitCount)
        }
    }
}
