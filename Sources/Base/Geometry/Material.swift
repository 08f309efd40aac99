import Imaging

/// How a texture continues outside the unit square.
public enum TextureWrap: String, Sendable, Equatable {
    /// The picture is tiled.
    case `repeat`
    /// The border texel goes on.
    case clampToEdge
    /// The picture is tiled, every second tile mirrored.
    case mirroredRepeat
}

/// How a texture is read between texels.
public enum TextureFilter: String, Sendable, Equatable {
    /// The nearest texel.
    case nearest
    /// Bilinear between four texels.
    case linear
}

/// How a texture is read where it shrinks: between texels of a level, and between levels.
public enum MipmapMode: String, Sendable, Equatable {
    /// The full-size picture only.
    case none
    /// The nearest level.
    case nearest
    /// Between the two nearest levels (trilinear with a linear filter).
    case linear
}

/// A picture with the way in which it is to be read.
///
/// Row 0 of the picture is at v = 0 (glTF's convention: v runs down).
public struct Texture: Sendable, Equatable {
    /// The name under which the asset knows it; may be empty.
    public var name: String
    /// The picture. Colour textures hold sRGB, data textures (normals, roughness) plain numbers.
    public var image: Image
    /// Continuation along u.
    public var wrapU: TextureWrap
    /// Continuation along v.
    public var wrapV: TextureWrap
    /// Reading where the picture grows.
    public var magnification: TextureFilter
    /// Reading within a level where the picture shrinks.
    public var minification: TextureFilter
    /// Reading between levels where the picture shrinks.
    public var mipmap: MipmapMode

    /// A texture that repeats and is read trilinearly, unless said otherwise.
    public init(
        name: String = "", image: Image, wrapU: TextureWrap = .repeat,
        wrapV: TextureWrap = .repeat, magnification: TextureFilter = .linear,
        minification: TextureFilter = .linear, mipmap: MipmapMode = .linear
    ) {
        self.name = name
        self.image = image
        self.wrapU = wrapU
        self.wrapV = wrapV
        self.magnification = magnification
        self.minification = minification
        self.mipmap = mipmap
    }
}

/// Which texture a material reads, by which UVs.
public struct TextureReference: Sendable, Equatable {
    /// Index into the mesh sequence's textures.
    public var texture: Int
    /// Index into the mesh sequence's UV sets: 0 or 1.
    public var uvSet: Int
    /// Added to the UV after rotation and scale (KHR_texture_transform).
    public var offset: SIMD2<Float>
    /// Rotation of the UV about the origin in radians, as KHR_texture_transform defines it:
    /// `u' = cos r * u + sin r * v`, `v' = -sin r * u + cos r * v` after the scale.
    public var rotation: Float
    /// Factor on the UV, applied first.
    public var scale: SIMD2<Float>

    /// A reference without a UV transform, unless one is given.
    public init(
        texture: Int, uvSet: Int = 0, offset: SIMD2<Float> = .zero, rotation: Float = 0,
        scale: SIMD2<Float> = .one
    ) {
        self.texture = texture
        self.uvSet = uvSet
        self.offset = offset
        self.rotation = rotation
        self.scale = scale
    }
}

/// What a material's alpha means.
public enum AlphaMode: Sendable, Equatable {
    /// Alpha is ignored; the surface is solid.
    case opaque
    /// The surface is there where alpha is at least the cutoff, and solid.
    case mask(cutoff: Float)
    /// The surface covers what is behind it by its alpha.
    case blend
}

/// The metallic-roughness material of glTF 2.0.
public struct Material: Sendable, Equatable {
    /// The name that the asset gives it; may be empty.
    public var name: String
    /// Linear red, green, blue and alpha, multiplied with texture and vertex colour.
    public var baseColor: SIMD4<Float>
    /// sRGB colour with alpha.
    public var baseColorTexture: TextureReference?
    /// 0 (dielectric) to 1 (metal).
    public var metallic: Float
    /// 0 (mirror) to 1; squared it is GGX's alpha.
    public var roughness: Float
    /// Roughness in green, metallic in blue, linear; multiplied with the factors.
    public var metallicRoughnessTexture: TextureReference?
    /// Linear red, green, blue that is added; may exceed 1.
    public var emissive: SIMD3<Float>
    /// sRGB colour, multiplied with the factor.
    public var emissiveTexture: TextureReference?
    /// Tangent-space normals, linear, OpenGL's way up (green points along +v of a right-side-up
    /// picture, that is against glTF's v).
    public var normalTexture: TextureReference?
    /// Factor on the normal map's x and y.
    public var normalScale: Float
    /// What alpha means.
    public var alphaMode: AlphaMode
    /// Whether back faces are drawn (with the normal turned around).
    public var doubleSided: Bool
    /// Whether the base colour is shown as it is, whatever the lights.
    public var unlit: Bool

    /// The default material of glTF but for the arguments: white, rough 1, and not metallic where
    /// glTF's own default of 1 would make what has no material at all a black mirror.
    public init(
        name: String = "", baseColor: SIMD4<Float> = .one,
        baseColorTexture: TextureReference? = nil, metallic: Float = 0, roughness: Float = 1,
        metallicRoughnessTexture: TextureReference? = nil, emissive: SIMD3<Float> = .zero,
        emissiveTexture: TextureReference? = nil, normalTexture: TextureReference? = nil,
        normalScale: Float = 1, alphaMode: AlphaMode = .opaque, doubleSided: Bool = false,
        unlit: Bool = false
    ) {
        self.name = name
        self.baseColor = baseColor
        self.baseColorTexture = baseColorTexture
        self.metallic = metallic
        self.roughness = roughness
        self.metallicRoughnessTexture = metallicRoughnessTexture
        self.emissive = emissive
        self.emissiveTexture = emissiveTexture
        self.normalTexture = normalTexture
        self.normalScale = normalScale
        self.alphaMode = alphaMode
        self.doubleSided = doubleSided
        self.unlit = unlit
    }
}
