import ArgumentParser
import Documents
import Foundation
import Running
import Systems
import Tensors

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a stage of a system on a store, by a manifest.",
        discussion: """
            The output folder holds checkpoints (safetensors), curves and pictures for TensorBoard, \
            and in the end weights.safetensors. A second run goes on after the last checkpoint, and \
            comes to the same weights as one that was never stopped. Ctrl-C and SIGTERM end the \
            step, write a checkpoint, and exit with 130.

            torchrun --no-python starts several processes that train together; each takes its part \
            of every batch.
            """)

    @Argument(help: "The manifest of the training.")
    var manifest: String

    @Option(help: "The stage. Default: the manifest's only one.")
    var stage: String?

    @Option(help: "The store's folder. Needed unless --describe is given.")
    var store: String?

    @Option(help: "The folder of the run; resumed where it holds one. Default: runs/NAME-STAGE.")
    var out: String?

    @OptionGroup var computing: LearningOptions

    @Flag(help: "Go on although the manifest or the store's samples are not those of the run.")
    var acceptChanges = false

    @Flag(
        help: """
            Print how many parameters the stage's model has and what memory their training needs, \
            and end. Reads no store and makes no weights.
            """)
    var describe = false

    func validate() throws {
        if store == nil, !describe {
            throw ValidationError("--store is missing: the folder of what is learnt from")
        }
    }

    func run() throws {
        let recipe = try TrainingManifest(contentsOfFile: manifest)
        let stage = try recipe.stage(stage)
        guard !describe, let store else {
            print("\(stage.name) of \(recipe.system)")
            for line in try ModelSummary(stage).lines { print("  " + line) }
            return
        }
        Interruption.listen(saying: "Stopping after this step; again to stop at once.")
        let folder = TrainingFolder(out ?? "runs/\(recipe.name)-\(stage.name)")
        var run = TrainingRun(
            manifest: recipe.text, stage: stage.name, seed: recipe.seed, store: store,
            folder: folder, device: try computing.prepared())
        run.acceptsChanges = acceptChanges
        run.group = try ProcessGroup.Meeting().map { try ProcessGroup($0) }
        run.showsProgress = run.group.map { $0.rank == 0 } ?? true
        run.texts = [
            "program": "muybridge \(Version.current)", "libtorch": TorchLibrary.version,
        ]
        if run.showsProgress {
            printError("training \(stage.name) on \(run.device), into \(folder.url.path)")
        }
        switch try TrainingRun.train(stage, run, shouldStop: { Interruption.isRequested }) {
        case .finished: print(folder.weights.path)
        case .stopped(let step):
            print("Stopped after step \(step); the same command goes on.")
            throw ExitCode(Interruption.exitStatus)
        }
    }
}
