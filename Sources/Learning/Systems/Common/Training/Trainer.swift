import Foundation
import Tensors

/// The training loop of all systems.
///
/// A step is a function of the seed, its number and the weights: it seeds libtorch's generators
/// with its number and the process's rank, and takes the samples that are its turn. So a resumed run
/// does as one that was never stopped, and what is watched on the way changes nothing.
public final class Trainer<System: TrainingSystem> {
    let system: System
    let settings: TrainingSettings
    let run: TrainingRun
    let learning: [Parameter]
    let optimisers: [Adam]
    let average: ExponentialAverage?
    let state: TrainingState
    let samples: StoredDataset
    private(set) var validationSet: StoredDataset?
    private let loader: BatchLoader<System.Item>
    private let samplesText: String
    /// How many steps were made.
    public private(set) var step = 0
    /// Held while this process trains into the folder.
    private let lock: TrainingFolder.Lock?

    /// A training that begins, or goes on where the folder's last checkpoint ends.
    ///
    /// - Throws: `TrainingError`, `StoreError` and the like, `SafetensorsError`.
    public init(_ system: System, _ settings: TrainingSettings, _ run: TrainingRun) throws {
        self.system = system
        self.settings = settings
        self.run = run
        let parts = run.ranks * settings.accumulate
        guard settings.batch % parts == 0 else {
            throw TrainingError.unusable(
                "a batch of \(settings.batch) cannot be divided among \(run.ranks) processes that "
                    + "take \(settings.accumulate) parts each")
        }
        lock = run.rank == 0 ? try run.folder.lock() : nil
        samples = try StoredDataset(store: run.store, part: .train, fields: system.fields)
        samplesText = Self.text(of: samples)
        if settings.validation.every != nil {
            validationSet = try StoredDataset(
                store: run.store, part: .validation, fields: system.fields)
        }

        TorchLibrary.requireDeterminism(settings.isDeterministic)
        TorchLibrary.allowTF32(settings.precision == .tf32)
        try system.model.initialise(seed: keyedSeed(run.seed, "initialisation"))
        if let start = settings.start { try Self.load(start, into: system) }
        try system.model.move(to: run.device)
        try system.prepare(on: run.device, samples: samples)
        optimisers = try Self.optimisers(system.model, settings)
        let named = optimisers.flatMap(\.parameters)
        learning = named.map(\.parameter)
        average = try settings.averageDecay.map {
            try ExponentialAverage(named, decay: $0, warmsUp: settings.averageWarmsUp)
        }
        state = TrainingState(model: system.model, optimisers: optimisers, average: average)
        if let last = run.folder.checkpoints.steps().last {
            step = try Self.resume(state, run, samplesText, last)
        }
        loader = try BatchLoader(
            samples,
            LoaderSettings(
                batchSize: settings.batch / parts, seed: run.seed,
                threads: settings.loaderThreads, ahead: settings.loaderAhead, rank: run.rank,
                ranks: run.ranks),
            from: step * settings.accumulate, make: system.makeItem)
    }

    private static func load(_ start: TrainingSettings.Start, into system: System) throws {
        var names = NameMap.identity
        if let name = start.names {
            guard let known = system.publishedNames[name] else {
                let all = system.publishedNames.keys.sorted().joined(separator: ", ")
                throw TrainingError.unusable(
                    "start.names is \(name); this stage knows "
                        + (all.isEmpty ? "no names but its own" : all))
            }
            names = known
        }
        try system.model.load(
            SafetensorsFile(URL(fileURLWithPath: start.weights)), names: names,
            isStrict: start.isStrict)
    }

    /// One optimiser for each learning rate; what has the rate 0 is frozen.
    private static func optimisers(
        _ model: Module, _ settings: TrainingSettings
    ) throws -> [Adam] {
        var groups: [(rate: Double, parameters: [(name: String, parameter: Parameter)])] = []
        var used: Set<String> = []
        for (name, parameter) in model.namedParameters() where parameter.requiresGradient {
            used.formUnion(settings.rates.map(\.prefix).filter { name.hasPrefix($0) })
            let rate = settings.learningRate(of: name)
            guard rate > 0 else {
                try parameter.requireGradient(false)
                continue
            }
            if let place = groups.firstIndex(where: { $0.rate == rate }) {
                groups[place].parameters.append((name, parameter))
            } else {
                groups.append((rate, [(name, parameter)]))
            }
        }
        if let unused = settings.rates.first(where: { !used.contains($0.prefix) }) {
            throw TrainingError.unusable("rates: no parameter's name begins with \(unused.prefix)")
        }
        guard !groups.isEmpty else {
            throw TrainingError.unusable("no parameter has a learning rate above 0")
        }
        return groups.map { group in
            var rule = settings.optimiser
            rule.learningRate = group.rate
            return Adam(group.parameters, rule)
        }
    }

    private static func resume(
        _ state: TrainingState, _ run: TrainingRun, _ samples: String, _ step: Int
    ) throws -> Int {
        let file = try SafetensorsFile(run.folder.checkpoints.file(step: step))
        let expected = [("manifest", run.manifest), ("stage", run.stage), ("samples", samples)]
        for (name, text) in expected
        where TrainingState.text(name, of: file) != text && !run.acceptsChanges {
            throw TrainingError.otherRun(
                folder: run.folder.url.path,
                what: name == "samples" ? "other samples to learn from" : "another \(name)")
        }
        return try state.restore(file)
    }

    /// What tells one set of samples from another: their number and a hash of their keys.
    private static func text(of samples: StoredDataset) -> String {
        let hash = samples.keys.reduce(UInt64(0)) { keyedSeed($0, $1) }
        return "\(samples.count) \(String(hash, radix: 16))"
    }

    /// Trains until all steps are made or the run is asked to stop, and writes a checkpoint then.
    ///
    /// - Parameters:
    ///   - shouldStop: looked at after each step. Where one of the processes that train together is
    ///     asked to, all stop.
    ///   - onStep: told of every step.
    public func train(
        shouldStop: () -> Bool = { false }, onStep: (StepRecord) throws -> Void = { _ in }
    ) throws -> TrainingEnding {
        var watch = try TrainingWatch(run, settings, from: step)
        system.model.train()
        while step < settings.steps {
            let (record, isStopped) = try makeStep(shouldStop())
            try onStep(record)
            try watch.note(record, waited: loader.waited)
            try look(&watch)
            let isLast = step == settings.steps
            if step % settings.checkpoints.every == 0 || isLast || isStopped {
                try writeCheckpoint()
            }
            if isStopped && !isLast {
                watch.end()
                return .stopped(step: step)
            }
        }
        watch.end()
        if run.rank == 0 { try writeWeights() }
        return .finished
    }

    /// Makes one step.
    ///
    /// - Parameter isStopping: whether this process is asked to stop.
    /// - Returns: what came of it, and whether any process is asked to stop.
    private func makeStep(_ isStopping: Bool) throws -> (StepRecord, isStopping: Bool) {
        RandomState.seed(keyedSeed(run.seed, "step \(step), process \(run.rank)"))
        let factor = settings.schedule.factor(at: step)
        for optimiser in optimisers {
            optimiser.learningRate = optimiser.settings.learningRate * factor
            try optimiser.clearGradients()
        }
        var batches: [LoadedBatch<System.Item>] = []
        var sums: [Tensor] = []
        var names: [String] = []
        for _ in 0..<settings.accumulate {
            let batch = try loader.next()
            let losses = try inPrecision { try system.losses(of: batch.items, context(true)) }
            try (losses.total * (1 / Double(settings.accumulate))).backward()
            let values = try ([losses.total] + losses.parts.map(\.value))
                .map { try $0.detached().to(.float32) }
            sums = try sums.isEmpty ? values : zip(sums, values).map { try $0 + $1 }
            names = losses.parts.map(\.name)
            batches.append(batch)
        }
        let statistics = try Tensor.stack(
            sums.map { try $0 * (1 / Double(settings.accumulate)) }
                + [Tensor.scalar(isStopping ? 1.0 : 0.0, on: run.device)])
        if let group = run.group, group.size > 1 {
            try group.averageGradients(of: learning)
            try withoutGradients { try group.averageInPlace(statistics) }
        }
        let norm = try withoutGradients {
            if let clip = settings.clip { return try clipGradients(of: learning, toNorm: clip) }
            return try gradientNorm(learning.compactMap(\.gradient))
        }
        // One wait for the device a step.
        let numbers: [Double] = try Tensor.concatenate([
            statistics, norm.to(.float32).reshaped([1]),
        ]).elements()
        let values = numbers.dropLast(2)
        guard let loss = values.first, let length = numbers.last, loss.isFinite, length.isFinite
        else { throw try failure(batches, loss: values.first ?? .nan, norm: numbers.last ?? .nan) }
        for optimiser in optimisers { try optimiser.step() }
        try average?.update()
        let record = StepRecord(
            step: step, loss: loss, parts: Array(zip(names, values.dropFirst())),
            gradientNorm: length, learningRate: optimisers[0].learningRate,
            keys: batches.flatMap(\.keys))
        step += 1
        return (record, numbers[numbers.count - 2] > 0)
    }

    /// What to say of a step whose loss or gradients are not finite: which samples are to blame.
    private func failure(
        _ batches: [LoadedBatch<System.Item>], loss: Double, norm: Double
    ) throws -> TrainingError {
        var offending: [String] = []
        for batch in batches {
            for (key, item) in zip(batch.keys, batch.items) {
                RandomState.seed(keyedSeed(run.seed, "step \(step), process \(run.rank)"))
                let alone = try withoutGradients {
                    try inPrecision { try system.losses(of: [item], context(true)).total.item() }
                }
                if !alone.isFinite { offending.append(key) }
            }
        }
        return .notFinite(
            TrainingError.NotFinite(
                step: step, loss: loss, gradientNorm: norm, keys: batches.flatMap(\.keys),
                offending: offending))
    }

    func context(_ isTraining: Bool) -> StepContext {
        StepContext(device: run.device, step: step, isTraining: isTraining, seed: run.seed)
    }

    /// Runs `body` in the precision that the settings ask for.
    func inPrecision<Result>(_ body: () throws -> Result) rethrows -> Result {
        try autocast(
            to: .bfloat16, on: run.device, enabled: settings.precision == .bfloat16, body)
    }

    private func writeCheckpoint() throws {
        guard run.rank == 0 else { return }
        let folder = run.folder.checkpoints
        try folder.prepare()
        var texts = run.texts
        texts["manifest"] = run.manifest
        texts["stage"] = run.stage
        texts["samples"] = samplesText
        try state.write(step: step, texts: texts, to: folder.file(step: step))
        try folder.prune(last: settings.checkpoints.keep, every: settings.checkpoints.keepEvery)
    }

    /// Writes what the training came to: the means of the parameters where there are means.
    private func writeWeights() throws {
        func write() throws {
            var texts = run.texts
            texts["manifest"] = run.manifest
            texts["stage"] = run.stage
            texts["step"] = "\(step)"
            try SafetensorsFile.write(
                system.model.state(), metadata: texts, to: run.folder.weights)
        }
        if let average { try average.applied(write) } else { try write() }
    }
}
