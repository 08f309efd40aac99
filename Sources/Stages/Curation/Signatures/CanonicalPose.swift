import Foundation
import Geometry

/// A place, a size and a direction that an asset's surface itself gives: the same for the asset
/// moved, scaled, or turned about the vertical axis.
public struct CanonicalPose: Sendable, Equatable {
    /// The middle of the surface of frame 0.
    public let center: SIMD3<Double>
    /// The root mean square distance of the surface from its middle; positive.
    public let radius: Double
    /// The azimuth of the direction, counted from +Z towards +X, up to multiples of 90°.
    ///
    /// It is that of the surface's longest horizontal extent, the phase of its second harmonic
    /// about the vertical axis. Where that is weak (a square table), the fourth harmonic speaks,
    /// and where that is weak too, the first. Of a surface of revolution it is arbitrary.
    public let azimuthDegrees: Double

    /// The pose of a mesh's first frame; nil where it has no surface.
    ///
    /// - Complexity: O(`triangleCount`).
    public init?(_ mesh: MeshSequence) {
        guard let sample = SurfaceSample(mesh, count: ShapeSignature.pointCount) else { return nil }
        self.init(sample)
    }

    init(_ sample: SurfaceSample) {
        center = sample.centroid
        radius = sample.radius
        azimuthDegrees = CanonicalPose.azimuth(sample) * 180 / .pi
    }

    private static func azimuth(_ sample: SurfaceSample) -> Double {
        var (first, second, fourth) = (SIMD2<Double>.zero, SIMD2<Double>.zero, SIMD2<Double>.zero)
        var (sum2, sum3, sum4) = (0.0, 0.0, 0.0)
        for point in sample.points {
            let p = SIMD3<Double>(point) - sample.centroid
            // The complex number z + i x has the azimuth as its angle.
            let z = SIMD2(p.z, p.x)
            let r2 = (z * z).sum()
            let square = SIMD2(z.x * z.x - z.y * z.y, 2 * z.x * z.y)
            first += r2 * z
            second += square
            fourth += SIMD2(
                square.x * square.x - square.y * square.y, 2 * square.x * square.y)
            sum2 += r2
            sum3 += r2 * r2.squareRoot()
            sum4 += r2 * r2
        }
        func strength(_ v: SIMD2<Double>, of sum: Double) -> Double {
            sum > 0 ? (v * v).sum().squareRoot() / sum : 0
        }
        // Weaker than this a harmonic is drowned by the scatter of the points.
        let least = 0.05
        if strength(second, of: sum2) >= least { return atan2(second.y, second.x) / 2 }
        if strength(fourth, of: sum4) >= least { return atan2(fourth.y, fourth.x) / 4 }
        if strength(first, of: sum3) >= least { return atan2(first.y, first.x) }
        return 0
    }
}
