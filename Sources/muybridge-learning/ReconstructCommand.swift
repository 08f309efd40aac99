import ArgumentParser
import DatasetBuilding
import Evaluation
import Foundation
import Geometry
import Imaging
import Running
import Systems
import Tensors

struct ReconstructCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconstruct",
        abstract: "Encode and decode stored shapes, and measure what comes back.",
        discussion: """
            For each sample KEY.png shows the truth above its reconstruction; reconstruct.json and \
            .csv hold Chamfer distance, F-score and IoU of every frame, as `muybridge evaluate \
            geometry --register none` measures them; latents.png shows how much latents change from \
            frame to frame with aligned queries and with queries of each frame's own (ShapeGen4D, \
            Fig. 3c). The store must hold watertight meshes (`surfaces: {mesh: true}`).
            """)

    @Argument(help: "The store's folder.")
    var store: String

    @Argument(help: "Keys of samples. Default: those of --part.")
    var keys: [String] = []

    @Option(
        name: .customLong("with"),
        help: "The autoencoder: a weights.safetensors, or the folder of its training.")
    var weights: String

    @Option(help: "The folder to write to.")
    var out: String

    @Option(help: "train, validation or test.")
    var part = StoredDataset.Part.test

    @Option(help: "At most so many samples.")
    var samples = 8

    @Option(help: "At most so many frames of each, evenly picked.")
    var frames = 4

    @Option(help: "Cells along a side of the grid that surfaces are taken from.")
    var resolution = 64

    @Option(help: "Points of each frame that distances are measured between.")
    var points = 20_000

    @Flag(help: "Reconstruct with the weights that the training began with, too.")
    var besideUntrained = false

    @Flag(help: "Write meshes and pictures of each reconstruction into a folder KEY.")
    var meshes = false

    @OptionGroup var computing: LearningOptions

    func validate() throws {
        guard samples > 0, frames > 0, points > 0 else {
            throw ValidationError("--samples, --frames and --points must be at least 1")
        }
        guard (8...1024).contains(resolution) else {
            throw ValidationError("--resolution must be from 8 to 1024")
        }
    }

    func run() throws {
        Interruption.listen(saying: "Stopping after this sample; again to stop at once.")
        let device = try computing.prepared()
        let trained = try TrainedWeights(weights)
        var codecs = [("reconstruction", try ShapeCodec(trained, on: device))]
        if besideUntrained {
            codecs.append(("untrained", try ShapeCodec(trained, on: device, isUntrained: true)))
        }
        let dataset = try StoredDataset(
            store: store, part: keys.isEmpty ? part : nil, fields: ShapeReading.fields)
        let places = try dataset.indices(of: keys).prefix(keys.isEmpty ? samples : keys.count)
        let reconstruction = Reconstruction(
            codecs: codecs, truths: try StoredTruth(store), frames: frames, resolution: resolution,
            evaluation: SequenceEvaluation(
                pointCount: points, cells: CellBox(resolution: 64, halfSide: 0.525),
                registration: nil))
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
        var results: [Reconstruction.Result] = []
        var line = ProgressLine()
        for (done, place) in places.enumerated() where !Interruption.isRequested {
            let sample = dataset.sample(place)
            let result = try reconstruction.result(of: sample)
            try Data(result.picture().pngEncoded())
                .write(to: URL(fileURLWithPath: "\(out)/\(sample.key).png"))
            if meshes {
                try SequenceOutput(name: sample.key, framesPerSecond: 12, pictureSize: 256)
                    .write(result.made[0].meshes, to: "\(out)/\(sample.key)")
            }
            results.append(result)
            line.show(isLast: done + 1 == places.count) { elapsed, width in
                ProgressLine.count(
                    done + 1, of: places.count, "samples", elapsed.seconds, barWidth: width)
            }
        }
        try write(results)
        guard results.count == places.count else {
            print("Stopped: \(places.count - results.count) samples remain.")
            throw ExitCode(Interruption.exitStatus)
        }
    }

    /// Numbers as a table and as JSON, and the chart of latents.
    private func write(_ results: [Reconstruction.Result]) throws {
        var table = ResultTable(["sample", "frame"] + Self.columns)
        var summary = ResultTable(["weights"] + Self.columns)
        for result in results {
            for made in result.made {
                for (t, scores) in zip(result.picked, made.scores) {
                    table.add("\(result.key) \(made.name)", Self.numbers(scores), frame: t)
                }
            }
        }
        for name in results.first?.made.map(\.name) ?? [] {
            let all = results.flatMap(\.made).filter { $0.name == name }.map {
                FrameScores.mean($0.scores)
            }
            summary.add(name, Self.numbers(.mean(all)))
        }
        print(summary.aligned)
        let files = ResultFiles("\(out)/reconstruct")
        try files.write(results.map(Reconstruction.Record.init), table)
        if let chart = Reconstruction.chart(of: results) {
            try Data(chart.drawn().pngEncoded())
                .write(to: URL(fileURLWithPath: "\(out)/latents.png"))
        }
        for source in [QuerySource.aligned, .independent] {
            let means = results.compactMap { $0.changes[source]?.mean }
            let mean = means.reduce(0, +) / Double(max(1, means.count))
            print(
                "\(source.rawValue) queries: latents change by " + String(format: "%.4f", mean)
                    + " of their length from frame to frame")
        }
        print(
            "\(files.json.path)\n\(files.csv.path)\nPictures: \(out)/KEY.png and \(out)/latents.png"
        )
    }

    private static let columns = ["chamfer", "f-score", "precision", "recall", "iou"]

    private static func numbers(_ scores: FrameScores) -> [Double?] {
        [
            scores.points.chamfer, scores.points.fScore, scores.points.precision,
            scores.points.recall, scores.occupancy,
        ]
    }
}

extension StoredDataset.Part: ExpressibleByArgument {}
