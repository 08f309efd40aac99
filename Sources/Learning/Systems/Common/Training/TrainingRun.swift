import Foundation
import Tensors

/// One run of a stage: on what, where to, by whom.
public struct TrainingRun {
    /// The manifest's YAML.
    public var manifest: String
    /// The stage's name.
    public var stage: String
    /// What every draw comes from.
    public var seed: UInt64
    /// The store's folder.
    public var store: String
    /// Where the run's files lie.
    public var folder: TrainingFolder
    /// Where is computed.
    public var device: Device
    /// The processes that train together; nil for this one alone.
    public var group: (any TrainingGroup)?
    /// Whether a checkpoint is taken up that was written by another manifest or of other samples.
    public var acceptsChanges = false
    /// Whether the run says on standard error how far it is.
    public var showsProgress = true
    /// What else checkpoints say of the run: program, version.
    public var texts: [String: String] = [:]

    /// A run of one process.
    public init(
        manifest: String, stage: String, seed: UInt64, store: String, folder: TrainingFolder,
        device: Device
    ) {
        self.manifest = manifest
        self.stage = stage
        self.seed = seed
        self.store = store
        self.folder = folder
        self.device = device
    }

    var rank: Int { group?.rank ?? 0 }
    var ranks: Int { group?.size ?? 1 }

    /// Trains a stage of a manifest, going on where its folder's last checkpoint ends.
    public static func train(
        _ stage: TrainingManifest.Stage, _ run: TrainingRun, shouldStop: () -> Bool
    ) throws -> TrainingEnding {
        func train<Description: TrainingStage>(
            _ description: Description
        ) throws -> TrainingEnding {
            let trainer = try Trainer(description.makeSystem(), stage.settings, run)
            return try trainer.train(shouldStop: shouldStop)
        }
        return try train(stage.description)
    }
}

/// How a run ended.
public enum TrainingEnding: Sendable, Equatable {
    /// All steps are made.
    case finished
    /// It was asked to stop after so many steps, and can be resumed.
    case stopped(step: Int)
}

/// What a step came to.
public struct StepRecord: Sendable {
    /// The step, counted from 0.
    public let step: Int
    /// The mean of the loss over the whole batch.
    public let loss: Double
    /// What the system shows beside it.
    public let parts: [(name: String, value: Double)]
    /// The norm of the gradients before they were clipped.
    public let gradientNorm: Double
    /// The optimiser's rate.
    public let learningRate: Double
    /// The keys of the samples of this process.
    public let keys: [String]
}
