import ArgumentParser
import Assets
import Evaluation
import Foundation
import Running

struct SetEvaluationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sets",
        abstract: "Measure a set of generated sequences by MMD, COV and 1-NNA.",
        discussion: """
            Both folders hold sequences as `geometry` takes them: folders of meshes, animated \
            files, arrays of points. Results are given by both protocols in use: scores of each \
            frame, averaged over frames, with their variances (Beyond Skeletons); and scores of \
            distances that were averaged over frames first (HyperDiffusion).
            """)

    @Option(help: "The folder of generated sequences.")
    var generated: String

    @Option(help: "The folder of reference sequences.")
    var reference: String

    @Option(
        help: """
            Frames of each sequence, at equal steps from its first one, its end left out. \
            Animated files are sampled at that many times, or stepped through where they hold \
            frames.
            """)
    var frames = 16

    @Option(help: "Points of each frame.")
    var points = 2048

    @Option(
        help: """
            hyperdiffusion moves each frame's mean to the origin and scales the sequence so that \
            its largest coordinate is 0.95; or none.
            """)
    var normalise: CloudSequence.Normalisation = .hyperDiffusion

    @Option(help: "plain or squared distances in the Chamfer distance.")
    var distance: DistancePower = .squared

    @Option(help: "x, y or z: the axis that points up in files that do not say.")
    var upAxis: UpAxis?

    @OptionGroup var output: EvaluationOutput

    func validate() throws {
        guard (1...1000).contains(frames) else {
            throw ValidationError("--frames must be from 1 to 1000")
        }
        guard (1...1_000_000).contains(points) else {
            throw ValidationError("--points must be from 1 to 1000000")
        }
    }

    func run() throws {
        let files = output.out.map { ResultFiles($0) }
        try files?.prepare()
        let progress = EvaluationProgress()
        let made = try sequences(generated, "generated", progress)
        let known = try sequences(reference, "reference", progress)
        let evaluation = SetEvaluation(
            points: PointMetrics(scale: 1, isSquared: distance == .squared, joining: .sum))
        let report = try evaluation.report(
            generated: made, reference: known, progress: progress.callback("distances"))
        progress.finish("\(made.count) generated and \(known.count) reference sequences")
        let result = SetResult(
            report, generated: made.count, reference: known.count, frames: frames,
            points: points, normalisation: normalise, distance: distance.rawValue,
            seed: output.seed)
        print(result.text)
        if let files {
            try files.write(result, result.frameTable)
            print("\n\(files.json.path)\n\(files.csv.path)")
        }
    }

    private func sequences(
        _ path: String, _ name: String, _ progress: EvaluationProgress
    ) throws -> [CloudSequence] {
        let found = try ShapeFiles.sequences(at: path)
        let call = progress.callback(name)
        return try found.enumerated().map { i, sequence in
            let all = try ShapeFiles(frames: nil, upAxis: upAxis)
                .load(sequence.path, wanted: frames, isPeriodic: true)
            let chosen = CloudSequence.frameIndices(frames, of: all.count).map { all[$0] }
            let clouds = CloudSequence(
                chosen, pointCount: points, normalisation: normalise, seed: output.seed,
                name: "\(name).\(sequence.name)")
            try call(i + 1, found.count)
            return clouds
        }
    }
}

extension CloudSequence.Normalisation: ExpressibleByArgument {}

/// What `muybridge evaluate sets` found.
struct SetResult: Encodable {
    var generated: Int
    var reference: Int
    var frames: Int
    var points: Int
    var normalisation: CloudSequence.Normalisation
    var distance: String
    var seed: UInt64
    var meanOverFrames: SetScores
    var distanceVariance: Double
    var coverageVariance: Double
    var sequences: SetScores
    var perFrame: [SetScores]

    init(
        _ report: SetReport, generated: Int, reference: Int, frames: Int, points: Int,
        normalisation: CloudSequence.Normalisation, distance: String, seed: UInt64
    ) {
        self.generated = generated
        self.reference = reference
        self.frames = frames
        self.points = points
        self.normalisation = normalisation
        self.distance = distance
        self.seed = seed
        meanOverFrames = report.meanOverFrames
        distanceVariance = report.distanceVariance
        coverageVariance = report.coverageVariance
        sequences = report.sequences
        perFrame = report.frames
    }

    /// Both protocols, a row each.
    var text: String {
        var table = ResultTable(["protocol", "MMD", "CD-VAR", "COV", "COV-VAR", "1-NNA"])
        func row(_ name: String, _ s: SetScores, _ variances: (Double?, Double?)) {
            table.add(
                name,
                [
                    s.minimumMatchingDistance, variances.0, s.coverage, variances.1,
                    s.nearestNeighborAccuracy,
                ])
        }
        row("per frame, then averaged", meanOverFrames, (distanceVariance, coverageVariance))
        row("distances averaged first", sequences, (nil, nil))
        return "\(generated) generated and \(reference) reference sequences of \(frames) frames, "
            + "\(points) points; Chamfer: sum of both mean "
            + "\(distance == "squared" ? "squared distances" : "distances"). "
            + "COV and 1-NNA are shares.\n" + table.aligned
    }

    /// A row a frame.
    var frameTable: ResultTable {
        var table = ResultTable(["protocol", "frame", "mmd", "cov", "nna"])
        for (t, s) in perFrame.enumerated() {
            table.add(
                "frame",
                [s.minimumMatchingDistance, s.coverage, s.nearestNeighborAccuracy], frame: t)
        }
        return table
    }
}
