import Foundation
import Running
import ShardStore

/// The main job: every asset of a corpus through every stage, into a store.
public struct DatasetBuilder: Sendable {
    private let plan: BuildPlan
    private let catalogue: Catalogue
    private let storePath: String
    private let commandLine: [String]

    /// A run that follows a plan.
    ///
    /// - Parameters:
    ///   - plan: the manifest with everything that it names.
    ///   - catalogue: the assets, in the order in which they enter the store.
    ///   - storePath: the store's folder; begun where it is new, resumed where it is not.
    ///   - commandLine: the command as it was given, for provenance.
    public init(
        plan: BuildPlan, catalogue: Catalogue, storePath: String, commandLine: [String]
    ) {
        self.plan = plan
        self.catalogue = catalogue
        self.storePath = storePath
        self.commandLine = commandLine
    }

    /// How a run ended.
    public struct Ending: Sendable, Equatable {
        /// Assets that this run processed.
        public var processed: Int
        /// Assets that earlier runs had done.
        public var doneBefore: Int
        /// Assets that a stopped run left to do.
        public var remaining: Int
    }

    /// Where assets are worked on.
    public enum Place: Sendable {
        /// In processes of their own: what a file does to an importer costs one row.
        case workers(WorkerOptions)
        /// On as many threads of this process: for debuggers.
        case thisProcess(threads: Int)

        var count: Int {
            switch self {
            case .workers(let options): options.count
            case .thisProcess(let threads): threads
            }
        }
    }

    /// Which of the assets that failed before are tried again.
    public enum Retry: String, Sendable, CaseIterable {
        /// None.
        case none
        /// Those that did not fail twice at the same stage from the same cause.
        case failed
        /// All, quarantined ones too.
        case all
    }

    /// Uncommitted bytes after which results are made durable.
    private static let commitBytes = 64 << 20
    /// Results are made durable this often, or as often as keeps commits to 5 % of the time.
    private static let commitInterval = Duration.seconds(1)
    /// Bytes of results that may wait for their turn to be written.
    private static let waitingBytes = 512 << 20

    /// Processes what the store does not have yet, in the catalogue's order.
    ///
    /// - Parameters:
    ///   - place: where assets are worked on.
    ///   - retry: which of the assets that failed before are tried again. What was missing, or
    ///     not on the list, and now is, is always done.
    ///   - shouldStop: looked at before each asset. The assets in flight are finished, or dropped
    ///     where workers do not finish in time.
    /// - Throws: `StoreError`; `WorkerLaunchError`. Assets that fail do not stop the run: they are
    ///   rows.
    public func run(
        on place: Place, retry: Retry = .none,
        shouldStop: @escaping @Sendable () -> Bool = { Interruption.isRequested }
    ) throws -> Ending {
        let writer = try StoreWriter(
            at: storePath,
            run: RunRecord(
                toolVersion: Version.current,
                commandLine: commandLine.joined(separator: " "), manifest: plan.manifestText,
                manifestSHA256: Digest.sha256(of: plan.manifestText), seed: plan.manifest.seed,
                part: catalogue.part, metadata: catalogue.provenance),
            filter: plan.filterRecord,
            limits: try ShardLimits(maximumBytes: plan.manifest.store.shardBytes))
        let waiting = try waiting(writer, retry)
        var state = Progress.State(total: waiting.count)
        var progress = Progress()
        var commits = CommitPacing(least: Self.commitInterval)
        let previews = PreviewFolder(store: storePath)
        var settlement = try Settlement(plan, store: storePath)
        let identities = settlement.identities

        let engine = engine(place)
        defer { engine.shutDown() }
        let work = OrderedWork(
            waiting, window: 2 * place.count, budget: Self.waitingBytes,
            weigh: { $0.result.outcome.byteCount }
        ) { entry, thread in
            try process(entry, identities, engine, thread, shouldStop)
        }
        try work.run(workers: place.count, shouldStop: shouldStop) { _, worked in
            let result = settlement.settle(worked)
            try previews.write(result.previews)
            var outcome = result.outcome
            outcome.asset.timings = .object(result.seconds.mapValues(JSONValue.number))
            try writer.append(outcome)
            state.add(outcome)
            if writer.uncommittedByteCount > Self.commitBytes || commits.isDue {
                try commits.time { try writer.commit() }
            }
            progress.show(state)
        }
        progress.show(state, isLast: true)
        // A stopped run leaves its shards open, so that the next one goes on in them.
        if state.done == waiting.count { try writer.finish() } else { try writer.close() }
        return Ending(
            processed: state.done, doneBefore: catalogue.entries.count - waiting.count,
            remaining: waiting.count - state.done)
    }

    /// The entries that this run is to do.
    private func waiting(
        _ writer: StoreWriter, _ retry: Retry
    ) throws(StoreError) -> [CatalogueEntry] {
        let completed = try writer.completedAssets()
        let absent = try writer.absentAssets()
        let again: Set<String> =
            switch retry {
            case .none: []
            case .failed, .all:
                try writer.assetsToRetry(includingQuarantined: retry == .all)
            }
        return catalogue.entries.filter { entry in
            if !completed.contains(entry.id) { return true }
            if entry.absence != nil { return false }
            return again.contains(entry.id) || absent.contains(entry.id)
        }
    }

    private func engine(_ place: Place) -> any AssetEngine {
        switch place {
        case .workers(let options): WorkerPool(recipe: plan.recipe, options: options)
        case .thisProcess: InProcessEngine(processor: AssetProcessor(recipe: plan.recipe))
        }
    }

    private func process(
        _ entry: CatalogueEntry, _ identities: IdentityLedger, _ engine: any AssetEngine,
        _ slot: Int, _ shouldStop: @Sendable () -> Bool
    ) throws -> WorkedAsset? {
        if let outcome = entry.outcomeOfAbsence(plan) {
            return WorkedAsset(result: AssetProcessor.Result(outcome: outcome))
        }
        let (request, failure) = AssetRequest.identify(entry, plan: plan)
        if let failure {
            var outcome = AssetOutcome(asset: request.record)
            outcome.failures = [
                FailureRecord(
                    stage: failure.stage, cause: failure.cause, message: failure.message,
                    replayCommand: plan.recipe.replayCommand(forAsset: entry.id))
            ]
            return WorkedAsset(request: request, result: AssetProcessor.Result(outcome: outcome))
        }
        if let alias = identities.alias(request) {
            return WorkedAsset(request: request, result: AssetProcessor.Result(outcome: alias))
        }
        return try engine.process(request, slot: slot, shouldStop: shouldStop).map {
            WorkedAsset(request: request, result: $0)
        }
    }
}

extension CatalogueEntry {
    /// What the store says of an asset that is accounted for without being processed; nil for
    /// one that is to be processed.
    func outcomeOfAbsence(_ plan: BuildPlan) -> AssetOutcome? {
        guard let absence else { return nil }
        var outcome = AssetOutcome(
            asset: AssetRecord(
                id: id, split: .train, path: plan.relativePath(of: self)))
        outcome.asset.split = plan.recipe.split(outcome.asset)
        switch absence {
        case .missing:
            outcome.failures = [
                FailureRecord(
                    stage: "find", cause: "missing",
                    message: "\(id): the ID list names it, and the corpus has no such file")
            ]
        case .unlisted:
            outcome.decisions = [
                Decision(
                    stage: "list", rule: "unlisted", position: -1, verdict: .rejected,
                    reason: "the ID list does not name it")
            ]
        }
        return outcome
    }
}

extension AssetOutcome {
    /// The bytes of all fields.
    var byteCount: Int {
        samples.reduce(0) { sum, sample in
            sample.fields.reduce(sum) { sum, field in
                switch field.payload {
                case .bytes(let bytes): sum + bytes.count
                case .array(let array): sum + array.data.count
                }
            }
        }
    }
}

/// When to commit: often enough that little is done twice after a crash, and seldom enough that
/// commits take a twentieth of the time, whatever the disk.
struct CommitPacing {
    private let least: Duration
    private var interval: Duration
    private var last = ContinuousClock.now

    init(least: Duration) {
        self.least = least
        interval = least
    }

    var isDue: Bool { ContinuousClock.now - last > interval }

    mutating func time(_ commit: () throws -> Void) rethrows {
        let took = try ContinuousClock().measure(commit)
        interval = max(least, took * 20)
        last = .now
    }
}

extension Progress.State {
    /// Counts one more asset.
    mutating func add(_ outcome: AssetOutcome) {
        done += 1
        if !outcome.samples.isEmpty {
            kept += 1
        } else if !outcome.failures.isEmpty {
            failed += 1
        } else {
            rejected += 1
        }
    }
}
