import Foundation

/// A rotation, a uniform scale and a translation: `targetFromSource`.
public struct Similarity: Sendable, Equatable {
    /// The rotation alone; its other columns are those of the identity.
    public var rotation: Matrix4
    /// The factor of all lengths; positive.
    public var scale: Double
    /// Where the source's origin comes to lie.
    public var translation: SIMD3<Double>

    /// A similarity of its parts; `p` goes to `scale * (rotation * p) + translation`.
    public init(
        rotation: Matrix4 = .identity, scale: Double = 1, translation: SIMD3<Double> = .zero
    ) {
        precondition(scale > 0, "a similarity has a positive scale")
        self.rotation = rotation
        self.scale = scale
        self.translation = translation
    }

    /// The similarity that leaves everything in place.
    public static let identity = Similarity()

    /// The turn about +Y by an azimuth in degrees, which takes +Z (azimuth 0) towards +X (90).
    public static func turn(azimuth degrees: Double) -> Matrix4 {
        let a = degrees * .pi / 180
        return Matrix4(
            SIMD4(cos(a), 0, -sin(a), 0), SIMD4(0, 1, 0, 0), SIMD4(sin(a), 0, cos(a), 0),
            SIMD4(0, 0, 0, 1))
    }

    /// The azimuth to which the rotation turns +Z, in degrees from -180 to 180.
    public var azimuth: Double {
        let z = rotation.columns.2
        return atan2(z.x, z.z) * 180 / .pi
    }

    /// The angle in degrees, from 0 to 180, between this rotation and another.
    public func angle(to other: Similarity) -> Double {
        let a = rotation.columns, b = other.rotation.columns
        let p = a.0 * b.0 + a.1 * b.1 + a.2 * b.2
        return arcCosine((p.x + p.y + p.z - 1) / 2) * 180 / .pi
    }

    /// Scale and rotation, then translation, as one matrix.
    public var matrix: Matrix4 {
        var m = rotation
        m.columns.0 *= scale
        m.columns.1 *= scale
        m.columns.2 *= scale
        m.columns.3 = SIMD4(translation, 1)
        return m
    }

    /// The way back.
    public var inverse: Similarity {
        let r = rotation.columns
        let back = Matrix4(
            SIMD4(r.0.x, r.1.x, r.2.x, 0), SIMD4(r.0.y, r.1.y, r.2.y, 0),
            SIMD4(r.0.z, r.1.z, r.2.z, 0), SIMD4(0, 0, 0, 1))
        return Similarity(
            rotation: back, scale: 1 / scale,
            translation: -back.transform(direction: translation) / scale)
    }

    /// The similarity moved further by `offset`, in the target's units.
    public func translated(by offset: SIMD3<Double>) -> Similarity {
        Similarity(rotation: rotation, scale: scale, translation: translation + offset)
    }

    /// The image of a point.
    public func callAsFunction(_ p: SIMD3<Double>) -> SIMD3<Double> {
        rotation.transform(direction: p) * scale + translation
    }

    /// The images of points. O(*n*), rounded once.
    public func callAsFunction(_ points: Vector3Array) -> Vector3Array {
        let map = SimilarityMap(self)
        var result = Vector3Array(count: points.count)
        for i in 0..<points.count { result[i] = map(points[i]) }
        return result
    }

    /// A mesh whose points are moved.
    public func callAsFunction(_ mesh: TriangleMesh) -> TriangleMesh {
        var mesh = mesh
        mesh.positions = self(mesh.positions)
        return mesh
    }
}

/// A ``Similarity`` in single precision, for loops over points.
public struct SimilarityMap: Sendable {
    /// The columns of the scaled rotation.
    @usableFromInline let x: SIMD3<Float>
    @usableFromInline let y: SIMD3<Float>
    @usableFromInline let z: SIMD3<Float>
    @usableFromInline let translation: SIMD3<Float>

    /// The similarity, rounded.
    public init(_ similarity: Similarity) {
        func column(_ c: SIMD4<Double>) -> SIMD3<Float> { SIMD3<Float>(SIMD3(c.x, c.y, c.z)) }
        let m = similarity.matrix.columns
        (x, y, z, translation) = (column(m.0), column(m.1), column(m.2), column(m.3))
    }

    /// The image of a point.
    @inlinable
    public func callAsFunction(_ p: SIMD3<Float>) -> SIMD3<Float> {
        x * p.x + y * p.y + z * p.z + translation
    }
}
