import Foundation
import Geometry

/// The share of light that the specular lobe reflects under uniform surroundings, by the angle of
/// view and the roughness: what white surroundings show, what the layer below does not receive, and
/// by how much single scattering falls short of 1.
///
/// The lobe is GGX with height-correlated Smith masking and Schlick's Fresnel term
/// `f0 + (1 - f0) (1 - v·h)^5`, so its albedo is `f0 e + (1 - f0) b` with two integrals that depend on
/// the angle and the roughness alone: `e` without the Fresnel term, `b` with `(1 - v·h)^5` in its
/// place (after Karis 2013). They are integrated by sampling visible normals (Heitz 2018) and tabulated.
enum DirectionalAlbedo {
    /// Steps of the cosine of view, 0 to 1.
    static let cosineSteps = 32
    /// Steps of the roughness, 0 to 1.
    static let roughnessSteps = 16
    private static let sampleCount = 256

    /// The square of the roughness, GGX's α, is not taken below this: about the angular radius of
    /// the sun, so that a mirror shows a light of that size.
    static let smallestAlpha: Float = 0.0045

    /// `[roughnessSteps, cosineSteps]`: (e, b).
    static let table = ConstantTable<SIMD2<Float>>(count: roughnessSteps * cosineSteps) { i in
        let (row, column) = i.quotientAndRemainder(dividingBy: cosineSteps)
        // A cosine of exactly zero has no visible normals to sample.
        let cosine = max(1e-3, Double(column) / Double(cosineSteps - 1))
        return SIMD2<Float>(
            integrate(cosine: cosine, roughness: Double(row) / Double(roughnessSteps - 1)))
    }

    /// The two integrals at one cosine and roughness.
    static func integrate(cosine: Double, roughness: Double) -> SIMD2<Double> {
        let alpha = max(roughness * roughness, Double(smallestAlpha))
        let view = SIMD3((1 - cosine * cosine).squareRoot(), 0, cosine)
        func lambda(_ c: Double) -> Double {
            0.5 * ((1 + alpha * alpha * (1 - c * c) / (c * c)).squareRoot() - 1)
        }
        var sum = SIMD2<Double>.zero
        for i in 0..<sampleCount {
            let half = visibleNormal(
                view, alpha, SIMD2((Double(i) + 0.5) / Double(sampleCount), radicalInverse(i)))
            let viewHalf = dot(view, half)
            let light = 2 * viewHalf * half - view
            guard light.z > 0 else { continue }
            // The sampling density leaves G2 / G1 of the reflected light.
            let weight = (1 + lambda(cosine)) / (1 + lambda(cosine) + lambda(light.z))
            sum += weight * SIMD2(1, pow(1 - min(1, max(0, viewHalf)), 5))
        }
        return sum / Double(sampleCount)
    }

    private static func visibleNormal(
        _ view: SIMD3<Double>, _ alpha: Double, _ u: SIMD2<Double>
    ) -> SIMD3<Double> {
        let stretched = normalize(SIMD3(alpha * view.x, alpha * view.y, view.z))
        let flat = SIMD3(-stretched.y, stretched.x, 0)
        let t1 = length(flat) > 1e-9 ? normalize(flat) : SIMD3(1, 0, 0)
        let t2 = cross(stretched, t1)
        let radius = u.x.squareRoot()
        let angle = 2 * Double.pi * u.y
        let a = radius * cos(angle)
        let s = 0.5 * (1 + stretched.z)
        let b = (1 - s) * (1 - a * a).squareRoot() + s * radius * sin(angle)
        let n = a * t1 + b * t2 + max(0, 1 - a * a - b * b).squareRoot() * stretched
        return normalize(SIMD3(alpha * n.x, alpha * n.y, max(0, n.z)))
    }

    /// Van der Corput's sequence in base 2.
    private static func radicalInverse(_ i: Int) -> Double {
        Double(UInt32(truncatingIfNeeded: i).bitReversed) * 0x1p-32
    }

    /// The two integrals in eight lanes, interpolated from the table.
    @inline(__always)
    static func lanes(
        _ table: UnsafePointer<SIMD2<Float>>, cosine: FloatLanes, roughness: FloatLanes
    ) -> (e: FloatLanes, b: FloatLanes) {
        let x = saturated(cosine) * Float(cosineSteps - 1)
        let y = saturated(roughness) * Float(roughnessSteps - 1)
        let column = smaller(x.rounded(.down), FloatLanes(repeating: Float(cosineSteps - 2)))
        let row = smaller(y.rounded(.down), FloatLanes(repeating: Float(roughnessSteps - 2)))
        let tx = x - column, ty = y - row
        let index = row * Float(cosineSteps) + column
        let rows = ColorLanes { lane in
            // Two neighbouring entries of a row, (e, b, e, b), of either row.
            let entry = UnsafeRawPointer(table + Int(index[lane]))
            let upper = entry.loadUnaligned(as: SIMD4<Float>.self)
            let lower = (entry + 8 * cosineSteps).loadUnaligned(as: SIMD4<Float>.self)
            return upper + (lower - upper) * ty[lane]
        }
        return (
            rows.rgb.x + (rows.rgb.z - rows.rgb.x) * tx,
            rows.rgb.y + (rows.alpha - rows.rgb.y) * tx
        )
    }
}

extension UInt32 {
    fileprivate var bitReversed: UInt32 {
        var v = self
        v = (v >> 1) & 0x5555_5555 | (v & 0x5555_5555) << 1
        v = (v >> 2) & 0x3333_3333 | (v & 0x3333_3333) << 2
        v = (v >> 4) & 0x0f0f_0f0f | (v & 0x0f0f_0f0f) << 4
        return v.byteSwapped
    }
}
