import Foundation
import Geometry

/// A texture as a material reads it.
struct TextureBinding: BitwiseCopyable {
    let sampler: TextureSampler
    /// 0 or 1.
    let uvSet: Int
    /// `u' = m.x u + m.y v + offset.x`, `v' = m.z u + m.w v + offset.y`.
    private let matrix: SIMD4<Float>
    private let offset: SIMD2<Float>

    init(_ reference: TextureReference, _ texture: PreparedTexture) {
        sampler = texture.sampler
        uvSet = reference.uvSet
        // KHR_texture_transform: scale, then rotation, then offset.
        let c = cos(reference.rotation), s = sin(reference.rotation)
        matrix = SIMD4(
            c * reference.scale.x, s * reference.scale.y, -s * reference.scale.x,
            c * reference.scale.y)
        offset = reference.offset
    }

    /// The texture's coordinates of UVs.
    @inline(__always)
    func transformed(_ u: FloatLanes, _ v: FloatLanes) -> (u: FloatLanes, v: FloatLanes) {
        let (du, dv) = transformed(differenceU: u, v)
        return (du + offset.x, dv + offset.y)
    }

    /// The differences in the texture's coordinates that differences of UVs make.
    @inline(__always)
    func transformed(
        differenceU u: FloatLanes, _ v: FloatLanes
    ) -> (u: FloatLanes, v: FloatLanes) {
        (u * matrix.x + v * matrix.y, u * matrix.z + v * matrix.w)
    }
}

/// What becomes of a material's triangles.
enum SurfaceKind: Equatable, BitwiseCopyable {
    /// They hide what is behind them.
    case opaque
    /// They hide what is behind them where alpha is at least the cutoff.
    case mask(cutoff: Float)
    /// They cover what is behind them by their alpha.
    case blend
}

/// A material with its textures at hand. A plain value of numbers and pointers.
struct PreparedMaterial: BitwiseCopyable {
    let baseColor: SIMD4<Float>
    let metallic: Float
    let roughness: Float
    let emissive: SIMD3<Float>
    let normalScale: Float
    let kind: SurfaceKind
    /// Whether triangles that show their back are left out.
    let culls: Bool
    let unlit: Bool
    let baseColorTexture: UnsafePointer<TextureBinding>?
    let metallicRoughnessTexture: UnsafePointer<TextureBinding>?
    let emissiveTexture: UnsafePointer<TextureBinding>?
    let normalTexture: UnsafePointer<TextureBinding>?
    /// The integrals of ``DirectionalAlbedo`` at the material's roughness, by cosine; nil where
    /// nothing is reflected.
    let albedo: UnsafePointer<SIMD4<Float>>?

    init(
        _ material: Material, culling: BackFaceCulling, albedo: UnsafePointer<SIMD4<Float>>?,
        texture: (TextureReference?, TextureUse) -> UnsafePointer<TextureBinding>?
    ) {
        self.albedo = albedo
        baseColor = material.baseColor
        metallic = min(1, max(0, material.metallic))
        roughness = min(1, max(0, material.roughness))
        emissive = material.emissive
        normalScale = material.normalScale
        culls = culling == .byMaterial && !material.doubleSided
        unlit = material.unlit
        kind =
            switch material.alphaMode {
            case .opaque: .opaque
            case .mask(let cutoff): .mask(cutoff: cutoff)
            case .blend: .blend
            }
        baseColorTexture = texture(
            material.baseColorTexture, PreparedMaterial.baseColorUse(material))
        metallicRoughnessTexture = texture(material.metallicRoughnessTexture, .data)
        emissiveTexture =
            material.emissive == .zero ? nil : texture(material.emissiveTexture, .color)
        normalTexture = texture(material.normalTexture, .data)
    }

    /// How a material's base colour texture is averaged.
    static func baseColorUse(_ material: Material) -> TextureUse {
        material.alphaMode == .opaque ? .color : .colorWithAlpha
    }
}
