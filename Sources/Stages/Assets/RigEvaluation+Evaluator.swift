import Foundation
import Geometry
import Imaging

/// A rig and a clip that were found sound, ready to be sampled.
struct RigEvaluator: Sendable {
    let rig: Rig
    let channels: [Channel]
    let layout: RigLayout
    /// `[nodes]`: the transform to the parent where no channel sets it.
    let restMatrices: [Matrix4]
    /// The rest components of those nodes that the channels move.
    let restComponents: [Int: NodeComponents]
    /// `[nodes]`: the rest weights, as many as the node's primitives have targets.
    let restWeights: [[Float]]

    /// Checks every index and count that sampling relies on.
    init(rig: Rig, channels: [Channel], materialCount: Int, name: String) throws(AssetError) {
        self.rig = rig
        self.channels = channels
        if let defect = rig.defect(materialCount: materialCount) {
            throw .malformed(path: name, what: defect)
        }
        for (i, channel) in channels.enumerated() {
            if let defect = channel.defect(nodeCount: rig.nodes.count) {
                throw .malformed(path: name, what: "animation channel \(i) \(defect)")
            }
        }
        layout = RigLayout(rig)
        guard layout.vertexCount <= Int(UInt32.max) else {
            throw .tooLarge(path: name, what: "\(layout.vertexCount) vertices")
        }
        var components: [Int: NodeComponents] = [:]
        for channel in channels where channel.property != .morphWeights {
            components[channel.node] = NodeComponents(rig.nodes[channel.node].rest)
        }
        restComponents = components
        restMatrices = rig.nodes.map { node in
            if case .matrix(let matrix) = node.rest { return matrix }
            return NodeComponents(node.rest).parentFromNode
        }
        var targets = [Int](repeating: 0, count: rig.nodes.count)
        for instance in rig.instances {
            targets[instance.node] = max(
                targets[instance.node], rig.primitives[instance.primitive].morphTargets.count)
        }
        restWeights = rig.nodes.indices.map { i in
            (0..<targets[i]).map { t in
                t < rig.nodes[i].morphWeights.count ? rig.nodes[i].morphWeights[t] : 0
            }
        }
    }

    /// Positions and normals (or none) of all vertices, `[T, V, 3]` each.
    ///
    /// Frames are worked on in runs, a few for every core where it is worth it: within a run an
    /// instance that did not move since the frame before is copied.
    func frames(at times: [Double]) -> (positions: Vector3Array, normals: Vector3Array) {
        let scalarsPerFrame = layout.vertexCount * 3
        let total = scalarsPerFrame * times.count
        // A run of a few thousand vertices is over before another core has woken up.
        let runs = min(times.count, 2 * Parallel.width, 1 + total / 30_000)
        var normals: [Float] = []
        let positions = [Float](unsafeUninitializedCapacity: total) { positionBuffer, count in
            // Every scalar is written exactly once, by the run that its frame belongs to.
            nonisolated(unsafe) let positionBase = positionBuffer.baseAddress
            let fill: @Sendable (UnsafeMutablePointer<Float>?) -> Void = { normalBase in
                nonisolated(unsafe) let normalBase = normalBase
                Parallel.perform(runs) { run in
                    let frames = run * times.count / runs..<(run + 1) * times.count / runs
                    var worker = RigWorker(self)
                    for t in frames {
                        guard let positionBase else { break }
                        worker.write(
                            pose(at: times[t]), positions: positionBase + t * scalarsPerFrame,
                            normals: normalBase.map { $0 + t * scalarsPerFrame })
                    }
                }
            }
            if layout.hasNormals {
                normals = [Float](unsafeUninitializedCapacity: total) { normalBuffer, count in
                    fill(normalBuffer.baseAddress)
                    count = total
                }
            } else {
                fill(nil)
            }
            count = total
        }
        return (Vector3Array(scalars: positions), Vector3Array(scalars: normals))
    }
}
