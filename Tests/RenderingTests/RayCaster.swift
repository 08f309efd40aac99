import Geometry
import Rendering

/// What a ray meets first, found by trying every triangle in double precision (Möller and Trumbore
/// 1997).
struct RayCaster {
    struct Hit {
        var triangle: Int
        /// Distance along the camera's -z.
        var depth: Double
        /// The weights of the three vertices.
        var weights: SIMD3<Double>
        /// Whether the front was met.
        var isFront: Bool
    }

    let mesh: MeshSequence
    let camera: Camera

    private func vertex(_ i: Int) -> SIMD3<Double> {
        SIMD3<Double>(mesh.positions[Int(mesh.triangles[i])])
    }

    /// All triangles that the ray through a pixel coordinate meets, the nearest first.
    func hits(_ pixel: SIMD2<Double>) -> [Hit] {
        let (origin, direction) = camera.ray(through: pixel)
        var hits: [Hit] = []
        for triangle in 0..<mesh.triangleCount {
            let a = vertex(3 * triangle)
            let e1 = vertex(3 * triangle + 1) - a
            let e2 = vertex(3 * triangle + 2) - a
            let p = cross(direction, e2)
            let determinant = dot(e1, p)
            guard determinant != 0 else { continue }
            let t = origin - a
            let u = dot(t, p) / determinant
            let q = cross(t, e1)
            let v = dot(direction, q) / determinant
            let depth = dot(e2, q) / determinant
            guard u >= 0, v >= 0, u + v <= 1, depth >= Camera.nearDistance else { continue }
            hits.append(
                Hit(
                    triangle: triangle, depth: depth, weights: SIMD3(1 - u - v, u, v),
                    isFront: determinant > 0))
        }
        return hits.sorted { $0.depth < $1.depth }
    }

    /// What is met at a pixel coordinate, and whether that is certain: rays a fiftieth of a pixel
    /// away meet the same triangle, and nothing else lies at about the same depth. The rasterizer
    /// rounds vertices to 1/256 pixel.
    func nearest(_ pixel: SIMD2<Double>) -> (hit: Hit?, isCertain: Bool) {
        let here = hits(pixel)
        let margin = 0.02
        let around = [SIMD2(margin, 0), SIMD2(-margin, 0), SIMD2(0, margin), SIMD2(0, -margin)]
        var isCertain = around.allSatisfy {
            hits(pixel + $0).first?.triangle == here.first?.triangle
        }
        if here.count > 1, here[1].depth - here[0].depth < 1e-4 * here[0].depth {
            isCertain = false
        }
        return (here.first, isCertain)
    }

    /// A quantity of the vertices, interpolated at a hit.
    func interpolate(_ hit: Hit, _ value: (Int) -> SIMD3<Double>) -> SIMD3<Double> {
        (0..<3).reduce(into: .zero) { sum, corner in
            sum += hit.weights[corner] * value(Int(mesh.triangles[3 * hit.triangle + corner]))
        }
    }
}
