import ArgumentParser
import Assets
import Evaluation
import Foundation
import Geometry
import Running

struct GeometryEvaluationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "geometry",
        abstract: "Measure predicted sequences of meshes by Chamfer distance, F-score and IoU.",
        discussion: """
            A sequence is a folder of meshes in the order of their names (PLY, OBJ, STL, OFF; \
            or such a folder `meshes` in it), an animated file (GLB, glTF, FBX, DAE, anime), or \
            an array of points (NPY, [T, n, 3]). A folder of sequences is measured sequence by \
            sequence; names (or the keys of a store) say what belongs together.

            The prediction is first brought into the truth's place: a similarity from frame 0, \
            then a translation of each frame.
            """)

    @Option(help: "The predicted sequence, or a folder of some.")
    var predicted: String

    @Option(help: "The true sequence, a folder of some, or a store.")
    var truth: String?

    @Option(help: "A store, instead of --truth.")
    var store: String?

    @Option(help: "The sample of the store, where one sequence was predicted. Default: its name.")
    var key: String?

    @Option(help: "Frames to bake animated files into. Default: as many as the truth has.")
    var frames: Int?

    @Option(help: "x, y or z: the axis that points up in files that do not say.")
    var upAxis: UpAxis?

    @Option(
        help: "unit-cube moves the truth's whole sequence into the unit cube first; or none.")
    var normalise: EvaluatedSpace = .none

    @Option(help: "Coordinates are multiplied by this for Chamfer distance and F-score.")
    var scale = 2.0

    @Option(help: "A point counts for the F-score below this distance, in scaled coordinates.")
    var threshold = 0.02

    @Option(help: "plain or squared distances in the Chamfer distance.")
    var distance: DistancePower = .plain

    @Option(help: "sum or mean of both directions.")
    var joining: PointMetrics.Joining = .sum

    @Option(help: "Points of each frame.")
    var points = 100_000

    @Option(help: "Cells along each side of the grid whose insides are compared; 0 for none.")
    var resolution = 128

    @Option(help: "Half a side of that grid, about the origin.")
    var halfSide: Float = 0.5

    @Option(help: "Half a side of the box of a store's grid.npy.")
    var gridHalfSide: Float = 0.525

    @Option(
        help: "similarity or rigid registration, or none to measure predictions where they lie.")
    var register: RegistrationKind = .similarity

    @Flag(help: "Do not move each frame by a translation of its own.")
    var globalOnly = false

    @OptionGroup var output: EvaluationOutput

    func validate() throws {
        guard (truth == nil) != (store == nil) else {
            throw ValidationError("give one of --truth and --store")
        }
        guard frames.map({ (1...10_000).contains($0) }) ?? true else {
            throw ValidationError("--frames must be from 1 to 10000")
        }
        guard scale > 0, threshold > 0, halfSide > 0, gridHalfSide > 0 else {
            throw ValidationError(
                "--scale, --threshold, --half-side and --grid-half-side must be positive")
        }
        guard (1...10_000_000).contains(points) else {
            throw ValidationError("--points must be from 1 to 10000000")
        }
        guard (0...1024).contains(resolution) else {
            throw ValidationError("--resolution must be from 0 to 1024")
        }
    }

    func run() throws {
        let files = output.out.map { ResultFiles($0) }
        try files?.prepare()
        let pairs = try GeometryPairs(
            predicted: predicted, truth: truth ?? store!, key: key,
            files: ShapeFiles(frames: frames, upAxis: upAxis), gridHalfSide: gridHalfSide)
        let evaluation = evaluation
        let progress = EvaluationProgress()
        var report = GeometryReport(evaluation, sequences: [])
        for (name, load) in pairs.sequences {
            var (prediction, truth) = try load()
            if normalise == .unitCube { move(&prediction, &truth) }
            do {
                let scores = try evaluation.scores(
                    of: prediction, against: truth, progress: progress.callback(name))
                report.sequences.append(
                    GeometryReport.Sequence(
                        name, scores, truthSide: GeometryReport.side(truth)))
            } catch let error as EvaluationError {
                throw EvaluationError(name, error.description)
            }
        }
        progress.finish("\(report.sequences.count) sequences")
        print(report.text)
        if let files {
            try files.write(report, report.frameTable)
            print("\n\(files.json.path)\n\(files.csv.path)")
        }
    }

    private var evaluation: SequenceEvaluation {
        var registration: SequenceRegistration?
        if register != .none {
            var settings = SequenceRegistration()
            settings.refinement = register == .rigid ? .rigid : .similarity
            settings.movesFrames = !globalOnly
            settings.seed = output.seed
            registration = settings
        }
        return SequenceEvaluation(
            points: PointMetrics(
                scale: scale, isSquared: distance == .squared, joining: joining,
                threshold: threshold),
            pointCount: points,
            cells: resolution == 0
                ? nil : CellBox(resolution: resolution, halfSide: halfSide),
            registration: registration, seed: output.seed)
    }

    /// Brings the truth's box over all frames to the unit cube, and the prediction along.
    private func move(_ prediction: inout [EvaluatedFrame], _ truth: inout [EvaluatedFrame]) {
        var box = Bounds()
        for frame in truth where !frame.bounds.isEmpty { box.formUnion(frame.bounds) }
        guard box.longestSide > 0 else { return }
        let scale = 1 / Double(box.longestSide)
        let map = Similarity(scale: scale, translation: -SIMD3<Double>(box.center) * scale)
        prediction = prediction.map { $0.moved(by: map) }
        truth = truth.map { $0.moved(by: map) }
    }
}

extension UpAxis: ExpressibleByArgument {}
extension PointMetrics.Joining: ExpressibleByArgument {}

/// Where sequences are moved before they are compared.
enum EvaluatedSpace: String, ExpressibleByArgument, CaseIterable {
    case none
    case unitCube = "unit-cube"
}

/// Which distances a mean is taken of.
enum DistancePower: String, ExpressibleByArgument, CaseIterable {
    case plain, squared
}

/// How predictions are brought into the truth's place.
enum RegistrationKind: String, ExpressibleByArgument, CaseIterable {
    case similarity, rigid, none
}
