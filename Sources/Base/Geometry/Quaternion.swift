import Foundation

/// A rotation, as a unit quaternion `w + xi + yj + zk`.
public struct Quaternion: Sendable, Equatable {
    /// The components x, y, z, w, in glTF's order.
    public var components: SIMD4<Double>

    /// A quaternion of the given components; not normalised here.
    @inlinable
    public init(x: Double, y: Double, z: Double, w: Double) {
        components = SIMD4(x, y, z, w)
    }

    /// A quaternion of components x, y, z, w; not normalised here.
    @inlinable
    public init(_ components: SIMD4<Double>) { self.components = components }

    /// No rotation.
    @inlinable public static var identity: Quaternion { Quaternion(x: 0, y: 0, z: 0, w: 1) }

    /// The rotation by `angle` radians about `axis` (any non-zero length), right-handed.
    public init(axis: SIMD3<Double>, angle: Double) {
        let v = normalize(axis) * sin(angle / 2)
        components = SIMD4(v.x, v.y, v.z, cos(angle / 2))
    }

    /// The rotation whose axis is `axisAngle` and whose angle is its length, in radians.
    public init(axisAngle: SIMD3<Double>) {
        self.init(axis: axisAngle, angle: length(axisAngle))
    }

    /// This quaternion at length one; the identity where its length is zero or not finite.
    public var normalized: Quaternion {
        let squared = (components * components).sum()
        guard squared > 0, squared.isFinite else { return .identity }
        return Quaternion(components / squared.squareRoot())
    }

    /// The rotation that applies `b` first, then `a`.
    public static func * (a: Quaternion, b: Quaternion) -> Quaternion {
        let p = a.components, q = b.components
        return Quaternion(
            x: p.w * q.x + p.x * q.w + p.y * q.z - p.z * q.y,
            y: p.w * q.y - p.x * q.z + p.y * q.w + p.z * q.x,
            z: p.w * q.z + p.x * q.y - p.y * q.x + p.z * q.w,
            w: p.w * q.w - p.x * q.x - p.y * q.y - p.z * q.z)
    }

    /// Spherical interpolation from `a` (t = 0) to `b` (t = 1) along the shorter way.
    ///
    /// Near-parallel inputs are interpolated linearly and normalised, where the sine of the angle
    /// between them no longer divides well.
    public static func slerp(_ a: Quaternion, _ b: Quaternion, _ t: Double) -> Quaternion {
        let p = a.normalized.components
        var q = b.normalized.components
        var cosine = (p * q).sum()
        if cosine < 0 {
            q = -q
            cosine = -cosine
        }
        if cosine > 1 - 1e-9 { return Quaternion(p + (q - p) * t).normalized }
        let angle = acos(min(cosine, 1))
        let s = sin(angle)
        return Quaternion(p * (sin((1 - t) * angle) / s) + q * (sin(t * angle) / s)).normalized
    }
}
