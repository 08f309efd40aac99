import Geometry

/// A glTF document that is being read into an asset.
struct GLTFReader {
    let root: GLTFObject
    let resources: GLTFResources
    let limits: AssetLimits
    let accessors: [GLTFObject]
    let bufferViews: [GLTFObject]
    let nodes: [GLTFObject]
    let meshes: [GLTFObject]
    let skins: [GLTFObject]
    private let bufferObjects: [GLTFObject]
    private let container: GLTFContainer
    private var buffers: [Int: Buffer] = [:]
    private var decodedBytes = 0
    private var warnings: [String] = []
    private var furtherWarnings = 0
    var materials: GLTFMaterials
    /// Key times by accessor: many channels share them.
    var keyTimes: [Int: [Double]] = [:]

    /// Bytes of a buffer, which may be a part of a file.
    struct Buffer {
        var bytes: [UInt8]
        var range: Range<Int>
    }

    init(
        _ container: GLTFContainer, resources: GLTFResources, limits: AssetLimits
    ) throws(GLTFError) {
        do {
            let json = try JSONParser.parse(container.bytes, in: container.json)
            root = GLTFObject(value: json, place: .root)
        } catch {
            throw .malformed("the JSON is wrong at byte \(error.offset): \(error.what)")
        }
        guard root.value.members != nil else { throw .malformed("the JSON is no object") }
        try Self.checkVersion(root)
        self.container = container
        self.resources = resources
        self.limits = limits
        accessors = try root.objects("accessors")
        bufferViews = try root.objects("bufferViews")
        bufferObjects = try root.objects("buffers")
        nodes = try root.objects("nodes")
        meshes = try root.objects("meshes")
        skins = try root.objects("skins")
        materials = try GLTFMaterials(root)
        try check(nodes.count, "nodes", \.nodes)
        try checkExtensions()
    }

    /// The asset that the document describes.
    mutating func asset(name: String) throws(GLTFError) -> AnimatedAsset {
        var hierarchy = try hierarchy()
        let rigSkins = try rigSkins(hierarchy)
        let shown = try shownMeshes(&hierarchy, skins: rigSkins)
        guard shown.primitives.contains(where: { !$0.triangles.isEmpty }) else {
            throw .noGeometry
        }
        let clips = try clips(hierarchy, targetCounts: shown.targetCounts)
        let surface = try surfaces()
        return AnimatedAsset(
            name: name, format: "gltf",
            body: .rig(
                Rig(
                    nodes: hierarchy.rigNodes, primitives: shown.primitives,
                    instances: shown.instances, skins: rigSkins)),
            clips: clips, materials: surface.materials, textures: surface.textures,
            missingTextures: surface.missingTextures, warnings: allWarnings)
    }

    /// Notes something that was worked around; the same words are noted once, and at most fifty
    /// sentences are kept.
    mutating func warn(_ sentence: String) {
        if warnings.contains(sentence) { return }
        if warnings.count < 50 { warnings.append(sentence) } else { furtherWarnings += 1 }
    }

    private var allWarnings: [String] {
        furtherWarnings == 0 ? warnings : warnings + ["and \(furtherWarnings) more"]
    }

    /// Counts bytes that are about to be decoded: a few bytes of a file can ask for any amount.
    mutating func charge(_ count: Int, elementsOf size: Int, for place: GLTFPlace)
        throws(GLTFError)
    {
        let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
        guard !overflow, bytes <= limits.decodedBytes - decodedBytes else {
            throw .tooLarge(
                "\(place) has \(count) elements, which together with what was read before take "
                    + "more than \(limits.decodedBytes) bytes (corpus.limits.decoded-bytes)")
        }
        decodedBytes += bytes
    }

    /// Throws where the asset has too many of something.
    func check(_ count: Int, _ what: String, _ limit: KeyPath<AssetLimits, Int>) throws(GLTFError) {
        if let excess = limits.excess(count, what, over: limit) { throw .tooLarge(excess) }
    }
}

// MARK: - Versions and extensions

extension GLTFReader {
    private static func checkVersion(_ root: GLTFObject) throws(GLTFError) {
        let asset = root.object("asset")
        // The lowest version that the file asks of its reader.
        guard let version = asset?.string("minVersion") ?? asset?.string("version") else { return }
        if version.hasPrefix("1.") || version.hasPrefix("0.") {
            throw .unsupported("glTF \(version.prefix(20)); convert it to glTF 2.0")
        }
        guard asset?.string("minVersion") == nil || version == "2.0" else {
            throw .unsupported("glTF \(version.prefix(20)); export it as glTF 2.0")
        }
    }

    /// Refuses files that need what is not read.
    private func checkExtensions() throws(GLTFError) {
        guard let required = root.member("extensionsRequired") else { return }
        guard let names = required.array else {
            throw .malformed("extensionsRequired is no array")
        }
        let unknown = names.compactMap(\.string).filter { name in
            // Material extensions change how a surface looks, but not that it can be read.
            !name.hasPrefix("KHR_materials_") && !Self.knownExtensions.contains(name)
        }
        guard unknown.isEmpty else {
            throw .unsupported(
                unknown.joined(separator: ", ")
                    + "; export it again without (uncompressed, with PNG, JPEG or WebP textures)")
        }
    }

    /// Extensions that are read, or that change nothing of what is read.
    private static let knownExtensions: Set<String> = [
        "KHR_mesh_quantization", "KHR_texture_transform", "EXT_texture_webp",
        "EXT_mesh_gpu_instancing", "KHR_node_visibility", "KHR_lights_punctual",
        "KHR_animation_pointer", "KHR_xmp", "KHR_xmp_json_ld", "EXT_lights_image_based",
    ]
}

// MARK: - Buffers

extension GLTFReader {
    /// The bytes of a buffer, read when they are first needed.
    mutating func buffer(_ index: Int) throws(GLTFError) -> Buffer {
        if let known = buffers[index] { return known }
        let object = bufferObjects[index]
        let length = try object.requiredCount("byteLength")
        var buffer: Buffer
        if let uri = object.string("uri") {
            let bytes = try resources.bytes(at: uri)
            // Any number of buffers may name the same file.
            try charge(bytes.count, elementsOf: 1, for: object.place)
            buffer = Buffer(bytes: bytes, range: 0..<bytes.count)
        } else if index == 0, let binary = container.binary {
            buffer = Buffer(bytes: container.bytes, range: binary)
        } else if object.extension("EXT_meshopt_compression") != nil {
            throw .unsupported("EXT_meshopt_compression; export it again uncompressed")
        } else {
            throw .malformed("\(object.place) has no data")
        }
        guard length <= buffer.range.count else {
            throw .malformed(
                "\(object.place) says \(length) bytes, but has \(buffer.range.count)")
        }
        buffer.range = buffer.range.lowerBound..<buffer.range.lowerBound + length
        buffers[index] = buffer
        return buffer
    }

    /// The part of a buffer that a view shows, checked to lie within it.
    mutating func bufferView(_ index: Int) throws(GLTFError) -> (
        buffer: Int, range: Range<Int>, stride: Int
    ) {
        let object = bufferViews[index]
        guard let bufferIndex = try object.index("buffer", below: bufferObjects.count) else {
            throw .malformed("\(object.place) has no buffer")
        }
        let whole = try buffer(bufferIndex).range
        let offset = try object.count("byteOffset") ?? 0
        let length = try object.requiredCount("byteLength")
        guard offset <= whole.count, length <= whole.count - offset else {
            throw .malformed(
                "\(object.place) spans \(length) bytes from \(offset) on, its buffer has "
                    + "\(whole.count)")
        }
        let start = whole.lowerBound + offset
        return (bufferIndex, start..<start + length, try object.count("byteStride") ?? 0)
    }
}
