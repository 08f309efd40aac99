import Documents
import Imaging
import Tensors

/// What a system gives to the training loop: a model, items made of stored samples, and a loss.
///
/// What the model holds is saved, and learns as far as its parameters need gradients; parts that
/// never learn, such as a published encoder, are kept beside it.
public protocol TrainingSystem<Item>: AnyObject {
    /// What one sample becomes on the loader's threads: tensors of the processor, mostly.
    associatedtype Item: Sendable

    /// What learns and is saved.
    var model: Module { get }

    /// The fields of a sample that items are made of: `queries.npy`.
    var fields: [String] { get }

    /// Makes an item; called on the loader's threads. Draws come from the sample's seeds, so that
    /// they depend on neither the batch nor the process.
    var makeItem: @Sendable (DatasetSample) throws -> Item { get }

    /// How the names of weights that others published become this model's, by the names that
    /// manifests call them (`start: {names: ...}`).
    var publishedNames: [String: NameMap] { get }

    /// Moves what is kept beside the model, and does whatever else must come before the first step.
    /// Called with the model on its device and its first weights in it; what a checkpoint holds
    /// comes afterwards.
    ///
    /// - Parameter samples: what is learnt from.
    func prepare(on device: Device, samples: StoredDataset) throws

    /// The losses of a batch. It is called with gradients recorded, in the precision that the
    /// manifest asks for; without either in validation, where `isTraining` is false.
    func losses(of items: [Item], _ context: StepContext) throws -> Losses

    /// Pictures of what the model can do by now, by names. Called with the means of the parameters
    /// in their place, where there are means.
    ///
    /// - Parameter items: of the first samples that are not learnt from, or, without validation, of
    ///   the first ones that are; the same at every step.
    func pictures(
        of items: [Item], _ context: StepContext
    ) throws -> [(name: String, image: Image)]
}

extension TrainingSystem {
    /// Nobody published weights.
    public var publishedNames: [String: NameMap] { [:] }

    /// Nothing is kept beside the model.
    public func prepare(on device: Device, samples: StoredDataset) throws {}

    /// No pictures.
    public func pictures(
        of items: [Item], _ context: StepContext
    ) throws -> [(name: String, image: Image)] { [] }
}

/// Where and when a system is asked for something.
public struct StepContext: Sendable {
    /// Where the model is.
    public let device: Device
    /// How many steps were made before.
    public let step: Int
    /// Whether the model learns from what comes out.
    public let isTraining: Bool
    /// The run's seed.
    public let seed: UInt64

    /// A context.
    public init(device: Device, step: Int, isTraining: Bool, seed: UInt64) {
        self.device = device
        self.step = step
        self.isTraining = isTraining
        self.seed = seed
    }
}

/// What a batch costs.
public struct Losses {
    /// What is made smaller, without axes: the mean over the batch.
    public var total: Tensor
    /// What is shown beside it, without axes, by names; the same names at every step.
    public var parts: [(name: String, value: Tensor)]

    /// Losses.
    public init(total: Tensor, parts: [(name: String, value: Tensor)] = []) {
        self.total = total
        self.parts = parts
    }
}

/// A stage of a system as a manifest describes it.
public protocol TrainingStage: Sendable {
    /// What is trained.
    associatedtype System: TrainingSystem

    /// Reads the stage's own keys; the loop's are read already.
    init(_ reader: inout DocumentReader) throws(DocumentError)

    /// The system, its model not yet initialised.
    func makeSystem() throws -> System
}

/// The processes that train together, as one of them sees it.
public protocol TrainingGroup: AnyObject {
    /// Which of them this is, from 0.
    var rank: Int { get }
    /// How many there are.
    var size: Int { get }

    /// Replaces the gradients by their means over all processes, which call this with the same
    /// parameters in the same order. A gradient that is there in some is zero in the others.
    func averageGradients(of parameters: [Parameter]) throws

    /// Replaces a tensor by its mean over all processes.
    func averageInPlace(_ tensor: Tensor) throws
}

extension ProcessGroup: TrainingGroup {
    /// Replaces a tensor by its mean over all processes.
    public func averageInPlace(_ tensor: Tensor) throws {
        try sumInPlace(tensor)
        try tensor.divideInPlace(size)
    }
}
