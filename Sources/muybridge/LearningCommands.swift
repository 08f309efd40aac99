import ArgumentParser

// Each hands over to the program that has libtorch, which knows the options.

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train a stage of a system on a store, by a manifest.")

    @Argument(
        parsing: .captureForPassthrough,
        help: "MANIFEST --store STORE and options; `muybridge train --help` lists them.")
    var arguments: [String] = []

    func run() throws { try LearningHandover.run("train", arguments) }
}

struct EncodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode",
        abstract: "Add latents of a trained autoencoder to a store's samples.")

    @Argument(
        parsing: .captureForPassthrough,
        help: "STORE --with WEIGHTS and options; `muybridge encode --help` lists them.")
    var arguments: [String] = []

    func run() throws { try LearningHandover.run("encode", arguments) }
}

struct ReconstructCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconstruct",
        abstract: "Encode and decode stored shapes, and measure what comes back.")

    @Argument(
        parsing: .captureForPassthrough,
        help:
            "STORE --with WEIGHTS --out DIR and options; `muybridge reconstruct --help` lists them."
    )
    var arguments: [String] = []

    func run() throws { try LearningHandover.run("reconstruct", arguments) }
}

struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Make animated meshes of videos by a trained flow.")

    @Argument(
        parsing: .captureForPassthrough,
        help: "VIDEOS --flow WEIGHTS --autoencoder WEIGHTS --out DIR; `muybridge generate --help`.")
    var arguments: [String] = []

    func run() throws { try LearningHandover.run("generate", arguments) }
}

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
