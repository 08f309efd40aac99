import Geometry
import MeshFiles

/// A clip as a function of time.
struct Motion: Sendable {
    var name: String
    /// Seconds.
    var duration: Float
    /// Keys, both ends included.
    var keyCount: Int
    /// The pose at a phase in [0, 1].
    var pose: @Sendable (Float) -> Pose

    var phases: [Float] { (0..<keyCount).map { Float($0) / Float(keyCount - 1) } }
    var times: [Float] { phases.map { $0 * duration } }
}

extension GLTFDocument {
    /// Adds a node for every joint and returns their indices.
    mutating func add(
        _ skeleton: Skeleton, in armature: Armature = .none, under parent: Int? = nil
    ) -> [Int] {
        var nodes: [Int] = []
        for (i, joint) in skeleton.joints.enumerated() {
            let translation = armature.vector(skeleton.restTranslation(i))
            nodes.append(
                add(
                    Node(name: joint.name, translation: translation),
                    under: joint.parent.map { nodes[$0] } ?? parent))
        }
        return nodes
    }

    /// Adds a skin of a skeleton's nodes for a mesh that was modelled in the skeleton's world and
    /// is written in the armature's space.
    mutating func addSkin(
        _ skeleton: Skeleton, in armature: Armature = .none, nodes: [Int]
    ) -> Int {
        // The armature's node moves joints and mesh alike, so that it drops out.
        let matrices = skeleton.joints.map {
            Matrix4.translation(-SIMD3(armature.vector($0.place)))
        }
        return add(Skin(joints: nodes, inverseBindMatrices: matrices, skeleton: nodes[0]))
    }

    /// Adds a clip with keys for what moves in `motion`.
    mutating func add(
        _ motion: Motion, _ skeleton: Skeleton, in armature: Armature = .none, nodes: [Int]
    ) {
        let poses = motion.phases.map(motion.pose)
        var channels: [Channel] = []
        for joint in skeleton.joints.indices {
            let rotations = poses.map { $0.rotations[joint] }
            if rotations.contains(where: { $0 != .identity }) {
                channels.append(
                    Channel(
                        node: nodes[joint], times: motion.times,
                        rotations: rotations.map(armature.rotation)))
            }
            let offsets = poses.map { $0.offsets[joint] }
            if offsets.contains(where: { $0 != .zero }) {
                let rest = skeleton.restTranslation(joint)
                channels.append(
                    Channel(
                        node: nodes[joint], path: .translation, times: motion.times,
                        vectors: offsets.map { armature.vector($0 + rest) }))
            }
            let scales = poses.map { $0.scales[joint] }
            if scales.contains(where: { $0 != .one }) {
                channels.append(
                    Channel(
                        node: nodes[joint], path: .scale, times: motion.times,
                        vectors: scales.map(armature.factors)))
            }
        }
        animations.append(Animation(name: motion.name, channels: channels))
    }
}
