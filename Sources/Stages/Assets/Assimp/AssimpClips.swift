import CAssimp
import Geometry

/// Turns a scene's animations into clips.
struct AssimpClips {
    let rig: AssimpRig
    private let isFBX: Bool
    private let isCollada: Bool
    private(set) var warnings: [String] = []
    private var absentNodes: Set<String> = []
    private var ambiguousNodes: Set<String> = []

    /// Ticks a second where a file says none.
    static let defaultTicksPerSecond = 25.0

    init(rig: AssimpRig, format: String) {
        self.rig = rig
        isFBX = format == "fbx"
        isCollada = format == "dae"
    }

    /// The clips of a scene's animations; those that move nothing are left out.
    ///
    /// - Parameter fallbackName: the name of clips that have none.
    mutating func clips(_ scene: aiScene, fallbackName: String = "") -> [Clip] {
        absentNodes = []
        ambiguousNodes = []
        var clips: [Clip] = []
        for animation in assimpObjects(scene.mAnimations, scene.mNumAnimations) {
            if let clip = clip(animation.pointee, fallbackName: fallbackName) { clips.append(clip) }
        }
        if isCollada { clips = AssimpClips.together(clips) }
        if !absentNodes.isEmpty {
            warnings.append(
                "Animated nodes that are not there: "
                    + absentNodes.sorted().joined(separator: ", ") + ".")
        }
        if let name = ambiguousNodes.min() {
            warnings.append(
                "Several nodes share an animated node's name (\(name) ...): the first one moves.")
        }
        return clips
    }

    /// Records something that had to be worked around.
    mutating func warn(_ warning: String) { warnings.append(warning) }

    private mutating func clip(_ animation: aiAnimation, fallbackName: String) -> Clip? {
        let name = animation.mName.text.isEmpty ? fallbackName : animation.mName.text
        var ticksPerSecond = animation.mTicksPerSecond
        if ticksPerSecond == 0 || !ticksPerSecond.isFinite {
            ticksPerSecond = Self.defaultTicksPerSecond
            warnings.append(
                "The animation \(name) does not say how fast it is: 25 ticks a second are assumed.")
        }
        var channels: [Channel] = []
        for source in assimpObjects(animation.mChannels, animation.mNumChannels) {
            channels += nodeChannels(source.pointee, ticksPerSecond: ticksPerSecond)
        }
        for source in assimpObjects(animation.mMorphMeshChannels, animation.mNumMorphMeshChannels) {
            channels += morphChannels(source.pointee, ticksPerSecond: ticksPerSecond)
        }
        if animation.mNumMeshChannels > 0 {
            warnings.append("The animation \(name) swaps whole meshes, which is not read.")
        }
        guard !channels.isEmpty else { return nil }
        if isFBX { cancelHelpers(&channels) }
        let range = AssimpClips.range(of: channels)
        return Clip(name: name, start: range.lowerBound, end: range.upperBound, channels: channels)
    }

    /// One clip of several that move different things.
    ///
    /// A Collada file without a library of clips plays all of its animations at once, though an
    /// exporter writes one for each object; assimp hands them on one by one.
    static func together(_ clips: [Clip]) -> [Clip] {
        struct Target: Hashable {
            var node: Int
            var property: Channel.Property
        }
        let targets = clips.flatMap { clip in
            Set(clip.channels.map { Target(node: $0.node, property: $0.property) })
        }
        guard clips.count > 1, Set(targets).count == targets.count else { return clips }
        let channels = clips.flatMap(\.channels)
        let range = range(of: channels)
        return [
            Clip(
                name: clips[0].name, start: range.lowerBound, end: range.upperBound,
                channels: channels)
        ]
    }

    /// From the first key to the last one. Properties with a single key do not count where others
    /// have several: assimp makes up a key at time 0 for what is not animated.
    static func range(of channels: [Channel]) -> ClosedRange<Double> {
        let moving = channels.filter { $0.times.count > 1 }
        let relevant = moving.isEmpty ? channels : moving
        let start = relevant.lazy.map { $0.times[0] }.min() ?? 0
        let end = relevant.lazy.map { $0.times[$0.times.count - 1] }.max() ?? start
        return start...max(start, end)
    }

    /// The channels of one node.
    private mutating func nodeChannels(_ source: aiNodeAnim, ticksPerSecond: Double) -> [Channel] {
        let name = source.mNodeName.text
        guard let node = rig.nodes.first(named: name) else {
            absentNodes.insert(name)
            return []
        }
        if rig.nodes.indices[name, default: []].count > 1 { ambiguousNodes.insert(name) }
        var channels: [Channel] = []
        func add(_ property: Channel.Property, _ keys: [(time: Double, value: SIMD4<Float>)]) {
            let width = property == .rotation ? 4 : 3
            let keys = AssimpClips.ordered(
                keys.map { ($0.time / ticksPerSecond, $0.value) }
                    .filter { $0.time.isFinite && $0.value - $0.value == .zero })
            guard !keys.isEmpty else { return }
            channels.append(
                Channel(
                    node: node, property: property, interpolation: .linear,
                    times: keys.map(\.time),
                    values: keys.flatMap { key in (0..<width).map { key.value[$0] } }))
        }
        add(
            .translation,
            assimpArray(source.mPositionKeys, source.mNumPositionKeys).map {
                ($0.mTime, SIMD4($0.mValue.vector, 0))
            })
        add(
            .rotation,
            assimpArray(source.mRotationKeys, source.mNumRotationKeys).map {
                ($0.mTime, SIMD4($0.mValue.x, $0.mValue.y, $0.mValue.z, $0.mValue.w))
            })
        add(
            .scale,
            assimpArray(source.mScalingKeys, source.mNumScalingKeys).map {
                ($0.mTime, SIMD4($0.mValue.vector, 0))
            })
        return channels
    }

    /// Keys in the order of their times; equal times stay as they are.
    static func ordered<V>(_ keys: [(time: Double, value: V)]) -> [(time: Double, value: V)] {
        let isOrdered = zip(keys, keys.dropFirst()).allSatisfy { $0.time <= $1.time }
        return isOrdered ? keys : keys.sorted { $0.time < $1.time }
    }

    /// Takes the constant part out from under FBX nodes that are animated as a whole.
    ///
    /// For a node that has pre- or post-rotation but no pivots, assimp 5.2.5 puts the whole local
    /// transform, both rotations included, into the keys of the node itself, and yet leaves
    /// helper nodes with the same parts above it, so that all of it would count twice. Helpers of
    /// an animated node are therefore held at the identity by the clip. The keys also hold the
    /// post-rotation where FBX's formula (`T Rpre R Rpost⁻¹ S`) has its inverse, which is what
    /// the helper node holds.
    private func cancelHelpers(_ channels: inout [Channel]) {
        let animated = Set(channels.map(\.node))
        for node in animated.sorted() {
            let helpers = rig.nodes.fbxHelpers(above: node)
            for helper in helpers where !animated.contains(helper) {
                let identities: [(Channel.Property, [Float])] = [
                    (.translation, [0, 0, 0]), (.rotation, [0, 0, 0, 1]), (.scale, [1, 1, 1]),
                ]
                for (property, values) in identities {
                    channels.append(
                        Channel(
                            node: helper, property: property, interpolation: .linear, times: [0],
                            values: values))
                }
                guard rig.nodes.nodes[helper].name.hasSuffix("_$AssimpFbx$_PostRotation") else {
                    continue
                }
                let inverse = NodeComponents(rig.nodes.nodes[helper].rest).rotation
                for i in channels.indices
                where channels[i].node == node && channels[i].property == .rotation {
                    channels[i].turn(by: inverse * inverse)
                }
            }
        }
    }
}

extension Channel {
    /// Applies a rotation before each key's own.
    fileprivate mutating func turn(by rotation: Quaternion) {
        for k in stride(from: 0, to: values.count, by: 4) {
            let key = Quaternion(
                x: Double(values[k]), y: Double(values[k + 1]), z: Double(values[k + 2]),
                w: Double(values[k + 3]))
            let turned = (key * rotation).components
            for i in 0..<4 { values[k + i] = Float(turned[i]) }
        }
    }
}
