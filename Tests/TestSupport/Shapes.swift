import Foundation
import Geometry

/// Meshes of which everything is known.
public enum Shapes {
    /// A sphere of `rows` bands from pole to pole and twice as many meridians, closed at both poles
    /// by single vertices. `isOpen` leaves out the southern half, without a lid.
    public static func sphere(
        radius: Float = 1, center: SIMD3<Float> = .zero, rows: Int = 32, isOpen: Bool = false
    ) -> TriangleMesh {
        let columns = 2 * rows
        let last = isOpen ? rows : rows - 1
        var points = [center + SIMD3(0, radius, 0)]
        for i in 1...last {
            let polar = Double.pi * Double(i) / Double(rows) * (isOpen ? 0.5 : 1)
            for j in 0..<columns {
                let around = 2 * Double.pi * Double(j) / Double(columns)
                let direction = SIMD3(
                    sin(polar) * cos(around), cos(polar), sin(polar) * sin(around))
                points.append(center + radius * SIMD3<Float>(direction))
            }
        }
        var triangles: [UInt32] = []
        func ring(_ i: Int, _ j: Int) -> UInt32 { UInt32(1 + (i - 1) * columns + j % columns) }
        for j in 0..<columns { triangles += [0, ring(1, j + 1), ring(1, j)] }
        for i in 1..<last {
            for j in 0..<columns {
                let (a, b) = (ring(i, j), ring(i, j + 1))
                let (c, d) = (ring(i + 1, j), ring(i + 1, j + 1))
                triangles += [a, b, d, a, d, c]
            }
        }
        if !isOpen {
            let pole = UInt32(points.count)
            points.append(center - SIMD3(0, radius, 0))
            for j in 0..<columns { triangles += [pole, ring(last, j), ring(last, j + 1)] }
        }
        return TriangleMesh(positions: Vector3Array(points), triangles: triangles)
    }

    /// A box of the given sides; inside out where asked.
    public static func box(
        _ sides: SIMD3<Float>, center: SIMD3<Float> = .zero, isInsideOut: Bool = false
    ) -> TriangleMesh {
        let points = (0..<8).map { (k: Int) -> SIMD3<Float> in
            let corner = SIMD3<Float>(Float(k & 1), Float(k >> 1 & 1), Float(k >> 2))
            return center + sides * (corner - SIMD3<Float>(repeating: 0.5))
        }
        let faces: [[UInt32]] = [
            [0, 4, 6, 2], [1, 3, 7, 5], [0, 1, 5, 4], [2, 6, 7, 3], [0, 2, 3, 1], [4, 5, 7, 6],
        ]
        var triangles: [UInt32] = []
        for f in faces {
            triangles +=
                isInsideOut
                ? [f[0], f[2], f[1], f[0], f[3], f[2]] : [f[0], f[1], f[2], f[0], f[2], f[3]]
        }
        return TriangleMesh(positions: Vector3Array(points), triangles: triangles)
    }

    /// A torus around the y axis.
    public static func torus(
        radius: Float = 1, tube: Float = 0.4, columns: Int = 64, rows: Int = 32
    ) -> TriangleMesh {
        var points: [SIMD3<Float>] = []
        var triangles: [UInt32] = []
        for i in 0..<columns {
            let u = 2 * Double.pi * Double(i) / Double(columns)
            for j in 0..<rows {
                let v = 2 * Double.pi * Double(j) / Double(rows)
                let r = Double(radius) + Double(tube) * cos(v)
                points.append(
                    SIMD3<Float>(SIMD3(r * cos(u), Double(tube) * sin(v), r * sin(u))))
                func vertex(_ a: Int, _ b: Int) -> UInt32 {
                    UInt32(a % columns * rows + b % rows)
                }
                let (a, b) = (vertex(i, j), vertex(i + 1, j))
                let (c, d) = (vertex(i, j + 1), vertex(i + 1, j + 1))
                triangles += [a, d, b, a, c, d]
            }
        }
        return TriangleMesh(positions: Vector3Array(points), triangles: triangles)
    }

    /// Two meshes as one, neither touched.
    public static func joined(_ a: TriangleMesh, _ b: TriangleMesh) -> TriangleMesh {
        var points = a.positions
        points.append(contentsOf: b.positions)
        let shift = UInt32(a.vertexCount)
        return TriangleMesh(
            positions: points, triangles: a.triangles + b.triangles.map { $0 + shift })
    }

    /// `count` triangles of random corners in the cube from -1 to 1, up to `size` in extent.
    public static func soup(
        _ count: Int, size: Double = 0.5, using random: inout KeyedRandom
    ) -> TriangleMesh {
        var points = Vector3Array()
        for _ in 0..<count {
            let middle = point(&random)
            for _ in 0..<3 { points.append(middle + point(&random) * Float(size / 2)) }
        }
        return TriangleMesh(positions: points, triangles: (0..<UInt32(3 * count)).map { $0 })
    }

    /// A random point of the cube from -1 to 1.
    public static func point(_ random: inout KeyedRandom) -> SIMD3<Float> {
        SIMD3(
            Float(random.uniform(-1..<1)), Float(random.uniform(-1..<1)),
            Float(random.uniform(-1..<1)))
    }

    /// Random points of the cube from -1 to 1.
    public static func points(_ count: Int, using random: inout KeyedRandom) -> Vector3Array {
        Vector3Array((0..<count).map { _ in point(&random) })
    }
}
