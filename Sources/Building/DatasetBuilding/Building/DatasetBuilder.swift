import Foundation
import ShardStore

/// The main job: every asset of a corpus through every stage, into a store.
public struct DatasetBuilder {
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

    /// Uncommitted bytes and seconds after which results are made durable.
    private static let commitBytes = 64 << 20
    private static let commitInterval = Duration.seconds(5)

    /// Processes what the store does not have yet, in the catalogue's order.
    ///
    /// - Parameters:
    ///   - workers: how many assets are worked on at once.
    ///   - shouldStop: looked at before each asset; the assets in flight are finished.
    /// - Throws: `StoreError`. Assets that fail do not stop the run: they are rows.
    public func run(
        workers: Int, shouldStop: @escaping @Sendable () -> Bool = { Interruption.isRequested }
    ) throws -> Ending {
        let writer = try StoreWriter(
            at: storePath,
            run: RunRecord(
                toolVersion: Version.current,
                commandLine: commandLine.joined(separator: " "), manifest: plan.manifestText,
                part: catalogue.part, metadata: catalogue.provenance),
            filter: plan.filterRecord,
            limits: try ShardLimits(maximumBytes: plan.manifest.store.shardBytes))
        let completed = try writer.completedAssets()
        let waiting = catalogue.entries.filter { !completed.contains($0.id) }
        var state = Progress.State(total: waiting.count)
        var progress = Progress()
        var lastCommit = ContinuousClock.now
        let previews = PreviewFolder(store: storePath)

        let processor = AssetProcessor(plan: plan)
        let work = OrderedWork(waiting, window: 2 * workers) { processor.process($0) }
        try work.run(workers: workers, shouldStop: shouldStop) { _, result in
            try previews.write(result.previews)
            try writer.append(result.outcome)
            state.add(result.outcome)
            let now = ContinuousClock.now
            if writer.uncommittedByteCount > Self.commitBytes
                || now - lastCommit > Self.commitInterval
            {
                try writer.commit()
                lastCommit = now
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
