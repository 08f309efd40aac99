import Dispatch
import Geometry

/// A run of triangles that are drawn alike.
struct DrawRun {
    let triangles: Range<Int>
    let material: Int
    let kind: SurfaceKind
    /// Whether triangles that show their back are left out.
    let culls: Bool
}

/// What of a mesh sequence is the same for all frames and cameras: materials, textures and the order
/// in which triangles are drawn.
///
/// Everything in it is written in `init` and only read after it, hence safe to share.
final class PreparedScene: @unchecked Sendable {
    let materials: ScratchBuffer<PreparedMaterial>
    let materialCount: Int
    let triangleCount: Int
    private let albedo: ScratchBuffer<SIMD4<Float>>
    /// The textures that materials read, four a material at most.
    private let bindings: ScratchBuffer<TextureBinding>
    /// `[F]`: the material of every triangle.
    let materialOfTriangle: ScratchBuffer<UInt16>
    /// Opaque and masked triangles first, in the order of the mesh, then transparent ones.
    let runs: [DrawRun]
    private let textures: [PreparedTexture]

    /// Prepares a mesh sequence.
    ///
    /// - Parameter reflects: whether materials reflect light rather than show their own colour.
    /// - Throws: ``RenderingError/inconsistentMesh(what:)`` where an index points beyond what there
    ///   is.
    init(
        _ mesh: MeshSequence, culling: BackFaceCulling, reflects: Bool, threads: Int
    ) throws(RenderingError) {
        try PreparedScene.validate(mesh)
        let keys = PreparedScene.textureKeys(mesh)
        textures = PreparedScene.prepareTextures(keys, mesh.textures, threads: threads)
        let position = Dictionary(uniqueKeysWithValues: zip(keys, 0...))
        materialCount = mesh.materials.count
        triangleCount = mesh.triangleCount
        materials = ScratchBuffer(capacity: materialCount)
        albedo = ScratchBuffer(
            capacity: reflects ? materialCount * DirectionalAlbedo.cosineSteps : 0)
        bindings = ScratchBuffer(capacity: 4 * materialCount)
        var bindingCount = 0
        for (i, material) in mesh.materials.enumerated() {
            var row: UnsafePointer<SIMD4<Float>>?
            if reflects {
                let start = albedo.base + i * DirectionalAlbedo.cosineSteps
                DirectionalAlbedo.fill(start, roughness: material.roughness)
                row = UnsafePointer(start)
            }
            materials.base[i] = PreparedMaterial(material, culling: culling, albedo: row) {
                [textures, bindings] reference, use in
                guard let reference, reference.uvSet < mesh.uvSets.count,
                    let index = position[TextureKey(index: reference.texture, use: use)]
                else { return nil }
                let place = bindings.base + bindingCount
                bindingCount += 1
                place.pointee = TextureBinding(reference, textures[index])
                return UnsafePointer(place)
            }
        }
        materialOfTriangle = ScratchBuffer(capacity: mesh.triangleCount)
        materialOfTriangle.base.update(repeating: 0, count: mesh.triangleCount)
        var solid: [DrawRun] = []
        var transparent: [DrawRun] = []
        for part in mesh.parts where !part.triangles.isEmpty {
            let material = materials.base[part.material]
            let run = DrawRun(
                triangles: part.triangles, material: part.material, kind: material.kind,
                culls: material.culls)
            (materialOfTriangle.base + part.triangles.lowerBound).update(
                repeating: UInt16(part.material), count: part.triangles.count)
            if material.kind == .blend { transparent.append(run) } else { solid.append(run) }
        }
        runs = solid + transparent
    }

    private struct TextureKey: Hashable {
        let index: Int
        let use: TextureUse
    }

    /// The textures that materials read, each with the way in which it is averaged, once.
    private static func textureKeys(_ mesh: MeshSequence) -> [TextureKey] {
        var keys: [TextureKey] = []
        var known: Set<TextureKey> = []
        func add(_ reference: TextureReference?, _ use: TextureUse) {
            guard let reference, reference.uvSet < mesh.uvSets.count else { return }
            let key = TextureKey(index: reference.texture, use: use)
            if known.insert(key).inserted { keys.append(key) }
        }
        for material in mesh.materials {
            add(material.baseColorTexture, PreparedMaterial.baseColorUse(material))
            add(material.metallicRoughnessTexture, .data)
            add(material.emissiveTexture, .color)
            add(material.normalTexture, .data)
        }
        return keys
    }

    private static func prepareTextures(
        _ keys: [TextureKey], _ textures: [Texture], threads: Int
    ) -> [PreparedTexture] {
        let prepared = ParallelWork.map(count: keys.count, threads: threads) { i in
            PreparedTexture(textures[keys[i].index], use: keys[i].use)
        }
        return prepared
    }

    private static func validate(_ mesh: MeshSequence) throws(RenderingError) {
        func require(_ condition: Bool, _ what: @autoclosure () -> String) throws(RenderingError) {
            guard condition else { throw .inconsistentMesh(what: what()) }
        }
        let vertexCount = UInt32(clamping: mesh.vertexCount)
        let largest = mesh.triangles.reduce(UInt32(0)) { $0 > $1 ? $0 : $1 }
        try require(
            mesh.triangles.isEmpty || largest < vertexCount,
            "a triangle refers to vertex \(largest) of \(mesh.vertexCount)")
        try require(
            mesh.triangleCount <= Int(Int32.max) / 3,
            "there are \(mesh.triangleCount) triangles, more than can be numbered")
        try require(
            mesh.materials.count <= Int(UInt16.max),
            "there are \(mesh.materials.count) materials, more than can be numbered")
        for part in mesh.parts {
            try require(
                part.triangles.lowerBound >= 0 && part.triangles.upperBound <= mesh.triangleCount,
                "part \(part.name) covers triangles \(part.triangles) of \(mesh.triangleCount)")
            try require(
                mesh.materials.indices.contains(part.material),
                "part \(part.name) refers to material \(part.material) of "
                    + "\(mesh.materials.count)")
        }
        for material in mesh.materials {
            let references = [
                material.baseColorTexture, material.metallicRoughnessTexture,
                material.emissiveTexture, material.normalTexture,
            ]
            for reference in references.compactMap({ $0 }) {
                try require(
                    mesh.textures.indices.contains(reference.texture) && reference.uvSet >= 0,
                    "material \(material.name) refers to texture \(reference.texture) of "
                        + "\(mesh.textures.count), UV set \(reference.uvSet)")
            }
        }
    }
}
