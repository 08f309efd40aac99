import Geometry
import Imaging

extension ThreeDBiCarLoader {
    /// A character as it is put together.
    struct Character {
        let name: String
        var rig = Rig(nodes: [], primitives: [], instances: [], skins: [])
        var clips: [Clip] = []
        var materials: [Material] = []
        var textures = TextureStore(folder: nil, limits: AssetLimits())
        var warnings: [String] = []
        /// `[J]`: the node of each joint.
        private var nodeOfJoint: [Int] = []
        /// The node that the meshes hang on.
        private var meshNode: Int?
        /// How many materials the files before this one have.
        private var materialCount = 0

        init(name: String) { self.name = name }

        var asset: AnimatedAsset {
            AnimatedAsset(
                name: name, format: "3dbicar", body: .rig(rig), clips: clips,
                materials: materials, textures: textures.textures,
                missingTextures: textures.missing, warnings: warnings)
        }
    }
}

extension ThreeDBiCarLoader.Character {
    /// Adds a node for each joint, parents first, and the skin that they make.
    mutating func addJoints(of source: RaBitRig) {
        nodeOfJoint = [Int](repeating: -1, count: source.joints.count)
        var waiting = Array(source.joints.indices)
        while !waiting.isEmpty {
            waiting.removeAll { joint in
                let parent = source.parents[joint]
                guard parent < 0 || nodeOfJoint[parent] >= 0 else { return false }
                nodeOfJoint[joint] = rig.nodes.count
                rig.nodes.append(
                    Rig.Node(
                        name: "joint\(joint)", parent: parent < 0 ? nil : nodeOfJoint[parent],
                        rest: .components(
                            translation: source.offset(ofJoint: joint), rotation: .identity,
                            scale: .one)))
                return true
            }
        }
        rig.skins = [
            Rig.Skin(
                joints: nodeOfJoint,
                jointFromMesh: source.joints.map { Matrix4.translation(-$0) })
        ]
    }

    /// Adds the surface of an OBJ file, skinned where there are weights: one primitive a material.
    mutating func add(_ document: OBJDocument, name: String, weights: RaBitWeights?) {
        warnings += document.warnings
        let surface = OBJSurface(document, splitsByNormal: false)
        let uvs = surface.uvs(document)
        let positions = surface.positions(document, axis: .y)
        let normals = surface.normals(document, axis: .y)
        let colors = surface.colors(document)
        for part in surface.parts {
            // The part's vertices, in the file's order.
            let range = 3 * part.triangles.lowerBound..<3 * part.triangles.upperBound
            var newIndices = [UInt32](repeating: .max, count: surface.vertexCount)
            for vertex in surface.triangles[range] { newIndices[Int(vertex)] = 0 }
            let kept = newIndices.indices.filter { newIndices[$0] == 0 }
            for (new, old) in kept.enumerated() { newIndices[old] = UInt32(new) }
            let triangles = surface.triangles[range].map { newIndices[Int($0)] }
            rig.primitives.append(
                Rig.Primitive(
                    name: name, positions: Vector3Array(kept.map { positions[$0] }),
                    normals: normals.isEmpty
                        ? Vector3Array() : Vector3Array(kept.map { normals[$0] }),
                    uvSets: uvs.isEmpty ? [] : [kept.map { uvs[$0] }],
                    colors: colors.isEmpty ? [] : kept.map { colors[$0] }, triangles: triangles,
                    material: materialCount + part.material,
                    influences: weights?.influences(kept.map { surface.filePositions[$0] })))
            rig.instances.append(
                Rig.Instance(
                    node: hangingNode(), primitive: rig.primitives.count - 1,
                    skin: weights == nil ? nil : 0))
        }
        materialCount += max(document.materialNames.count, 1)
    }

    /// The node that the meshes hang on, added when it is first asked for.
    private mutating func hangingNode() -> Int {
        if let meshNode { return meshNode }
        meshNode = rig.nodes.count
        rig.nodes.append(Rig.Node(name: name, parent: nil, rest: .matrix(.identity)))
        return rig.nodes.count - 1
    }

    /// Adds the clip that the rig's poses make: rotations of all joints and the root's place, one
    /// key a frame.
    mutating func addMotion(of source: RaBitRig, framesPerSecond: Double) {
        guard let motion = source.motion else {
            warnings.append("There is no poses.npy: the character stands in its T-pose.")
            return
        }
        let times = motion.rotations.indices.map { Double($0) / framesPerSecond }
        var channels: [Channel] = []
        for (joint, node) in nodeOfJoint.enumerated() {
            channels.append(
                Channel(
                    node: node, property: .rotation, interpolation: .linear, times: times,
                    values: motion.rotations.flatMap { frame in
                        (0..<4).map { Float(frame[joint].components[$0]) }
                    }))
            guard source.parents[joint] < 0 else { continue }
            channels.append(
                Channel(
                    node: node, property: .translation, interpolation: .linear, times: times,
                    values: motion.translations.flatMap { translation in
                        let place = source.offset(ofJoint: joint) + translation
                        return (0..<3).map { Float(place[$0]) }
                    }))
        }
        clips = [
            Clip(
                name: "poses", start: 0, end: times[times.count - 1], channels: channels,
                sourceFrameCount: times.count)
        ]
    }

    /// Adds the materials of the OBJ files in order. Where a library names no picture that can be
    /// read, the one beside the file is taken: `m.bmp` for `m.obj`, in any case, or a PNG or JPEG.
    mutating func addMaterials(_ documents: [OBJDocument], textures store: TextureStore) {
        textures = store
        for (document, stem) in zip(documents, ["m", "e"]) {
            let pictures = ["bmp", "png", "jpg", "jpeg", "tga"].map { "\(stem).\($0)" }
            let read = OBJMaterials(document, textures: &textures, fallback: pictures)
            materials += read.materials
            warnings += read.warnings
        }
    }
}

extension RaBitRig {
    /// Where a joint stands relative to its parent.
    func offset(ofJoint joint: Int) -> SIMD3<Double> {
        parents[joint] < 0 ? joints[joint] : joints[joint] - joints[parents[joint]]
    }
}
