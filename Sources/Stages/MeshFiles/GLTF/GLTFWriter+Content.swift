import Geometry

extension GLTFWriter {
    static func scene(_ scene: GLTFDocument.Scene) -> OrderedJSON {
        var members = name(scene.name)
        if !scene.nodes.isEmpty { members.append(("nodes", .integers(scene.nodes))) }
        return .object(members)
    }

    static func node(_ node: GLTFDocument.Node) -> OrderedJSON {
        precondition(
            node.matrix == nil
                || (node.translation == nil && node.rotation == nil && node.scale == nil),
            "a node has a matrix or components, not both")
        var members = name(node.name)
        if let matrix = node.matrix { members.append(("matrix", .floats(matrix.columnMajor))) }
        if let t = node.translation { members.append(("translation", .floats([t.x, t.y, t.z]))) }
        if let rotation = node.rotation {
            let q = rotation.normalized.components
            members.append(("rotation", .floats((0..<4).map { Float(q[$0]) })))
        }
        if let s = node.scale { members.append(("scale", .floats([s.x, s.y, s.z]))) }
        if let mesh = node.mesh { members.append(("mesh", .integer(mesh))) }
        if let skin = node.skin { members.append(("skin", .integer(skin))) }
        if let weights = node.weights { members.append(("weights", .floats(weights))) }
        if !node.children.isEmpty { members.append(("children", .integers(node.children))) }
        return .object(members)
    }

    mutating func mesh(_ mesh: GLTFDocument.Mesh) -> OrderedJSON {
        var members = GLTFWriter.name(mesh.name)
        members.append(("primitives", .array(mesh.primitives.map { primitive($0) })))
        if let weights = mesh.weights { members.append(("weights", .floats(weights))) }
        if !mesh.targetNames.isEmpty {
            let names = OrderedJSON.array(mesh.targetNames.map { .string($0) })
            members.append(("extras", .object([("targetNames", names)])))
        }
        return .object(members)
    }

    private mutating func primitive(_ primitive: GLTFDocument.Primitive) -> OrderedJSON {
        var attributes: [(String, OrderedJSON)] = [
            ("POSITION", .integer(binary.add(vectors: primitive.positions, hasBounds: true)))
        ]
        if !primitive.normals.isEmpty {
            attributes.append(
                ("NORMAL", .integer(binary.add(vectors: primitive.normals, hasBounds: false))))
        }
        for (set, uvs) in primitive.uvSets.enumerated() {
            attributes.append(("TEXCOORD_\(set)", .integer(binary.add(uvs: uvs))))
        }
        if !primitive.colors.isEmpty {
            let colors = binary.add(
                colors: primitive.colors, component: primitive.colorComponent)
            attributes.append(("COLOR_0", .integer(colors)))
        }
        if let influences = primitive.influences {
            for (set, accessors) in binary.add(influences).enumerated() {
                attributes.append(("JOINTS_\(set)", .integer(accessors.joints)))
                attributes.append(("WEIGHTS_\(set)", .integer(accessors.weights)))
            }
        }
        var members: [(String, OrderedJSON)] = [("attributes", .object(attributes))]
        if let triangles = primitive.triangles {
            let indices = binary.add(indices: triangles, component: primitive.indexComponent)
            members.append(("indices", .integer(indices)))
        }
        if let material = primitive.material { members.append(("material", .integer(material))) }
        if !primitive.targets.isEmpty {
            members.append(("targets", .array(primitive.targets.map { target($0) })))
        }
        return .object(members)
    }

    private mutating func target(_ target: GLTFDocument.MorphTarget) -> OrderedJSON {
        func accessor(_ vectors: Vector3Array, hasBounds: Bool) -> OrderedJSON {
            .integer(
                target.isSparse
                    ? binary.add(sparseVectors: vectors, hasBounds: hasBounds)
                    : binary.add(vectors: vectors, hasBounds: hasBounds))
        }
        var members = [("POSITION", accessor(target.positions, hasBounds: true))]
        if !target.normals.isEmpty {
            members.append(("NORMAL", accessor(target.normals, hasBounds: false)))
        }
        return .object(members)
    }

    mutating func skin(_ skin: GLTFDocument.Skin) -> OrderedJSON {
        var members = GLTFWriter.name(skin.name)
        if !skin.inverseBindMatrices.isEmpty {
            members.append(
                ("inverseBindMatrices", .integer(binary.add(matrices: skin.inverseBindMatrices))))
        }
        members.append(("joints", .integers(skin.joints)))
        if let skeleton = skin.skeleton { members.append(("skeleton", .integer(skeleton))) }
        return .object(members)
    }

    mutating func animation(_ animation: GLTFDocument.Animation) -> OrderedJSON {
        var channels: [OrderedJSON] = []
        var samplers: [OrderedJSON] = []
        for channel in animation.channels {
            let (type, width) =
                switch channel.path {
                case .translation, .scale: ("VEC3", 3)
                case .rotation: ("VEC4", 4)
                case .weights: ("SCALAR", 1)
                }
            let output = binary.add(
                values: channel.values, type: type, width: width, component: channel.component)
            samplers.append(
                .object([
                    ("input", .integer(binary.add(times: channel.times))),
                    ("interpolation", .string(channel.interpolation.rawValue)),
                    ("output", .integer(output)),
                ]))
            let target: [(String, OrderedJSON)] = [
                ("node", .integer(channel.node)), ("path", .string(channel.path.rawValue)),
            ]
            channels.append(
                .object([
                    ("sampler", .integer(samplers.count - 1)), ("target", .object(target)),
                ]))
        }
        return .object(
            GLTFWriter.name(animation.name) + [
                ("channels", .array(channels)), ("samplers", .array(samplers)),
            ])
    }

    static func name(_ name: String) -> [(String, OrderedJSON)] {
        name.isEmpty ? [] : [("name", .string(name))]
    }
}
