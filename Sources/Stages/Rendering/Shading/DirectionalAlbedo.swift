import Foundation
import Geometry

/// The share of light that the specular lobe reflects under uniform surroundings, by the angle of
/// view and the roughness: what white surroundings show, what the layer below does not receive, and
/// by how much single scattering falls short of 1.
///
/// The lobe is GGX with height-correlated Smith masking and a Fresnel term `f0 + (1 - f0) s(v·h)`, so
/// its albedo is `f0 e + (1 - f0) b` with integrals that depend on the angle and the roughness alone:
/// `e` without the Fresnel term, `b` with `s` in its place (after Karis 2013). There is a `b` for
/// metals and one for dielectrics. They are integrated by sampling visible normals (Heitz 2018) and tabulated.
enum DirectionalAlbedo {
    /// Steps of the cosine of view, 0 to 1.
    static let cosineSteps = 32
    /// Steps of the roughness, 0 to 1.
    static let roughnessSteps = 16
    private static let sampleCount = 256

    /// The square of the roughness, GGX's α, is not taken below this: about the angular radius of
    /// the sun, so that a mirror shows a light of that size.
    static let smallestAlpha: Float = 0.0045

    /// `[roughnessSteps, cosineSteps]`: (e, b of metals, b of dielectrics, 0).
    static let table = ConstantTable<SIMD4<Float>>(count: roughnessSteps * cosineSteps) { i in
        let (row, column) = i.quotientAndRemainder(dividingBy: cosineSteps)
        // A cosine of exactly zero has no visible normals to sample.
        let cosine = max(1e-3, Double(column) / Double(cosineSteps - 1))
        return SIMD4<Float>(
            integrate(cosine: cosine, roughness: Double(row) / Double(roughnessSteps - 1)))
    }

    /// The integrals at one cosine and roughness.
    static func integrate(cosine: Double, roughness: Double) -> SIMD4<Double> {
        let alpha = max(roughness * roughness, Double(smallestAlpha))
        let view = SIMD3((1 - cosine * cosine).squareRoot(), 0, cosine)
        func lambda(_ c: Double) -> Double {
            0.5 * ((1 + alpha * alpha * (1 - c * c) / (c * c)).squareRoot() - 1)
        }
        var sum = SIMD4<Double>.zero
        for i in 0..<sampleCount {
            let half = visibleNormal(
                view, alpha, SIMD2((Double(i) + 0.5) / Double(sampleCount), radicalInverse(i)))
            let viewHalf = dot(view, half)
            let light = 2 * viewHalf * half - view
            guard light.z > 0 else { continue }
            // The sampling density leaves G2 / G1 of the reflected light.
            let weight = (1 + lambda(cosine)) / (1 + lambda(cosine) + lambda(light.z))
            let away = 1 - min(1, max(0, viewHalf))
            sum += weight * SIMD4(1, Fresnel.metal(away), Fresnel.dielectric(away), 0)
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

    /// Writes the table's values at one roughness, by cosine.
    static func fill(_ row: UnsafeMutablePointer<SIMD4<Float>>, roughness: Float) {
        let y = min(1, max(0, roughness)) * Float(roughnessSteps - 1)
        let upper = min(Int(y), roughnessSteps - 2)
        let t = y - Float(upper)
        for c in 0..<cosineSteps {
            let a = table.base[upper * cosineSteps + c]
            let b = table.base[(upper + 1) * cosineSteps + c]
            row[c] = a + (b - a) * t
        }
    }

    /// The integrals in eight lanes: `e`, and `b` of metals and of dielectrics.
    typealias Lanes = (e: FloatLanes, metal: FloatLanes, dielectric: FloatLanes)

    /// The integrals at one roughness.
    ///
    /// - Parameter row: what ``fill(_:roughness:)`` wrote.
    @inline(__always)
    static func lanes(_ row: UnsafePointer<SIMD4<Float>>, cosine: FloatLanes) -> Lanes {
        let (column, t) = cell(cosine, steps: cosineSteps)
        let index = integers(column)
        let e = LaneGather(row, index, component: 0)
        let metal = LaneGather(row, index, component: 1)
        let dielectric = LaneGather(row, index, component: 2)
        return (e.interpolated(t), metal.interpolated(t), dielectric.interpolated(t))
    }

    /// The integrals at eight roughnesses.
    @inline(never)
    static func lanes(
        _ table: UnsafePointer<SIMD4<Float>>, cosine: FloatLanes, roughness: FloatLanes
    ) -> Lanes {
        let (column, tx) = cell(cosine, steps: cosineSteps)
        let (row, ty) = cell(roughness, steps: roughnessSteps)
        let index = integers(row * Float(cosineSteps) + column)
        @inline(__always)
        func value(_ lane: Int) -> SIMD4<Float> {
            let entry = table + Int(index[lane])
            let near = entry[0] + (entry[1] - entry[0]) * tx[lane]
            let far =
                entry[cosineSteps] + (entry[cosineSteps + 1] - entry[cosineSteps]) * tx[lane]
            return near + (far - near) * ty[lane]
        }
        let values = ColorLanes(
            value(0), value(1), value(2), value(3), value(4), value(5), value(6), value(7))
        return (values.rgb.x, values.rgb.y, values.rgb.z)
    }

    /// The table's step below a value between 0 and 1, and how far it is to the next one.
    @inline(__always)
    private static func cell(
        _ value: FloatLanes, steps: Int
    ) -> (step: FloatLanes, t: FloatLanes) {
        let x = saturated(value) * Float(steps - 1)
        let step = smaller(x.rounded(.down), FloatLanes(repeating: Float(steps - 2)))
        return (step, x - step)
    }
}

/// A component of a table's entries, and of the entries after them, in eight lanes.
private struct LaneGather {
    private let here: FloatLanes
    private let next: FloatLanes

    @inline(__always)
    init(_ table: UnsafePointer<SIMD4<Float>>, _ index: IntLanes, component: Int) {
        let p = UnsafeRawPointer(table).assumingMemoryBound(to: Float.self) + component
        let i = index &<< 2
        let (a, b, c, d) = (Int(i[0]), Int(i[1]), Int(i[2]), Int(i[3]))
        let (e, f, g, h) = (Int(i[4]), Int(i[5]), Int(i[6]), Int(i[7]))
        here = FloatLanes(p[a], p[b], p[c], p[d], p[e], p[f], p[g], p[h])
        let q = p + 4
        next = FloatLanes(q[a], q[b], q[c], q[d], q[e], q[f], q[g], q[h])
    }

    @inline(__always)
    func interpolated(_ t: FloatLanes) -> FloatLanes { here + (next - here) * t }
}

/// How reflectance grows from its value along the normal, at 0, to 1, at grazing angles.
enum Fresnel {
    /// Schlick's approximation (1994), by one minus the cosine.
    @inline(__always)
    static func metal(_ away: Double) -> Double {
        let square = away * away
        return square * square * away
    }

    /// Fresnel's equations for a refractive index of 1.5, whose reflectance along the normal is
    /// 0.04, within 0.003. (Schlick's curve is off by up to 0.037 there, most at the angles at
    /// which rough dielectrics reflect most of their light.)
    @inline(__always)
    static func dielectric(_ away: Double) -> Double {
        let square = away * away
        let fourth = square * square
        return c3 * square * away + c4 * fourth + c8 * fourth * fourth
    }

    // Least squares over the cosine, with a sum of 1.
    private static let c3 = 0.3675
    private static let c4 = 0.0644
    private static let c8 = 0.5681

    /// Both curves in eight lanes.
    @inline(__always)
    static func lanes(_ away: FloatLanes) -> (metal: FloatLanes, dielectric: FloatLanes) {
        let square = away * away
        let fourth = square * square
        let dielectric =
            square * away * Float(c3) + fourth * (Float(c4) + Float(c8) * fourth)
        return (fourth * away, dielectric)
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
