import Geometry

/// The cells of a grid over the unit cube that a surface meets: TRELLIS's and GVF's structure.
public enum SparseVoxels {
    /// The cells of `resolution`³ over the cube from -`halfSide` to `halfSide` that some triangle
    /// meets, in ascending order by x, then y, then z. Parts of the surface beyond the cube are
    /// counted to no cell.
    ///
    /// A cell and a triangle meet unless one of thirteen axes parts them (Akenine-Möller 2001),
    /// touching included.
    ///
    /// - Returns: `[n, 3]` cells, as `voxels.npy` holds them.
    /// - Complexity: O(cells in the boxes around triangles).
    public static func cells(
        of mesh: TriangleMesh, resolution: Int = 64, halfSide: Float = 0.5
    ) -> [SIMD3<Int32>] {
        precondition(resolution > 0, "a grid has cells")
        let side = 2 * Double(halfSide) / Double(resolution)
        let origin = SIMD3(repeating: -Double(halfSide))
        var isMet = BitGrid(size: SIMD3(resolution, resolution, resolution))
        for f in 0..<mesh.triangleCount {
            let points = mesh.points(f)
            // In cells, from the grid's corner.
            let a = (SIMD3<Double>(points.0) - origin) / side
            let b = (SIMD3<Double>(points.1) - origin) / side
            let c = (SIMD3<Double>(points.2) - origin) / side
            guard a - a == .zero, b - b == .zero, c - c == .zero else { continue }
            let low = pointwiseMin(a, pointwiseMin(b, c))
            let high = pointwiseMax(a, pointwiseMax(b, c))
            let limit = Double(resolution)
            guard high.min() >= 0, low.max() <= limit else { continue }
            func cell(_ v: Double) -> Int { Int(max(0, min(limit - 1, v.rounded(.down)))) }
            for z in cell(low.z)...cell(high.z) {
                for y in cell(low.y)...cell(high.y) {
                    for x in cell(low.x)...cell(high.x) where !isMet[x, y, z] {
                        let middle = SIMD3(Double(x) + 0.5, Double(y) + 0.5, Double(z) + 0.5)
                        if meets(a - middle, b - middle, c - middle) { isMet[x, y, z] = true }
                    }
                }
            }
        }
        var result: [SIMD3<Int32>] = []
        for x in 0..<resolution {
            for y in 0..<resolution {
                for z in 0..<resolution where isMet[x, y, z] {
                    result.append(SIMD3(Int32(x), Int32(y), Int32(z)))
                }
            }
        }
        return result
    }

    /// Whether a triangle meets the cube of side 1 around the origin.
    static func meets(
        _ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>
    ) -> Bool {
        func isParted(_ axis: SIMD3<Double>) -> Bool {
            let p = dot(a, axis), q = dot(b, axis), r = dot(c, axis)
            let reach = (abs(axis.x) + abs(axis.y) + abs(axis.z)) / 2
            return min(p, min(q, r)) > reach || max(p, max(q, r)) < -reach
        }
        let axes = [SIMD3<Double>(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
        let sides = [b - a, c - b, a - c]
        for axis in axes {
            if isParted(axis) { return false }
            for side in sides where isParted(cross(axis, side)) { return false }
        }
        return !isParted(cross(sides[0], sides[1]))
    }
}
