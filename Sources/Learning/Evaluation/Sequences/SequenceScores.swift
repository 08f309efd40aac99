/// The scores of one frame.
public struct FrameScores: Sendable, Equatable, Codable {
    /// Chamfer distance, F-score, precision, recall.
    public var points: PointScores
    /// The intersection over union of the cells inside; nil where an inside is not known.
    public var occupancy: Double?

    /// The mean of scores; of occupancies over those that have one.
    public static func mean(_ scores: [FrameScores]) -> FrameScores {
        func mean(_ value: (FrameScores) -> Double) -> Double {
            scores.reduce(0) { $0 + value($1) } / Double(scores.count)
        }
        let occupancies = scores.compactMap(\.occupancy)
        return FrameScores(
            points: PointScores(
                chamfer: mean { $0.points.chamfer }, fScore: mean { $0.points.fScore },
                precision: mean { $0.points.precision }, recall: mean { $0.points.recall }),
            occupancy: occupancies.isEmpty
                ? nil : occupancies.reduce(0, +) / Double(occupancies.count))
    }
}

/// The scores of a sequence.
public struct SequenceScores: Sendable, Equatable {
    /// `[T]`.
    public var frames: [FrameScores]
    /// Where the prediction was brought; nil where it was judged where it lay.
    public var registration: RegisteredSequence?
    /// `[T - 1]`: the Chamfer distance from each frame of the prediction to the next, without the
    /// frames' own translations: motion and jitter together.
    public var predictedChange: [Double]
    /// The same of the truth: motion alone.
    public var trueChange: [Double]
    /// The Chamfer distance of two draws from the truth's frame 0: what a perfect prediction
    /// scores, since clouds are samples.
    public var floor: Double

    /// The mean over frames.
    public var mean: FrameScores { .mean(frames) }
}
