import ArgumentParser

/// Hands over to the program that has libtorch.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train a stage of a system on a store, by a manifest.")

    @Argument(
        parsing: .captureForPassthrough,
        help: "MANIFEST --store STORE and options; `muybridge train --help` lists them.")
    var arguments: [String] = []

    func run() throws { try LearningHandover.run("train", arguments) }
}
