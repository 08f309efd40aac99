import Geometry

/// How a predicted sequence of shapes is judged by the true one.
public struct SequenceEvaluation: Sendable, Equatable {
    /// The conventions of Chamfer distance and F-score.
    public var points: PointMetrics
    /// Points that are drawn of each mesh, and at most taken of each cloud.
    public var pointCount: Int
    /// The cells whose insides are compared where the truth brings none of its own; nil compares
    /// none.
    public var cells: CellBox?
    /// How the prediction is first brought into the truth's place; nil leaves it where it is.
    public var registration: SequenceRegistration?
    /// What draws of points follow from.
    public var seed: UInt64

    /// ShapeGen4D's evaluation: 100,000 points, 128³ cells of the unit cube, registration.
    public init(
        points: PointMetrics = PointMetrics(), pointCount: Int = 100_000,
        cells: CellBox? = CellBox(), registration: SequenceRegistration? = SequenceRegistration(),
        seed: UInt64 = 0
    ) {
        precondition(pointCount > 0, "a cloud has points")
        self.points = points
        self.pointCount = pointCount
        self.cells = cells
        self.registration = registration
        self.seed = seed
    }

    /// Judges a sequence.
    ///
    /// - Parameters:
    ///   - prediction: the frames.
    ///   - truth: as many.
    ///   - progress: called with pieces of work that are done and all of them; what it throws ends
    ///     the work.
    /// - Throws: `EvaluationError` where the frames are not as many, or the truth has none or an
    ///   empty one, and what `progress` throws.
    public func scores(
        of prediction: [EvaluatedFrame], against truth: [EvaluatedFrame],
        progress: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws -> SequenceScores {
        guard prediction.count == truth.count, !truth.isEmpty else {
            throw EvaluationError(
                "prediction",
                "\(prediction.count) frames cannot be judged by the truth's \(truth.count); "
                    + "frames correspond one to one, so make as many of both")
        }
        let count = truth.count
        let total = registration == nil ? count : 2 * count
        let placed = try registration?.register(prediction, to: truth) { done in
            try progress(done, total)
        }
        var scores = SequenceScores(
            frames: [], registration: placed, predictedChange: [], trueChange: [], floor: 0)
        var earlier: (prediction: Vector3Array, truth: Vector3Array)?
        for t in 0..<count {
            let global = placed?.truthFromPrediction ?? .identity
            // A cloud as all frames are placed, for changes from frame to frame; and as this one is.
            let held = global(
                prediction[t].cloud(pointCount, seed: seed, purpose: "prediction.\(t)"))
            let truthCloud = truth[t].cloud(pointCount, seed: seed, purpose: "truth.\(t)")
            guard !truthCloud.isEmpty else {
                throw EvaluationError("truth", "frame \(t) has no surface to sample points of")
            }
            let offset = placed?.translations[t] ?? .zero
            let moved =
                offset == .zero ? held : Similarity.identity.translated(by: offset)(held)
            scores.frames.append(
                FrameScores(
                    points: points.scores(prediction: moved, truth: truthCloud),
                    occupancy: occupancy(
                        prediction[t], truth[t], placed?.placement(ofFrame: t))))
            if let earlier {
                scores.predictedChange.append(chamfer(earlier.prediction, held))
                scores.trueChange.append(chamfer(earlier.truth, truthCloud))
            } else {
                let again = truth[t].cloud(pointCount, seed: seed, purpose: "truth.again")
                scores.floor = chamfer(again, truthCloud)
            }
            earlier = (held, truthCloud)
            try progress(total - count + t + 1, total)
        }
        return scores
    }

    private func chamfer(_ a: Vector3Array, _ b: Vector3Array) -> Double {
        points.chamfer(CloudDistances(prediction: a, truth: b))
    }

    /// The overlap of insides, in the truth's own cells where it has some; nil where the inside of
    /// either is not known.
    private func occupancy(
        _ prediction: EvaluatedFrame, _ truth: EvaluatedFrame, _ placement: Similarity?
    ) -> Double? {
        guard let box = truth.occupancy?.box ?? cells,
            let inside = truth.occupancy ?? truth.mesh.map({ OccupancyGrid($0, in: box) })
        else { return nil }
        // What is known of the prediction's inside holds where it is judged where it lies.
        if placement == nil, let own = prediction.occupancy, own.box == box {
            return own.intersectionOverUnion(with: inside)
        }
        guard let mesh = prediction.mesh else { return nil }
        let placed = placement.map { $0(mesh) } ?? mesh
        return OccupancyGrid(placed, in: box).intersectionOverUnion(with: inside)
    }
}
