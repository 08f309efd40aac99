import CAssimp
import Geometry

/// The rig of a scene: its nodes, meshes, and who shows what.
struct AssimpRig {
    private(set) var nodes: AssimpNodes
    private(set) var primitives: [Rig.Primitive] = []
    private(set) var instances: [Rig.Instance] = []
    private(set) var skins: [Rig.Skin] = []
    private(set) var warnings: [String] = []
    /// The instances with morph targets below each node of the scene.
    private(set) var morphing: [Int: [MorphingInstance]] = [:]
    private let isFBX: Bool
    private let isBlendersCollada: Bool
    private var ambiguousBones: Set<String> = []
    private var absentBones: Set<String> = []

    /// Where a mesh with morph targets hangs.
    struct MorphingInstance {
        /// The node whose weights it reads.
        var node: Int
        /// The mesh's name.
        var mesh: String
        /// How many targets it has.
        var targetCount: Int
    }

    /// The rig of a scene.
    ///
    /// - Parameters:
    ///   - format: the file's extension.
    ///   - metadata: what the scene says of itself.
    ///   - upAxis: the axis that points up in formats that do not say.
    init(_ scene: aiScene, format: String, metadata: AssimpMetadata, upAxis: UpAxis?) {
        isFBX = format == "fbx"
        isBlendersCollada = format == "dae" && metadata.generator.hasPrefix("Blender")
        nodes = AssimpNodes(
            root: scene.mRootNode,
            worldFromFile: metadata.worldFromFile(format: format, upAxis: upAxis))
        let meshes = assimpArray(scene.mMeshes, scene.mNumMeshes).map { mesh in
            mesh.flatMap { AssimpPrimitive($0.pointee, warnings: &warnings) }
        }
        var indexOfMesh = [Int?](repeating: nil, count: meshes.count)
        for node in nodes.nodes.indices {
            guard let source = nodes.sources[node]?.pointee else { continue }
            let shown = assimpArray(source.mMeshes, source.mNumMeshes).map(Int.init)
                .filter { $0 < meshes.count && meshes[$0] != nil }
            for mesh in shown {
                guard let converted = meshes[mesh] else { continue }
                if indexOfMesh[mesh] == nil {
                    indexOfMesh[mesh] = primitives.count
                    primitives.append(converted.primitive)
                }
                show(
                    converted, primitive: indexOfMesh[mesh] ?? 0, at: node,
                    sharesNode: shown.count > 1)
            }
        }
        warnings += nodes.warnings
        if !ambiguousBones.isEmpty {
            warnings.append(
                "Several nodes have the name of a bone (\(ambiguousBones.sorted().first ?? "")"
                    + " ...): the one that fits the bind pose was taken.")
        }
        if !absentBones.isEmpty {
            warnings.append(
                "Bones without a node: \(absentBones.sorted().joined(separator: ", ")).")
        }
    }

    /// The finished rig.
    var rig: Rig {
        Rig(nodes: nodes.nodes, primitives: primitives, instances: instances, skins: skins)
    }

    /// Adds an instance of a primitive at a node of the scene. A mesh with morph targets beside
    /// other meshes gets a node of its own: weights belong to nodes, and its targets may not be
    /// the others'. At rest no target is on: the weight that assimp gives an FBX shape is 1 whatever
    /// the file says.
    private mutating func show(
        _ mesh: AssimpPrimitive, primitive: Int, at node: Int, sharesNode: Bool
    ) {
        var place = node
        let targetCount = mesh.primitive.morphTargets.count
        if targetCount > 0 {
            if sharesNode { place = nodes.addChild(of: node, name: mesh.primitive.name) }
            morphing[node, default: []].append(
                MorphingInstance(
                    node: place, mesh: mesh.primitive.name, targetCount: targetCount))
        }
        var skin: Int?
        if !mesh.bones.isEmpty {
            skins.append(bind(mesh, at: node))
            skin = skins.count - 1
        }
        instances.append(Rig.Instance(node: place, primitive: primitive, skin: skin))
    }

    /// The skin of a mesh at a node.
    private mutating func bind(_ mesh: AssimpPrimitive, at node: Int) -> Rig.Skin {
        // FBX counts bind matrices from the mesh behind its geometric transform (FbxSkin's
        // reference: the transform matrix times the geometric offset), which assimp leaves out.
        var meshFromGeometry = Matrix4.identity
        if isFBX {
            for helper in nodes.fbxHelpers(above: node)
            where nodes.nodes[helper].name.contains("_$AssimpFbx$_Geometric") {
                meshFromGeometry = nodes.parentFromNode(helper) * meshFromGeometry
            }
        }
        var joints: [Int] = []
        var matrices: [Matrix4] = []
        for bone in mesh.bones {
            let jointFromMesh = bone.jointFromMesh * meshFromGeometry
            let joint = joint(bone.name, jointFromMesh: jointFromMesh, mesh: node)
            joints.append(joint ?? node)
            matrices.append(joint == nil || !jointFromMesh.isFinite ? .identity : jointFromMesh)
        }
        if isBlendersCollada { placeBlendersBindShape(&matrices, joints: joints, mesh: node) }
        if mesh.hasUnweightedVertices {
            joints.append(node)
            matrices.append(.identity)
        }
        return Rig.Skin(joints: joints, jointFromMesh: matrices)
    }

    /// Puts right the bind matrices of Blender's Collada exporter (2.5 to 4.x).
    ///
    /// It counts bones from the world, as the format says, but the bind shape from the mesh's
    /// parent, commonly the armature; its own importer does not mind, as it does not use the
    /// matrices of bones. Where the rest pose is the bind pose (all bones then place the mesh
    /// alike), the parent's place is put between the two.
    private func placeBlendersBindShape(_ matrices: inout [Matrix4], joints: [Int], mesh: Int) {
        let placed = zip(joints, matrices).map { nodes.worldFromNode[$0] * $1 }
        guard let shape = placed.first, let parent = nodes.nodes[mesh].parent, parent > 0,
            // The root of assimp's tree holds the turn to Y up and the unit.
            let fileFromWorld = nodes.worldFromNode[1].affineInverse
        else { return }
        let size = shape.rowMajor.reduce(0) { max($0, abs($1)) }
        let isAlike = placed.allSatisfy { other in
            zip(other.rowMajor, shape.rowMajor).allSatisfy { abs($0 - $1) <= 1e-3 * size }
        }
        let bindShape = fileFromWorld * shape
        guard isAlike, let fromBindShape = bindShape.affineInverse else { return }
        let correction =
            fromBindShape * (fileFromWorld * nodes.worldFromNode[parent]) * bindShape
        for i in matrices.indices { matrices[i] = matrices[i] * correction }
    }

    /// The node of a bone. Of several with its name, the one whose rest pose leaves the mesh most
    /// nearly where it is: names need not be unique, but bones bind near the rest pose.
    private mutating func joint(_ name: String, jointFromMesh: Matrix4, mesh: Int) -> Int? {
        guard let candidates = nodes.indices[name], let first = candidates.first else {
            absentBones.insert(name)
            return nil
        }
        guard candidates.count > 1 else { return first }
        ambiguousBones.insert(name)
        let expected = nodes.worldFromNode[mesh].rowMajor
        func distance(_ candidate: Int) -> Double {
            let posed = (nodes.worldFromNode[candidate] * jointFromMesh).rowMajor
            return zip(posed, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        }
        return candidates.min { distance($0) < distance($1) }
    }
}
