import Geometry

/// The materials that primitives use, in the order in which they were first used.
struct GLTFMaterials {
    /// The document's lists.
    let documentMaterials: [GLTFObject]
    let documentTextures: [GLTFObject]
    let images: [GLTFObject]
    let samplers: [GLTFObject]
    /// The materials used.
    private(set) var used: [Material] = []
    /// The pictures that they read, in the order of the materials' texture indices.
    private(set) var sources: [TextureSource] = []
    /// What was worked around.
    private(set) var warnings: [String] = []
    private var needs: [Needs] = []
    /// Where each source stands among ``sources``.
    private var placeOfSource: [TextureSource: Int] = [:]
    /// Where the document's materials stand among those used; nil is what has no material.
    private var indexOfUsed: [Int?: Int] = [:]

    /// What a texture's picture is made from.
    struct TextureSource: Hashable {
        /// Index of the document's texture.
        var texture: Int
        /// The glossiness factor, where the picture holds glossiness in alpha that is to become
        /// roughness in green.
        var glossiness: Double?
    }

    /// The texture coordinates that a material reads.
    struct Needs {
        /// The document's sets (`TEXCOORD_n`) that become UV sets 0 and 1.
        var sets: [Int] = [0, 1]
        /// How many of them a primitive must have.
        var count = 0
    }

    init(_ root: GLTFObject) throws(GLTFError) {
        documentMaterials = try root.objects("materials")
        documentTextures = try root.objects("textures")
        images = try root.objects("images")
        samplers = try root.objects("samplers")
    }

    /// The texture coordinates that a used material reads.
    func needs(of material: Int) -> Needs { needs[material] }

    /// The place among the used materials of one of the document's, or of the material of what
    /// has none.
    mutating func use(_ index: Int?) throws(GLTFError) -> Int {
        if let known = indexOfUsed[index] { return known }
        var material = Material()
        if let index { material = try read(documentMaterials[index]) }
        let place = used.count
        needs.append(assignUVSets(of: &material))
        used.append(material)
        indexOfUsed[index] = place
        return place
    }

    /// Chooses the two texture coordinate sets that a material reads, and makes its references
    /// count them as UV sets 0 and 1.
    private mutating func assignUVSets(of material: inout Material) -> Needs {
        let sets = material.references.map(\.uvSet)
        var needs = Needs()
        if let largest = sets.max(), largest > 1 {
            needs.sets = []
            for set in sets where !needs.sets.contains(set) && needs.sets.count < 2 {
                needs.sets.append(set)
            }
        }
        var dropped = false
        var count = 0
        material.mapReferences { reference in
            guard let slot = needs.sets.firstIndex(of: reference.uvSet) else {
                dropped = true
                return nil
            }
            count = max(count, slot + 1)
            var reference = reference
            reference.uvSet = slot
            return reference
        }
        if dropped {
            warnings.append(
                "The material \(material.name) reads more than two sets of texture coordinates; "
                    + "some of its textures are left out.")
        }
        needs.count = count
        return needs
    }
}

// MARK: - Reading

extension GLTFMaterials {
    private mutating func read(_ object: GLTFObject) throws(GLTFError) -> Material {
        var material = Material(name: object.string("name") ?? "", metallic: 1, roughness: 1)
        let metallicRoughness = object.object("pbrMetallicRoughness")
        let glossiness = object.extension("KHR_materials_pbrSpecularGlossiness")
        // Where a file gives both, the one meant for this model of shading is exact; unless its
        // writer left the picture to the other.
        if let glossiness,
            metallicRoughness == nil
                || glossiness.object("diffuseTexture") != nil
                    && metallicRoughness?.object("baseColorTexture") == nil
        {
            try readSpecularGlossiness(glossiness, into: &material)
        } else if let metallicRoughness {
            try readMetallicRoughness(metallicRoughness, into: &material)
        }
        if let emissive = try object.numbers("emissiveFactor", count: 3) {
            let strength =
                try object.extension("KHR_materials_emissive_strength")?
                .number("emissiveStrength") ?? 1
            material.emissive = SIMD3<Float>(
                SIMD3(emissive[0], emissive[1], emissive[2]) * strength)
        }
        material.emissiveTexture = try reference(object, "emissiveTexture")
        material.normalTexture = try reference(object, "normalTexture")
        material.normalScale = Float(
            try object.object("normalTexture")?.number("scale") ?? 1)
        switch object.string("alphaMode") {
        case "MASK":
            material.alphaMode = .mask(cutoff: Float(try object.number("alphaCutoff") ?? 0.5))
        case "BLEND": material.alphaMode = .blend
        default: material.alphaMode = .opaque
        }
        material.doubleSided = object.member("doubleSided")?.bool ?? false
        material.unlit = object.extension("KHR_materials_unlit") != nil
        return material
    }

    private mutating func readMetallicRoughness(
        _ object: GLTFObject, into material: inout Material
    ) throws(GLTFError) {
        if let color = try object.numbers("baseColorFactor", count: 4) {
            material.baseColor = SIMD4<Float>(SIMD4(color[0], color[1], color[2], color[3]))
        }
        material.metallic = Float(try object.number("metallicFactor") ?? 1)
        material.roughness = Float(try object.number("roughnessFactor") ?? 1)
        material.baseColorTexture = try reference(object, "baseColorTexture")
        material.metallicRoughnessTexture = try reference(object, "metallicRoughnessTexture")
    }

    /// The older model of shading, approximately: its diffuse colour as that of a dielectric,
    /// whatever its specular colour is, as rough as it is not glossy.
    private mutating func readSpecularGlossiness(
        _ object: GLTFObject, into material: inout Material
    ) throws(GLTFError) {
        if let color = try object.numbers("diffuseFactor", count: 4) {
            material.baseColor = SIMD4<Float>(SIMD4(color[0], color[1], color[2], color[3]))
        }
        let glossiness = min(max(try object.number("glossinessFactor") ?? 1, 0), 1)
        material.metallic = 0
        material.roughness = Float(1 - glossiness)
        material.baseColorTexture = try reference(object, "diffuseTexture")
        material.metallicRoughnessTexture = try reference(
            object, "specularGlossinessTexture", glossiness: glossiness)
        if material.metallicRoughnessTexture != nil { material.roughness = 1 }
    }

    /// A texture reference, its `uvSet` that of the document; nil where there is none.
    private mutating func reference(
        _ object: GLTFObject, _ name: String, glossiness: Double? = nil
    ) throws(GLTFError) -> TextureReference? {
        guard let info = object.object(name) else { return nil }
        guard let texture = try info.index("index", below: documentTextures.count) else {
            throw .malformed("\(info.place) has no index")
        }
        let source = TextureSource(texture: texture, glossiness: glossiness)
        let place = placeOfSource[source] ?? sources.count
        if place == sources.count {
            placeOfSource[source] = place
            sources.append(source)
        }
        var reference = TextureReference(
            texture: place, uvSet: try info.count("texCoord") ?? 0)
        if let transform = info.extension("KHR_texture_transform") {
            let offset = try transform.numbers("offset", count: 2) ?? [0, 0]
            let scale = try transform.numbers("scale", count: 2) ?? [1, 1]
            reference.offset = SIMD2<Float>(SIMD2(offset[0], offset[1]))
            reference.scale = SIMD2<Float>(SIMD2(scale[0], scale[1]))
            reference.rotation = Float(try transform.number("rotation") ?? 0)
            reference.uvSet = try transform.count("texCoord") ?? reference.uvSet
        }
        return reference
    }
}

extension Material {
    /// All texture references, the most important first.
    fileprivate var references: [TextureReference] {
        [baseColorTexture, normalTexture, metallicRoughnessTexture, emissiveTexture]
            .compactMap { $0 }
    }

    /// Replaces every texture reference.
    mutating func mapReferences(_ change: (TextureReference) -> TextureReference?) {
        baseColorTexture = baseColorTexture.flatMap(change)
        normalTexture = normalTexture.flatMap(change)
        metallicRoughnessTexture = metallicRoughnessTexture.flatMap(change)
        emissiveTexture = emissiveTexture.flatMap(change)
    }
}
