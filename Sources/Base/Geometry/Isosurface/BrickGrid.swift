/// A number at the nodes of a regular grid, kept only for bricks of 8 × 8 × 8 nodes near what
/// matters; the rest is plain background, inside or outside.
public struct BrickGrid: Sendable {
    /// Nodes of a brick along an axis.
    public static let edge = 8
    /// Nodes of a brick.
    public static let volume = 512

    /// Nodes along x, y, z.
    public let size: SIMD3<Int>
    /// Where node (0, 0, 0) is.
    public let origin: SIMD3<Float>
    /// The distance of neighbouring nodes, along every axis the same.
    public let spacing: Float
    /// Bricks along x, y, z.
    public let bricks: SIMD3<Int>
    /// `[z, y, x]`: where each brick's nodes are, in bricks of `values`, or -1.
    public internal(set) var slots: [Int32]
    /// `[slot, z, y, x]`.
    public var values: [Float]
    /// The magnitude of the numbers of bricks that are not kept.
    public let background: Float

    /// A grid that keeps the given bricks (positions in `[z, y, x]` order, ascending), filled with
    /// the background.
    public init(
        size: SIMD3<Int>, origin: SIMD3<Float>, spacing: Float, kept: [Int], background: Float
    ) {
        self.size = size
        self.origin = origin
        self.spacing = spacing
        self.background = background
        bricks = Self.bricks(for: size)
        slots = [Int32](repeating: -1, count: bricks.x * bricks.y * bricks.z)
        for (slot, brick) in kept.enumerated() { slots[brick] = Int32(slot) }
        values = [Float](repeating: background, count: kept.count * Self.volume)
    }

    /// How many bricks cover a number of nodes.
    public static func bricks(for size: SIMD3<Int>) -> SIMD3<Int> {
        SIMD3((size.x + 7) / 8, (size.y + 7) / 8, (size.z + 7) / 8)
    }

    /// Where a node is.
    @inlinable
    public func position(_ x: Int, _ y: Int, _ z: Int) -> SIMD3<Float> {
        origin + SIMD3(Float(x), Float(y), Float(z)) * spacing
    }
}

/// Numbers at the nodes of a grid, for marching cubes.
protocol NodeValues: Sendable {
    /// The number at a node, whose side is known already.
    func value(_ x: Int, _ y: Int, _ z: Int, isBelow: Bool) -> Float
}

/// The numbers of a ``ScalarGrid``.
struct DenseNodeValues: NodeValues {
    let values: SharedReading<Float>
    let size: SIMD3<Int>

    @inline(__always)
    func value(_ x: Int, _ y: Int, _ z: Int, isBelow: Bool) -> Float {
        values[(z * size.y + y) * size.x + x]
    }
}

/// The numbers of a ``BrickGrid``: magnitudes, with the sign of the node's side.
struct BrickNodeValues: NodeValues {
    let values: SharedReading<Float>
    let slots: SharedReading<Int32>
    let bricks: SIMD3<Int>
    let background: Float

    @inline(__always)
    func value(_ x: Int, _ y: Int, _ z: Int, isBelow: Bool) -> Float {
        let slot = slots[((z >> 3) * bricks.y + (y >> 3)) * bricks.x + (x >> 3)]
        let found =
            slot < 0
            ? background
            : abs(values[Int(slot) << 9 | (z & 7) << 6 | (y & 7) << 3 | (x & 7)])
        return isBelow ? -found : found
    }
}
