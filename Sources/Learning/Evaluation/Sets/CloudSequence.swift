import Geometry

/// A sequence of shapes as clouds of equally many points, made ready to be compared with others.
public struct CloudSequence: Sendable {
    /// What is done about place and size.
    public enum Normalisation: String, Sendable, Codable, CaseIterable {
        /// Nothing.
        case none
        /// HyperDiffusion's: each frame is moved so that the mean of its points is the origin; then
        /// all frames are scaled by 0.95 over the largest absolute coordinate of any of them.
        case hyperDiffusion = "hyperdiffusion"
    }

    /// `[T]` clouds, each in the order of a space-filling curve.
    public let frames: [Vector3Array]

    /// The clouds of some frames.
    ///
    /// - Parameters:
    ///   - frames: one or more; one without a surface becomes points at the origin, as in
    ///     HyperDiffusion's code.
    ///   - pointCount: points of each cloud.
    ///   - name: keys the draw, with the seed.
    public init(
        _ frames: [EvaluatedFrame], pointCount: Int = 2048,
        normalisation: Normalisation = .hyperDiffusion, seed: UInt64 = 0, name: String
    ) {
        var clouds = frames.indices.map { t in
            let cloud = frames[t].cloud(pointCount, seed: seed, purpose: "set.\(name).\(t)")
            return cloud.isEmpty ? Vector3Array(count: pointCount) : cloud
        }
        if normalisation == .hyperDiffusion { Self.normalise(&clouds) }
        self.frames = clouds.map { cloud in
            Vector3Array(SpatialOrder.morton(cloud).map { cloud[Int($0)] })
        }
    }

    private static func normalise(_ clouds: inout [Vector3Array]) {
        var largest: Float = 0
        for t in clouds.indices {
            let mean = SIMD3<Float>(ClosestPoints.centroid(clouds[t]))
            for i in clouds[t].indices { clouds[t][i] -= mean }
            largest = clouds[t].scalars.reduce(largest) { max($0, abs($1)) }
        }
        guard largest > 0 else { return }
        for t in clouds.indices {
            for i in clouds[t].scalars.indices { clouds[t].scalars[i] *= 0.95 / largest }
        }
    }

    /// `count` of `total` frames at equal steps from the first, the end left out, as
    /// `numpy.linspace(0, total, count, endpoint=False, dtype=int)` chooses.
    public static func frameIndices(_ count: Int, of total: Int) -> [Int] {
        (0..<count).map { $0 * total / count }
    }
}
