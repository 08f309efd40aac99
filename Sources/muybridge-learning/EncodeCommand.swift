import ArgumentParser
import DatasetBuilding
import Foundation
import Running
import Systems
import Tensors

struct EncodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode",
        abstract: "Add latents of a trained autoencoder to a store's samples.",
        discussion: """
            Writes a field of [T, L, C] into new shards of the store (train-latents-000000.tar, ...) \
            for every kept sample that lacks it; nothing that the store holds is rewritten. Ctrl-C \
            ends after the sample in hand, and the same command goes on.
            """)

    @Argument(help: "The store's folder.")
    var store: String

    @Option(
        name: .customLong("with"),
        help: "The autoencoder: a weights.safetensors, or the folder of its training.")
    var weights: String

    @Option(
        help: """
            Where latents look: aligned (stored queries, which follow the surface) or independent \
            (farthest points of each frame: the paper's ablation).
            """)
    var queries = QuerySource.aligned

    @Option(help: "The field's name.")
    var field = "latents.npy"

    @OptionGroup var computing: LearningOptions

    func validate() throws {
        guard queries != .both else {
            throw ValidationError("--queries is both; it must be aligned or independent")
        }
        guard field.hasSuffix(".npy") else {
            throw ValidationError("--field is \(field); it must end in .npy")
        }
        guard !series.isEmpty else {
            throw ValidationError("--field is \(field); its name must hold letters or digits")
        }
    }

    /// What the shards are called: the field's name without what such names may not have. Each field
    /// has a series of its own, since a sample takes one addition of a series.
    private var series: String {
        field.dropLast(4).lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }

    func run() throws {
        Interruption.listen(saying: "Stopping after this sample; again to stop at once.")
        let codec = try ShapeCodec(TrainedWeights(weights), on: computing.prepared())
        let samples = try StoredDataset(
            store: store, part: nil, fields: ShapeReading.fields, lacking: field)
        guard samples.count > 0 else {
            print("Every kept sample has \(field).")
            return
        }
        let additions = try StoreAdditions(
            to: store, series: series, tool: Version.current,
            command: ShellWord.line(CommandLine.arguments))
        var line = ProgressLine()
        var changes: [Double] = []
        for index in 0..<samples.count where !Interruption.isRequested {
            let sample = samples.sample(index)
            let encoding: ShapeCodec.Encoding
            do { encoding = try codec.encode(sample, queries) } catch {
                throw SampleFailure(key: sample.key, underlying: error)
            }
            let change = try LatentChange(latents: encoding.latents, places: encoding.queries)
            try additions.append(
                field, encoding.latents, to: sample.key, notes: ["latents.change": change.mean])
            changes.append(change.mean)
            line.show { elapsed, width in
                ProgressLine.count(
                    changes.count, of: samples.count, "samples", elapsed.seconds, barWidth: width)
            }
        }
        try additions.finish()
        let mean = changes.reduce(0, +) / Double(max(1, changes.count))
        print(
            "\(changes.count) samples, \(queries.rawValue) queries: latents change by "
                + String(format: "%.4f", mean) + " of their length from frame to frame")
        guard changes.count == samples.count else {
            print(
                "Stopped: \(samples.count - changes.count) samples remain; the same command goes on."
            )
            throw ExitCode(Interruption.exitStatus)
        }
    }
}

extension QuerySource: ExpressibleByArgument {}
