import Foundation
import Geometry
import Imaging

extension GLTFDocument {
    /// How a .gltf file holds its buffer and its pictures.
    public enum Embedding: Sendable {
        /// In files beside it: a .bin and one .png a texture.
        case externalFiles
        /// In the JSON itself, as base64.
        case dataURIs
    }

    /// The document as one binary file (glTF 2.0, section 4.4), pictures included.
    ///
    /// - Throws: ``MeshFileError/tooLarge(bytes:maximum:)``, or what the PNG encoder throws.
    public func glb() throws -> Data {
        var writer = GLTFWriter(document: self)
        let images = try writer.embeddedImages()
        let json = writer.json(images: images, bufferURI: nil).text
        let size = 28 + json.utf8.count + 3 + writer.binary.buffer.count + 3
        guard size <= Int(UInt32.max) else {
            throw MeshFileError.tooLarge(bytes: size, maximum: Int(UInt32.max))
        }
        return GLTFDocument.container(json: json, binary: writer.binary.buffer.bytes)
    }

    /// The binary container around a JSON text and a buffer: a header of twelve bytes and one or
    /// two chunks, padded to multiples of four bytes by spaces and by zeros.
    package static func container(json: String, binary: [UInt8]) -> Data {
        let jsonSize = (json.utf8.count + 3) / 4 * 4
        let binarySize = (binary.count + 3) / 4 * 4
        let size = 12 + 8 + jsonSize + (binary.isEmpty ? 0 : 8 + binarySize)
        var file = ByteBuffer()
        file.reserveCapacity(size)
        file.append(text: "glTF")
        file.append(UInt32(2))
        file.append(UInt32(size))
        file.append(UInt32(jsonSize))
        file.append(text: "JSON")
        file.append(text: json)
        file.pad(to: 4, with: UInt8(ascii: " "))
        if !binary.isEmpty {
            file.append(UInt32(binarySize))
            file.append(contentsOf: [0x42, 0x49, 0x4E, 0x00])  // "BIN" and a zero byte
            file.append(contentsOf: binary)
            file.pad(to: 4)
        }
        return file.data
    }

    /// The document as a JSON file and what belongs beside it, by file name.
    ///
    /// - Parameters:
    ///   - baseName: the name of the .gltf and .bin files without extension.
    ///   - embedding: where the buffer and the pictures go.
    /// - Throws: what the PNG encoder throws.
    public func gltf(baseName: String, embedding: Embedding) throws -> [String: Data] {
        var writer = GLTFWriter(document: self)
        var files: [String: Data] = [:]
        var images: [OrderedJSON] = []
        for (i, source) in textures.enumerated() {
            let name = GLTFWriter.fileName(of: source.texture, at: i)
            var uri = name
            if !source.isMissing {
                let png = try GLTFWriter.png(source.texture.image)
                switch embedding {
                case .externalFiles: files[name] = png
                case .dataURIs: uri = "data:image/png;base64," + png.base64EncodedString()
                }
            }
            images.append(.object([("name", .string(source.texture.name)), ("uri", .string(uri))]))
        }
        writer.writeContent()
        var bufferURI = "\(baseName).bin"
        switch embedding {
        case .externalFiles: files[bufferURI] = writer.binary.buffer.data
        case .dataURIs:
            bufferURI =
                "data:application/octet-stream;base64,"
                + writer.binary.buffer.data.base64EncodedString()
        }
        let json = writer.json(images: images, bufferURI: bufferURI)
        files["\(baseName).gltf"] = Data(json.text(linesForLevels: 2).utf8)
        return files
    }
}

/// Turns a document into JSON and a binary buffer.
struct GLTFWriter {
    let document: GLTFDocument
    var binary = GLTFBinary()
    private var meshes: [OrderedJSON] = []
    private var skins: [OrderedJSON] = []
    private var animations: [OrderedJSON] = []

    init(document: GLTFDocument) { self.document = document }

    static func png(_ image: Image) throws -> Data { Data(try image.pngEncoded(.small)) }

    static func fileName(of texture: Texture, at index: Int) -> String {
        (texture.name.isEmpty ? "texture\(index)" : texture.name) + ".png"
    }

    /// Writes geometry, skins and clips, then the pictures, into the buffer.
    mutating func embeddedImages() throws -> [OrderedJSON] {
        writeContent()
        var images: [OrderedJSON] = []
        for (i, source) in document.textures.enumerated() {
            var image: [(String, OrderedJSON)] = []
            if !source.texture.name.isEmpty {
                image.append(("name", .string(source.texture.name)))
            }
            if source.isMissing {
                image.append(("uri", .string(GLTFWriter.fileName(of: source.texture, at: i))))
            } else {
                var bytes = ByteBuffer()
                bytes.append(contentsOf: try GLTFWriter.png(source.texture.image))
                image += [
                    ("mimeType", .string("image/png")),
                    ("bufferView", .integer(binary.addView(bytes))),
                ]
            }
            images.append(.object(image))
        }
        return images
    }

    /// Writes geometry, skins and clips into the buffer.
    mutating func writeContent() {
        meshes = document.meshes.map { mesh($0) }
        skins = document.skins.map { skin($0) }
        animations = document.animations.map { animation($0) }
    }

    /// The JSON; `writeContent` must have been called.
    func json(images: [OrderedJSON], bufferURI: String?) -> OrderedJSON {
        var root: [(String, OrderedJSON)] = [
            (
                "asset",
                .object([("version", .string("2.0")), ("generator", .string("Muybridge"))])
            )
        ]
        let extensions = usedExtensions
        func list(_ name: String, _ values: [OrderedJSON]) {
            if !values.isEmpty { root.append((name, .array(values))) }
        }
        list("extensionsUsed", extensions.map { .string($0) })
        list("extensionsRequired", document.requiredExtensions.map { .string($0) })
        if let scene = document.defaultScene { root.append(("scene", .integer(scene))) }
        list("scenes", document.scenes.map(GLTFWriter.scene))
        list("nodes", document.nodes.map(GLTFWriter.node))
        list("meshes", meshes)
        list("skins", skins)
        list("materials", document.materials.map(GLTFWriter.material))
        list("textures", textures)
        list("samplers", samplers)
        list("images", images)
        list("animations", animations)
        list("accessors", binary.accessors)
        list("bufferViews", binary.views)
        if binary.buffer.count > 0 {
            // A chunk in a .glb may be up to three bytes longer than the buffer that it holds.
            var buffer: [(String, OrderedJSON)] = [("byteLength", .integer(binary.buffer.count))]
            if let bufferURI { buffer.insert(("uri", .string(bufferURI)), at: 0) }
            root.append(("buffers", .array([.object(buffer)])))
        }
        return .object(root)
    }

    private var usedExtensions: [String] {
        var names = document.requiredExtensions
        if document.materials.contains(where: \.unlit) { names.append("KHR_materials_unlit") }
        let references = document.materials.flatMap(GLTFWriter.textureReferences)
        if references.contains(where: GLTFWriter.hasTransform) {
            names.append("KHR_texture_transform")
        }
        return names
    }
}
