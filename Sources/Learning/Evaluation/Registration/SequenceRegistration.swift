import Geometry

/// How a predicted sequence is brought into the truth's place before it is judged, as ShapeGen4D
/// does (section 5.2): one similarity from frame 0 for all frames, found by a grid search over
/// azimuth, scale and translation for the least truncated Chamfer distance and refined by iterated
/// closest points; then a translation of each frame's own. Turns and changes of size from frame to
/// frame stay as they were predicted.
///
/// The paper leaves the grid and the truncation open; the defaults here are ours. Lengths are
/// shares of the longest side of the truth's box in frame 0.
public struct SequenceRegistration: Sendable, Equatable, Codable {
    /// What closest points refine besides rotation and translation.
    public enum Refinement: String, Sendable, Codable, CaseIterable {
        /// The scale too.
        case similarity
        /// Nothing: the scale stays the one of the grid.
        case rigid
    }

    /// Azimuths of the grid, spread over the full turn.
    public var azimuthCount = 24
    /// The least and greatest scale of the grid; 1 makes the spreads of both clouds equal.
    public var leastScale = 0.7
    /// See `leastScale`.
    public var greatestScale = 1.4
    /// Scales of the grid, at equal ratios.
    public var scaleCount = 7
    /// Steps of the grid to either side of coinciding centroids, along each axis.
    public var offsetReach = 1
    /// The length of such a step.
    public var offsetStep = 0.08
    /// Where distances are cut.
    public var truncation = 0.1
    /// What closest points refine.
    public var refinement = Refinement.similarity
    /// Points of each cloud that closest points are sought for.
    public var pointCount = 10_000
    /// The most rounds of closest points.
    public var iterations = 200
    /// Whether each frame is moved by a translation of its own as well.
    public var movesFrames = true
    /// What draws of points follow from.
    public var seed: UInt64 = 0

    /// A registration by the defaults.
    public init() {}
}

/// Where a sequence was brought.
public struct RegisteredSequence: Sendable, Equatable {
    /// Into the truth's space, for all frames.
    public var truthFromPrediction: Similarity
    /// `[T]`, added after that, in the truth's units; zeros where frames were not moved.
    public var translations: [SIMD3<Double>]
    /// The truncated Chamfer distance of frame 0 over both directions, in the truth's units, before
    /// frame 0 got a translation of its own.
    public var cost: Double

    /// The placement of a frame.
    public func placement(ofFrame t: Int) -> Similarity {
        truthFromPrediction.translated(by: translations[t])
    }
}

extension SequenceRegistration {
    /// Finds where a prediction lies best.
    ///
    /// - Parameters:
    ///   - prediction: the frames.
    ///   - truth: as many.
    ///   - progress: called after each frame with the number of frames that are done; what it
    ///     throws ends the work.
    /// - Throws: `EvaluationError` where frame 0 of either has no surface.
    public func register(
        _ prediction: [EvaluatedFrame], to truth: [EvaluatedFrame],
        progress: (_ done: Int) throws -> Void = { _ in }
    ) throws -> RegisteredSequence {
        precondition(
            prediction.count == truth.count && !truth.isEmpty, "frames correspond one to one")
        let first = matcher(prediction[0], truth[0], frame: 0)
        let side = Double(truth[0].bounds.longestSide)
        guard first.source.count > 1, first.target.count > 1, side > 0 else {
            throw EvaluationError(
                first.target.count > 1 ? "prediction" : "truth",
                "frame 0 has no surface to register by; use --register none or check the file")
        }
        let limit = truncation * side
        var result = RegisteredSequence(
            truthFromPrediction: .identity,
            translations: [SIMD3<Double>](repeating: .zero, count: truth.count), cost: 0)
        let coarse = CoarseRegistration(settings: self, matcher: first, side: side)
        (result.truthFromPrediction, result.cost) = coarse.best()
        guard movesFrames else { return result }
        var previous = SIMD3<Double>.zero
        for t in truth.indices {
            let frame = t == 0 ? first : matcher(prediction[t], truth[t], frame: t)
            if frame.source.count > 0, frame.target.count > 0 {
                previous = ClosestPoints(matcher: frame, limit: limit).translation(
                    of: result.truthFromPrediction, trying: previous, iterations: iterations)
            }
            result.translations[t] = previous
            try progress(t + 1)
        }
        return result
    }

    private func matcher(
        _ prediction: EvaluatedFrame, _ truth: EvaluatedFrame, frame: Int
    ) -> CloudMatcher {
        CloudMatcher(
            source: prediction.cloud(
                pointCount, seed: seed, purpose: "registration.prediction.\(frame)"),
            target: truth.cloud(pointCount, seed: seed, purpose: "registration.truth.\(frame)"))
    }
}
