import Foundation
import Running
import ShardStore
import Synchronization

/// Works on assets in processes of their own, so that what a stranger's file does to a foreign
/// importer is done to one process and one row.
///
/// A worker that dies, hangs, takes too much memory or sends garbage is replaced:
///
/// - a crash in a worker that had worked on other assets before is tried once more in a fresh
///   one, since the cause may lie in what came before: what is recorded depends on the asset
///   alone;
/// - a worker that was killed from outside is no fault of its asset, which is worked on again, a
///   few times;
/// - else the asset fails, with the stage, the signal or the limit, and what was printed last.
final class WorkerPool: AssetEngine {
    private let recipe: Recipe
    private let options: WorkerOptions
    private let setup: [UInt8]
    /// A worker, where one stands ready, for each thread that asks.
    private let slots: [Slot]
    private let stopNoticed = Mutex<ContinuousClock.Instant?>(nil)

    /// Each slot is used by one thread, its own, and by `shutDown` when those have ended.
    private final class Slot: @unchecked Sendable {
        var worker: WorkerProcess?
        /// Assets that the worker was given.
        var served: UInt64 = 0
    }

    /// How often an asset is begun anew whose worker was killed from outside.
    private static let triesAfterKills = 5
    /// How often a start is tried.
    private static let startTries = 5
    /// The longest that a worker may take to start.
    private static let startTimeout = Duration.seconds(60)

    init(recipe: Recipe, options: WorkerOptions) {
        self.recipe = recipe
        self.options = options
        var wire = WireWriter()
        wire.put(WorkerSetup(recipe: recipe.text, memoryBytes: options.memoryBytes))
        setup = wire.bytes
        slots = (0..<options.count).map { _ in Slot() }
    }

    func shutDown() {
        for slot in slots { slot.worker = nil }
    }

    func process(
        _ request: AssetRequest, slot: Int, shouldStop: @Sendable () -> Bool
    ) throws -> AssetProcessor.Result? {
        let slot = slots[slot]
        var kills = 0
        while true {
            let isFresh = slot.worker == nil || slot.served == 0
            var stage = StageNote(stage: "start", clip: nil)
            do {
                let worker = try slot.worker ?? start()
                slot.worker = worker
                slot.served += 1
                return try exchange(
                    request, with: worker, sequence: slot.served, stage: &stage, shouldStop)
            } catch let trouble as WorkerTrouble {
                let words = retire(slot)
                if case .abandoned = trouble { return nil }
                let cause = FailureCause(trouble, words: words, options: options)
                if cause.isFromOutside {
                    kills += 1
                    if kills < Self.triesAfterKills { continue }
                } else if !isFresh, cause.mayLieInThePast {
                    continue
                }
                return failure(request, stage, cause)
            }
        }
    }

    /// Ends a slot's worker; what it printed last.
    private func retire(_ slot: Slot) -> String {
        slot.worker?.end()
        let words = slot.worker?.lastWords ?? ""
        slot.worker = nil
        slot.served = 0
        return words
    }

    /// Starts a worker and gives it the recipe.
    ///
    /// A start that fails is tried again after a pause: a machine may be short of memory or
    /// processes for a moment, and a worker may be killed from outside before it has said a word.
    private func start() throws(WorkerLaunchError) -> WorkerProcess {
        var tries = 1
        while true {
            do {
                return try startOnce()
            } catch {
                if tries >= Self.startTries { throw error }
                usleep(UInt32(tries) * 100_000)
                tries += 1
            }
        }
    }

    private func startOnce() throws(WorkerLaunchError) -> WorkerProcess {
        let threads = max(1, ProcessInfo.processInfo.activeProcessorCount / options.count)
        let worker = try WorkerProcess(executable: options.executable, threads: threads)
        let reason: String
        do {
            try worker.send(.setup, sequence: 0, setup)
            let (header, payload) = try worker.receive(
                by: .now + Self.startTimeout, limit: 1 << 16, shouldAbandon: { false })
            var wire = WireReader(payload)
            let version = try wire.take(String.self)
            if header.kind == .ready, version == Version.current { return worker }
            reason = "it is of version \(version)"
        } catch {
            worker.end()
            reason =
                (error as? WorkerTrouble).map {
                    FailureCause($0, words: worker.lastWords, options: options).message
                } ?? "\(error)"
        }
        throw WorkerLaunchError(
            description: "a worker (\(options.executable) worker) does not start: \(reason); "
                + "give more --memory, or fewer --workers")
    }

    /// Sends an asset, and takes all that comes back.
    private func exchange(
        _ request: AssetRequest, with worker: WorkerProcess, sequence: UInt64,
        stage: inout StageNote, _ shouldStop: @Sendable () -> Bool
    ) throws(WorkerTrouble) -> AssetProcessor.Result {
        var wire = WireWriter()
        wire.put(request)
        let deadline = ContinuousClock.now + options.timeout
        try worker.send(.request, sequence: sequence, wire.bytes)
        func receive() throws(WorkerTrouble) -> (FrameHeader.Kind, [UInt8]) {
            let (header, payload) = try worker.receive(by: deadline, limit: options.memoryBytes) {
                isPastGrace(shouldStop)
            }
            guard header.sequence == sequence else {
                throw .garbage("an answer to another request")
            }
            return (header.kind, payload)
        }
        while true {
            let (kind, payload) = try receive()
            var wire = WireReader(payload)
            do {
                switch kind {
                case .stage:
                    stage = try wire.take()
                case .result:
                    let head: ResultHead = try wire.take()
                    guard wire.isAtEnd, head.outcome.asset.id == request.record.id else {
                        throw WorkerTrouble.garbage("a result that is not this asset's")
                    }
                    return try head.completed(limit: options.memoryBytes) {
                        () throws(WorkerTrouble) in
                        let (kind, bytes) = try receive()
                        guard kind == .payload else { throw .garbage("no payload") }
                        return bytes
                    }
                default: throw WorkerTrouble.garbage("a message out of order")
                }
            } catch let error as WireError {
                throw .garbage(error.description)
            } catch let trouble as WorkerTrouble {
                throw trouble
            } catch {
                throw .garbage("\(error)")
            }
        }
    }

    /// Whether the run was asked to stop, and this long ago.
    private func isPastGrace(_ shouldStop: @Sendable () -> Bool) -> Bool {
        guard shouldStop() else { return false }
        let noticed = stopNoticed.withLock { noticed in
            let first = noticed ?? .now
            noticed = first
            return first
        }
        return ContinuousClock.now - noticed > options.stopGrace
    }

    private func failure(
        _ request: AssetRequest, _ stage: StageNote, _ cause: FailureCause
    ) -> AssetProcessor.Result {
        var outcome = AssetOutcome(asset: request.record)
        let place = stage.clip.map { "\(stage.stage) of clip \($0)" } ?? stage.stage
        outcome.failures = [
            FailureRecord(
                stage: stage.stage, cause: cause.word,
                message: "\(request.path): \(cause.message) (during \(place))",
                replayCommand: recipe.replayCommand(forAsset: request.record.id))
        ]
        return AssetProcessor.Result(outcome: outcome)
    }
}
