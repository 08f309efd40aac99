import Assets
import Documents
import Geometry

extension Manifest {
    /// Reads a manifest from YAML.
    ///
    /// - Parameters:
    ///   - file: the name that messages show.
    ///   - text: the YAML.
    /// - Throws: ``ManifestError`` with line and column for anything that is not understood:
    ///   unknown keys, wrong types, values out of range, references to videos that are not there.
    public init(file: String, text: String) throws(ManifestError) {
        var top = try DocumentReader(file: file, text: text)
        name = try top.string("name") ?? "dataset"
        seed = UInt64(try top.integer("seed", in: 0...Int.max) ?? 0)
        corpus = try Corpus(top.mapping("corpus"))
        clips = try Manifest.clips(&top)
        timeline = try Timeline(reading: top.mapping("timeline"))
        normalisation = try Normalisation(reading: top.mapping("normalisation"))
        rendering = try Rendering(top.mapping("rendering"))
        videos = try Manifest.videos(top.mapping("videos"))
        curation = try Curation(top.mapping("curation"))
        surfaces = try Surfaces(top.mapping("surfaces"))
        store = try Store(top.mapping("store"))
        try top.finish()
        try checkReferences(top)
    }

    private func checkReferences(_ top: DocumentReader) throws(ManifestError) {
        let names = Set(videos.map(\.name))
        for video in videos {
            for other in [video.frozen, video.anglesOf].compactMap({ $0 })
            where !names.contains(other) {
                throw top.error(
                    at: "videos", "videos.\(video.name) refers to \(other), which is no video here")
            }
        }
        if videos.isEmpty && store.arrays.isEmpty && surfaces == nil {
            throw top.error(
                "nothing to store: name at least one video, one of store.arrays, or surfaces")
        }
    }

    private static func videos(_ reader: DocumentReader?) throws(ManifestError) -> [VideoRecipe] {
        guard var reader else { return [] }
        var result: [VideoRecipe] = []
        for name in reader.keys {
            guard var entry = try reader.mapping(name) else {
                throw reader.error(at: name, "videos.\(name) must be a mapping")
            }
            result.append(try VideoRecipe(name: name, earlier: result, &entry))
        }
        try reader.finish()
        return result
    }
}

extension Manifest.Corpus {
    init(_ reader: DocumentReader?) throws(ManifestError) {
        var reader = reader
        layout = try reader?.choice("layout") ?? .automatic
        ids = try reader?.string("ids")
        annotations = try reader?.string("annotations")
        columns = try reader?.string("columns")
        identityColumn = try reader?.string("identity-column") ?? "id"
        framesPerSecond = try reader?.number("frames-per-second", in: 0.001...10_000)
        upAxis = try reader?.choice("up-axis")
        limits = try Manifest.Limits(reader?.mapping("limits"))
        try reader?.finish()
    }
}

extension Manifest.Limits {
    init(_ reader: DocumentReader?) throws(ManifestError) {
        var reader = reader
        var asset = AssetLimits()
        for (key, limit) in AssetLimits.keys {
            // Sums of two numbers in this range do not overflow.
            if let number = try reader?.integer(key, in: 1...1 << 40) {
                asset[keyPath: limit] = number
            }
        }
        self.asset = asset
        clips = try reader?.integer("clips", in: 1...1 << 40) ?? 256
        try reader?.finish()
    }
}

extension Manifest {
    private enum ClipChoice: String, CaseIterable { case first, longest, all }

    /// `first`, `longest`, `all`, or a mapping with the name that the clip must have.
    fileprivate static func clips(
        _ top: inout DocumentReader
    ) throws(ManifestError) -> ClipSelection {
        if var named = top.nested("clips") {
            guard let name = try named.string("named") else {
                throw named.error("clips must be first, longest, all, or {named: NAME}")
            }
            try named.finish()
            return .named(name)
        }
        switch try top.choice("clips", ClipChoice.self) ?? .first {
        case .first: return .first
        case .longest: return .longest
        case .all: return .all
        }
    }
}

extension Timeline {
    private enum Mode: String, CaseIterable { case uniform, rate, window }

    init(reading reader: DocumentReader?) throws(ManifestError) {
        var reader = reader
        let mode = try reader?.choice("mode", Mode.self) ?? .uniform
        let count = try reader?.integer("frames", in: 1...10_000) ?? 24
        let periodic = try reader?.boolean("periodic")
        let rate = try reader?.number("frames-per-second", in: 0.001...10_000)
        let start = try reader?.number("start", in: 0...1e9)
        try reader?.finish()
        func refuse(_ key: String, _ isGiven: Bool) throws(ManifestError) {
            guard isGiven, let reader else { return }
            throw reader.error(
                at: key, "timeline.\(key) has no meaning for timeline.mode \(mode.rawValue)")
        }
        try refuse("periodic", periodic != nil && mode != .uniform)
        try refuse("frames-per-second", rate != nil && mode == .uniform)
        try refuse("start", start != nil && mode != .rate)
        switch mode {
        case .uniform: self = .uniform(count: count, periodic: periodic ?? false)
        case .rate: self = .rate(framesPerSecond: rate ?? 24, start: start ?? 0, count: count)
        case .window: self = .window(count: count, framesPerSecond: rate ?? 24)
        }
    }
}

extension Normalisation {
    init(reading reader: DocumentReader?) throws(ManifestError) {
        var reader = reader
        self.init(
            shape: try reader?.choice("shape") ?? .unitCube,
            extent: try reader?.choice("over") ?? .firstFrame,
            rootMotion: try reader?.choice("root-motion") ?? .keep)
        try reader?.finish()
    }
}

extension Manifest.Rendering {
    init(_ reader: DocumentReader?) throws(ManifestError) {
        var reader = reader
        size = try reader?.integer("size", in: 1...8192) ?? 256
        samples = try reader?.integer("samples", in: 1...16) ?? 4
        if let reader, ![1, 4, 16].contains(samples) {
            throw reader.error(
                at: "samples", "rendering.samples is \(samples); it must be 1, 4 or 16")
        }
        distance = try reader?.number("distance", in: 0.001...1e6) ?? 2
        fieldOfViewDegrees = try reader?.number("field-of-view", in: 0.1...179) ?? 39.5978
        lights = try Manifest.Lights(reader?.mapping("lights"))
        culling = try reader?.choice("culling") ?? .never
        world = try reader?.choice("world") ?? .muybridge
        try reader?.finish()
    }
}

extension Manifest.Lights {
    init(_ reader: DocumentReader?) throws(ManifestError) {
        var reader = reader
        preset = try reader?.choice("preset") ?? .fourSuns
        if try reader?.string("strengths") == "drawn" {
            strengths = nil
        } else {
            let key = try reader?.number("key", in: 0...1e6)
            let fill = try reader?.number("fill", in: 0...1e6)
            let rim = try reader?.number("rim", in: 0...1e6)
            let bottom = try reader?.number("bottom", in: 0...1e6)
            strengths = SIMD4(key ?? 4, fill ?? 3, rim ?? 4, bottom ?? 2)
        }
        if let reader, strengths != nil, reader.has("strengths") {
            throw reader.error(
                at: "strengths",
                "rendering.lights.strengths must be drawn; fixed ones are given as key, fill, rim "
                    + "and bottom")
        }
        try reader?.finish()
    }
}

extension Manifest.VideoRecipe {
    init(
        name: String, earlier: [Manifest.VideoRecipe], _ reader: inout DocumentReader
    ) throws(ManifestError) {
        guard !name.isEmpty,
            name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
        else {
            throw reader.error("a video's name is made of letters, digits and hyphens: \(name)")
        }
        let frozen = try reader.string("frozen")
        if let frozen {
            guard var twin = earlier.first(where: { $0.name == frozen }) else {
                throw reader.error(at: "frozen", "videos.\(name).frozen names no earlier video")
            }
            twin.name = name
            twin.frozen = frozen
            if let outputs = try Manifest.VideoRecipe.outputs(&reader) { twin.outputs = outputs }
            self = twin
            try reader.finish()
            return
        }
        self.name = name
        self.frozen = nil
        path = try reader.choice("path") ?? .orbit
        azimuth = try Manifest.VideoRecipe.angle("azimuth", 0..<360, &reader)
        elevation = try Manifest.VideoRecipe.angle("elevation", -15..<45, &reader)
        periodic = try reader.boolean("periodic") ?? false
        count = try reader.integer("count", in: 1...10_000) ?? 24
        anglesOf = try reader.string("angles-of") ?? name
        fit = try reader.number("fit", in: 0.01...1)
        outputs = try Manifest.VideoRecipe.outputs(&reader) ?? [.color]
        try reader.finish()
    }

    private static func outputs(
        _ reader: inout DocumentReader
    ) throws(ManifestError) -> [Manifest.Output]? {
        guard let names = try reader.strings("outputs") else { return nil }
        var result: [Manifest.Output] = []
        for name in names {
            guard let output = Manifest.Output(rawValue: name) else {
                let known = Manifest.Output.allCases.map(\.rawValue).joined(separator: ", ")
                throw reader.error(at: "outputs", "\(name) is no output; there are: \(known)")
            }
            result.append(output)
        }
        return result
    }

    /// A number of degrees, `drawn` (from `usual`), or a mapping with `from` and `to`.
    private static func angle(
        _ key: String, _ usual: Range<Double>, _ reader: inout DocumentReader
    ) throws(ManifestError) -> Angle {
        guard reader.has(key) else { return .degrees(0) }
        if var range = reader.nested(key) {
            let low = try range.number("from", in: -360...360) ?? usual.lowerBound
            let high = try range.number("to", in: -360...360) ?? usual.upperBound
            guard low < high else {
                throw range.error("\(key): from must be less than to")
            }
            try range.finish()
            return .drawn(low..<high)
        }
        if try reader.string(key) == "drawn" { return .drawn(usual) }
        return .degrees(try reader.number(key, in: -360...360) ?? 0)
    }
}

extension Manifest.Curation {
    init(_ reader: DocumentReader?) throws(ManifestError) {
        var reader = reader
        filter = try reader?.string("filter")
        measures = try reader?.strings("measures") ?? []
        exhaustive = try reader?.boolean("exhaustive") ?? false
        duplicates = try Manifest.Duplicates(under: "duplicates", of: &reader)
        previewSize = try reader?.integer("preview-size", in: 0...1024) ?? 96
        try reader?.finish()
    }
}

extension Manifest.Store {
    init(_ reader: DocumentReader?) throws(ManifestError) {
        var reader = reader
        shardBytes = try reader?.integer("shard-bytes", in: 1 << 16...1 << 40) ?? 1 << 30
        var splits = try reader?.mapping("splits")
        train = try splits?.number("train", in: 0...1) ?? 0.9
        validation = try splits?.number("validation", in: 0...1) ?? 0.05
        test = try splits?.number("test", in: 0...1) ?? 0.05
        if let splits, abs(train + validation + test - 1) > 1e-6 {
            throw splits.error("the shares of the splits must sum to 1")
        }
        try splits?.finish()
        arrays = []
        for name in try reader?.strings("arrays") ?? [] {
            guard let array = Manifest.MeshArray(rawValue: name) else {
                let known = Manifest.MeshArray.allCases.map(\.rawValue).joined(separator: ", ")
                throw reader!.error(at: "arrays", "\(name) is no array; there are: \(known)")
            }
            arrays.append(array)
        }
        try reader?.finish()
    }
}
