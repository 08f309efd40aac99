import Geometry

/// The scores of a set of generated sequences, by both protocols in use.
public struct SetReport: Sendable, Equatable {
    /// `[T]`: the scores of each frame by itself.
    public var frames: [SetScores]
    /// Beyond Skeletons' protocol: the means over frames.
    public var meanOverFrames: SetScores
    /// CD-VAR: the variance over frames of the minimum matching distance.
    public var distanceVariance: Double
    /// COV-VAR: the variance over frames of the coverage (a share; of percentages it is 10⁴ times
    /// that).
    public var coverageVariance: Double
    /// HyperDiffusion's protocol: distances averaged over frames first, then scored once.
    public var sequences: SetScores
}

/// How sets of sequences are compared.
///
/// The distance of two clouds is the sum of the mean squared distances both ways by default, as in
/// the code of PointFlow and HyperDiffusion.
public struct SetEvaluation: Sendable, Equatable {
    /// The convention of the Chamfer distance; its threshold is not used.
    public var points: PointMetrics

    /// A comparison by squared distances unless said otherwise.
    public init(
        points: PointMetrics = PointMetrics(scale: 1, isSquared: true, joining: .sum)
    ) { self.points = points }

    /// Compares two sets.
    ///
    /// - Parameters:
    ///   - generated: one or more sequences.
    ///   - reference: one or more, of as many frames.
    ///   - progress: called with pairs of sequences that are done and all of them; what it throws
    ///     ends the work.
    /// - Throws: `EvaluationError` where a set is empty or numbers of frames differ, and what
    ///   `progress` throws.
    /// - Complexity: O((*R* + *G*)² *T* *n* log *n*) for *n* points a cloud; on all cores.
    public func report(
        generated: [CloudSequence], reference: [CloudSequence],
        progress: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws -> SetReport {
        guard let first = reference.first, !generated.isEmpty else {
            throw EvaluationError(
                generated.isEmpty ? "generated set" : "reference set", "it has no sequences")
        }
        let count = first.frames.count
        guard (generated + reference).allSatisfy({ $0.frames.count == count }), count > 0 else {
            throw EvaluationError("sets", "all sequences must have the same number of frames")
        }
        let all = (reference + generated).map { sequence in
            ParallelRanges.map(count: count) { SearchedCloud(sequence.frames[$0]) }
        }
        let matrices = try distances(all, frames: count, progress)
        let r = reference.count
        let parts = matrices.map { Self.parts($0, references: r) }
        let frames = parts.map {
            SetScores(referenceToGenerated: $0.cross, references: $0.own, generated: $0.other)
        }
        let sequences = SetScores(
            referenceToGenerated: .mean(parts.map(\.cross)), references: .mean(parts.map(\.own)),
            generated: .mean(parts.map(\.other)))
        let distance = frames.map(\.minimumMatchingDistance), coverage = frames.map(\.coverage)
        return SetReport(
            frames: frames,
            meanOverFrames: SetScores(
                minimumMatchingDistance: Self.mean(distance), coverage: Self.mean(coverage),
                nearestNeighborAccuracy: Self.mean(frames.map(\.nearestNeighborAccuracy))),
            distanceVariance: Self.variance(distance), coverageVariance: Self.variance(coverage),
            sequences: sequences)
    }

    /// `[T]` symmetric matrices over all sequences.
    private func distances(
        _ all: [[SearchedCloud]], frames: Int, _ progress: (Int, Int) throws -> Void
    ) throws -> [DistanceMatrix] {
        let n = all.count
        var matrices = [DistanceMatrix](
            repeating: DistanceMatrix(
                rows: n, columns: n, values: [Double](repeating: 0, count: n * n)),
            count: frames)
        let total = n * (n - 1) / 2
        var done = 0
        for i in 0..<n {
            let others = n - i - 1
            let values = ParallelRanges.map(count: others * frames) { k in
                distance(all[i][k % frames], all[i + 1 + k / frames][k % frames])
            }
            for (k, value) in values.enumerated() {
                let j = i + 1 + k / frames
                matrices[k % frames].values[i * n + j] = value
                matrices[k % frames].values[j * n + i] = value
            }
            done += others
            try progress(done, total)
        }
        return matrices
    }

    private func distance(_ a: SearchedCloud, _ b: SearchedCloud) -> Double {
        points.join(mean(a, to: b), mean(b, to: a))
    }

    /// The mean distance of a cloud's points to another cloud. Nothing is allocated.
    private func mean(_ a: SearchedCloud, to b: SearchedCloud) -> Double {
        var sum = 0.0
        for p in a.points {
            let squared = b.tree.nearest(to: p)?.squaredDistance ?? .infinity
            sum += points.isSquared ? Double(squared) : Double(squared.squareRoot())
        }
        let scale = points.isSquared ? points.scale * points.scale : points.scale
        return sum / Double(a.points.count) * scale
    }

    /// The parts of a matrix over references and generated sequences together.
    private static func parts(
        _ matrix: DistanceMatrix, references r: Int
    ) -> (own: DistanceMatrix, cross: DistanceMatrix, other: DistanceMatrix) {
        let n = matrix.rows
        func part(_ rows: Range<Int>, _ columns: Range<Int>) -> DistanceMatrix {
            DistanceMatrix(
                rows: rows.count, columns: columns.count,
                values: rows.flatMap { i in columns.map { matrix[i, $0] } })
        }
        return (part(0..<r, 0..<r), part(0..<r, r..<n), part(r..<n, r..<n))
    }

    private static func mean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(values.count)
    }

    /// The mean squared deviation from the mean.
    private static func variance(_ values: [Double]) -> Double {
        let middle = mean(values)
        return mean(values.map { ($0 - middle) * ($0 - middle) })
    }
}

/// A cloud and the tree over it.
private struct SearchedCloud: Sendable {
    let points: Vector3Array
    let tree: KDTree

    init(_ points: Vector3Array) {
        self.points = points
        tree = KDTree(points)
    }
}
