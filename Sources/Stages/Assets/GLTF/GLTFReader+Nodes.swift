import Geometry

/// A document's nodes, parents first.
struct GLTFHierarchy {
    /// The rig's nodes.
    var rigNodes: [Rig.Node]
    /// Where each node of the document stands in the rig.
    let rigIndex: [Int]
    /// The document's nodes that the scene shows, parents first.
    let shown: [Int]
}

extension GLTFReader {
    /// Orders the nodes, and finds those that the scene shows. Joints may stand outside the
    /// scene, so that all nodes are kept.
    mutating func hierarchy() throws(GLTFError) -> GLTFHierarchy {
        let (children, parents) = try links()
        var order = nodes.indices.filter { parents[$0] == nil }
        let roots = order
        // The order grows while it is walked: breadth first.
        var next = 0
        while next < order.count {
            order.append(contentsOf: children[order[next]])
            next += 1
        }
        guard order.count == nodes.count else {
            throw .malformed("nodes are children of themselves")
        }
        var rigIndex = [Int](repeating: 0, count: nodes.count)
        for (i, node) in order.enumerated() { rigIndex[node] = i }
        var rigNodes: [Rig.Node] = []
        for node in order {
            rigNodes.append(
                Rig.Node(
                    name: nodes[node].string("name") ?? "",
                    parent: parents[node].map { rigIndex[$0] },
                    rest: try restTransform(nodes[node]), morphWeights: try weights(nodes[node])))
        }
        var isShown = [Bool](repeating: false, count: nodes.count)
        for node in try sceneRoots() ?? roots { isShown[node] = true }
        for node in order {
            if let parent = parents[node], isShown[parent] { isShown[node] = true }
            if nodes[node].extension("KHR_node_visibility")?.member("visible")?.bool == false {
                isShown[node] = false
            }
        }
        return GLTFHierarchy(
            rigNodes: rigNodes, rigIndex: rigIndex, shown: order.filter { isShown[$0] })
    }

    /// Children and parent of every node.
    private func links() throws(GLTFError) -> (children: [[Int]], parents: [Int?]) {
        var children: [[Int]] = []
        var parents = [Int?](repeating: nil, count: nodes.count)
        for (i, node) in nodes.enumerated() {
            var own: [Int] = []
            for child in try node.indices("children", below: nodes.count) {
                if let parent = parents[child] {
                    // The same child listed twice is harmless.
                    if parent == i { continue }
                    throw .malformed("nodes[\(child)] has two parents, \(parent) and \(i)")
                }
                parents[child] = i
                own.append(child)
            }
            children.append(own)
        }
        return (children, parents)
    }

    /// The roots of the default scene, or of the first one where none is the default; nil where
    /// the document has no scenes.
    private func sceneRoots() throws(GLTFError) -> [Int]? {
        let scenes = try root.objects("scenes")
        guard let scene = try root.index("scene", below: scenes.count) ?? scenes.indices.first
        else { return nil }
        return try scenes[scene].indices("nodes", below: nodes.count)
    }

    private func restTransform(_ node: GLTFObject) throws(GLTFError) -> Rig.RestTransform {
        if let matrix = try node.numbers("matrix", count: 16) {
            return .matrix(Matrix4(columnMajor: matrix))
        }
        let t = try node.numbers("translation", count: 3) ?? [0, 0, 0]
        let r = try node.numbers("rotation", count: 4) ?? [0, 0, 0, 1]
        let s = try node.numbers("scale", count: 3) ?? [1, 1, 1]
        return .components(
            translation: SIMD3(t[0], t[1], t[2]),
            rotation: Quaternion(x: r[0], y: r[1], z: r[2], w: r[3]),
            scale: SIMD3(s[0], s[1], s[2]))
    }

    /// The node's morph weights, else its mesh's.
    private mutating func weights(_ node: GLTFObject) throws(GLTFError) -> [Float] {
        if let weights = try node.numbers("weights") { return weights.map { Float($0) } }
        guard let mesh = try node.index("mesh", below: meshes.count),
            let weights = try meshes[mesh].numbers("weights")
        else { return [] }
        // Any number of nodes may show the mesh.
        try charge(weights.count, elementsOf: 4, for: node.place)
        return weights.map { Float($0) }
    }

    /// The document's skins.
    mutating func rigSkins(_ hierarchy: GLTFHierarchy) throws(GLTFError) -> [Rig.Skin] {
        var rigSkins: [Rig.Skin] = []
        for skin in skins {
            let joints = try skin.indices("joints", below: nodes.count)
            guard !joints.isEmpty else { throw .malformed("\(skin.place) has no joints") }
            try check(joints.count, "joints in \(skin.place)", \.joints)
            try charge(joints.count, elementsOf: MemoryLayout<Matrix4>.stride, for: skin.place)
            var binds = [Matrix4](repeating: .identity, count: joints.count)
            if let index = try skin.index("inverseBindMatrices", below: accessors.count) {
                let numbers = try floats(try accessor(index), widths: 16...16)
                guard numbers.count >= joints.count * 16 else {
                    throw .malformed(
                        "\(skin.place) has \(joints.count) joints, but \(numbers.count / 16) "
                            + "matrices")
                }
                for j in joints.indices {
                    binds[j] = Matrix4(columnMajor: numbers[16 * j..<16 * j + 16].map(Double.init))
                }
            }
            rigSkins.append(
                Rig.Skin(joints: joints.map { hierarchy.rigIndex[$0] }, jointFromMesh: binds))
        }
        return rigSkins
    }
}
