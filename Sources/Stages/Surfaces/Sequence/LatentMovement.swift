import Geometry

/// How far the places of latents move from frame to frame: what Fig. 3 of ShapeGen4D is about.
///
/// A latent belongs to its query's place. Where queries are drawn anew in every frame, the latent
/// nearest to an old one's place is another one somewhere near it, even if nothing moved; aligned
/// queries move as the surface does.
public struct LatentMovement: Sendable, Equatable {
    /// `[T - 1]`: the mean distance from a place in frame t to the nearest one in frame t + 1.
    public var means: [Double]
    /// The share of places whose nearest in the next frame has the same index, over all frames.
    public var keptShare: Double

    /// Measures places over time.
    ///
    /// - Parameters:
    ///   - positions: `[T, N, 3]`.
    ///   - frameCount: T.
    /// - Complexity: O(*T N* log *N*).
    public init(_ positions: Vector3Array, frameCount: Int) {
        precondition(frameCount > 0 && positions.count % frameCount == 0, "positions are [T, N, 3]")
        let n = positions.count / frameCount
        let frames = (0..<frameCount).map {
            Vector3Array(scalars: Array(positions.scalars[3 * n * $0..<3 * n * ($0 + 1)]))
        }
        var kept = 0
        means = zip(frames, frames.dropFirst()).map { now, next in
            let found = KDTree(next).nearest(toEach: now)
            kept += found.indices.enumerated().count { Int($1) == $0 }
            let sum = found.squaredDistances.reduce(0.0) { $0 + Double($1).squareRoot() }
            return n == 0 ? 0 : sum / Double(n)
        }
        let pairs = n * max(0, frameCount - 1)
        keptShare = pairs == 0 ? 1 : Double(kept) / Double(pairs)
    }

    /// The mean over all frames; zero where there is one only.
    public var mean: Double {
        means.isEmpty ? 0 : means.reduce(0, +) / Double(means.count)
    }
}

extension TrackedPoints {
    /// Query places without alignment: farthest points of a dense sample of each frame by itself,
    /// `[T, count, 3]`. What ``init(queriesOf:watertight:_:using:)`` is compared with.
    ///
    /// - Throws: ``SurfacesError`` where a frame has no area.
    public static func independentQueries(
        of sequence: MeshSequence, _ settings: QuerySettings = QuerySettings(),
        using random: inout KeyedRandom
    ) throws(SurfacesError) -> Vector3Array {
        var places = Vector3Array()
        for t in 0..<sequence.frameCount {
            let queries = try TrackedPoints(
                queriesOf: sequence.frame(t), watertight: nil, settings, using: &random)
            places.append(contentsOf: queries.positions)
        }
        return places
    }
}
