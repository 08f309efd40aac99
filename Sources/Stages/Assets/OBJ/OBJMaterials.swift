import Geometry
import Imaging

/// The materials of an OBJ file, read from its libraries.
struct OBJMaterials {
    /// One for each of the document's material names; at least one.
    var materials: [Material]
    /// What had to be worked around.
    var warnings: [String] = []

    /// Reads the libraries that `document` names and their pictures.
    ///
    /// - Parameter fallback: files to try as the base colour of materials that have none that can
    ///   be read, in order.
    init(_ document: OBJDocument, textures: inout TextureStore, fallback: [String] = []) {
        var library = OBJMaterialLibrary()
        for reference in document.libraries {
            guard let path = textures.folder?.file(named: reference),
                let bytes = try? AssetFile.bytes(
                    of: path, maximumByteCount: textures.limits.fileBytes)
            else {
                warnings.append("The material library \(reference) is not there.")
                continue
            }
            library.read(bytes)
        }
        let picture = fallback.lazy.compactMap { [folder = textures.folder] in
            folder?.file(named: $0)
        }.first
        materials = document.materialNames.map { name in
            var material = OBJMaterials.material(
                name, library.entries[name] ?? OBJMaterialLibrary.Entry(), textures: &textures)
            if material.baseColorTexture == nil, let picture,
                let found = textures.picture(named: AssetFile.name(of: picture))
            {
                material.baseColorTexture = TextureReference(texture: textures.texture(found))
            }
            return material
        }
        if materials.isEmpty { materials = [Material()] }
    }

    /// The material of one entry. Colours are taken as linear, exponents as roughness by
    /// `1 - sqrt(Ns / 1000)`, both as Blender's importer does; a black `Kd` under a picture, and a
    /// `d` of zero, are exporters' mistakes and count as one.
    private static func material(
        _ name: String, _ entry: OBJMaterialLibrary.Entry, textures: inout TextureStore
    ) -> Material {
        var material = Material(name: name)
        let opacity = entry.opacity > 0 ? min(entry.opacity, 1) : 1
        if opacity < 1 { material.alphaMode = .blend }
        material.baseColor = SIMD4(entry.diffuse ?? .one, opacity)
        material.emissive = entry.emissive ?? .zero
        if let roughness = entry.roughness {
            material.roughness = min(max(roughness, 0), 1)
        } else if let exponent = entry.specularExponent {
            material.roughness = 1 - (min(max(exponent, 0), 1000) / 1000).squareRoot()
        }
        material.metallic = min(max(entry.metallic ?? 0, 0), 1)
        addBaseColor(entry, to: &material, &textures)
        if let map = entry.maps["map_ke"], let reference = reference(map, &textures) {
            material.emissiveTexture = reference
            if material.emissive == .zero { material.emissive = .one }
        }
        if let map = entry.maps["norm"] { material.normalTexture = reference(map, &textures) }
        addMetallicRoughness(entry, to: &material, &textures)
        return material
    }

    private static func addBaseColor(
        _ entry: OBJMaterialLibrary.Entry, to material: inout Material,
        _ textures: inout TextureStore
    ) {
        guard let map = entry.maps["map_kd"], var picture = textures.picture(named: map.file) else {
            return
        }
        if let mask = entry.maps["map_d"].flatMap({ textures.picture(named: $0.file) }),
            let masked = textures.combined(
                picture, mask, purpose: "alpha", combine: { $0.withAlpha(of: $1) })
        {
            picture = masked
            material.alphaMode = picture.image.hasCutoutAlpha ? .mask(cutoff: 0.5) : .blend
        }
        material.baseColorTexture = map.reference(
            textures.texture(picture, wrap: OBJMaterials.wrap(map)))
        if entry.diffuse == .zero {
            material.baseColor = SIMD4(.one, material.baseColor.w)
        }
    }

    private static func addMetallicRoughness(
        _ entry: OBJMaterialLibrary.Entry, to material: inout Material,
        _ textures: inout TextureStore
    ) {
        let roughness = entry.maps["map_pr"].flatMap { textures.picture(named: $0.file) }
        let metalness = entry.maps["map_pm"].flatMap { textures.picture(named: $0.file) }
        guard let map = entry.maps["map_pr"] ?? entry.maps["map_pm"],
            let picture = textures.metallicRoughness(roughness: roughness, metalness: metalness)
        else { return }
        material.metallicRoughnessTexture = map.reference(
            textures.texture(picture, wrap: OBJMaterials.wrap(map)))
        if roughness != nil { material.roughness = 1 }
        if metalness != nil { material.metallic = 1 }
    }

    private static func reference(
        _ map: OBJMaterialLibrary.Map, _ textures: inout TextureStore
    ) -> TextureReference? {
        guard let picture = textures.picture(named: map.file) else { return nil }
        return map.reference(textures.texture(picture, wrap: wrap(map)))
    }

    private static func wrap(_ map: OBJMaterialLibrary.Map) -> TextureStore.Wrap {
        let wrap: TextureWrap = map.isClamped ? .clampToEdge : .repeat
        return TextureStore.Wrap(u: wrap, v: wrap)
    }
}

extension TextureStore {
    /// One picture of a roughness map and a metalness map, either of which may be absent. A single
    /// picture that serves as both is taken as it is: it is packed as glTF packs it.
    mutating func metallicRoughness(roughness: Picture?, metalness: Picture?) -> Picture? {
        switch (roughness, metalness) {
        case (let rough?, let metal?):
            if rough.key == metal.key { return rough }
            return combined(rough, metal, purpose: "metallic-roughness") {
                .metallicRoughness(roughness: $0, metalness: $1)
            }
        case (let rough?, nil):
            return picture(key: rough.key + "\0roughness", name: rough.name) {
                .mapped(rough.image) { SIMD4(255, $0.x, 255, 255) }
            }
        case (nil, let metal?):
            return picture(key: metal.key + "\0metalness", name: metal.name) {
                .mapped(metal.image) { SIMD4(255, 255, $0.x, 255) }
            }
        case (nil, nil): return nil
        }
    }
}

extension TextureStore.Pixels {
    /// A picture with every pixel put through `change`.
    fileprivate static func mapped(
        _ image: Image, _ change: @escaping (SIMD4<UInt8>) -> SIMD4<UInt8>
    ) -> TextureStore.Pixels {
        .made(width: image.width, height: image.height) { image.mapPixels(change) }
    }
}
