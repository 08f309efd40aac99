import Foundation
import Tensors

/// The weights of a training that is done, with the recipe that they came of: all that is needed to
/// build the system again.
public struct TrainedWeights {
    /// The file.
    public let file: SafetensorsFile
    /// The recipe.
    public let manifest: TrainingManifest
    /// The stage that was trained.
    public let stage: TrainingManifest.Stage

    /// Opens weights.
    ///
    /// - Parameter path: a `weights.safetensors`, or the folder of a run that holds one.
    /// - Throws: `TrainingError.unusable` where there is none or it holds no recipe;
    ///   `SafetensorsError`, `DocumentError`.
    public init(_ path: String) throws {
        var url = URL(fileURLWithPath: path)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw TrainingError.unusable("\(path): there is no such file")
        }
        if isFolder.boolValue {
            url = TrainingFolder(path).weights
            guard FileManager.default.fileExists(atPath: url.path) else {
                throw TrainingError.unusable(
                    "\(path) holds no weights.safetensors, which a training writes when its last "
                        + "step is made; the same `muybridge train` goes on with it")
            }
        }
        file = try SafetensorsFile(url)
        guard let text = file.metadata["manifest"], let name = file.metadata["stage"] else {
            throw TrainingError.unusable(
                "\(url.path) does not say which manifest and stage it came of; weights of "
                    + "`muybridge train` do")
        }
        manifest = try TrainingManifest(file: url.path, text: text)
        stage = try manifest.stage(name)
    }

    /// The stage's description, where it is of the kind that is needed.
    ///
    /// - Parameter need: what the weights are wanted for, in words.
    /// - Throws: `TrainingError.unusable` for another stage.
    public func description<Description: TrainingStage>(
        as type: Description.Type, need: String
    ) throws -> Description {
        guard let description = stage.description as? Description else {
            throw TrainingError.unusable(
                "\(file.url.path) is the stage \(stage.name) of \(manifest.system); \(need)")
        }
        return description
    }

    /// Gives a model these weights and moves it.
    public func load(into model: Module, on device: Device) throws {
        try model.load(file)
        try model.move(to: device)
    }

    /// Gives a model the first weights of the training that these came of: what it was before it
    /// learnt.
    public func loadFirst(into model: Module, on device: Device) throws {
        try model.initialise(seed: keyedSeed(manifest.seed, "initialisation"))
        try model.move(to: device)
    }
}
