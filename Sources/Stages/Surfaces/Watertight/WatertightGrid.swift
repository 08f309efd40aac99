import Geometry

/// The grid of a conversion: which nodes are inside, and how far they are from the surface.
struct WatertightGrid {
    /// Cells between the box of the mesh and the border of the grid.
    static let margin = 4
    /// How far from the surface distances are measured, in spacings.
    static let band: Float = 3
    /// Half the thickness of sheets, in spacings: a slab of 1.8 > √3 spacings holds a node on every
    /// path along the axes through it.
    static let sheetOffset: Float = 0.9

    let source: WatertightSource
    let size: SIMD3<Int>
    let origin: SIMD3<Float>
    let spacing: Float
    /// Bricks along x, y, z.
    let bricks: SIMD3<Int>
    /// Positions of the bricks in which something is measured, in `[z, y, x]` order.
    var kept: [Int] = []
    /// `[z, y, x]`: the position of each brick in `kept`, or -1.
    var slots: [Int32]
    /// `[kept, 512]`: distance to the surface, up to `band` spacings.
    var distances: [Float] = []
    /// `[kept, 512]`: the nearest triangle where the distance is below the band, else -1.
    var nearest: [Int32] = []
    /// `[kept, 512]`: winding number less 1/2, or less where too little covers a node, where it was computed, else not a number; ±1/2 where
    /// the side alone is known.
    var windings: [Float] = []
    /// Nodes that are covered and where the winding number exceeds 1/2, as far as computed.
    var isWound: BitGrid
    /// Nodes inside.
    var inside: BitGrid
    /// Sides and coverage at the bricks' corners, where the mesh has holes.
    var coarse: CoarseWinding?

    init(_ source: WatertightSource, _ bounds: Bounds, resolution: Int) {
        self.source = source
        let cells = resolution - 2 * Self.margin
        let spacing = bounds.longestSide / Float(cells)
        self.spacing = spacing
        let extent = bounds.size / spacing
        func nodes(_ length: Float) -> Int { Int(length.rounded(.up)) + 2 * Self.margin + 1 }
        size = SIMD3(nodes(extent.x), nodes(extent.y), nodes(extent.z))
        let last = SIMD3(Float(size.x - 1), Float(size.y - 1), Float(size.z - 1))
        // A little off the middle, so that no plane of nodes falls on a face of a box: there every
        // node would have a side of its own.
        let shift = SIMD3<Float>(0.382, 0.276, 0.447)
        origin = bounds.center - (last / 2 + shift) * spacing
        bricks = BrickGrid.bricks(for: size)
        slots = [Int32](repeating: -1, count: bricks.x * bricks.y * bricks.z)
        isWound = BitGrid(size: size)
        inside = BitGrid(size: size)
    }

    /// Where a node is.
    @inline(__always)
    func position(_ x: Int, _ y: Int, _ z: Int) -> SIMD3<Float> {
        origin + SIMD3(Float(x), Float(y), Float(z)) * spacing
    }

    /// The first node of a brick.
    @inline(__always)
    func corner(ofBrick brick: Int) -> SIMD3<Int> {
        SIMD3(
            brick % bricks.x * 8, brick / bricks.x % bricks.y * 8, brick / (bricks.x * bricks.y) * 8
        )
    }

    /// Where the values of a node are, or nil where its brick is not kept.
    @inline(__always)
    func place(_ x: Int, _ y: Int, _ z: Int) -> Int? {
        let slot = slots[((z >> 3) * bricks.y + (y >> 3)) * bricks.x + (x >> 3)]
        return slot < 0 ? nil : Int(slot) << 9 | (z & 7) << 6 | (y & 7) << 3 | (x & 7)
    }

    /// Calls `body` with node and place of all nodes of a kept brick that are in the grid.
    @inline(__always)
    func forEachNode(ofSlot slot: Int, _ body: (SIMD3<Int>, Int) -> Void) {
        let corner = corner(ofBrick: kept[slot])
        for k in 0..<512 {
            let node = corner &+ SIMD3(k & 7, k >> 3 & 7, k >> 6)
            if node.x < size.x, node.y < size.y, node.z < size.z { body(node, slot << 9 | k) }
        }
    }

    /// The surface between inside and outside.
    func surface() -> TriangleMesh {
        var grid = BrickGrid(
            size: size, origin: origin, spacing: spacing, kept: kept,
            background: Self.band * spacing)
        grid.values = distances
        return MarchingCubes.surface(of: grid, inside: inside)
    }
}
