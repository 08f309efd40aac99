import Foundation
import Geometry

/// Mesh-guided interpolation (GVF §3.1, eq. 3 and 4): the motion of any canonical point as a
/// weighted mean of the motions of its nearest tracked points.
public struct MeshGuidedInterpolation: Sendable {
    /// K, how many tracked points move one canonical point.
    public let neighborCount: Int
    /// `[n, K]`: the tracked points, nearest first.
    public let indices: [Int32]
    /// `[n, K]`: their weights, which sum to one for each canonical point.
    public let weights: [Float]

    /// The weights `exp(−β d / r²)` with `r² = mean of the K distances d`, over their sum.
    ///
    /// The paper calls d a distance; its released code computes with squared ones, and leaves out
    /// neighbours beyond the mean distance. Both are offered; the paper's is the default. A
    /// canonical point that coincides with all its neighbours gets equal weights.
    ///
    /// - Parameters:
    ///   - canonical: `[n, 3]` canonical points, for example centres of Gaussians.
    ///   - tracked: `[N, 3]` tracked points in the canonical frame.
    ///   - neighborCount: K; at most N are used.
    ///   - decay: β.
    ///   - usesSquaredDistances: whether d is the squared distance.
    ///   - dropsFarNeighbors: whether neighbours with d above the mean weigh nothing.
    /// - Complexity: about O(*n* log *N*), spread over the cores.
    public init(
        canonical: Vector3Array, tracked: Vector3Array, neighborCount: Int = 8,
        decay: Double = 7, usesSquaredDistances: Bool = false, dropsFarNeighbors: Bool = false
    ) {
        let tree = KDTree(tracked)
        let k = min(neighborCount, tree.count)
        precondition(k > 0, "there must be tracked points to interpolate")
        self.neighborCount = k
        let found = tree.nearest(toEach: canonical, count: k)
        indices = found.indices
        var weights = [Float](repeating: 0, count: found.indices.count)
        for i in canonical.indices {
            let distances = (0..<k).map { rank in
                let squared = Double(found.squaredDistances[i * k + rank])
                return usesSquaredDistances ? squared : squared.squareRoot()
            }
            let mean = distances.reduce(0, +) / Double(k)
            // Against the nearest one: the common factor cancels, and nothing underflows.
            var parts = distances.map { d in
                mean > 0 ? exp(-decay * (d - distances[0]) / mean) : 1
            }
            if dropsFarNeighbors {
                for rank in 0..<k where distances[rank] > mean { parts[rank] = 0 }
            }
            let sum = parts.reduce(0, +)
            for rank in 0..<k { weights[i * k + rank] = Float(parts[rank] / sum) }
        }
        self.weights = weights
    }

    /// The means of some vectors of the tracked points, for example displacements.
    ///
    /// - Parameter field: `[N, 3]`.
    /// - Returns: `[n, 3]`.
    public func interpolate(_ field: Vector3Array) -> Vector3Array {
        var result = Vector3Array()
        result.reserveCapacity(indices.count / neighborCount)
        for i in 0..<indices.count / neighborCount {
            var sum = SIMD3<Float>.zero
            for rank in i * neighborCount..<(i + 1) * neighborCount where indices[rank] >= 0 {
                sum += field[Int(indices[rank])] * weights[rank]
            }
            result.append(sum)
        }
        return result
    }
}
