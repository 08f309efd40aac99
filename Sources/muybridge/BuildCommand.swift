import ArgumentParser
import DatasetBuilding
import Foundation
import Running

struct BuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build a dataset: import, filter, render and store a corpus by a manifest.",
        discussion: """
            Assets are worked on in processes of their own: one that crashes an importer, never \
            ends or asks for too much memory becomes a row with its cause and the command that \
            replays it alone, and nothing else is lost.

            A second run does only what is missing. Ctrl-C and SIGTERM give the assets in flight \
            ten seconds, commit, and exit with 130; again to stop at once, which loses nothing \
            that was committed.
            """)

    @Argument(help: "The manifest (Manifests/*.yaml).")
    var manifest: String

    @Option(help: "The folder of assets.")
    var corpus: String

    @Option(help: "The store's folder; resumed where there is one.")
    var out: String

    @Option(help: "How many assets are worked on at once. Default: the number of cores.")
    var workers: Int?

    @Option(help: "The most memory (address space) of a worker, such as 512M or 16G.")
    var memory = ByteCount(WorkerOptions.standardMemoryBytes)

    @Option(help: "The longest that an asset may take, in seconds.")
    var timeout = Double(WorkerOptions.standardTimeout / .seconds(1))

    @Option(
        help: """
            Only the assets of one part of the corpus, counted from 0: 3/8. From the scheduler's \
            environment (a Slurm array, a Kubernetes indexed job): auto/8, or auto in a whole \
            Slurm array. Each part needs a store of its own; `muybridge merge` joins them.
            """)
    var part: PartRequest?

    @Option(parsing: .upToNextOption, help: "Only the assets of these identities.")
    var only: [String] = []

    @Option(
        help: """
            Try again what failed before: failed, or all. An asset that fails twice at the same \
            stage from the same cause is quarantined, and only tried by all.
            """)
    var retry = DatasetBuilder.Retry.none

    @Flag(help: "Work in this process, where a debugger sees a crash; without limits.")
    var inProcess = false

    func validate() throws {
        if let workers, workers < 1 { throw ValidationError("--workers must be at least 1") }
        guard memory.bytes >= WorkerOptions.leastMemoryBytes else {
            throw ValidationError(
                "--memory must be at least \(ByteCount(WorkerOptions.leastMemoryBytes))")
        }
        guard timeout > 0, timeout <= 1e7 else {
            throw ValidationError("--timeout must be more than 0 seconds")
        }
    }

    func run() throws {
        Interruption.listen()
        let partition = try part?.partition(environment: ProcessInfo.processInfo.environment)
        let plan = try BuildPlan(
            manifest: manifest, corpus: corpus, store: out, replayOptions: replayOptions)
        let catalogue = try Catalogue(plan: plan, only: only, part: partition)
        printError(catalogue.description)
        let builder = DatasetBuilder(
            plan: plan, catalogue: catalogue, storePath: out, commandLine: CommandLine.arguments)
        let ending = try builder.run(on: place, retry: retry)
        print(try BuildReport(store: out).text)
        if ending.doneBefore > 0 {
            print("\(ending.doneBefore) assets were in the store before this run.")
        }
        if ending.remaining > 0 {
            print("Stopped: \(ending.remaining) assets remain; the same command goes on.")
            throw ExitCode(Interruption.exitStatus)
        }
    }

    private var place: DatasetBuilder.Place {
        let count = workers ?? ProcessInfo.processInfo.activeProcessorCount
        if inProcess { return .thisProcess(threads: count) }
        return .workers(
            WorkerOptions(
                count: count, memoryBytes: memory.bytes, timeout: .seconds(timeout)))
    }

    /// What of the options decides an asset's fate.
    private var replayOptions: [String] {
        var words: [String] = []
        if memory.bytes != WorkerOptions.standardMemoryBytes {
            words += ["--memory", memory.description]
        }
        if .seconds(timeout) != WorkerOptions.standardTimeout {
            words += ["--timeout", String(format: "%g", timeout)]
        }
        return words
    }
}

extension DatasetBuilder.Retry: ExpressibleByArgument {}

extension PartRequest: ExpressibleByArgument {
    /// Reads `--part`.
    public init?(argument: String) { self.init(argument) }
}

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Print what a store holds and what became of every asset, by stage and rule.")

    @Argument(help: "The store's folder.")
    var store: String

    @Option(
        help: """
            Say as well what a corpus of so many assets would cost in core-hours and bytes, were \
            its assets like these and the machine as busy.
            """)
    var scaleTo: Int?

    func validate() throws {
        if let scaleTo, scaleTo < 1 { throw ValidationError("--scale-to must be at least 1") }
    }

    func run() throws {
        print(try BuildReport(store: store).text)
        if let scaleTo { print(try ScaleEstimate(store: store, assetCount: scaleTo).text) }
    }
}

struct FilterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "filter",
        abstract: "Judge a finished store by other rules, without rendering again.",
        discussion: """
            Uses the measures in the store; what is missing is measured on the stored videos. \
            Samples stay in their shards and are marked as kept or not (ls, export and the \
            kept_samples view follow the marks). A clip that was rejected when the store was \
            built has no sample: where the new rules would keep it, it is listed, and a new \
            build is needed.
            """)

    @Argument(help: "The store's folder.")
    var store: String

    @Option(help: "The rule file (Filters/*.yaml).")
    var filter: String

    @Flag(help: "Say what would change, and change nothing.")
    var dryRun = false

    func run() throws {
        let result = try Rejudging(store: store, filter: filter).run(dryRun: dryRun)
        print(result.text)
    }
}

struct SheetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sheet",
        abstract: "Draw contact sheets of a store: what was kept, and what was not, with why.")

    @Argument(help: "The store's folder.")
    var store: String

    @Option(help: "The folder to write kept.png and rejected.png to.")
    var out: String

    @Option(help: "The most rows of a sheet.")
    var rows = 100

    func run() throws {
        for path in try StoreSheets(store: store).write(to: out, maximumRows: rows) { print(path) }
    }
}
