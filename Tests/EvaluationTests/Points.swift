import Foundation
import Geometry

/// The clouds and features of `Reference/make_reference.py`.
enum Formula {
    /// Fractions of multiples, in double precision, rounded to single.
    static func cloud(
        _ count: Int, _ factors: SIMD3<Double>, scale: Double
    ) -> Vector3Array {
        Vector3Array(
            (1...count).map { i in
                let product = factors * Double(i)
                let fraction = product - product.rounded(.down)
                return SIMD3<Float>((fraction - 0.5) * scale)
            })
    }

    /// `[count, width]`, row-major.
    static func features(
        _ count: Int, _ width: Int, _ f: (Double) -> Double, _ step: Double, _ slope: Double
    ) -> [Double] {
        var values: [Double] = []
        for i in 0..<count {
            for j in 0..<width {
                let value = f(step * Double(i) * Double(j + 1))
                values.append(value * (1 + slope * Double(j)) + 0.1 * Double(j))
            }
        }
        return values
    }
}

/// Distances to nearest points by looking at all of them.
enum BruteForce {
    static func distances(_ a: Vector3Array, _ b: Vector3Array) -> [Double] {
        a.map { p in
            b.reduce(.infinity) { least, q in
                let d = SIMD3<Double>(p) - SIMD3<Double>(q)
                return min(least, length(d))
            }
        }
    }
}
