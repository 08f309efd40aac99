import CAssimp
import Geometry

/// The node tree of a scene as a list, every parent before its children.
struct AssimpNodes {
    /// The nodes; the first one turns the file's axes and units into the project's.
    private(set) var nodes: [Rig.Node]
    /// The scene's node behind each, nil for the first.
    private(set) var sources: [UnsafeMutablePointer<aiNode>?]
    /// Where each node stands in the world at rest.
    private(set) var worldFromNode: [Matrix4]
    /// The nodes of each name, in order.
    private(set) var indices: [String: [Int]] = [:]
    /// What had to be worked around.
    private(set) var warnings: [String] = []

    /// Lists the tree below `root`.
    ///
    /// - Complexity: O(*n*) in the number of nodes. The tree may be deeper than the stack.
    init(root: UnsafeMutablePointer<aiNode>?, worldFromFile: Matrix4) {
        nodes = [Rig.Node(name: "", parent: nil, rest: .matrix(worldFromFile))]
        sources = [nil]
        worldFromNode = [worldFromFile]
        var waiting: [(node: UnsafeMutablePointer<aiNode>, parent: Int)] = []
        if let root { waiting.append((root, 0)) }
        var brokenCount = 0
        while let (source, parent) = waiting.popLast() {
            let name = source.pointee.mName.text
            var parentFromNode = Matrix4(source.pointee.mTransformation)
            if !parentFromNode.isFinite {
                parentFromNode = .identity
                brokenCount += 1
            }
            indices[name, default: []].append(nodes.count)
            worldFromNode.append(worldFromNode[parent] * parentFromNode)
            for child in assimpObjects(source.pointee.mChildren, source.pointee.mNumChildren)
                .reversed()
            {
                waiting.append((child, nodes.count))
            }
            nodes.append(Rig.Node(name: name, parent: parent, rest: .matrix(parentFromNode)))
            sources.append(source)
        }
        if brokenCount > 0 {
            warnings.append("\(brokenCount) node transforms are not finite and were left out.")
        }
    }

    /// Adds a node that stands where `parent` stands, and gives its index.
    mutating func addChild(of parent: Int, name: String) -> Int {
        nodes.append(Rig.Node(name: name, parent: parent, rest: .matrix(.identity)))
        sources.append(nil)
        worldFromNode.append(worldFromNode[parent])
        return nodes.count - 1
    }

    /// The first node of a name.
    func first(named name: String) -> Int? { indices[name]?.first }

    /// The nodes that assimp put above an FBX node for the parts of its transform (pivots,
    /// offsets, pre- and post-rotation), from the node upwards.
    ///
    /// They are named for the node: `Hip_$AssimpFbx$_PreRotation` stands above `Hip`.
    func fbxHelpers(above node: Int) -> [Int] {
        let prefix = nodes[node].name + "_$AssimpFbx$_"
        var helpers: [Int] = []
        var at = nodes[node].parent
        while let helper = at, nodes[helper].name.hasPrefix(prefix) {
            helpers.append(helper)
            at = nodes[helper].parent
        }
        return helpers
    }

    /// The transform of a node relative to its parent at rest.
    func parentFromNode(_ node: Int) -> Matrix4 {
        if case .matrix(let matrix) = nodes[node].rest { return matrix }
        return .identity
    }
}

extension Matrix4 {
    /// assimp's row-major single-precision matrix.
    init(_ m: aiMatrix4x4) {
        self.init(
            SIMD4(SIMD4<Float>(m.a1, m.b1, m.c1, m.d1)),
            SIMD4(SIMD4<Float>(m.a2, m.b2, m.c2, m.d2)),
            SIMD4(SIMD4<Float>(m.a3, m.b3, m.c3, m.d3)),
            SIMD4(SIMD4<Float>(m.a4, m.b4, m.c4, m.d4)))
    }

    /// Whether no number is infinite or not a number.
    var isFinite: Bool {
        let sum = columns.0 + columns.1 + columns.2 + columns.3
        return sum - sum == .zero
    }
}
