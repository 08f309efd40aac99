import Assets
import Foundation
import Geometry

/// Linear blend skinning as its definition reads, in double precision, with its own matrix
/// arithmetic on row-major arrays: what the fast path is held against.
enum ReferenceSkinning {
    typealias Matrix = [[Double]]

    static func multiply(_ a: Matrix, _ b: Matrix) -> Matrix {
        (0..<4).map { r in (0..<4).map { c in (0..<4).reduce(0) { $0 + a[r][$1] * b[$1][c] } } }
    }

    static func apply(_ m: Matrix, _ p: [Double], w: Double) -> [Double] {
        (0..<3).map { r in m[r][0] * p[0] + m[r][1] * p[1] + m[r][2] * p[2] + m[r][3] * w }
    }

    /// Translation, rotation by a quaternion (from its sandwich product, not from a matrix
    /// formula), scale.
    static func matrix(_ t: SIMD3<Double>, _ q: SIMD4<Double>, _ s: SIMD3<Double>) -> Matrix {
        var m = [[0.0, 0, 0, t.x], [0, 0, 0, t.y], [0, 0, 0, t.z], [0, 0, 0, 1]]
        for axis in 0..<3 {
            var v = SIMD3<Double>.zero
            v[axis] = s[axis]
            let u = SIMD3(q.x, q.y, q.z)
            let image = 2 * dot(u, v) * u + (q.w * q.w - dot(u, u)) * v + 2 * q.w * cross(u, v)
            for r in 0..<3 { m[r][axis] = image[r] }
        }
        return m
    }

    /// The inverse transpose of the upper left 3 x 3 part by Cramer's rule.
    static func inverseTranspose(_ m: Matrix) -> Matrix {
        func minor(_ r: Int, _ c: Int) -> Double {
            let rows = [0, 1, 2].filter { $0 != r }
            let columns = [0, 1, 2].filter { $0 != c }
            return m[rows[0]][columns[0]] * m[rows[1]][columns[1]]
                - m[rows[0]][columns[1]] * m[rows[1]][columns[0]]
        }
        let determinant = (0..<3).reduce(0) {
            $0 + m[0][$1] * minor(0, $1) * ($1 % 2 == 0 ? 1 : -1)
        }
        return (0..<3).map { r in
            (0..<3).map { c in minor(r, c) * ((r + c) % 2 == 0 ? 1 : -1) / determinant } + [0]
        } + [[0, 0, 0, 1]]
    }

    static func sum(_ weighted: [(Matrix, Double)]) -> Matrix {
        (0..<4).map { r in (0..<4).map { c in weighted.reduce(0) { $0 + $1.0[r][c] * $1.1 } } }
    }

    static func rows(_ m: Matrix4) -> Matrix {
        let flat = m.rowMajor
        return (0..<4).map { Array(flat[4 * $0..<4 * $0 + 4]) }
    }
}
