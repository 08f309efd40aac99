import ArgumentParser
import Foundation
import Running

/// Hands over to the program that has libtorch.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train a stage of a system on a store, by a manifest.")

    @Argument(
        parsing: .captureForPassthrough,
        help: "MANIFEST --store STORE and options; `muybridge train --help` lists them.")
    var arguments: [String] = []

    func run() throws {
        let program = URL(fileURLWithPath: try RunningProgram.path()).deletingLastPathComponent()
            .appending(path: "muybridge-learning").path
        guard FileManager.default.isExecutableFile(atPath: program) else {
            printError(
                """
                this muybridge was built without libtorch, which training needs. Install it \
                (apt-get install libtorch-dev, or unpack a release and set TORCH_HOME to it) and \
                run make again.
                """)
            throw ExitCode.failure
        }
        var words: [UnsafeMutablePointer<CChar>?] = ([program, "train"] + arguments).map {
            strdup($0)
        }
        words.append(nil)
        execv(program, words)
        printError("\(program) cannot be started: \(String(cString: strerror(errno)))")
        throw ExitCode.failure
    }
}
