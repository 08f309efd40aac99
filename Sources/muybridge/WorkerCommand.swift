import ArgumentParser
import DatasetBuilding

struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Work on assets for a run of `build`, which starts it.", shouldDisplay: false)

    func run() throws {
        WorkerService.run()
        throw ValidationError("this command is started by `muybridge build`, not by hand")
    }
}
