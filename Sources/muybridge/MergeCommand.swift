import ArgumentParser
import DatasetBuilding
import Running
import ShardStore

struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Join the parts of a corpus into one store.",
        discussion: """
            Parts are the stores that `muybridge build --part I/N` makes. Their indexes are joined \
            and their shards linked, moved or copied under new numbers; no shard is rewritten. \
            Of assets that are the same file in several parts, one keeps its samples. A merge that \
            was stopped goes on when it is run again with the same parts.
            """)

    @Argument(help: "The folders of the parts, in any order.")
    var parts: [String]

    @Option(help: "The folder of the merged store: new, or that of a merge that was stopped.")
    var into: String

    @Flag(help: "How shards get into the merged store. Links need one file system.")
    var placement: StoreMerger.Placement = .link

    @Flag(help: "Merge although parts are missing or not finished.")
    var allowUnfinished = false

    @Flag(help: "Let assets of the same bytes all keep their samples.")
    var keepDuplicates = false

    func run() throws {
        let report = try StoreMerger.merge(
            parts, into: into,
            run: RunRecord(
                toolVersion: Version.current,
                commandLine: CommandLine.arguments.joined(separator: " ")),
            options: StoreMerger.Options(
                placement: placement, allowsUnfinished: allowUnfinished,
                keepsDuplicates: keepDuplicates))
        if report.wasDone { print("merged before; nothing to do") }
        print(
            """
            \(report.sampleCount) samples of \(report.assetCount) assets in \
            \(report.shardCount) shards, \(report.byteCount) bytes, from \
            \(report.partCount - report.missing.count) of \(report.partCount) parts
            """)
        if report.aliasCount > 0 {
            print("\(report.aliasCount) assets are the same file as another")
        }
        if !report.missing.isEmpty { print("missing: \(list(report.missing))") }
        if !report.unfinished.isEmpty { print("not finished: \(list(report.unfinished))") }
    }

    private func list(_ parts: [Partition]) -> String {
        parts.map(\.description).joined(separator: ", ")
    }
}

extension StoreMerger.Placement: EnumerableFlag {
    /// What the command's help says of each placement.
    public static func help(for value: StoreMerger.Placement) -> ArgumentHelp? {
        switch value {
        case .link: "Give the parts' shards a second name (the default): nothing is copied."
        case .move: "Take the shards out of the parts."
        case .copy: "Copy the shards."
        }
    }
}
