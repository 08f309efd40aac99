import CAssimp
import Geometry
import Imaging

/// Turns a scene's materials into metallic-roughness ones.
///
/// Colours are taken as linear, as Blender's importers do. A picture replaces the diffuse colour
/// in FBX and Collada, where a property has either, and is multiplied with it elsewhere; black
/// under a picture, and an opacity of zero, are exporters' mistakes and count as one.
struct AssimpMaterials {
    private let format: String
    private var pictures: AssimpPictures
    private(set) var materials: [Material] = []

    /// Converts all materials of a scene.
    init(_ scene: aiScene, format: String, folder: AssetFolder?, limits: AssetLimits) {
        self.format = format
        pictures = AssimpPictures(scene, folder: folder, limits: limits)
        for source in assimpArray(scene.mMaterials, scene.mNumMaterials) {
            materials.append(source.map { material(AssimpProperties($0)) } ?? Material())
        }
        if materials.isEmpty { materials = [Material()] }
    }

    /// The textures that the materials read.
    var textures: [Texture] { pictures.store.textures }
    /// Pictures that could not be read.
    var missing: [String] { pictures.store.missing }
    /// What had to be worked around.
    var warnings: [String] { pictures.warnings }

    /// Throws where the pictures of the asset at `path` are too large.
    func checkSize(path: String) throws(AssetError) { try pictures.store.checkSize(path: path) }

    private mutating func material(_ source: AssimpProperties) -> Material {
        var material = Material(name: source.string("?mat.name") ?? "")
        let hasPicture = addBaseColor(source, to: &material)
        // assimp makes up a grey material for meshes that have none.
        if material.name == "DefaultMaterial", !hasPicture { return Material() }
        addRoughness(source, to: &material)
        addEmission(source, to: &material)
        addNormals(source, to: &material)
        material.doubleSided = source.integer("$mat.twosided") ?? 0 != 0
        // Collada's `constant` shading, which no light changes.
        let shading = source.integer("$mat.shadingm")
        material.unlit =
            format == "dae" && shading == Int(aiShadingMode_NoShading.rawValue)
        return material
    }

    /// Sets base colour and alpha, and says whether a picture gives the colour.
    private mutating func addBaseColor(_ source: AssimpProperties, to material: inout Material)
        -> Bool
    {
        let color = source.color("$clr.base") ?? source.color("$clr.diffuse") ?? .one
        let stated = source.number("$mat.opacity") ?? (color.w < 1 ? color.w : 1)
        let opacity = stated > 0 ? min(stated, 1) : 1
        if opacity < 1 { material.alphaMode = .blend }
        var rgb = pointwiseMax(SIMD3(color.x, color.y, color.z), .zero)
        let slots = [aiTextureType_BASE_COLOR, aiTextureType_DIFFUSE]
        let slot = slots.lazy.compactMap { source.slot($0) }.first
        let hasPicture: Bool
        if let slot, var picture = pictures.picture(slot) {
            hasPicture = true
            if let mask = source.slot(aiTextureType_OPACITY).flatMap({ pictures.picture($0) }) {
                if let masked = pictures.store.combined(
                    picture, mask, purpose: "alpha", combine: { $0.withAlpha(of: $1) })
                {
                    picture = masked
                    material.alphaMode = picture.image.hasCutoutAlpha ? .mask(cutoff: 0.5) : .blend
                }
            } else if slot.usesAlpha, picture.image.hasTransparency {
                material.alphaMode = picture.image.hasCutoutAlpha ? .mask(cutoff: 0.5) : .blend
            }
            material.baseColorTexture = pictures.reference(picture, slot, format: format)
            if rgb == .zero || format == "fbx" || format == "dae" { rgb = .one }
        } else {
            hasPicture = false
        }
        material.baseColor = SIMD4(rgb, opacity)
        return hasPicture
    }

    /// Roughness as it is stated, or from a Phong exponent by `1 - sqrt(exponent) / 10`, the rule
    /// of assimp's FBX reader and of Blender's; OBJ's exponents run to 1000.
    private mutating func addRoughness(_ source: AssimpProperties, to material: inout Material) {
        if let roughness = source.number("$mat.roughnessFactor") {
            material.roughness = min(max(roughness, 0), 1)
        } else if let exponent = source.number("$mat.shininess"), exponent > 0 {
            let limit: Float = format == "obj" ? 1000 : 100
            material.roughness = 1 - (min(exponent, limit) / limit).squareRoot()
        }
        material.metallic = min(max(source.number("$mat.metallicFactor") ?? 0, 0), 1)
        let rough = source.slot(aiTextureType_DIFFUSE_ROUGHNESS)
        let metal = source.slot(aiTextureType_METALNESS)
        guard let slot = rough ?? metal else { return }
        let roughness = rough.flatMap { pictures.picture($0) }
        let metalness = metal.flatMap { pictures.picture($0) }
        guard
            let picture = pictures.store.metallicRoughness(
                roughness: roughness, metalness: metalness)
        else { return }
        material.metallicRoughnessTexture = pictures.reference(picture, slot, format: format)
        if roughness != nil { material.roughness = 1 }
        if metalness != nil { material.metallic = 1 }
    }

    private mutating func addEmission(_ source: AssimpProperties, to material: inout Material) {
        let color = source.color("$clr.emissive") ?? .zero
        let intensity = max(source.number("$mat.emissiveIntensity") ?? 1, 0)
        material.emissive = pointwiseMax(SIMD3(color.x, color.y, color.z), .zero) * intensity
        let slots = [aiTextureType_EMISSION_COLOR, aiTextureType_EMISSIVE]
        guard let slot = slots.lazy.compactMap({ source.slot($0) }).first,
            let picture = pictures.picture(slot)
        else { return }
        material.emissiveTexture = pictures.reference(picture, slot, format: format)
        if material.emissive == .zero { material.emissive = .one }
    }

    /// Takes a normal map from its own slot, or from that of height maps where it looks like one:
    /// OBJ's `bump` and FBX's `Bump` hold either.
    private mutating func addNormals(_ source: AssimpProperties, to material: inout Material) {
        for type in [aiTextureType_NORMALS, aiTextureType_NORMAL_CAMERA, aiTextureType_HEIGHT] {
            guard let slot = source.slot(type), let picture = pictures.picture(slot) else {
                continue
            }
            if type != aiTextureType_NORMALS, !picture.image.looksLikeNormalMap { continue }
            material.normalTexture = pictures.reference(picture, slot, format: format)
            return
        }
    }
}
