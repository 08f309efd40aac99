import Foundation

/// A 4 x 4 matrix in double precision that acts on column vectors: `worldFromNode * point`.
///
/// Names say both frames, target first: `worldFromCamera`. Poses are composed in double
/// precision (a rig may be a hundred joints deep) and rounded once, where vertices are moved.
public struct Matrix4: Sendable, Equatable {
    /// The four columns; the last one holds the translation.
    public var columns: (SIMD4<Double>, SIMD4<Double>, SIMD4<Double>, SIMD4<Double>)

    /// A matrix of four columns.
    @inlinable
    public init(
        _ c0: SIMD4<Double>, _ c1: SIMD4<Double>, _ c2: SIMD4<Double>, _ c3: SIMD4<Double>
    ) {
        columns = (c0, c1, c2, c3)
    }

    /// A matrix of sixteen numbers in row-major order, as `transforms.json` and assimp hold it.
    public init(rowMajor m: [Double]) {
        precondition(m.count == 16, "a 4 x 4 matrix has sixteen numbers")
        self.init(
            SIMD4(m[0], m[4], m[8], m[12]), SIMD4(m[1], m[5], m[9], m[13]),
            SIMD4(m[2], m[6], m[10], m[14]), SIMD4(m[3], m[7], m[11], m[15]))
    }

    /// A matrix of sixteen numbers in column-major order, as glTF holds it.
    public init(columnMajor m: [Double]) {
        precondition(m.count == 16, "a 4 x 4 matrix has sixteen numbers")
        self.init(
            SIMD4(m[0], m[1], m[2], m[3]), SIMD4(m[4], m[5], m[6], m[7]),
            SIMD4(m[8], m[9], m[10], m[11]), SIMD4(m[12], m[13], m[14], m[15]))
    }

    /// The matrix that leaves everything in place.
    @inlinable
    public static var identity: Matrix4 {
        Matrix4(
            SIMD4(1, 0, 0, 0), SIMD4(0, 1, 0, 0), SIMD4(0, 0, 1, 0), SIMD4(0, 0, 0, 1))
    }

    /// The translation by `t`.
    public static func translation(_ t: SIMD3<Double>) -> Matrix4 {
        var m = identity
        m.columns.3 = SIMD4(t, 1)
        return m
    }

    /// The scale by `s` along the axes.
    public static func scale(_ s: SIMD3<Double>) -> Matrix4 {
        Matrix4(
            SIMD4(s.x, 0, 0, 0), SIMD4(0, s.y, 0, 0), SIMD4(0, 0, s.z, 0), SIMD4(0, 0, 0, 1))
    }

    /// The rotation by `q`, which is normalised first.
    public static func rotation(_ q: Quaternion) -> Matrix4 {
        let c = q.normalized.components
        let x = c.x, y = c.y, z = c.z, w = c.w
        return Matrix4(
            SIMD4(1 - 2 * (y * y + z * z), 2 * (x * y + z * w), 2 * (x * z - y * w), 0),
            SIMD4(2 * (x * y - z * w), 1 - 2 * (x * x + z * z), 2 * (y * z + x * w), 0),
            SIMD4(2 * (x * z + y * w), 2 * (y * z - x * w), 1 - 2 * (x * x + y * y), 0),
            SIMD4(0, 0, 0, 1))
    }

    /// Scale first, then rotation, then translation: glTF's order for a node.
    public static func compose(
        translation t: SIMD3<Double>, rotation q: Quaternion, scale s: SIMD3<Double>
    ) -> Matrix4 {
        var m = rotation(q)
        m.columns.0 *= s.x
        m.columns.1 *= s.y
        m.columns.2 *= s.z
        m.columns.3 = SIMD4(t, 1)
        return m
    }

    /// The matrix that applies `b` first, then `a`.
    @inlinable
    public static func * (a: Matrix4, b: Matrix4) -> Matrix4 {
        Matrix4(
            a * b.columns.0, a * b.columns.1, a * b.columns.2, a * b.columns.3)
    }

    /// The image of a four-component column vector.
    @inlinable
    public static func * (m: Matrix4, v: SIMD4<Double>) -> SIMD4<Double> {
        m.columns.0 * v.x + m.columns.1 * v.y + m.columns.2 * v.z + m.columns.3 * v.w
    }

    /// The image of a point under an affine matrix; the last row is taken as (0, 0, 0, 1).
    @inlinable
    public func transform(point p: SIMD3<Double>) -> SIMD3<Double> {
        let v = columns.0 * p.x + columns.1 * p.y + columns.2 * p.z + columns.3
        return SIMD3(v.x, v.y, v.z)
    }

    /// The image of a direction: the upper left 3 x 3 part alone.
    @inlinable
    public func transform(direction d: SIMD3<Double>) -> SIMD3<Double> {
        let v = columns.0 * d.x + columns.1 * d.y + columns.2 * d.z
        return SIMD3(v.x, v.y, v.z)
    }

    /// The translation column.
    public var translation: SIMD3<Double> { SIMD3(columns.3.x, columns.3.y, columns.3.z) }

    /// The determinant of the upper left 3 x 3 part: negative where the matrix mirrors.
    public var linearDeterminant: Double {
        let a = SIMD3(columns.0.x, columns.0.y, columns.0.z)
        let b = SIMD3(columns.1.x, columns.1.y, columns.1.z)
        let c = SIMD3(columns.2.x, columns.2.y, columns.2.z)
        return dot(a, cross(b, c))
    }

    /// The inverse of an affine matrix, or nil where its linear part is singular.
    public var affineInverse: Matrix4? {
        let determinant = linearDeterminant
        guard determinant != 0, determinant.isFinite else { return nil }
        let cofactors = normalMatrix
        // The inverse's rows are the cofactor columns over the determinant.
        let r0 = cofactors.0 / determinant
        let r1 = cofactors.1 / determinant
        let r2 = cofactors.2 / determinant
        let t = translation
        return Matrix4(
            SIMD4(r0.x, r1.x, r2.x, 0), SIMD4(r0.y, r1.y, r2.y, 0), SIMD4(r0.z, r1.z, r2.z, 0),
            SIMD4(-dot(r0, t), -dot(r1, t), -dot(r2, t), 1))
    }

    /// The columns of the cofactor matrix of the upper left 3 x 3 part: the inverse transpose
    /// times the determinant, which turns normals rightly and exists for singular matrices too.
    /// For a mirroring matrix it points normals inward; multiply by the determinant's sign.
    public var normalMatrix: (SIMD3<Double>, SIMD3<Double>, SIMD3<Double>) {
        let a = SIMD3(columns.0.x, columns.0.y, columns.0.z)
        let b = SIMD3(columns.1.x, columns.1.y, columns.1.z)
        let c = SIMD3(columns.2.x, columns.2.y, columns.2.z)
        return (cross(b, c), cross(c, a), cross(a, b))
    }

    /// The sixteen numbers in row-major order.
    public var rowMajor: [Double] {
        (0..<4).flatMap { r in
            [columns.0[r], columns.1[r], columns.2[r], columns.3[r]]
        }
    }

    /// Whether two matrices agree in every number.
    public static func == (a: Matrix4, b: Matrix4) -> Bool {
        a.columns.0 == b.columns.0 && a.columns.1 == b.columns.1 && a.columns.2 == b.columns.2
            && a.columns.3 == b.columns.3
    }
}
