import Foundation
import Geometry

/// Surfaces that cases work on.
enum BenchmarkShapes {
    /// A torus with waves on it, inside the unit cube about the origin: 2·n² triangles, a closed
    /// manifold that crosses nothing.
    static func wavyTorus(_ n: Int) -> TriangleMesh {
        var positions = Vector3Array()
        positions.reserveCapacity(n * n)
        for i in 0..<n {
            for j in 0..<n {
                let u = Double(i) / Double(n) * 2 * .pi
                let v = Double(j) / Double(n) * 2 * .pi
                let tube = 0.12 + 0.03 * sin(7 * u + 3 * v) * cos(5 * v)
                let ring = 0.3 + 0.04 * sin(4 * u)
                let r = ring + tube * cos(v)
                positions.append(
                    SIMD3(
                        Float(r * cos(u)), Float(tube * sin(v) + 0.06 * sin(3 * u)),
                        Float(r * sin(u))))
            }
        }
        var triangles: [UInt32] = []
        triangles.reserveCapacity(6 * n * n)
        for i in 0..<n {
            for j in 0..<n {
                let (a, b) = (i * n + j, (i + 1) % n * n + j)
                let (c, d) = ((i + 1) % n * n + (j + 1) % n, i * n + (j + 1) % n)
                triangles.append(contentsOf: [a, c, b, a, d, c].map(UInt32.init))
            }
        }
        return TriangleMesh(positions: positions, triangles: triangles)
    }

    /// Distances to a torus less a gyroid's wave, on n³ nodes over ±0.5: a surface with thousands of
    /// handles and no ambiguous faces worth speaking of.
    static func distanceGrid(_ n: Int) -> ScalarGrid {
        var grid = ScalarGrid(
            size: SIMD3(n, n, n), origin: SIMD3(repeating: -0.5), spacing: 1 / Float(n - 1))
        for z in 0..<n {
            for y in 0..<n {
                for x in 0..<n {
                    let p = SIMD3<Double>(grid.position(x, y, z))
                    let ring = (p.x * p.x + p.z * p.z).squareRoot() - 0.3
                    let torus = (ring * ring + p.y * p.y).squareRoot() - 0.13
                    let q = p * 40
                    let gyroid = sin(q.x) * cos(q.y) + sin(q.y) * cos(q.z) + sin(q.z) * cos(q.x)
                    grid[x, y, z] = Float(torus + 0.01 * gyroid)
                }
            }
        }
        return grid
    }
}
