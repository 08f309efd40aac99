import Geometry

/// A node's translation, rotation and scale.
struct NodeComponents {
    /// Metres relative to the parent.
    var translation: SIMD3<Double>
    /// Applied after the scale.
    var rotation: Quaternion
    /// Factors along the node's axes.
    var scale: SIMD3<Double>

    /// The components of a rest transform. A matrix is taken apart into the closest components:
    /// its columns' lengths, mirrored along x where it mirrors, and the rotation of what remains;
    /// shear is lost, which no clip could keep.
    init(_ rest: Rig.RestTransform) {
        switch rest {
        case .components(let translation, let rotation, let scale):
            self.translation = translation
            self.rotation = rotation
            self.scale = scale
        case .matrix(let matrix):
            let c = matrix.columns
            var x = SIMD3(c.0.x, c.0.y, c.0.z)
            let y = SIMD3(c.1.x, c.1.y, c.1.z)
            let z = SIMD3(c.2.x, c.2.y, c.2.z)
            scale = SIMD3(length(x), length(y), length(z))
            if matrix.linearDeterminant < 0 {
                x = -x
                scale.x = -scale.x
            }
            translation = matrix.translation
            rotation = Quaternion(axes: normalize(x), normalize(y), normalize(z))
        }
    }

    /// The matrix that applies scale, rotation and translation in this order.
    var parentFromNode: Matrix4 {
        .compose(translation: translation, rotation: rotation, scale: scale)
    }
}

extension Quaternion {
    /// The rotation that takes the unit axes to `x`, `y`, `z`, which stand at right angles
    /// (Shepperd 1978: the largest component is found first, so that nothing is divided by a
    /// small number).
    fileprivate init(axes x: SIMD3<Double>, _ y: SIMD3<Double>, _ z: SIMD3<Double>) {
        let trace = x.x + y.y + z.z
        let largest = max(trace, x.x, y.y, z.z)
        let components =
            if largest == trace {
                SIMD4(y.z - z.y, z.x - x.z, x.y - y.x, 1 + trace)
            } else if largest == x.x {
                SIMD4(1 + 2 * x.x - trace, x.y + y.x, z.x + x.z, y.z - z.y)
            } else if largest == y.y {
                SIMD4(x.y + y.x, 1 + 2 * y.y - trace, y.z + z.y, z.x - x.z)
            } else {
                SIMD4(z.x + x.z, y.z + z.y, 1 + 2 * z.z - trace, x.y - y.x)
            }
        self = Quaternion(components).normalized
    }
}

/// What a rig's vertices depend on at one time.
struct RigPose {
    /// One for each node.
    var worldFromNode: [Matrix4]
    /// For each node as many weights as the largest of its primitives has morph targets.
    var morphWeights: [[Float]]
    /// For each skin and joint the way from bind pose to world.
    var worldFromBind: [[AffineTransform]]
}

extension RigEvaluator {
    /// The pose at `time`.
    ///
    /// - Complexity: O(*n* + *c* log *K*) for *n* nodes and joints, and *c* channels of *K* keys.
    func pose(at time: Double) -> RigPose {
        var components = restComponents
        var weights = restWeights
        for channel in channels {
            let node = channel.node
            switch channel.property {
            case .translation: components[node]?.translation = channel.vector(at: time)
            case .rotation: components[node]?.rotation = channel.rotation(at: time)
            case .scale: components[node]?.scale = channel.vector(at: time)
            case .morphWeights: channel.morphWeights(at: time, into: &weights[node])
            }
        }
        var worldFromNode = restMatrices
        for (node, moved) in components { worldFromNode[node] = moved.parentFromNode }
        for (i, node) in rig.nodes.enumerated() {
            if let parent = node.parent {
                worldFromNode[i] = worldFromNode[parent] * worldFromNode[i]
            }
        }
        let worldFromBind = rig.skins.map { skin in
            zip(skin.joints, skin.jointFromMesh).map { joint, jointFromMesh in
                AffineTransform(worldFromNode[joint] * jointFromMesh)
            }
        }
        return RigPose(
            worldFromNode: worldFromNode, morphWeights: weights, worldFromBind: worldFromBind)
    }

    /// Which instances show their triangles' backs: those whose node mirrors, at the first of the
    /// times at which its transform is not flat (glTF 2.0, section 3.7.4).
    func mirroredInstances(at times: [Double]) -> [Bool] {
        var signs = [Double](repeating: 0, count: rig.instances.count)
        for time in times {
            let pose = pose(at: time)
            for (i, instance) in rig.instances.enumerated() where signs[i] == 0 {
                let determinant = pose.worldFromNode[instance.node].linearDeterminant
                signs[i] = determinant > 0 ? 1 : determinant < 0 ? -1 : 0
            }
            if !signs.contains(0) { break }
        }
        return signs.map { $0 < 0 }
    }
}
