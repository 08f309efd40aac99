import Documents
import Foundation
import Tensors

extension TrainingSettings {
    private static let anySteps = 1...1_000_000_000

    /// Reads the keys that all stages share.
    ///
    /// - Throws: `DocumentError` with the place of what is wrong.
    init(_ reader: inout DocumentReader) throws(DocumentError) {
        guard let steps = try reader.integer("steps", in: Self.anySteps) else {
            throw reader.error("\(reader.path).steps is missing: how long to train")
        }
        self.init(steps: steps, batch: try reader.integer("batch", in: 1...1_000_000) ?? 32)
        accumulate = try reader.integer("accumulate", in: 1...batch) ?? 1
        guard batch % accumulate == 0 else {
            throw reader.error(
                at: "accumulate", "a batch of \(batch) cannot be taken in \(accumulate) equal parts"
            )
        }
        optimiser = try Self.optimiser(reader.mapping("optimiser"))
        schedule = try Self.schedule(reader.mapping("schedule"), steps: steps)
        rates = try Self.rates(reader.mapping("rates"))
        if var average = try reader.mapping("average") {
            averageDecay = try average.number("decay", in: 0...0.999_999_99) ?? 0.9999
            averageWarmsUp = try average.boolean("warm-up") ?? true
            try average.finish()
        }
        clip = try reader.number("clip", in: 1e-9...1e9)
        precision = try reader.choice("precision") ?? .float32
        isDeterministic = try reader.boolean("deterministic") ?? false
        if var loader = try reader.mapping("loader") {
            loaderThreads = try loader.integer("threads", in: 0...1024) ?? 0
            loaderAhead = try loader.integer("ahead", in: 1...1_000_000)
            try loader.finish()
        }
        try readWatching(&reader)
        if var start = try reader.mapping("start") {
            guard let weights = try start.filePath("weights") else {
                throw start.error("\(start.path).weights is missing: a .safetensors file")
            }
            self.start = Start(
                weights: weights, names: try start.string("names"),
                isStrict: try start.boolean("strict") ?? true)
            try start.finish()
        }
    }

    private mutating func readWatching(_ reader: inout DocumentReader) throws(DocumentError) {
        if var section = try reader.mapping("checkpoints") {
            checkpoints.every = try section.integer("every", in: Self.anySteps) ?? 1000
            checkpoints.keep = try section.integer("keep", in: 1...1_000_000) ?? 3
            checkpoints.keepEvery = try section.integer("keep-every", in: Self.anySteps)
            try section.finish()
        }
        if var section = try reader.mapping("validation") {
            validation.every = try section.integer("every", in: Self.anySteps) ?? 1000
            validation.batches = try section.integer("batches", in: 1...1_000_000) ?? 8
            try section.finish()
        }
        if var section = try reader.mapping("pictures") {
            picturesEvery = try section.integer("every", in: Self.anySteps) ?? 1000
            try section.finish()
        }
        if var section = try reader.mapping("log") {
            logEvery = try section.integer("every", in: Self.anySteps) ?? 10
            try section.finish()
        }
    }

    private static func optimiser(
        _ section: DocumentReader?
    ) throws(DocumentError) -> Adam.Settings {
        var settings = Adam.Settings(learningRate: 1e-4, weightDecay: 0)
        guard var section else { return settings }
        settings.learningRate = try section.number("learning-rate", in: 0...1e3) ?? 1e-4
        settings.beta1 = try section.number("beta1", in: 0...0.999_999_99) ?? settings.beta1
        settings.beta2 = try section.number("beta2", in: 0...0.999_999_99) ?? settings.beta2
        settings.epsilon = try section.number("epsilon", in: 0...1) ?? settings.epsilon
        settings.weightDecay = try section.number("weight-decay", in: 0...10) ?? 0
        settings.isDecoupled = try section.boolean("decoupled") ?? true
        try section.finish()
        return settings
    }

    private enum Decay: String, CaseIterable {
        case constant, linear, cosine
        case inverseSquareRoot = "inverse-square-root"
    }

    private static func schedule(
        _ section: DocumentReader?, steps: Int
    ) throws(DocumentError) -> LearningRateSchedule {
        guard var section else { return LearningRateSchedule() }
        let warmUp = try section.integer("warm-up", in: 0...steps) ?? 0
        let name = try section.choice("decay", Decay.self) ?? .constant
        let final = try section.number("final", in: 0...1)
        let decay: LearningRateSchedule.Decay
        switch name {
        case .constant: decay = .constant
        case .inverseSquareRoot: decay = .inverseSquareRoot
        case .linear: decay = .linear(final: final ?? 0)
        case .cosine: decay = .cosine(final: final ?? 0)
        }
        if final != nil, name != .linear, name != .cosine {
            throw section.error(
                at: "final", "\(section.path).final is for the decays linear and cosine")
        }
        if name == .linear || name == .cosine, warmUp >= steps {
            throw section.error(
                at: "warm-up", "\(section.path).warm-up leaves no steps of \(steps) to decay in")
        }
        try section.finish()
        return LearningRateSchedule(warmUpSteps: warmUp, decay: decay, totalSteps: steps)
    }

    private static func rates(_ section: DocumentReader?) throws(DocumentError) -> [Rate] {
        guard var section else { return [] }
        var rates: [Rate] = []
        for prefix in section.keys {
            if let rate = try section.number(prefix, in: 0...1e3) {
                rates.append(Rate(prefix: prefix, learningRate: rate))
            }
        }
        try section.finish()
        return rates
    }
}
