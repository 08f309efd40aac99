/// How far the points of one surface are from another.
public struct DistanceSummary: Sendable, Equatable {
    /// The mean distance.
    public var mean: Double
    /// The distance that 99 of 100 points do not exceed.
    public var percentile99: Double
    /// The largest distance.
    public var maximum: Double

    /// The summary of some distances; zeros for none.
    public init(_ distances: [Float]) {
        guard !distances.isEmpty else {
            (mean, percentile99, maximum) = (0, 0, 0)
            return
        }
        let sorted = distances.sorted()
        mean = sorted.reduce(0) { $0 + Double($1) } / Double(sorted.count)
        percentile99 = Double(sorted[min(sorted.count - 1, sorted.count * 99 / 100)])
        maximum = Double(sorted[sorted.count - 1])
    }
}

extension TriangleMesh {
    /// Distances from points drawn uniformly by area on this surface, and from its vertices that
    /// triangles use, to another surface: the one-sided Hausdorff distance is `maximum` (up to
    /// sampling), the one-sided Chamfer distance `mean` (of the drawn points alone).
    ///
    /// - Parameters:
    ///   - other: the tree of the other surface.
    ///   - count: points to draw.
    ///   - random: where they are drawn from.
    /// - Returns: nil where either surface has no area or triangle to measure.
    public func distances(
        to other: TriangleBVH, samples count: Int, using random: inout some RandomNumberGenerator
    ) -> DistanceSummary? {
        let drawn = positions(of: SurfaceSampler(self).draw(count, using: &random))
        guard !drawn.isEmpty, !other.isEmpty else { return nil }
        var summary = DistanceSummary(other.distances(to: drawn))
        var isUsed = [Bool](repeating: false, count: vertexCount)
        for v in triangles { isUsed[Int(v)] = true }
        let corners = Vector3Array(
            positions.indices.lazy.filter { isUsed[$0] }.map { positions[$0] })
        let farthest = other.distances(to: corners).lazy.filter(\.isFinite).max() ?? 0
        summary.maximum = max(summary.maximum, Double(farthest))
        return summary
    }
}
