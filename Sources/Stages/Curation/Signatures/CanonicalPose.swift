import Foundation
import Geometry

/// A place, a size and a direction that an asset's surface itself gives: the same for the asset
/// moved, scaled, or turned about the vertical axis, and however it is cut into triangles.
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

    /// A harmonic below this share of its largest possible value is none.
    private static let weakest = 0.02

    /// The pose of a mesh's first frame; nil where it has no surface: no triangle of finite
    /// corners has an area.
    ///
    /// - Complexity: O(`triangleCount`).
    public init?(_ mesh: MeshSequence) {
        var total = 0.0
        var moment = SIMD3<Double>.zero
        CanonicalPose.forEachTriangle(of: mesh) { area, a, b, c in
            total += area
            moment += area / 3 * (a + b + c)
        }
        guard total > 0, total.isFinite else { return nil }
        let center = moment / total
        var harmonics = Harmonics()
        CanonicalPose.forEachTriangle(of: mesh) { area, a, b, c in
            harmonics.add(area, a - center, b - center, c - center)
        }
        let variance = harmonics.squares / total
        guard variance > 0, variance.isFinite else { return nil }
        self.center = center
        radius = variance.squareRoot()
        azimuthDegrees = harmonics.azimuth(weakest: CanonicalPose.weakest) * 180 / .pi
    }

    /// Calls `body` with the area and the corners of each triangle of frame 0 that has an area.
    private static func forEachTriangle(
        of mesh: MeshSequence,
        _ body: (Double, SIMD3<Double>, SIMD3<Double>, SIMD3<Double>) -> Void
    ) {
        for f in 0..<mesh.triangleCount {
            let (a, b, c) = SurfaceSample.corners(f, of: mesh, frame: 0)
            let area = SurfaceSample.area(a, b, c)
            if area > 0 { body(area, a, b, c) }
        }
    }
}

/// Moments of a surface about the vertical axis through its middle.
private struct Harmonics {
    /// The surface's integral of the squared distance from the middle.
    private(set) var squares = 0.0
    private var first = SIMD2<Double>.zero
    private var second = SIMD2<Double>.zero
    private var fourth = SIMD2<Double>.zero
    /// What the first, the second and the fourth are at most.
    private var most = SIMD3<Double>.zero

    /// The seven points of Radon's rule, which integrates polynomials of degree 5 over a triangle
    /// exactly (Stroud, "Approximate Calculation of Multiple Integrals", 1971, T2: 5-1): weights at
    /// the corners, and their share of the area.
    private static let points: [(corners: SIMD3<Double>, share: Double)] = {
        let root = 15.0.squareRoot()
        var points = [(SIMD3(repeating: 1.0 / 3), 0.225)]
        for sign in [-1.0, 1.0] {
            let (near, share) = ((6 + sign * root) / 21, (155 + sign * root) / 1200)
            for i in 0..<3 {
                var corners = SIMD3(repeating: near)
                corners[i] = 1 - 2 * near
                points.append((corners, share))
            }
        }
        return points
    }()

    mutating func add(
        _ area: Double, _ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>
    ) {
        for (corners, share) in Harmonics.points {
            let p = corners.x * a + corners.y * b + corners.z * c
            let weight = share * area
            // The complex number z + i x has the azimuth as its angle.
            let z = SIMD2(p.z, p.x)
            let r2 = (z * z).sum()
            let square = SIMD2(z.x * z.x - z.y * z.y, 2 * z.x * z.y)
            first += weight * r2 * z
            second += weight * square
            fourth +=
                weight
                * SIMD2(square.x * square.x - square.y * square.y, 2 * square.x * square.y)
            most += weight * SIMD3(r2 * r2.squareRoot(), r2, r2 * r2)
            squares += weight * (r2 + p.y * p.y)
        }
    }

    func azimuth(weakest: Double) -> Double {
        func isStrong(_ v: SIMD2<Double>, of most: Double) -> Bool {
            (v * v).sum().squareRoot() > weakest * most
        }
        if isStrong(second, of: most.y) { return atan2(second.y, second.x) / 2 }
        if isStrong(fourth, of: most.z) { return atan2(fourth.y, fourth.x) / 4 }
        if isStrong(first, of: most.x) { return atan2(first.y, first.x) }
        return 0
    }
}
