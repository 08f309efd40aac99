import ArgumentParser

/// Hands over to the program that has libtorch.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure predicted shapes and pictures against the truth.")

    @Argument(
        parsing: .captureForPassthrough,
        help: "geometry, sets or videos and options; `muybridge evaluate --help` lists them.")
    var arguments: [String] = []

    func run() throws { try LearningHandover.run("evaluate", arguments) }
}
