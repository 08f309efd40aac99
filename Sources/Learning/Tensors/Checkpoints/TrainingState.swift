import Foundation

/// All that a training is at an instant, beside its place in the data: what a checkpoint holds.
///
/// In the file, parameters and buffers are named `model.NAME`, the means `average.NAME`, the
/// optimisers' numbers `optimiser.NAME.first`, `.second` and `.step`, and the generators' states
/// `random.0` (the processor's), `random.1`, ... (CUDA devices'). Counts and texts are metadata.
public struct TrainingState {
    /// What learns.
    public let model: Module
    /// What changes it, each its own parameters.
    public let optimisers: [Adam]
    /// The mean of the parameters over the last steps.
    public let average: ExponentialAverage?

    /// A state of some parts.
    public init(model: Module, optimisers: [Adam], average: ExponentialAverage?) {
        self.model = model
        self.optimisers = optimisers
        self.average = average
    }

    private enum Key {
        static let format = "muybridge.format"
        static let step = "muybridge.step"
        static let updates = "muybridge.average-updates"
        static let text = "muybridge.text."
    }
    private static let format = "training-checkpoint-1"

    /// Writes everything to a file that appears whole or not at all.
    ///
    /// - Parameters:
    ///   - step: how many steps were made.
    ///   - texts: what else is to be kept, such as the manifest, by name.
    public func write(step: Int, texts: [String: String], to url: URL) throws {
        var tensors: [(name: String, tensor: Tensor)] = []
        func add(_ prefix: String, _ state: [(name: String, tensor: Tensor)]) {
            tensors += state.map { ("\(prefix).\($0.name)", $0.tensor) }
        }
        add("model", try model.state())
        for optimiser in optimisers { add("optimiser", try optimiser.state()) }
        if let average { add("average", average.state()) }
        add("random", try RandomState.current().tensors.enumerated().map { ("\($0)", $1) })
        var metadata = [Key.format: Self.format, Key.step: "\(step)"]
        if let average { metadata[Key.updates] = "\(average.updates)" }
        for (name, text) in texts { metadata[Key.text + name] = text }
        try SafetensorsFile.write(tensors, metadata: metadata, to: url)
    }

    /// Takes up what `write` wrote. The file is checked before anything is changed, but for the
    /// forms of single tensors, which each part checks for itself.
    ///
    /// Generators of CUDA devices that are not there keep their states unrestored.
    ///
    /// - Returns: how many steps were made.
    /// - Throws: `SafetensorsError` where the file is no checkpoint; `TensorError` where it is not
    ///   of this model.
    public func restore(_ file: SafetensorsFile) throws -> Int {
        let step = try Self.step(of: file)
        var parts: [String: [String: Tensor]] = [:]
        for name in file.names {
            let words = name.split(separator: ".", maxSplits: 1)
            guard words.count == 2 else {
                throw SafetensorsError(file.url, "\(name) is no tensor of a checkpoint")
            }
            parts[String(words[0]), default: [:]][String(words[1])] = try file.tensor(name)
        }
        try model.load(parts["model"] ?? [:])
        var rest = parts["optimiser"] ?? [:]
        for optimiser in optimisers {
            var own: [String: Tensor] = [:]
            for (name, _) in optimiser.parameters {
                for part in ["first", "second", "step"] {
                    own["\(name).\(part)"] = rest.removeValue(forKey: "\(name).\(part)")
                }
            }
            try optimiser.load(own)
        }
        guard rest.isEmpty else {
            throw SafetensorsError(
                file.url,
                "it holds the optimiser's state of "
                    + "\(rest.keys.sorted()[0]), which does not learn here")
        }
        if let average {
            guard let updates = file.metadata[Key.updates].flatMap({ Int($0) }) else {
                throw SafetensorsError(file.url, "it holds no average of the parameters")
            }
            try average.load(parts["average"] ?? [:], updates: updates)
        }
        let states = (parts["random"] ?? [:]).compactMap { name, tensor in
            Int(name).map { ($0, tensor) }
        }.sorted { $0.0 < $1.0 }
        let places = 1 + Device.cudaDeviceCount
        try RandomState(tensors: states.prefix(places).map { try $0.1.clone() }).restore()
        return step
    }

    /// How many steps were made when a checkpoint was written.
    ///
    /// - Throws: `SafetensorsError` where the file is no checkpoint.
    public static func step(of file: SafetensorsFile) throws -> Int {
        guard file.metadata[Key.format] == format,
            let step = file.metadata[Key.step].flatMap({ Int($0) }), step >= 0
        else {
            throw SafetensorsError(
                file.url, "it is no checkpoint of a training that this version reads")
        }
        return step
    }

    /// A text that was written with a checkpoint.
    public static func text(_ name: String, of file: SafetensorsFile) -> String? {
        file.metadata[Key.text + name]
    }
}
