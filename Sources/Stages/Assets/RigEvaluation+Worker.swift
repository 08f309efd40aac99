import Geometry

/// Writes a run of frames, one after the other.
struct RigWorker {
    private let evaluator: RigEvaluator
    /// The pose of the frame before, and where that frame is.
    private var previous: (pose: RigPose, frame: MovedVertices)?
    /// `[V, 3]` morphed positions of the instance at hand, with V that of the largest morphed
    /// primitive.
    private var morphedPositions: [Float]
    /// `[V, 3]` morphed normals, not of length one.
    private var morphedNormals: [Float]

    init(_ evaluator: RigEvaluator) {
        self.evaluator = evaluator
        let largest =
            evaluator.rig.primitives.lazy.filter { !$0.morphTargets.isEmpty }
            .map { $0.positions.scalars.count }.max() ?? 0
        morphedPositions = [Float](repeating: 0, count: largest)
        morphedNormals = [Float](repeating: 0, count: evaluator.layout.hasNormals ? largest : 0)
    }

    /// Writes one frame. `positions` and `normals` point at room for the layout's vertices, which
    /// must stay valid until the next frame is written.
    mutating func write(
        _ pose: RigPose, positions: UnsafeMutablePointer<Float>,
        normals: UnsafeMutablePointer<Float>?
    ) {
        let frame = MovedVertices(positions: positions, normals: normals)
        let rig = evaluator.rig
        for (i, instance) in rig.instances.enumerated() {
            let range = evaluator.layout.vertexRanges[i]
            let out = frame.advanced(by: range.lowerBound)
            if let previous, pose.shows(instance, of: rig, as: previous.pose) {
                out.copy(previous.frame.advanced(by: range.lowerBound), count: range.count)
            } else {
                write(instance, pose, to: out)
            }
        }
        previous = (pose, frame)
    }

    private mutating func write(_ instance: Rig.Instance, _ pose: RigPose, to out: MovedVertices) {
        let primitive = evaluator.rig.primitives[instance.primitive]
        let weights = pose.morphWeights[instance.node].prefix(primitive.morphTargets.count)
        if weights.contains(where: { $0 != 0 }) {
            morph(primitive, by: Array(weights))
            move(
                instance, pose, positions: morphedPositions,
                normals: primitive.normals.isEmpty ? [] : morphedNormals, to: out)
        } else {
            move(
                instance, pose, positions: primitive.positions.scalars,
                normals: primitive.normals.scalars, to: out)
        }
    }

    /// Moves vertices by their skin or node.
    private func move(
        _ instance: Rig.Instance, _ pose: RigPose, positions: [Float], normals: [Float],
        to out: MovedVertices
    ) {
        let primitive = evaluator.rig.primitives[instance.primitive]
        if let skin = instance.skin, let influences = primitive.influences {
            out.skin(
                positions, normals: normals, count: primitive.positions.count,
                influences: influences, worldFromBind: pose.worldFromBind[skin])
        } else {
            out.place(
                positions, normals: normals, count: primitive.positions.count,
                worldFromMesh: pose.worldFromNode[instance.node])
        }
    }

    /// Sets the morphed positions and normals to the primitive's, displaced.
    private mutating func morph(_ primitive: Rig.Primitive, by weights: [Float]) {
        let count = primitive.positions.scalars.count
        morphedPositions.replaceSubrange(..<count, with: primitive.positions.scalars)
        for (target, weight) in zip(primitive.morphTargets, weights) where weight != 0 {
            morphedPositions.add(target.positions.scalars, at: target.vertices, times: weight)
        }
        guard !primitive.normals.isEmpty else { return }
        morphedNormals.replaceSubrange(..<count, with: primitive.normals.scalars)
        for (target, weight) in zip(primitive.morphTargets, weights) where weight != 0 {
            morphedNormals.add(target.normals.scalars, at: target.vertices, times: weight)
        }
    }
}

extension RigPose {
    /// Whether an instance looks the same in another pose.
    fileprivate func shows(_ instance: Rig.Instance, of rig: Rig, as other: RigPose) -> Bool {
        let primitive = rig.primitives[instance.primitive]
        if !primitive.morphTargets.isEmpty,
            morphWeights[instance.node] != other.morphWeights[instance.node]
        {
            return false
        }
        if let skin = instance.skin, primitive.influences != nil {
            return worldFromBind[skin] == other.worldFromBind[skin]
        }
        return worldFromNode[instance.node] == other.worldFromNode[instance.node]
    }
}

extension [Float] {
    /// Adds `weight` times `displacements` (`[n, 3]`, or none) to the vectors at `vertices`, or to
    /// the leading ones where `vertices` is nil. The caller has checked the indices.
    fileprivate mutating func add(
        _ displacements: [Float], at vertices: [UInt32]?, times weight: Float
    ) {
        withUnsafeMutableBufferPointer { sums in
            displacements.withUnsafeBufferPointer { d in
                guard let vertices else {
                    for i in d.indices { sums[i] += weight * d[i] }
                    return
                }
                for i in 0..<d.count / 3 {
                    let v = 3 * Int(vertices[i])
                    sums[v] += weight * d[3 * i]
                    sums[v + 1] += weight * d[3 * i + 1]
                    sums[v + 2] += weight * d[3 * i + 2]
                }
            }
        }
    }
}
