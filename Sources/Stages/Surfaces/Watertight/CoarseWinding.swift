import Geometry

/// Winding numbers at the corners of all bricks of a grid.
struct CoarseWinding {
    private let bricks: SIMD3<Int>
    private let inside: [Bool]

    init(_ grid: WatertightGrid) {
        bricks = grid.bricks
        var points = Vector3Array()
        for z in 0...bricks.z {
            for y in 0...bricks.y {
                for x in 0...bricks.x { points.append(grid.position(8 * x, 8 * y, 8 * z)) }
            }
        }
        inside = grid.source.winding.windingNumbers(at: points).map { $0 > 0.5 }
    }

    private func at(_ x: Int, _ y: Int, _ z: Int) -> Bool {
        inside[(z * (bricks.y + 1) + y) * (bricks.x + 1) + x]
    }

    /// Whether the corners of a brick (by its position in `[z, y, x]` order) disagree.
    func isInDoubt(_ brick: Int) -> Bool {
        let x = brick % bricks.x, y = brick / bricks.x % bricks.y, z = brick / (bricks.x * bricks.y)
        let first = at(x, y, z)
        return (1..<8).contains { at(x + ($0 & 1), y + ($0 >> 1 & 1), z + ($0 >> 2)) != first }
    }

    /// The side of the first corner of the brick around a node.
    func isInside(_ node: SIMD3<Int>) -> Bool { at(node.x >> 3, node.y >> 3, node.z >> 3) }
}
