import Geometry

extension GLTFReader {
    /// The document's animations. One without a channel that can be read is left out.
    ///
    /// - Parameter targetCounts: for each node the number of morph targets that it shows.
    mutating func clips(_ hierarchy: GLTFHierarchy, targetCounts: [Int]) throws(GLTFError)
        -> [Clip]
    {
        var clips: [Clip] = []
        for (i, animation) in try root.objects("animations").enumerated() {
            let samplers = try animation.objects("samplers")
            var channels: [Channel] = []
            for object in try animation.objects("channels") {
                guard let target = object.object("target"),
                    let (node, property) = try animated(target, targetCounts: targetCounts)
                else { continue }
                guard let sampler = try object.index("sampler", below: samplers.count) else {
                    throw .malformed("\(object.place) has no sampler")
                }
                let width = property == .morphWeights ? targetCounts[node] : nil
                if var channel = try channel(samplers[sampler], property, morphTargets: width) {
                    channel.node = hierarchy.rigIndex[node]
                    channels.append(channel)
                }
            }
            // Blender, too, calls what has no name so.
            let name = animation.string("name").flatMap { $0.isEmpty ? nil : $0 } ?? "Anim_\(i)"
            guard let start = channels.lazy.map({ $0.times[0] }).min(),
                let end = channels.lazy.map({ $0.times[$0.times.count - 1] }).max()
            else {
                warn("The animation \(name) moves nothing and is left out.")
                continue
            }
            clips.append(Clip(name: name, start: start, end: end, channels: channels))
        }
        return clips
    }

    /// What a channel animates: a node of the document; nil where that is nothing here.
    private mutating func animated(_ target: GLTFObject, targetCounts: [Int]) throws(GLTFError)
        -> (node: Int, property: Channel.Property)?
    {
        let path = target.string("path") ?? ""
        if path == "pointer" {
            warn("Animations of anything but nodes (KHR_animation_pointer) are not read.")
            return nil
        }
        guard let node = try target.count("node") else { return nil }
        guard node < nodes.count else {
            warn("An animation of the absent node \(node) is not read.")
            return nil
        }
        guard let property = Channel.Property(gltf: path) else {
            warn("Animations of the unknown property \(path.prefix(40)) are not read.")
            return nil
        }
        if property == .morphWeights, targetCounts[node] == 0 { return nil }
        return (node, property)
    }

    /// A sampler's keys; nil, with a warning, where it has none that can be used. The channel's
    /// node is left at 0.
    private mutating func channel(
        _ sampler: GLTFObject, _ property: Channel.Property, morphTargets: Int?
    ) throws(GLTFError) -> Channel? {
        guard let input = try sampler.index("input", below: accessors.count),
            let output = try sampler.index("output", below: accessors.count)
        else { throw .malformed("\(sampler.place) has no keys") }
        let mode = sampler.string("interpolation") ?? "LINEAR"
        guard let interpolation = Channel.Interpolation(gltf: mode) else {
            throw .malformed("\(sampler.place) has the interpolation \(mode.prefix(40))")
        }
        let width = morphTargets ?? (property == .rotation ? 4 : 3)
        let numbersPerKey = width * (interpolation == .cubicSpline ? 3 : 1)
        let times = try keyTimes(input)
        let values = try floats(
            try accessor(output), widths: morphTargets == nil ? width...width : 1...1,
            fraction: property == .rotation || property == .morphWeights)
        var channel = Channel(
            node: 0, property: property, interpolation: interpolation, times: times,
            values: values)
        let keys = min(times.count, values.count / numbersPerKey)
        if keys < times.count || keys * numbersPerKey < values.count {
            warn("\(sampler.place) has more keys than values or the reverse; the rest is dropped.")
            channel.times = Array(times.prefix(keys))
            channel.values = Array(values.prefix(keys * numbersPerKey))
        }
        guard keys > 0, channel.times.allSatisfy(\.isFinite) else {
            warn("\(sampler.place) has no keys, or keys at no finite time; it is left out.")
            return nil
        }
        if zip(channel.times, channel.times.dropFirst()).contains(where: { $0 > $1 }) {
            warn("\(sampler.place) has keys out of order; they are sorted.")
            channel.sortKeys(numbersPerKey: numbersPerKey)
        }
        return channel
    }

    /// The times in an accessor, in seconds.
    private mutating func keyTimes(_ index: Int) throws(GLTFError) -> [Double] {
        if let known = keyTimes[index] { return known }
        let times = try floats(try accessor(index), widths: 1...1).map(Double.init)
        keyTimes[index] = times
        return times
    }
}

extension Channel.Property {
    /// The property that a channel's target path names.
    fileprivate init?(gltf path: String) {
        switch path {
        case "translation": self = .translation
        case "rotation": self = .rotation
        case "scale": self = .scale
        case "weights": self = .morphWeights
        default: return nil
        }
    }
}

extension Channel.Interpolation {
    /// The interpolation that a sampler names.
    fileprivate init?(gltf name: String) {
        switch name {
        case "LINEAR": self = .linear
        case "STEP": self = .step
        case "CUBICSPLINE": self = .cubicSpline
        default: return nil
        }
    }
}

extension Channel {
    /// Brings keys into the order of their times; keys of one time keep their order.
    fileprivate mutating func sortKeys(numbersPerKey: Int) {
        let order = times.indices.sorted { (times[$0], $0) < (times[$1], $1) }
        times = order.map { times[$0] }
        values = order.flatMap { values[$0 * numbersPerKey..<($0 + 1) * numbersPerKey] }
    }
}
