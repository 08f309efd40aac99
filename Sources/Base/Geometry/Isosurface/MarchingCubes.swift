/// The surface at a level of a number given at the nodes of a grid.
///
/// The result is a closed, oriented 2-manifold (a surface with border where the level reaches the
/// border of the grid) for any numbers whatever, and it has the topology of the trilinear
/// interpolant: faces are decided by their saddles and the inside of a cell by sweeping it
/// (``CellTable``, ``TrilinearCell``), which covers all cases of Marching Cubes 33 (Chernyaev
/// 1995; Custodio et al. 2013) without a table of them. Vertices are shared: one for every edge of
/// the grid that crosses the level, placed by linear interpolation.
///
/// Numbers below the level are inside: triangles are counter-clockwise seen from the other side.
/// Nodes without a number count as outside.
public enum MarchingCubes {
    /// How near a vertex may come to a node, in spacings. Two vertices at one place would be a
    /// triangle without area.
    static let margin = 1e-3

    /// The surface of a grid of numbers.
    ///
    /// - Complexity: O(nodes), a pass of comparisons, plus O(size of the surface); spread over the
    ///   cores.
    public static func surface(of grid: ScalarGrid, level: Float = 0) -> TriangleMesh {
        let below = grid.nodes(below: level)
        return grid.values.withUnsafeBufferPointer { values in
            let samples = DenseNodeValues(values: SharedReading(values), size: grid.size)
            return extract(
                BrickedCells(below), samples, level: level, origin: grid.origin,
                spacing: grid.spacing)
        }
    }

    /// The surface of a grid of bricks between the nodes inside and the others; its numbers count
    /// by magnitude alone.
    ///
    /// - Parameters:
    ///   - grid: magnitudes, the level being zero.
    ///   - inside: the nodes below the level, of the same size.
    /// - Complexity: O(nodes / 64) plus O(size of the surface); spread over the cores.
    public static func surface(of grid: BrickGrid, inside: BitGrid) -> TriangleMesh {
        precondition(inside.size == grid.size, "one bit a node")
        return grid.values.withUnsafeBufferPointer { values in
            grid.slots.withUnsafeBufferPointer { slots in
                let samples = BrickNodeValues(
                    values: SharedReading(values), slots: SharedReading(slots),
                    bricks: grid.bricks, background: grid.background)
                return extract(
                    BrickedCells(inside), samples, level: 0, origin: grid.origin,
                    spacing: grid.spacing)
            }
        }
    }

    /// Places the vertices and emits the triangles of all bricks.
    private static func extract(
        _ cells: BrickedCells, _ samples: some NodeValues, level: Float, origin: SIMD3<Float>,
        spacing: Float
    ) -> TriangleMesh {
        var scalars = [Float](repeating: 0, count: 3 * cells.vertexCount)
        let grain = 32
        let runs = (cells.bricks.count + grain - 1) / grain
        let pieces = scalars.withUnsafeMutableBufferPointer { buffer in
            let vertices = SharedPointer(buffer)
            return ParallelRanges.map(count: runs) { run in
                var emitter = CellEmitter(
                    cells: cells, samples: samples, level: level, origin: origin, spacing: spacing,
                    vertices: vertices)
                for i in run * grain..<min(cells.bricks.count, (run + 1) * grain) {
                    emitter.emit(cells.bricks[i])
                }
                return (emitter.triangles, emitter.innerVertices)
            }
        }
        // Vertices inside cells follow those on edges, run by run.
        var triangles: [UInt32] = []
        triangles.reserveCapacity(pieces.reduce(0) { $0 + $1.0.count })
        for (piece, inner) in pieces {
            let shift = UInt32(scalars.count / 3)
            if inner.isEmpty {
                triangles += piece
            } else {
                let flag = CellEmitter<DenseNodeValues>.innerFlag
                for v in piece { triangles.append(v & flag != 0 ? (v & ~flag) + shift : v) }
                scalars += inner.scalars
            }
        }
        return TriangleMesh(
            trusted: Vector3Array(scalars: scalars), triangles: triangles)
    }
}
