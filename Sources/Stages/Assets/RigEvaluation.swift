import Geometry

extension AnimatedAsset {
    /// The most bytes of positions and normals that ``mesh(clip:times:)`` makes: 8 GiB.
    public static let maximumSampledBytes = 8 << 30

    /// The asset's vertices at the given times.
    ///
    /// Every property is constant before its first key and after its last one; what the clip does
    /// not animate keeps its rest value. Morph targets are applied before skins. Parts follow the
    /// rig's instances in order, one part an instance. Where only some primitives have normals,
    /// UV sets or colours, the others are padded with zero normals (meaning none), zero UVs and
    /// white.
    ///
    /// - Parameters:
    ///   - clip: index into ``clips``, or nil for the rest pose (the first frame, where the file
    ///     holds vertices frame by frame).
    ///   - times: `[T]` seconds as the file counts them, in any order; at least one. A time that
    ///     is not a number is taken as the start.
    /// - Returns: T frames of all V vertices in world space.
    /// - Throws: ``AssetError/noSuchClip(asset:clip:available:)``,
    ///   ``AssetError/noGeometry(path:)``, ``AssetError/tooLarge(path:what:)``, or
    ///   ``AssetError/malformed(path:what:)`` where the rig's or clip's own counts or indices
    ///   disagree.
    /// - Complexity: O(*T* · (*V* · *i* + *n*)) for *i* influences and active morph targets a
    ///   vertex and *n* nodes; runs of frames are worked on in parallel, and what did not move
    ///   since the frame before is copied.
    public func mesh(clip: Int?, times: [Double]) throws(AssetError) -> MeshSequence {
        precondition(!times.isEmpty, "a mesh is sampled at one time at least")
        if let clip, !clips.indices.contains(clip) {
            throw .noSuchClip(
                asset: name, clip: "number \(clip)", available: clips.map(\.name))
        }
        switch body {
        case .rig(let rig):
            let evaluator = try RigEvaluator(
                rig: rig, channels: clip.map { clips[$0].channels } ?? [],
                materialCount: materials.count, name: name)
            return try sample(evaluator, times: times)
        case .vertexAnimation(let animation):
            try checkSize(
                vertexCount: animation.mesh.vertexCount, frameCount: times.count,
                hasNormals: !animation.mesh.normals.isEmpty)
            return animation.mesh.interpolated(
                at: clip == nil
                    ? times.map { _ in animation.mesh.times[0] } : times, labelled: times)
        }
    }

    private func sample(_ evaluator: RigEvaluator, times: [Double]) throws(AssetError)
        -> MeshSequence
    {
        let layout = evaluator.layout
        try checkSize(
            vertexCount: layout.vertexCount, frameCount: times.count, hasNormals: layout.hasNormals)
        let frames = evaluator.frames(at: times)
        let surface = layout.surface(
            of: evaluator.rig, mirrored: evaluator.mirroredInstances(at: times))
        return MeshSequence(
            times: times, vertexCount: layout.vertexCount, positions: frames.positions,
            normals: frames.normals, triangles: surface.triangles, uvSets: surface.uvSets,
            colors: surface.colors, parts: surface.parts, materials: materials, textures: textures)
    }

    /// Makes sure that a sampled mesh fits in memory and in 32-bit vertex indices.
    private func checkSize(vertexCount: Int, frameCount: Int, hasNormals: Bool)
        throws(AssetError)
    {
        guard vertexCount > 0 else { throw .noGeometry(path: name) }
        let (bytes, overflow) = frameCount.multipliedReportingOverflow(
            by: vertexCount * (hasNormals ? 24 : 12))
        guard !overflow, bytes <= Self.maximumSampledBytes else {
            throw .tooLarge(
                path: name,
                what: "\(frameCount) frames of \(vertexCount) vertices; sample fewer frames")
        }
    }
}
