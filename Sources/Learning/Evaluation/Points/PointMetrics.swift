import Geometry

/// The squared distances from each point of a cloud to the nearest of another, both ways, in the
/// clouds' own units; infinite where the other cloud is empty or a point is not finite.
public struct CloudDistances: Sendable {
    /// `[n]`, of predicted points to the truth.
    public let ofPrediction: [Float]
    /// `[m]`, of true points to the prediction.
    public let ofTruth: [Float]

    /// The distances between two clouds, by k-d trees on all cores.
    ///
    /// - Complexity: O((*n* + *m*) log(*n* + *m*)).
    public init(prediction: Vector3Array, truth: Vector3Array) {
        ofPrediction = KDTree(truth).nearest(toEach: prediction).squaredDistances
        ofTruth = KDTree(prediction).nearest(toEach: truth).squaredDistances
    }
}

/// What the distances between two clouds come to.
public struct PointScores: Sendable, Equatable, Codable {
    /// The Chamfer distance; infinite where a cloud is empty.
    public var chamfer: Double
    /// 2 precision · recall / (precision + recall), from 0 to 1; 0 where both are.
    public var fScore: Double
    /// The share of predicted points that are nearer to the truth than the threshold.
    public var precision: Double
    /// The share of true points that are nearer to the prediction than the threshold.
    public var recall: Double
}

/// Chamfer distance and F-score, with the conventions that papers differ in as settings.
///
/// As set by default they are those of 3DShape2VecSet (Zhang et al. 2023, `eval.py`), which
/// ShapeGen4D follows: for shapes in ±1, the sum of the two mean distances, not squared; a point
/// counts for the F-score below 0.02. Shapes in a unit box are half as large, so `scale` is 2.
public struct PointMetrics: Sendable, Equatable, Codable {
    /// How the means of both directions become one number.
    public enum Joining: String, Sendable, Codable, CaseIterable {
        /// Both means added.
        case sum
        /// Half of that.
        case mean
    }

    /// What coordinates are multiplied by before distances are taken.
    public var scale: Double
    /// Whether the Chamfer distance takes squared distances.
    public var isSquared: Bool
    /// How both directions are joined.
    public var joining: Joining
    /// Below this distance, in scaled coordinates, a point counts as found.
    public var threshold: Double

    /// Metrics with 3DShape2VecSet's conventions unless said otherwise.
    public init(
        scale: Double = 2, isSquared: Bool = false, joining: Joining = .sum,
        threshold: Double = 0.02
    ) {
        precondition(scale > 0 && threshold > 0, "scale and threshold are positive")
        self.scale = scale
        self.isSquared = isSquared
        self.joining = joining
        self.threshold = threshold
    }

    /// The scores of a predicted cloud against the true one.
    public func scores(prediction: Vector3Array, truth: Vector3Array) -> PointScores {
        scores(CloudDistances(prediction: prediction, truth: truth))
    }

    /// The scores of distances that are known.
    public func scores(_ distances: CloudDistances) -> PointScores {
        let predicted = tally(distances.ofPrediction)
        let truth = tally(distances.ofTruth)
        let (precision, recall) = (predicted.share, truth.share)
        return PointScores(
            chamfer: join(predicted.mean, truth.mean),
            fScore: precision + recall > 0
                ? 2 * precision * recall / (precision + recall) : 0,
            precision: precision, recall: recall)
    }

    /// The Chamfer distance alone.
    public func chamfer(_ distances: CloudDistances) -> Double {
        join(tally(distances.ofPrediction).mean, tally(distances.ofTruth).mean)
    }

    /// One number of both directions' means.
    func join(_ a: Double, _ b: Double) -> Double { joining == .sum ? a + b : (a + b) / 2 }

    /// The mean distance, and the share of points below the threshold.
    private func tally(_ squared: [Float]) -> (mean: Double, share: Double) {
        guard !squared.isEmpty else { return (.infinity, 0) }
        let limit = Float(threshold / scale * (threshold / scale))
        var sum = 0.0
        var found = 0
        for value in squared {
            sum += isSquared ? Double(value) : Double(value.squareRoot())
            if value < limit { found += 1 }
        }
        let count = Double(squared.count)
        return (sum / count * (isSquared ? scale * scale : scale), Double(found) / count)
    }
}
