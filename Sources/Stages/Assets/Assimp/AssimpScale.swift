import CAssimp

/// The sizes of a scene as assimp counts them.
///
/// assimp itself knows no limits: what is checked here is that nothing larger than the limits is
/// converted, posed or drawn.
struct AssimpScale {
    private var nodeCount = 0
    private var triangleCount = 0
    private var jointCount = 0

    /// Counts the nodes of a scene, and what they show.
    ///
    /// - Complexity: O(*n*) in the number of nodes and of their references to meshes.
    init(_ scene: aiScene) {
        let meshes = assimpArray(scene.mMeshes, scene.mNumMeshes)
        var waiting = scene.mRootNode.map { [$0] } ?? []
        while let node = waiting.popLast()?.pointee {
            nodeCount += 1
            for mesh in assimpArray(node.mMeshes, node.mNumMeshes) where mesh < scene.mNumMeshes {
                triangleCount += meshes[Int(mesh)].map { Int($0.pointee.mNumFaces) } ?? 0
            }
            waiting.append(contentsOf: assimpObjects(node.mChildren, node.mNumChildren))
        }
        jointCount = meshes.lazy.compactMap { $0.map { Int($0.pointee.mNumBones) } }.max() ?? 0
    }

    /// Throws where the scene of the asset at `path` is too large.
    func check(_ limits: AssetLimits, path: String) throws(AssetError) {
        try limits.check(nodeCount, "nodes", \.nodes, path: path)
        try limits.check(triangleCount, "triangles", \.triangles, path: path)
        try limits.check(jointCount, "joints in a skin", \.joints, path: path)
    }
}
