import Foundation
import Geometry
import Imaging

/// The base colours of a mesh sequence at any point of its surface: factor, texture and vertex
/// colour, which do not change over time.
public struct SurfaceColors: Sendable {
    private let sequence: MeshSequence
    /// `[F]`: the material of each triangle.
    private let materials: [Int32]

    /// The colours of a sequence. O(*F*).
    public init(_ sequence: MeshSequence) {
        self.sequence = sequence
        var materials = [Int32](repeating: -1, count: sequence.triangleCount)
        for part in sequence.parts {
            for f in part.triangles { materials[f] = Int32(part.material) }
        }
        self.materials = materials
    }

    /// The colour at a point: sRGB-encoded red, green and blue, 0 to 1. White where a triangle has
    /// no material.
    ///
    /// Textures are read at full size, in linear light, between texels as their magnification
    /// filter says.
    public func color(at point: SurfacePoint) -> SIMD3<Float> {
        var linear = SIMD3<Float>(repeating: 1)
        let material = materials[point.triangle]
        if material >= 0, Int(material) < sequence.materials.count {
            let m = sequence.materials[Int(material)]
            linear = SIMD3(m.baseColor.x, m.baseColor.y, m.baseColor.z)
            if let reference = m.baseColorTexture { linear *= texel(reference, point) }
        }
        if !sequence.colors.isEmpty {
            let c = interpolated(point) { sequence.colors[$0] }
            linear *= SIMD3(c.x, c.y, c.z)
        }
        func encoded(_ v: Float) -> Float {
            Float(SRGB.encoded(Double(max(0, min(1, v)))))
        }
        return SIMD3(encoded(linear.x), encoded(linear.y), encoded(linear.z))
    }

    /// The colours at several points, `[n, 3]`.
    public func colors(at points: [SurfacePoint]) -> Vector3Array {
        Vector3Array(points.map { color(at: $0) })
    }

    private func interpolated<V: SIMD>(
        _ point: SurfacePoint, _ value: (Int) -> V
    ) -> V where V.Scalar == Float {
        let f = 3 * point.triangle
        let b = point.barycentrics
        return value(Int(sequence.triangles[f])) * b.x
            + value(Int(sequence.triangles[f + 1])) * b.y
            + value(Int(sequence.triangles[f + 2])) * b.z
    }

    private func texel(_ reference: TextureReference, _ point: SurfacePoint) -> SIMD3<Float> {
        guard sequence.textures.indices.contains(reference.texture),
            sequence.uvSets.indices.contains(reference.uvSet)
        else { return SIMD3(repeating: 1) }
        let raw = interpolated(point) { sequence.uvSets[reference.uvSet][$0] } * reference.scale
        let (c, s) = (cos(reference.rotation), sin(reference.rotation))
        let uv = SIMD2(c * raw.x + s * raw.y, -s * raw.x + c * raw.y) + reference.offset
        return sequence.textures[reference.texture].linearColor(at: uv)
    }
}

extension Texture {
    /// The linear colour at (u, v), at full size.
    func linearColor(at uv: SIMD2<Float>) -> SIMD3<Float> {
        guard image.width > 0, image.height > 0, uv - uv == .zero else {
            return SIMD3(repeating: 1)
        }
        func texel(_ x: Int, _ y: Int) -> SIMD3<Float> {
            let p = image[Self.wrapped(x, image.width, wrapU), Self.wrapped(y, image.height, wrapV)]
            return SIMD3(SRGB.linear(from: p.x), SRGB.linear(from: p.y), SRGB.linear(from: p.z))
        }
        // Whole turns first, so that far coordinates neither lose their fraction nor overflow.
        let x = Self.brought(uv.x, wrapU) * Float(image.width)
        let y = Self.brought(uv.y, wrapV) * Float(image.height)
        if magnification == .nearest { return texel(Int(x.rounded(.down)), Int(y.rounded(.down))) }
        let left = (x - 0.5).rounded(.down), top = (y - 0.5).rounded(.down)
        let (fx, fy) = (x - 0.5 - left, y - 0.5 - top)
        let (i, j) = (Int(left), Int(top))
        let upper = texel(i, j) * (1 - fx) + texel(i + 1, j) * fx
        let lower = texel(i, j + 1) * (1 - fx) + texel(i + 1, j + 1) * fx
        return upper * (1 - fy) + lower * fy
    }

    private static func brought(_ v: Float, _ wrap: TextureWrap) -> Float {
        switch wrap {
        case .clampToEdge: max(-1, min(2, v))
        case .repeat: v - v.rounded(.down)
        case .mirroredRepeat: v - 2 * (v / 2).rounded(.down)
        }
    }

    private static func wrapped(_ i: Int, _ count: Int, _ wrap: TextureWrap) -> Int {
        switch wrap {
        case .clampToEdge: return max(0, min(count - 1, i))
        case .repeat: return ((i % count) + count) % count
        case .mirroredRepeat:
            let k = ((i % (2 * count)) + 2 * count) % (2 * count)
            return k < count ? k : 2 * count - 1 - k
        }
    }
}
