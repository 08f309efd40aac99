import Foundation
import Geometry
import Imaging

/// A sphere with waves that run over it: a closed, smooth, textured mesh of any number of triangles
/// that all move in every frame.
enum WavingSphere {
    /// - Parameters:
    ///   - triangles: about how many; the sphere has `4 n²` for some n.
    ///   - frameCount: frames of one period.
    ///   - isTextured: else it is of one colour.
    static func mesh(triangles: Int, frameCount: Int, isTextured: Bool) -> MeshSequence {
        let rows = Int((Double(triangles) / 4).squareRoot().rounded())
        let columns = 2 * rows
        let stride = columns + 1
        let vertexCount = stride * (rows + 1)
        var indices: [UInt32] = []
        indices.reserveCapacity(6 * rows * columns)
        for j in 0..<rows {
            for i in 0..<columns {
                let a = UInt32(j * stride + i)
                let below = a + UInt32(stride)
                indices += [a, below, a + 1, a + 1, below, below + 1]
            }
        }
        var positions = Vector3Array(count: frameCount * vertexCount)
        var normals = Vector3Array(count: frameCount * vertexCount)
        for t in 0..<frameCount {
            let phase = 2 * Double.pi * Double(t) / Double(frameCount)
            for j in 0...rows {
                for i in 0...columns {
                    let azimuth = 2 * Double.pi * Double(i) / Double(columns)
                    let polar = Double.pi * Double(j) / Double(rows)
                    let (p, n) = surface(azimuth: azimuth, polar: polar, phase: phase)
                    let v = t * vertexCount + j * stride + i
                    positions[v] = SIMD3<Float>(p)
                    normals[v] = SIMD3<Float>(n)
                }
            }
        }
        var uvs: [SIMD2<Float>] = []
        for j in 0...rows {
            for i in 0...columns {
                uvs.append(SIMD2(Float(i) / Float(columns), Float(j) / Float(rows)))
            }
        }
        let texture = TextureReference(texture: 0)
        let material = Material(
            baseColor: isTextured ? .one : SIMD4(0.7, 0.4, 0.2, 1),
            baseColorTexture: isTextured ? texture : nil, roughness: 0.5)
        return MeshSequence(
            times: (0..<frameCount).map { Double($0) / 24 }, vertexCount: vertexCount,
            positions: positions, normals: normals, triangles: indices, uvSets: [uvs],
            materials: [material], textures: isTextured ? [pattern(side: 1024)] : [])
    }

    /// The surface `r(azimuth, polar)` times the direction, and its normal.
    private static func surface(
        azimuth: Double, polar: Double, phase: Double
    ) -> (place: SIMD3<Double>, normal: SIMD3<Double>) {
        let (sp, cp, sa, ca) = (sin(polar), cos(polar), sin(azimuth), cos(azimuth))
        let direction = SIMD3(sp * sa, cp, sp * ca)
        // Waves vanish at the poles to second order, so that the normal is smooth there.
        let wave = sin(5 * azimuth + phase), swell = sp * sp
        let r = 0.4 + 0.07 * swell * wave
        let byAzimuth = 0.07 * swell * 5 * cos(5 * azimuth + phase)
        let byPolar = 0.07 * 2 * sp * cp * wave
        // The normal of r(d) d is along r d - ∇r, with the gradient taken on the sphere.
        let alongPolar = SIMD3(cp * sa, -sp, cp * ca)
        let alongAzimuth = SIMD3(ca, 0, -sa)
        let gradient = byPolar * alongPolar + (sp > 1e-9 ? byAzimuth / sp : 0) * alongAzimuth
        return (r * direction, normalize(r * direction - gradient))
    }

    /// Squares of two sizes and colours that change smoothly.
    private static func pattern(side: Int) -> Texture {
        var image = Image(width: side, height: side)
        for y in 0..<side {
            for x in 0..<side {
                let i = 4 * (y * side + x)
                let coarse = (x / 64 + y / 64) & 1, fine = (x / 8 + y / 8) & 1
                image.pixels[i] = UInt8(60 + 100 * coarse + 60 * fine)
                image.pixels[i + 1] = UInt8(40 + 120 * x / side + 40 * fine)
                image.pixels[i + 2] = UInt8(200 - 150 * y / side)
                image.pixels[i + 3] = 255
            }
        }
        return Texture(image: image)
    }
}
