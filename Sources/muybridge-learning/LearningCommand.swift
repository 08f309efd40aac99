import ArgumentParser
import Running

/// The commands that need libtorch, which takes some two hundred shared libraries with it: a program
/// of its own, so that the workers of a build do not load them. `muybridge` starts it.
@main
struct LearningCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "muybridge",
        abstract: "Trains systems on stores, makes shapes with them, and measures what they make.",
        version: Version.current,
        subcommands: [
            TrainCommand.self, EncodeCommand.self, ReconstructCommand.self, GenerateCommand.self,
            EvaluateCommand.self,
        ])
}
