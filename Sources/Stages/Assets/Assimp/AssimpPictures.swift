import CAssimp
import Foundation
import Geometry
import Imaging

/// The pictures of a scene: embedded in it, or files in the asset's folder.
struct AssimpPictures {
    /// The pictures read so far.
    var store: TextureStore
    /// What had to be worked around.
    private(set) var warnings: [String] = []
    private let embedded: [UnsafeMutablePointer<aiTexture>]

    /// The pictures of a scene, which must outlive this value.
    init(_ scene: aiScene, folder: AssetFolder?, limits: AssetLimits) {
        store = TextureStore(folder: folder, limits: limits)
        embedded = assimpObjects(scene.mTextures, scene.mNumTextures)
    }

    /// The picture of a slot: the embedded one of that index or file name, else a file.
    mutating func picture(_ slot: AssimpProperties.Slot) -> TextureStore.Picture? {
        guard let index = embeddedIndex(slot.name) else { return store.picture(named: slot.name) }
        let source = embedded[index].pointee
        let file = AssetFile.name(of: source.mFilename.text.replacing("\\", with: "/"))
        return store.picture(key: "*\(index)", name: file.isEmpty ? "embedded \(index)" : file) {
            AssimpPictures.pixels(of: source)
        }
    }

    /// The embedded picture that a name means: `*` and its index, or its file's name.
    private func embeddedIndex(_ name: String) -> Int? {
        if name.hasPrefix("*"), let index = Int(name.dropFirst()) {
            return embedded.indices.contains(index) ? index : nil
        }
        let wanted = AssetFile.name(of: name.replacing("\\", with: "/"))
        return embedded.firstIndex {
            let file = $0.pointee.mFilename.text
            return !file.isEmpty
                && (file == name || AssetFile.name(of: file.replacing("\\", with: "/")) == wanted)
        }
    }

    /// A compressed picture (height 0, width its bytes), or texels of blue, green, red and alpha.
    private static func pixels(of source: aiTexture) -> TextureStore.Pixels? {
        guard let texels = source.pcData, source.mWidth > 0 else { return nil }
        if source.mHeight == 0 {
            let bytes = UnsafeRawBufferPointer(start: texels, count: Int(source.mWidth))
            return .encoded(Array(bytes))
        }
        let (width, height) = (Int(source.mWidth), Int(source.mHeight))
        guard width <= Int(Int32.max), height <= Int(Int32.max) else { return nil }
        return .made(width: width, height: height) {
            var image = Image(width: width, height: height)
            for i in 0..<width * height {
                let texel = texels[i]
                image.pixels[4 * i] = texel.r
                image.pixels[4 * i + 1] = texel.g
                image.pixels[4 * i + 2] = texel.b
                image.pixels[4 * i + 3] = texel.a
            }
            return image
        }
    }

    /// The reference to a texture that shows `picture` the way a slot asks for.
    ///
    /// assimp hands on what the file says. FBX and Collada mean `uv' = S R uv + T`, Maya's
    /// placement; for all else assimp documents `uv' = S R (uv + T - 1/2) + 1/2`. Both count v
    /// upwards: with `v -> 1 - v` on both sides the rotation turns round, and the offset is the
    /// transform of (0, 1), mirrored.
    mutating func reference(
        _ picture: TextureStore.Picture, _ slot: AssimpProperties.Slot, format: String
    ) -> TextureReference {
        if slot.uvSet > 1 {
            warnings.append(
                "The picture \(picture.name) is placed by UV set \(slot.uvSet); the first is used.")
        }
        let isPlacement = format == "fbx" || format == "dae"
        let (c, s) = (cos(slot.rotationRadians), sin(slot.rotationRadians))
        func transformed(_ uv: SIMD2<Float>) -> SIMD2<Float> {
            let half = SIMD2<Float>(repeating: 0.5)
            let p = isPlacement ? uv : uv + slot.translation - half
            let turned = slot.scaling * SIMD2(c * p.x - s * p.y, s * p.x + c * p.y)
            return turned + (isPlacement ? slot.translation : half)
        }
        let origin = transformed(SIMD2(0, 1))
        return TextureReference(
            texture: store.texture(picture, wrap: slot.wrap),
            uvSet: slot.uvSet > 1 ? 0 : slot.uvSet,
            offset: SIMD2(origin.x, 1 - origin.y), rotation: slot.rotationRadians,
            scale: slot.scaling)
    }
}
