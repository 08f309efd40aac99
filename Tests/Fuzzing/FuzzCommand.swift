import ArgumentParser
import Foundation

/// `make fuzz`: damages files and feeds them to everything that reads files.
@main
struct FuzzCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "muybridge-fuzz",
        abstract:
            "Feed damaged files to everything that reads files, and count what becomes of them.",
        subcommands: [RunCommand.self, ParseCommand.self, MutantCommand.self],
        defaultSubcommand: RunCommand.self)
}

/// The long run. Half of the mutants are assets, which go through `muybridge build`; the others go
/// to the parsers of this package, in processes of their own.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run mutants; exit with 1 where any did harm.")

    @Option(help: "How many mutants.")
    var mutants = 10_000

    @Option(help: "Makes all mutants: the same seed, the same bytes.")
    var seed: UInt64 = 1

    @Option(help: "After so many minutes no further batch is begun.")
    var minutes = 120.0

    @Option(help: "The folder to work in; what did harm is kept in `failures` there.")
    var work = "fuzz"

    @Option(help: "The muybridge command.")
    var muybridge = ".build/release/muybridge"

    @Option(help: "Only `assets`, or only one parser.")
    var only: String?

    func run() throws {
        let files = FileManager.default
        try files.createDirectory(atPath: work, withIntermediateDirectories: true)
        let deadline = Date(timeIntervalSinceNow: minutes * 60)
        let seeds = try SeedFiles.prepared(in: work, muybridge: muybridge)
        var report = FuzzReport(work: work)
        if only == nil || only == "assets" {
            try AssetRun(
                seed: seed, seeds: seeds, muybridge: muybridge, work: work, deadline: deadline
            ).run(count: only == nil ? mutants / 2 : mutants, report: &report)
        }
        let parsers = ParserTarget.all(seeds).filter { only == nil || $0.name == only }
        for parser in parsers {
            guard parser.soundCount > 0 else {
                throw FuzzError("\(parser.name) refuses every sound file: nothing would be tried")
            }
            let share = only == nil ? mutants / 2 : mutants
            try ParserRun(
                parser: parser.name, seed: seed, work: work, deadline: deadline
            ).run(count: share / parsers.count, report: &report)
        }
        print(report.text)
        if report.hasHarm { throw ExitCode.failure }
    }
}

/// What the long run starts for a range of mutants of one parser: it notes each before and after,
/// so that a crash names its mutant.
struct ParseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parse", abstract: "Parse mutants in this process.")

    @Option var parser: String
    @Option var seed: UInt64
    @Option var from: Int
    @Option var to: Int
    @Option(help: "The folder with the prepared seeds.") var work: String
    @Option(help: "The file that notes are added to.") var notes: String

    func run() throws {
        var limit = rlimit(rlim_cur: 4 << 30, rlim_max: 4 << 30)
        setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
        var core = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &core)
        let seeds = try SeedFiles(in: work)
        guard let target = ParserTarget.all(seeds).first(where: { $0.name == parser }) else {
            throw ValidationError("no parser \(parser)")
        }
        let log = open(notes, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        func note(_ text: String) { _ = text.withCString { write(log, $0, strlen($0)) } }
        for index in from..<to {
            note("\(index) ")
            let mutant = target.mutant(seed: seed, index: index)
            let outcome = target.parse(mutant)
            note("\(outcome)\n")
        }
    }
}

/// Writes one mutant again.
struct MutantCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mutant", abstract: "Write one mutant to a file or folder.")

    @Option(help: "The parser's name, or `assets`.") var parser: String
    @Option var seed: UInt64
    @Option var index: Int
    @Option var work = "fuzz"
    @Option(help: "The file, or the folder for an asset.") var out: String
    @Option var muybridge = ".build/release/muybridge"

    func run() throws {
        let seeds = try SeedFiles.prepared(in: work, muybridge: muybridge)
        if parser == "assets" {
            let mutant = AssetMutant(seed: seed, index: index, seeds: seeds)
            try mutant.write(to: out)
            print(mutant.name)
            return
        }
        guard let target = ParserTarget.all(seeds).first(where: { $0.name == parser }) else {
            throw ValidationError("no parser \(parser)")
        }
        try Data(target.mutant(seed: seed, index: index)).write(to: URL(fileURLWithPath: out))
    }
}
