import Geometry
import Imaging

/// The pictures that an asset's materials read, each decoded once.
///
/// A picture that is absent or broken is remembered as missing; the material goes on without it.
struct TextureStore {
    /// Where pictures are looked for.
    let folder: AssetFolder?
    /// The textures so far.
    private(set) var textures: [Texture] = []
    /// Names of pictures that could not be read, each once.
    private(set) var missing: [String] = []
    private var pictures: [String: Image?] = [:]
    private var indices: [Key: Int] = [:]

    /// A picture and the way in which it is read.
    private struct Key: Hashable {
        var picture: String
        var wrap: Wrap
    }

    /// How a picture continues along u and v.
    struct Wrap: Hashable {
        var u = TextureWrap.repeat
        var v = TextureWrap.repeat
    }

    /// A decoded picture.
    struct Picture {
        /// What it is remembered by.
        var key: String
        /// The name that materials are told.
        var name: String
        var image: Image
    }

    init(folder: AssetFolder?) { self.folder = folder }

    /// The picture that the asset calls `reference`, read from its folder.
    mutating func picture(named reference: String) -> Picture? {
        guard let path = folder?.file(named: reference) else {
            noteMissing(reference)
            return nil
        }
        return picture(key: path, name: AssetFile.name(of: path)) {
            guard let bytes = try? AssetFile.bytes(of: path) else { return nil }
            return try? Image(decoding: bytes)
        }
    }

    /// The picture known by `key`, made by `decode` the first time.
    mutating func picture(key: String, name: String, decode: () -> Image?) -> Picture? {
        let image: Image?
        if let known = pictures[key] {
            image = known
        } else {
            image = decode()
            pictures.updateValue(image, forKey: key)
        }
        guard let image else {
            noteMissing(name)
            return nil
        }
        return Picture(key: key, name: name, image: image)
    }

    /// The index of the texture that shows `picture`.
    mutating func texture(_ picture: Picture, wrap: Wrap = Wrap()) -> Int {
        let key = Key(picture: picture.key, wrap: wrap)
        if let known = indices[key] { return known }
        textures.append(
            Texture(name: picture.name, image: picture.image, wrapU: wrap.u, wrapV: wrap.v))
        indices[key] = textures.count - 1
        return textures.count - 1
    }

    /// Records a picture that could not be read.
    mutating func noteMissing(_ name: String) {
        if !missing.contains(name) { missing.append(name) }
    }

    /// A picture made from two others, remembered by both.
    mutating func combined(
        _ a: Picture, _ b: Picture, purpose: String, combine: (Image, Image) -> Image
    ) -> Picture? {
        let image = { combine(a.image, b.image) }
        return picture(
            key: "\(a.key)\0\(b.key)\0\(purpose)",
            name: a.name == b.name ? a.name : "\(a.name)+\(b.name)", decode: image)
    }
}
