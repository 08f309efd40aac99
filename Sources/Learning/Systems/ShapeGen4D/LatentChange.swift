import Foundation
import Geometry
import Tensors

/// How much latents change from frame to frame where the surface is the same (ShapeGen4D, Fig. 3c):
/// the distance between each latent and that of the nearest place in the next frame, divided by
/// the mean length of the two.
public struct LatentChange: Sendable, Equatable {
    /// The mean over a frame's latents, for each pair of neighbouring frames: `[T - 1]`.
    public let frames: [Double]

    /// The mean over all pairs; 0 for a single frame.
    public var mean: Double {
        frames.isEmpty ? 0 : frames.reduce(0, +) / Double(frames.count)
    }

    /// Measures a sequence.
    ///
    /// - Parameters:
    ///   - latents: `[T, L, C]`.
    ///   - places: `[T, L, 3]`.
    /// - Complexity: O(T L (log L + C)).
    public init(latents: Tensor, places: Tensor) throws {
        let (count, width) = (latents.size(1), latents.size(2))
        let numbers: [Float] = try latents.elements()
        let points: [Float] = try places.elements()
        frames = (0..<max(0, latents.size(0) - 1)).map { t in
            func positions(_ t: Int) -> Vector3Array {
                Vector3Array(scalars: Array(points[t * count * 3..<(t + 1) * count * 3]))
            }
            let nearest = KDTree(positions(t + 1)).nearest(toEach: positions(t)).indices
            var sum = 0.0
            for (n, other) in nearest.enumerated() {
                let a = (t * count + n) * width
                let b = ((t + 1) * count + Int(other)) * width
                var (difference, first, second): (Double, Double, Double) = (0, 0, 0)
                for c in 0..<width {
                    let (x, y) = (Double(numbers[a + c]), Double(numbers[b + c]))
                    difference += (x - y) * (x - y)
                    first += x * x
                    second += y * y
                }
                let length = (first.squareRoot() + second.squareRoot()) / 2
                sum += length > 0 ? difference.squareRoot() / length : 0
            }
            return sum / Double(max(1, count))
        }
    }
}
