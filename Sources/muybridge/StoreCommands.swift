import ArgumentParser
import DatasetBuilding
import Foundation
import Running
import ShardStore

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List a store's samples, one a line.")

    @Argument(help: "The store's folder.")
    var store: String

    @Option(help: "Samples of one split: train, val or test.")
    var split: Split?

    @Option(help: "Samples of one asset, by its identity.")
    var asset: String?

    @Flag(help: "Samples that the store's filter does not keep, too.")
    var all = false

    func run() throws {
        let reader = try StoreReader(at: store)
        let query = SampleQuery(split: split, asset: asset, isKept: all ? nil : true)
        try reader.forEachSample(query) { sample in
            let bytes = sample.fields.reduce(0) { $0 + $1.length }
            let columns = [
                sample.key, sample.split.rawValue, sample.isKept ? "kept" : "rejected",
                "\(sample.fields.count) fields", "\(bytes) bytes", sample.asset, sample.clip ?? "",
            ]
            print(columns.joined(separator: "\t"))
        }
    }
}

extension Split: ExpressibleByArgument {}

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what a store holds of one sample or one asset.",
        discussion: """
            A sample's fields with shard, offset, type and shape, and where it comes from: \
            source file, licence, version, manifest, seed and times. An asset's clips with their \
            fates, measures, decisions and failures.
            """)

    @Argument(help: "The store's folder.")
    var store: String

    @Argument(help: "A sample's key or an asset's identity.")
    var name: String

    func run() throws {
        let reader = try StoreReader(at: store)
        if let asset = try reader.asset(name) {
            print(StoreText.describe(asset))
        } else {
            let sample = try reader.sample(name)
            print(StoreText.describe(sample))
            print(StoreText.describe(try reader.provenance(of: name)))
            if let asset = try reader.asset(sample.asset) { print(StoreText.describe(asset)) }
        }
    }
}

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every byte of a store against its index.",
        discussion: """
            Names every sample that a flipped bit, a truncated or missing shard, or an index that \
            disagrees has hurt. Changes nothing, unless --repair. Exits with 1 where anything is \
            wrong.
            """)

    @Argument(help: "The store's folder.")
    var store: String

    @Flag(
        help: """
            Where anything is wrong, first mend the index: samples whose bytes are gone are \
            dropped, for `muybridge build` to make again; all else that can be read is kept. The \
            old index is put aside as index.sqlite.replaced. No shard is changed.
            """)
    var repair = false

    func run() throws {
        if repair {
            if let report = try StoreRebuilder.repair(at: store) {
                for problem in report.problems { printError("\(problem)") }
                print(
                    """
                    index mended: \(report.sampleCount) samples in \(report.shardCount) shards, \
                    \(report.incompleteCount) assets to complete by the next build
                    """)
            } else {
                print("nothing to repair")
            }
        }
        let report = try StoreVerifier.verify(at: store)
        for problem in report.problems { printError("\(problem)") }
        print(StoreText.describe(report))
        if !report.problems.isEmpty { throw ExitCode.failure }
    }
}

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write samples back to folders of PNG, JSON and NumPy files.",
        discussion: """
            With --licences, lists whom to name instead: each asset that has kept samples, with \
            its licence, author and address. A file whose name ends in .csv becomes a table, \
            another a text; without --out the text is printed.
            """)

    @Argument(help: "The store's folder.")
    var store: String

    @Option(help: "The folder to write to: a folder a sample. With --licences, the file.")
    var out: String?

    @Flag(help: "List the assets' licences and authors instead of writing samples.")
    var licences = false

    @Flag(help: "With --licences: assets without a kept sample, too.")
    var all = false

    @Option(parsing: .upToNextOption, help: "Keys of the samples; all kept ones without this.")
    var keys: [String] = []

    @Option(help: "Samples of one split: train, val or test.")
    var split: Split?

    func validate() throws {
        if !licences, out == nil {
            throw ValidationError("--out is missing: the folder to write samples to")
        }
        if licences, !keys.isEmpty || split != nil {
            throw ValidationError("--licences takes neither --keys nor --split")
        }
        if all, !licences { throw ValidationError("--all goes with --licences") }
    }

    func run() throws {
        let reader = try StoreReader(at: store)
        guard !licences, let out else { return try listLicences(of: reader) }
        var count = 0
        if keys.isEmpty {
            count = try StoreExporter.export(
                SampleQuery(split: split, isKept: true), of: reader, to: out)
        }
        for key in keys {
            try StoreExporter.export(reader.sample(key), of: reader, to: out)
            count += 1
        }
        print("\(count) samples in \(out)")
    }
    private func listLicences(of reader: StoreReader) throws {
        let attributions = try StoreAttributions(of: reader, all: all)
        guard let out else {
            print(attributions.text, terminator: "")
            return
        }
        let text = out.hasSuffix(".csv") ? attributions.csv : attributions.text
        try Data(text.utf8).write(to: URL(fileURLWithPath: out))
        print("\(attributions.entries.count) assets in \(out)")
    }
}
