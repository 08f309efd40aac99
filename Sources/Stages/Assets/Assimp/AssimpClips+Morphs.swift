import CAssimp
import Geometry

extension AssimpClips {
    /// The channels of one morphing mesh: one for each of its instances.
    ///
    /// FBX names it `node*geometry`, other formats by the node alone. A key of assimp's lists only
    /// the targets that the file keys at its time, so every target is interpolated over its own
    /// keys, at the times of all.
    func morphChannels(_ source: aiMeshMorphAnim, ticksPerSecond: Double) -> [Channel] {
        let name = source.mName.text
        var nodeName = name[...]
        var geometry = 0
        if let star = name.lastIndex(of: "*"), let index = Int(name[name.index(after: star)...]) {
            nodeName = name[..<star]
            geometry = index
        }
        let nodes = rig.nodes.indices[name] ?? rig.nodes.indices[String(nodeName)] ?? []
        let keys = TargetKeys(source, ticksPerSecond: ticksPerSecond)
        guard !keys.times.isEmpty else { return [] }
        return nodes.flatMap { node -> [Channel] in
            let instances = rig.morphing[node] ?? []
            var meshes: [String] = []
            for instance in instances where !meshes.contains(instance.mesh) {
                meshes.append(instance.mesh)
            }
            // Materials split a geometry into meshes of one name.
            let wanted = meshes.count > 1 && geometry < meshes.count ? meshes[geometry] : nil
            return instances.filter { wanted == nil || $0.mesh == wanted }.map { instance in
                Channel(
                    node: instance.node, property: .morphWeights, interpolation: .linear,
                    times: keys.times,
                    values: keys.values(targetCount: instance.targetCount))
            }
        }
    }
}

/// The keys of each target by itself.
private struct TargetKeys {
    /// The times of all keys, ascending, each once.
    let times: [Double]
    private var keysOfTarget: [Int: [(time: Double, value: Float)]] = [:]

    init(_ source: aiMeshMorphAnim, ticksPerSecond: Double) {
        var all: Set<Double> = []
        for key in assimpArray(source.mKeys, source.mNumKeys) {
            let time = key.mTime / ticksPerSecond
            guard time.isFinite else { continue }
            let targets = assimpArray(key.mValues, key.mNumValuesAndWeights)
            let weights = assimpArray(key.mWeights, key.mNumValuesAndWeights)
            for (target, weight) in zip(targets, weights) where weight.isFinite {
                keysOfTarget[Int(target), default: []].append((time, Float(weight)))
                all.insert(time)
            }
        }
        times = all.sorted()
        for target in keysOfTarget.keys {
            keysOfTarget[target] = AssimpClips.ordered(keysOfTarget[target] ?? [])
        }
    }

    /// `[K, targets]` weights at all times; targets without keys are off.
    func values(targetCount: Int) -> [Float] {
        var values = [Float](repeating: 0, count: times.count * targetCount)
        for target in 0..<targetCount {
            guard let keys = keysOfTarget[target] else { continue }
            var next = 0
            for (k, time) in times.enumerated() {
                while next < keys.count, keys[next].time <= time { next += 1 }
                let after = keys[min(next, keys.count - 1)]
                let before = keys[max(next - 1, 0)]
                let span = after.time - before.time
                let fraction = span > 0 ? Float((time - before.time) / span) : 0
                values[k * targetCount + target] =
                    before.value + (after.value - before.value) * fraction
            }
        }
        return values
    }
}
