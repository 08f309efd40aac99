import COpenBLAS

/// The rigid motion that brings one point set closest to another in the least-squares sense.
public enum RigidRegistration {
    /// The rotation and translation that minimise `Σ wᵢ ‖R sᵢ + t − gᵢ‖²` (Kabsch 1976, with
    /// Umeyama's sign so that the result never mirrors; singular values by LAPACK).
    ///
    /// Where the points leave the rotation free (all on a line or at one place), some rotation
    /// that is optimal is returned. Points whose weight is not positive, or that are no finite
    /// numbers, are passed over.
    ///
    /// - Parameters:
    ///   - source: `n` points.
    ///   - target: `n` points, corresponding by index.
    ///   - weights: `n` weights, or nil for equal ones.
    /// - Returns: `targetFromSource`, a rigid transform; the identity where no point counts.
    /// - Complexity: O(*n*).
    public static func kabsch(
        source: some RandomAccessCollection<SIMD3<Float>>,
        target: some RandomAccessCollection<SIMD3<Float>>, weights: [Float]? = nil
    ) -> Matrix4 {
        precondition(source.count == target.count, "points correspond by index")
        precondition(weights == nil || weights?.count == source.count, "one weight a point")
        guard
            let moments = Moments(source: source, target: target, weights: weights)
        else { return .identity }
        let rotation = rotation(ofCovariance: moments.covariance)
        let t = moments.targetMean - rotation.transform(direction: moments.sourceMean)
        var result = rotation
        result.columns.3 = SIMD4(t, 1)
        return result
    }

    /// Weighted means and the covariance of two corresponding point sets.
    private struct Moments {
        var sourceMean = SIMD3<Double>.zero
        var targetMean = SIMD3<Double>.zero
        /// `Σ w (g − ḡ)(s − s̄)ᵀ`, column-major.
        var covariance = [Double](repeating: 0, count: 9)

        init?(
            source: some RandomAccessCollection<SIMD3<Float>>,
            target: some RandomAccessCollection<SIMD3<Float>>, weights: [Float]?
        ) {
            func visit(_ body: (SIMD3<Double>, SIMD3<Double>, Double) -> Void) {
                for (i, (s, g)) in zip(source, target).enumerated() {
                    let w = weights?[i] ?? 1
                    guard w > 0, w.isFinite, s - s == .zero, g - g == .zero else { continue }
                    body(SIMD3<Double>(s), SIMD3<Double>(g), Double(w))
                }
            }
            var total = 0.0
            var sums = (SIMD3<Double>.zero, SIMD3<Double>.zero)
            visit { s, g, w in
                total += w
                sums.0 += s * w
                sums.1 += g * w
            }
            guard total > 0 else { return nil }
            sourceMean = sums.0 / total
            targetMean = sums.1 / total
            var columns = (SIMD3<Double>.zero, SIMD3<Double>.zero, SIMD3<Double>.zero)
            visit { [sourceMean, targetMean] s, g, w in
                let d = (g - targetMean) * w
                let e = s - sourceMean
                columns.0 += d * e.x
                columns.1 += d * e.y
                columns.2 += d * e.z
            }
            for (c, column) in [columns.0, columns.1, columns.2].enumerated() {
                for r in 0..<3 { covariance[3 * c + r] = column[r] }
            }
        }
    }

    /// `U diag(1, 1, det(U Vᵀ)) Vᵀ` of a covariance `U S Vᵀ` (`[9]`, column-major): the rotation
    /// that turns the source's deviations closest to the target's.
    static func rotation(ofCovariance covariance: [Double]) -> Matrix4 {
        var a = covariance
        var s = [Double](repeating: 0, count: 3)
        var u = [Double](repeating: 0, count: 9)
        var vt = [Double](repeating: 0, count: 9)
        var work = [Double](repeating: 0, count: 64)
        var n: Int32 = 3
        var workCount = Int32(work.count)
        var info: Int32 = 0
        dgesvd_("A", "A", &n, &n, &a, &n, &s, &u, &n, &vt, &n, &work, &workCount, &info)
        guard info == 0 else { return .identity }
        func column(_ m: [Double], _ c: Int) -> SIMD3<Double> {
            SIMD3(m[3 * c], m[3 * c + 1], m[3 * c + 2])
        }
        let uColumns = [column(u, 0), column(u, 1), column(u, 2)]
        let vColumns = (0..<3).map { SIMD3(vt[$0], vt[3 + $0], vt[6 + $0]) }
        let sign =
            dot(uColumns[0], cross(uColumns[1], uColumns[2]))
                * dot(vColumns[0], cross(vColumns[1], vColumns[2])) < 0 ? -1.0 : 1.0
        func rotated(_ axis: Int) -> SIMD4<Double> {
            let r =
                uColumns[0] * vColumns[0][axis] + uColumns[1] * vColumns[1][axis]
                + uColumns[2] * (sign * vColumns[2][axis])
            return SIMD4(r, 0)
        }
        return Matrix4(rotated(0), rotated(1), rotated(2), SIMD4(0, 0, 0, 1))
    }
}
