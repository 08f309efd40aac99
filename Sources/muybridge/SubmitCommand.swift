import ArgumentParser
import DatasetBuilding
import Foundation
import Running

struct SubmitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Build a dataset on a cluster: a job array of parts, then their merge.",
        discussion: """
            Writes two scripts to STORE.parts and submits them: an array whose tasks build a part \
            each, and a job that merges the parts when all tasks have ended. A task that nears its \
            time limit, is preempted or killed is queued again and goes on where it ended. Given \
            again, the command passes over what is finished. Other schedulers: \
            Documentation/scale.md.

            Options of `muybridge build` follow two hyphens:
              muybridge submit MANIFEST --slurm --parts 64 --corpus C --out S -- --workers 8
            """)

    @Argument(help: "The manifest (Manifests/*.yaml).")
    var manifest: String

    @Flag(help: "The scheduler: Slurm.")
    var slurm = false

    @Option(help: "How many parts the corpus is split into: as many tasks.")
    var parts: Int

    @Option(help: "The folder of assets, on a file system that the nodes share.")
    var corpus: String

    @Option(help: "The store that the parts are merged into, on the same file system.")
    var out: String

    @OptionGroup(title: "Slurm") var slurmOptions: SlurmOptions

    @Option(
        help: """
            Build each part in a folder on the node's own disk ($NAME is a variable of the node) \
            and copy it to STORE.parts: for file systems on which SQLite is not safe, such as NFS.
            """)
    var scratch: String?

    @Flag(help: "Print the scripts, and submit nothing.")
    var dryRun = false

    @Argument(parsing: .postTerminator, help: "Options of `muybridge build`.")
    var buildOptions: [String] = []

    func validate() throws {
        guard slurm else { throw ValidationError("name the scheduler: --slurm") }
        guard (1...99_999).contains(parts) else {
            throw ValidationError("--parts must be from 1 to 99999")
        }
        for option in ["--part", "--out", "--corpus"]
        where buildOptions.contains(where: { $0 == option || $0.hasPrefix(option + "=") }) {
            throw ValidationError("\(option) belongs before the two hyphens, or is set by submit")
        }
        // Refuses here what every task would refuse.
        do {
            _ = try BuildCommand.parse(
                [manifest, "--corpus", corpus, "--out", out, "--part", "0/\(parts)"]
                    + buildOptions)
        } catch {
            throw ValidationError("muybridge build: \(BuildCommand.message(for: error))")
        }
    }

    func run() throws {
        let plan = try BuildPlan(manifest: manifest, corpus: corpus, store: out)
        printError(try Catalogue(plan: plan).description)
        let scripts = try SlurmScripts(
            build: SlurmScripts.Build(
                executable: try RunningProgram.path(), manifest: absolute(manifest),
                corpus: absolute(corpus), store: absolute(out), partCount: parts,
                options: buildOptions,
                workingFolder: FileManager.default.currentDirectoryPath),
            resources: slurmOptions.resources,
            jobName: slurmOptions.jobName ?? "muybridge-\(plan.manifest.name)",
            warningSeconds: slurmOptions.warning, restartLimit: slurmOptions.restarts,
            scratch: scratch)
        guard !dryRun else {
            print("### \(scripts.buildScriptPath)\n\(scripts.buildScript)")
            print("### \(scripts.mergeScriptPath), --dependency=afterany:ARRAY")
            print(scripts.mergeScript, terminator: "")
            return
        }
        let jobs = try SlurmSubmission(scripts).submit()
        print("Job \(jobs.array) builds \(parts) parts; job \(jobs.merge) then merges them.")
        print("Logs: \(scripts.logFolder)")
    }

    private func absolute(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.path
    }
}

/// What is asked of Slurm.
struct SlurmOptions: ParsableArguments {
    @Option(help: "The partition (queue).")
    var partition: String?

    @Option(help: "The account that pays.")
    var account: String?

    @Option(help: "A task's time limit, such as 04:00:00.")
    var time: String?

    @Option(help: "A task's memory, such as 32G.")
    var mem: String?

    @Option(help: "A task's cores; a build uses what it is given.")
    var cpusPerTask: Int?

    @Option(help: "The most tasks that run at once.")
    var arrayThrottle: Int?

    @Option(help: "The jobs' name. Default: muybridge- and the manifest's name.")
    var jobName: String?

    @Option(
        help: """
            How many seconds before its time limit a task stops and queues again: enough to \
            commit, and to copy the part with --scratch.
            """)
    var warning = 120

    @Option(help: "How often a task may queue again.")
    var restarts = 50

    @Option(
        name: .customLong("sbatch"), parsing: .unconditionalSingleValue,
        help: "One more option of sbatch, such as --sbatch --qos=low; may be repeated.")
    var sbatch: [String] = []

    func validate() throws {
        for (name, value) in [("cpus-per-task", cpusPerTask), ("array-throttle", arrayThrottle)] {
            if let value, value < 1 { throw ValidationError("--\(name) must be at least 1") }
        }
        // Slurm keeps the seconds of a warning in 16 bits.
        guard (1...65_535).contains(warning) else {
            throw ValidationError("--warning must be from 1 to 65535 seconds")
        }
        guard restarts >= 0 else { throw ValidationError("--restarts must not be negative") }
    }

    var resources: SlurmResources {
        var resources = SlurmResources()
        resources.partition = partition
        resources.account = account
        resources.time = time
        resources.memory = mem
        resources.cpusPerTask = cpusPerTask
        resources.throttle = arrayThrottle
        resources.options = sbatch
        return resources
    }
}
