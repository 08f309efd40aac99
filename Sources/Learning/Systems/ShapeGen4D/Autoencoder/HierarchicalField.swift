import Geometry

/// A field on a fine grid, of which only nodes near the surface are computed: the rest is
/// interpolated from coarser grids, whose cells say where the surface may be.
///
/// A network of hundreds of millions of multiplications a point would take minutes for 257³ nodes;
/// near the surface lie a few percent of them.
package struct HierarchicalField {
    /// Half a side of the cube that is computed.
    let halfSide: Float
    /// Cells a side.
    let resolution: Int
    /// The coarsest grid, of which all nodes are computed, has at least so many cells.
    let coarsest: Int
    /// Cells are divided where a corner's absolute value is below this: 1 is the truncation.
    private let bound: Float = 0.95

    /// A field.
    ///
    /// - Parameter truncation: the distance at which numbers reach ±1. Where it is wide enough, the
    ///   coarsest grid's cells are so small that every point of the surface has a node within
    ///   `bound` of it, so that nothing is missed; where it is not, the grid has 64 cells, as
    ///   Step1X-3D's has.
    package init(halfSide: Float, resolution: Int, truncation: Float) {
        self.halfSide = halfSide
        self.resolution = resolution
        // Half a cell's diagonal, √3/2 of its side.
        let needed = 2 * halfSide * 0.867 / (bound * truncation)
        coarsest = Int(min(64, max(16, needed.rounded(.up))))
    }

    /// The grid's numbers.
    ///
    /// - Parameter field: the numbers at points `[n, 3]`.
    /// - Complexity: O(resolution³) additions and, for a surface, O(resolution²) points.
    package func computed(_ field: ([Float]) throws -> [Float]) rethrows -> ScalarGrid {
        var levels = [resolution]
        while levels[0] % 2 == 0, levels[0] / 2 >= coarsest { levels.insert(levels[0] / 2, at: 0) }
        var grid = empty(levels[0])
        grid.values = try field(grid.positions.scalars)
        for level in levels.dropFirst() {
            var fine = empty(level)
            Self.interpolate(grid, into: &fine)
            let nodes = nodesNearSurface(of: grid, in: fine)
            var places: [Float] = []
            places.reserveCapacity(3 * nodes.count)
            for node in nodes {
                let p = fine.position(
                    node % fine.size.x, node / fine.size.x % fine.size.y,
                    node / (fine.size.x * fine.size.y))
                places += [p.x, p.y, p.z]
            }
            for (node, value) in try zip(nodes, field(places)) { fine.values[node] = value }
            grid = fine
        }
        return grid
    }

    private func empty(_ cells: Int) -> ScalarGrid {
        ScalarGrid(
            size: SIMD3(repeating: cells + 1), origin: SIMD3(repeating: -halfSide),
            spacing: 2 * halfSide / Float(cells))
    }

    /// Halves the cells: even nodes are taken over, others are means of their neighbours.
    private static func interpolate(_ coarse: ScalarGrid, into fine: inout ScalarGrid) {
        let n = coarse.size.x, m = fine.size.x
        for z in 0..<m {
            for y in 0..<m {
                let rows = [
                    (y / 2, z / 2), ((y + 1) / 2, z / 2), (y / 2, (z + 1) / 2),
                    ((y + 1) / 2, (z + 1) / 2),
                ]
                let starts = rows.map { ($1 * n + $0) * n }
                let row = (z * m + y) * m
                for x in 0..<m {
                    var sum: Float = 0
                    for start in starts {
                        sum += coarse.values[start + x / 2] + coarse.values[start + (x + 1) / 2]
                    }
                    fine.values[row + x] = sum / 8
                }
            }
        }
    }

    /// The fine nodes of coarse cells through which the surface may go, and of their neighbours:
    /// where a corner is near the surface, or corners lie on both sides.
    private func nodesNearSurface(of coarse: ScalarGrid, in fine: ScalarGrid) -> [Int] {
        let n = coarse.size.x, m = fine.size.x
        var isNear = [Bool](repeating: false, count: fine.values.count)
        for z in 0..<n - 1 {
            for y in 0..<n - 1 {
                for x in 0..<n - 1 where cellIsNear(coarse, (z * n + y) * n + x, n) {
                    for c in max(0, 2 * z - 2)...min(m - 1, 2 * z + 4) {
                        for b in max(0, 2 * y - 2)...min(m - 1, 2 * y + 4) {
                            let row = (c * m + b) * m
                            for a in max(0, 2 * x - 2)...min(m - 1, 2 * x + 4) {
                                isNear[row + a] = true
                            }
                        }
                    }
                }
            }
        }
        return isNear.indices.filter { isNear[$0] }
    }

    private func cellIsNear(_ grid: ScalarGrid, _ corner: Int, _ n: Int) -> Bool {
        var (inside, outside) = (false, false)
        for offset in [0, 1, n, n + 1, n * n, n * n + 1, n * n + n, n * n + n + 1] {
            let value = grid.values[corner + offset]
            if abs(value) < bound { return true }
            if value < 0 { inside = true } else { outside = true }
        }
        return inside && outside
    }
}
