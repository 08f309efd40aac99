import CAssimp
import Geometry

/// The properties of one of assimp's materials.
struct AssimpProperties {
    private let source: UnsafePointer<aiMaterial>

    init(_ source: UnsafeMutablePointer<aiMaterial>) { self.source = UnsafePointer(source) }

    /// A picture that a material asks for, and how.
    struct Slot {
        /// The picture's name, or `*` and the index of an embedded one.
        var name: String
        /// The UV set as the file counts it.
        var uvSet: Int
        var wrap: TextureStore.Wrap
        /// Whether the picture's alpha counts.
        var usesAlpha: Bool
        var translation: SIMD2<Float>
        var scaling: SIMD2<Float>
        var rotationRadians: Float
    }

    /// A text.
    func string(_ key: String) -> String? {
        var value = aiString()
        guard aiGetMaterialString(source, key, 0, 0, &value) == aiReturn_SUCCESS else { return nil }
        return value.text
    }

    /// A finite number.
    func number(_ key: String) -> Float? {
        var value: Float = 0
        var count: UInt32 = 1
        guard aiGetMaterialFloatArray(source, key, 0, 0, &value, &count) == aiReturn_SUCCESS,
            count > 0, value.isFinite
        else { return nil }
        return value
    }

    /// A whole number.
    func integer(_ key: String) -> Int? {
        var value: Int32 = 0
        var count: UInt32 = 1
        guard aiGetMaterialIntegerArray(source, key, 0, 0, &value, &count) == aiReturn_SUCCESS,
            count > 0
        else { return nil }
        return Int(value)
    }

    /// A finite colour.
    func color(_ key: String) -> SIMD4<Float>? {
        var value = aiColor4D(r: 0, g: 0, b: 0, a: 1)
        guard aiGetMaterialColor(source, key, 0, 0, &value) == aiReturn_SUCCESS else { return nil }
        let color = SIMD4(value.r, value.g, value.b, value.a)
        return color - color == .zero ? color : nil
    }

    /// The first picture of a kind.
    func slot(_ type: aiTextureType) -> Slot? {
        var name = aiString()
        var uvIndex: UInt32 = 0
        var flags: UInt32 = 0
        var modes = (aiTextureMapMode_Wrap, aiTextureMapMode_Wrap)
        let found = withUnsafeMutableBytes(of: &modes) { modes in
            aiGetMaterialTexture(
                source, type, 0, &name, nil, &uvIndex, nil, nil,
                modes.baseAddress?.assumingMemoryBound(to: aiTextureMapMode.self), &flags)
        }
        guard found == aiReturn_SUCCESS, !name.text.isEmpty else { return nil }
        var transform = aiUVTransform(
            mTranslation: aiVector2D(x: 0, y: 0), mScaling: aiVector2D(x: 1, y: 1), mRotation: 0)
        let hasTransform =
            aiGetMaterialUVTransform(source, "$tex.uvtrafo", type.rawValue, 0, &transform)
            == aiReturn_SUCCESS
        if !hasTransform || !transform.isFinite {
            transform = aiUVTransform(
                mTranslation: aiVector2D(x: 0, y: 0), mScaling: aiVector2D(x: 1, y: 1),
                mRotation: 0)
        }
        return Slot(
            name: name.text, uvSet: Int(uvIndex),
            wrap: TextureStore.Wrap(u: TextureWrap(modes.0), v: TextureWrap(modes.1)),
            usesAlpha: flags & aiTextureFlags_UseAlpha.rawValue != 0,
            translation: SIMD2(transform.mTranslation.x, transform.mTranslation.y),
            scaling: SIMD2(transform.mScaling.x, transform.mScaling.y),
            rotationRadians: transform.mRotation)
    }
}

extension TextureWrap {
    fileprivate init(_ mode: aiTextureMapMode) {
        self =
            switch mode {
            case aiTextureMapMode_Clamp, aiTextureMapMode_Decal: .clampToEdge
            case aiTextureMapMode_Mirror: .mirroredRepeat
            default: .repeat
            }
    }
}

extension aiUVTransform {
    fileprivate var isFinite: Bool {
        (mTranslation.x + mTranslation.y + mScaling.x + mScaling.y + mRotation).isFinite
    }
}
