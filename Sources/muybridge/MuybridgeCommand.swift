import ArgumentParser
import DatasetBuilding
import Running

/// The command. Its subcommands only read options, call a room, and print.
@main
struct MuybridgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "muybridge",
        abstract: "Turns animated 3D assets into training-ready 4D datasets.",
        discussion: """
            A manifest (Manifests/*.yaml) is the whole recipe: which assets, sampled and \
            normalised how, rendered into which videos, kept by which rules, stored where. \
            `muybridge build` follows it; the other commands look at assets and stores.
            """,
        version: Version.current,
        groupedSubcommands: [
            CommandGroup(
                name: "Datasets",
                subcommands: [
                    BuildCommand.self, SubmitCommand.self, FilterCommand.self, ReportCommand.self,
                    SheetCommand.self,
                ]),
            CommandGroup(
                name: "Stores",
                subcommands: [
                    ListCommand.self, ShowCommand.self, DuplicatesCommand.self,
                    VerifyCommand.self, MergeCommand.self, ExportCommand.self,
                ]),
            CommandGroup(
                name: "Learning",
                subcommands: [
                    TrainCommand.self, EncodeCommand.self, ReconstructCommand.self,
                    GenerateCommand.self,
                    EvaluateCommand.self,
                ]),
            CommandGroup(
                name: "Single assets",
                subcommands: [
                    InspectCommand.self, BakeCommand.self, RenderCommand.self, SurfaceCommand.self,
                ]),
            CommandGroup(
                name: "Examples", subcommands: [DemoCorpusCommand.self, WorkerCommand.self]),
        ])
}
