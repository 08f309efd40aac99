import Geometry
import Imaging

/// The pictures that an asset's materials read, each decoded once.
///
/// A picture that is absent or broken is remembered as missing; the material goes on without it.
/// One that is larger than the limits is an ``excess``, for which the whole asset is refused.
struct TextureStore {
    /// Where pictures are looked for.
    let folder: AssetFolder?
    /// How many pixels the pictures may have.
    let limits: AssetLimits
    /// What is too large, in words; nil as long as nothing is.
    private(set) var excess: String?
    /// Pixels of the pictures so far.
    private var pixelCount = 0
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

    /// Where a picture's pixels come from.
    enum Pixels {
        /// A picture file.
        case encoded([UInt8])
        /// A closure that makes a picture of that size.
        case made(width: Int, height: Int, () -> Image)
    }

    init(folder: AssetFolder?, limits: AssetLimits) {
        self.folder = folder
        self.limits = limits
    }

    /// The picture that the asset calls `reference`, read from its folder.
    mutating func picture(named reference: String) -> Picture? {
        guard let path = folder?.file(named: reference) else {
            noteMissing(reference)
            return nil
        }
        return picture(key: path, name: AssetFile.name(of: path)) { [limits] in
            (try? AssetFile.bytes(of: path, maximumByteCount: limits.fileBytes)).map {
                .encoded($0)
            }
        }
    }

    /// The picture known by `key`, made from `pixels` the first time.
    mutating func picture(key: String, name: String, pixels: () -> Pixels?) -> Picture? {
        let image: Image?
        if let known = pictures[key] {
            image = known
        } else {
            image = pixels().flatMap { self.image($0, name: name) }
            pictures.updateValue(image, forKey: key)
        }
        guard let image else {
            noteMissing(name)
            return nil
        }
        return Picture(key: key, name: name, image: image)
    }

    /// The picture of some pixels, decoded only where the limits have room for it.
    private mutating func image(_ pixels: Pixels, name: String) -> Image? {
        switch pixels {
        case .encoded(let bytes):
            guard let size = try? Image.size(ofEncoded: bytes),
                hasRoom(width: size.width, height: size.height, name: name)
            else { return nil }
            return try? Image(decoding: bytes, maximumPixelCount: limits.texturePixels)
        case .made(let width, let height, let make):
            return hasRoom(width: width, height: height, name: name) ? make() : nil
        }
    }

    /// Counts the pixels of a picture that is about to be decoded; false, with the reason in
    /// ``excess``, where it is too large.
    private mutating func hasRoom(width: Int, height: Int, name: String) -> Bool {
        if excess == nil {
            excess = limits.pictureExcess(
                name: name, width: width, height: height, others: pixelCount)
        }
        guard excess == nil else { return false }
        pixelCount += width * height
        return true
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

    /// Throws where the pictures of the asset at `path` are too large.
    func checkSize(path: String) throws(AssetError) {
        if let excess { throw .tooLarge(path: path, what: excess) }
    }

    /// A picture made from two others, remembered by both.
    mutating func combined(
        _ a: Picture, _ b: Picture, purpose: String, combine: @escaping (Image, Image) -> Image
    ) -> Picture? {
        picture(
            key: "\(a.key)\0\(b.key)\0\(purpose)",
            name: a.name == b.name ? a.name : "\(a.name)+\(b.name)"
        ) {
            .made(width: a.image.width, height: a.image.height) { combine(a.image, b.image) }
        }
    }
}
