import Geometry
import Imaging
import Synchronization

/// What an asset's surfaces are made of.
struct GLTFSurfaces {
    var materials: [Material]
    var textures: [Texture] = []
    var missingTextures: [String] = []
}

extension GLTFReader {
    /// The place among the used materials of a primitive's material.
    mutating func material(of primitive: GLTFObject) throws(GLTFError) -> Int {
        try materials.use(
            try primitive.index("material", below: materials.documentMaterials.count))
    }

    /// The materials used, and the pictures that they read. What cannot be read is left out of the
    /// materials and named; pictures that are too large are no asset's.
    mutating func surfaces() throws(GLTFError) -> GLTFSurfaces {
        for warning in materials.warnings { warn(warning) }
        var surfaces = GLTFSurfaces(materials: materials.used)
        let images = try decodedImages()
        /// Where each source stands among the textures; nil where it could not be read.
        var places: [Int?] = []
        var missing: Set<String> = []
        for source in materials.sources {
            let object = materials.documentTextures[source.texture]
            guard let index = imageIndex(object), let image = images[index] else {
                let name = textureName(object)
                if missing.insert(name).inserted { surfaces.missingTextures.append(name) }
                places.append(nil)
                continue
            }
            places.append(surfaces.textures.count)
            var texture = texture(object, image)
            if let glossiness = source.glossiness {
                texture.image = image.roughness(fromGlossiness: glossiness)
            }
            surfaces.textures.append(texture)
        }
        for i in surfaces.materials.indices {
            surfaces.materials[i].mapReferences { reference in
                guard let place = places[reference.texture] else { return nil }
                var reference = reference
                reference.texture = place
                return reference
            }
        }
        return surfaces
    }

    /// A picture with its sampler (glTF 2.0, section 3.8.4.1; trilinear where the file leaves the
    /// choice).
    private func texture(_ object: GLTFObject, _ image: Image) -> Texture {
        var texture = Texture(name: textureName(object), image: image)
        guard let index = object.member("sampler")?.integer,
            materials.samplers.indices.contains(index)
        else { return texture }
        let sampler = materials.samplers[index]
        func wrap(_ name: String) -> TextureWrap {
            switch sampler.member(name)?.integer {
            case 33071: .clampToEdge
            case 33648: .mirroredRepeat
            default: .repeat
            }
        }
        texture.wrapU = wrap("wrapS")
        texture.wrapV = wrap("wrapT")
        texture.magnification = sampler.member("magFilter")?.integer == 9728 ? .nearest : .linear
        switch sampler.member("minFilter")?.integer {
        case 9728: (texture.minification, texture.mipmap) = (.nearest, .none)
        case 9729: (texture.minification, texture.mipmap) = (.linear, .none)
        case 9984: (texture.minification, texture.mipmap) = (.nearest, .nearest)
        case 9985: (texture.minification, texture.mipmap) = (.linear, .nearest)
        case 9986: (texture.minification, texture.mipmap) = (.nearest, .linear)
        default: (texture.minification, texture.mipmap) = (.linear, .linear)
        }
        return texture
    }

    /// The image of a texture: WebP where it is offered, which stands in for another format.
    private func imageIndex(_ texture: GLTFObject) -> Int? {
        let index =
            texture.extension("EXT_texture_webp")?.member("source")?.integer
            ?? texture.member("source")?.integer
        return index.flatMap { materials.images.indices.contains($0) ? $0 : nil }
    }

    /// A name by which people find a texture: its own, its image's, or its file's.
    private func textureName(_ texture: GLTFObject) -> String {
        let image = imageIndex(texture).map { materials.images[$0] }
        let file = image?.string("uri").map(GLTFResources.displayName)
        for name in [image?.string("name"), texture.string("name"), file] {
            if let name, !name.isEmpty { return name }
        }
        return "\((image ?? texture).place)"
    }

    /// The bytes of an image file, embedded or beside the asset.
    private mutating func imageBytes(_ image: GLTFObject) throws(GLTFError) -> [UInt8] {
        // Any number of images may name the same bytes.
        if let uri = image.string("uri") {
            let bytes = try resources.bytes(at: uri)
            try charge(bytes.count, elementsOf: 1, for: image.place)
            return bytes
        }
        guard let index = try image.index("bufferView", below: bufferViews.count) else {
            throw .malformed("\(image.place) has no data")
        }
        let view = try bufferView(index)
        try charge(view.range.count, elementsOf: 1, for: image.place)
        return Array(try buffer(view.buffer).bytes[view.range])
    }

    /// The images that used materials read, decoded on all cores; those that cannot be are left
    /// out with a warning. The sizes that their headers announce are held against the limits
    /// first.
    private mutating func decodedImages() throws(GLTFError) -> [Int: Image] {
        var files: [(index: Int, bytes: [UInt8])] = []
        var known: Set<Int> = []
        for source in materials.sources {
            guard let index = imageIndex(materials.documentTextures[source.texture]),
                known.insert(index).inserted
            else { continue }
            do {
                files.append((index, try imageBytes(materials.images[index])))
            } catch {
                if case .tooLarge = error { throw error }
                warn("\(materials.images[index].place) cannot be read: \(error.sentence)")
            }
        }
        try checkSizes(files)
        let decoded = ImageDecoding(files.map(\.bytes), limit: limits.texturePixels).run()
        var images: [Int: Image] = [:]
        for (file, result) in zip(files, decoded) {
            switch result {
            case .success(let image): images[file.index] = image
            case .failure(let error):
                warn("\(materials.images[file.index].place) cannot be read: \(error)")
            }
        }
        return images
    }
}

extension GLTFReader {
    /// Throws where a picture, or all of them together, have too many pixels. One whose glossiness
    /// becomes roughness counts again, for it is copied. Files without a header that can be read
    /// are passed over: decoding them will say why.
    private func checkSizes(_ files: [(index: Int, bytes: [UInt8])]) throws(GLTFError) {
        var copies: [Int: Int] = [:]
        for source in materials.sources where source.glossiness != nil {
            if let index = imageIndex(materials.documentTextures[source.texture]) {
                copies[index, default: 0] += 1
            }
        }
        var total = 0
        for (index, bytes) in files {
            guard let size = try? Image.size(ofEncoded: bytes) else { continue }
            let image = materials.images[index]
            let name = image.string("name") ?? image.string("uri").map(GLTFResources.displayName)
            try check(
                size.width * size.height, "pixels in the texture \(name ?? "\(image.place)")",
                \.texturePixels)
            total += size.width * size.height * (1 + copies[index, default: 0])
            try check(total, "pixels in all textures", \.totalTexturePixels)
        }
    }
}

/// Image files that are decoded side by side.
private struct ImageDecoding: Sendable {
    let files: [[UInt8]]
    let limit: Int

    init(_ files: [[UInt8]], limit: Int) {
        self.files = files
        self.limit = limit
    }

    func run() -> [Result<Image, ImageCodecError>] {
        let results = Mutex<[Int: Result<Image, ImageCodecError>]>([:])
        Parallel.perform(files.count) { i in
            let result = Result { () throws(ImageCodecError) in
                try Image(decoding: files[i], maximumPixelCount: limit)
            }
            results.withLock { $0[i] = result }
        }
        return results.withLock { results in files.indices.compactMap { results[$0] } }
    }
}

extension Image {
    /// Roughness in green, of a picture that holds glossiness in alpha; metallic, in blue, is
    /// zero.
    fileprivate func roughness(fromGlossiness factor: Double) -> Image {
        var image = self
        let table = (0...255).map { UInt8((255 - Double($0) * factor).rounded()) }
        for i in stride(from: 0, to: pixels.count, by: 4) {
            image.pixels[i] = 0
            image.pixels[i + 1] = table[Int(pixels[i + 3])]
            image.pixels[i + 2] = 0
            image.pixels[i + 3] = 255
        }
        return image
    }
}
