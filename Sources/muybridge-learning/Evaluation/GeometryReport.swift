import Evaluation
import Foundation
import Geometry

/// What `muybridge evaluate geometry` found.
struct GeometryReport: Encodable {
    var settings: Settings
    var sequences: [Sequence]
    /// The mean over sequences of their means over frames.
    var mean: FrameScores { .mean(sequences.map(\.mean)) }

    struct Settings: Encodable {
        var points: PointMetrics
        var pointCount: Int
        var cells: CellBox?
        var registration: SequenceRegistration?
        var seed: UInt64
    }

    struct Sequence: Encodable {
        var name: String
        var mean: FrameScores
        var frames: [FrameScores]
        var predictedChange: [Double]
        var trueChange: [Double]
        var floor: Double
        /// The longest side of the truth's box over all frames.
        var truthSide: Double
        var registration: Placement?

        init(_ name: String, _ scores: SequenceScores, truthSide: Double) {
            self.name = name
            mean = scores.mean
            frames = scores.frames
            predictedChange = scores.predictedChange
            trueChange = scores.trueChange
            floor = scores.floor
            self.truthSide = truthSide
            registration = scores.registration.map { Placement($0) }
        }
    }

    struct Placement: Encodable {
        /// `[16]`, row-major: from the prediction's space to the truth's.
        var truthFromPrediction: [Double]
        var azimuthDegrees: Double
        var scale: Double
        /// `[T, 3]`, added after that.
        var translations: [[Double]]
        var truncatedChamfer: Double

        init(_ found: RegisteredSequence) {
            truthFromPrediction = found.truthFromPrediction.matrix.rowMajor
            azimuthDegrees = found.truthFromPrediction.azimuth
            scale = found.truthFromPrediction.scale
            translations = found.translations.map { [$0.x, $0.y, $0.z] }
            truncatedChamfer = found.cost
        }
    }

    private enum CodingKeys: CodingKey { case settings, sequences, mean }

    init(_ evaluation: SequenceEvaluation, sequences: [Sequence]) {
        settings = Settings(
            points: evaluation.points, pointCount: evaluation.pointCount,
            cells: evaluation.cells, registration: evaluation.registration, seed: evaluation.seed)
        self.sequences = sequences
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(settings, forKey: .settings)
        try container.encode(mean, forKey: .mean)
        try container.encode(sequences, forKey: .sequences)
    }

    /// The longest side of a sequence's box.
    static func side(_ frames: [EvaluatedFrame]) -> Double {
        var box = Bounds()
        for frame in frames where !frame.bounds.isEmpty { box.formUnion(frame.bounds) }
        return Double(box.longestSide)
    }

    /// A line on what is measured, and a table of sequences.
    var text: String {
        var table = ResultTable([
            "sequence", "frames", "Chamfer", "F-score", "precision", "recall", "IoU", "change",
            "true change", "floor", "azimuth", "scale",
        ])
        func change(_ values: [Double]) -> Double? {
            values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        }
        for s in sequences {
            table.add(
                s.name,
                [Double(s.frames.count)] + Self.values(s.mean) + [
                    change(s.predictedChange), change(s.trueChange), s.floor,
                    s.registration?.azimuthDegrees, s.registration?.scale,
                ])
        }
        if sequences.count > 1 {
            table.add("mean", [nil] + Self.values(mean) + [nil, nil, nil, nil, nil])
        }
        return heading + "\n" + table.aligned + warning
    }

    private var heading: String {
        let p = settings.points
        let joined = p.joining == .sum ? "sum" : "mean"
        let power = p.isSquared ? "squared distances" : "distances"
        return "Chamfer: \(joined) of both mean \(power), coordinates x "
            + "\(ResultTable.text(p.scale)); F-score below \(ResultTable.text(p.threshold)); "
            + "\(settings.pointCount) points."
    }

    /// What reads oddly where the truth is no shape of about a unit.
    private var warning: String {
        let odd = sequences.filter { !(0.4...1.6).contains($0.truthSide) }
        guard !odd.isEmpty else { return "" }
        let sides = odd.map { "\($0.name) \(ResultTable.text($0.truthSide))" }
        return "\nNote: scale, threshold and cells are meant for shapes about a unit long; the "
            + "truth is \(sides.joined(separator: ", ")) long. --normalise unit-cube moves it."
    }

    private static func values(_ s: FrameScores) -> [Double?] {
        [s.points.chamfer, s.points.fScore, s.points.precision, s.points.recall, s.occupancy]
    }

    /// A row a frame.
    var frameTable: ResultTable {
        var table = ResultTable([
            "sequence", "frame", "chamfer", "f_score", "precision", "recall", "iou",
            "change_to_next", "true_change_to_next",
        ])
        for s in sequences {
            for (t, frame) in s.frames.enumerated() {
                let hasNext = t < s.predictedChange.count
                table.add(
                    s.name,
                    Self.values(frame) + [
                        hasNext ? s.predictedChange[t] : nil, hasNext ? s.trueChange[t] : nil,
                    ], frame: t)
            }
        }
        return table
    }
}
