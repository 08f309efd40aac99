import Geometry

extension GLTFWriter {
    static func textureReferences(_ material: Material) -> [TextureReference] {
        [
            material.baseColorTexture, material.metallicRoughnessTexture,
            material.emissiveTexture, material.normalTexture,
        ].compactMap { $0 }
    }

    static func hasTransform(_ reference: TextureReference) -> Bool {
        reference.offset != .zero || reference.rotation != 0 || reference.scale != .one
    }

    static func material(_ material: Material) -> OrderedJSON {
        var members = name(material.name)
        var surface: [(String, OrderedJSON)] = [
            ("baseColorFactor", .floats((0..<4).map { material.baseColor[$0] }))
        ]
        if let reference = material.baseColorTexture {
            surface.append(("baseColorTexture", textureInfo(reference)))
        }
        surface += [
            ("metallicFactor", .float(material.metallic)),
            ("roughnessFactor", .float(material.roughness)),
        ]
        if let reference = material.metallicRoughnessTexture {
            surface.append(("metallicRoughnessTexture", textureInfo(reference)))
        }
        members.append(("pbrMetallicRoughness", .object(surface)))
        if let reference = material.normalTexture {
            members.append(
                ("normalTexture", textureInfo(reference, [("scale", .float(material.normalScale))]))
            )
        }
        if let reference = material.emissiveTexture {
            members.append(("emissiveTexture", textureInfo(reference)))
        }
        if material.emissive != .zero {
            members.append(("emissiveFactor", .floats((0..<3).map { material.emissive[$0] })))
        }
        switch material.alphaMode {
        case .opaque: break
        case .mask(let cutoff):
            members += [("alphaMode", .string("MASK")), ("alphaCutoff", .float(cutoff))]
        case .blend: members.append(("alphaMode", .string("BLEND")))
        }
        if material.doubleSided { members.append(("doubleSided", .boolean(true))) }
        if material.unlit {
            members.append(("extensions", .object([("KHR_materials_unlit", .object([]))])))
        }
        return .object(members)
    }

    private static func textureInfo(
        _ reference: TextureReference, _ extra: [(String, OrderedJSON)] = []
    ) -> OrderedJSON {
        var members: [(String, OrderedJSON)] = [("index", .integer(reference.texture))]
        if reference.uvSet != 0 { members.append(("texCoord", .integer(reference.uvSet))) }
        members += extra
        if hasTransform(reference) {
            let transform: [(String, OrderedJSON)] = [
                ("offset", .floats([reference.offset.x, reference.offset.y])),
                ("rotation", .float(reference.rotation)),
                ("scale", .floats([reference.scale.x, reference.scale.y])),
            ]
            members.append(
                ("extensions", .object([("KHR_texture_transform", .object(transform))])))
        }
        return .object(members)
    }

    /// One entry a texture; each has a sampler of its own and the picture of the same index.
    var textures: [OrderedJSON] {
        document.textures.indices.map {
            .object([("sampler", .integer($0)), ("source", .integer($0))])
        }
    }

    var samplers: [OrderedJSON] {
        document.textures.map { source in
            let texture = source.texture
            return .object([
                ("magFilter", .integer(texture.magnification == .nearest ? 9728 : 9729)),
                ("minFilter", .integer(GLTFWriter.minificationCode(texture))),
                ("wrapS", .integer(GLTFWriter.wrapCode(texture.wrapU))),
                ("wrapT", .integer(GLTFWriter.wrapCode(texture.wrapV))),
            ])
        }
    }

    /// OpenGL's code for a way to shrink a texture.
    private static func minificationCode(_ texture: Texture) -> Int {
        let isLinear = texture.minification == .linear
        return switch texture.mipmap {
        case .none: isLinear ? 9729 : 9728
        case .nearest: isLinear ? 9985 : 9984
        case .linear: isLinear ? 9987 : 9986
        }
    }

    private static func wrapCode(_ wrap: TextureWrap) -> Int {
        switch wrap {
        case .repeat: 10497
        case .clampToEdge: 33071
        case .mirroredRepeat: 33648
        }
    }
}
