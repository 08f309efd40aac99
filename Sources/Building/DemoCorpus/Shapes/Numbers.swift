import Foundation
import Geometry

package typealias Vector2 = SIMD2<Float>
package typealias Vector3 = SIMD3<Float>

let turn = 2 * Float.pi

/// From `a` (t = 0) to `b` (t = 1).
func mix<V: SIMD>(_ a: V, _ b: V, _ t: V.Scalar) -> V where V.Scalar: FloatingPoint {
    a + (b - a) * t
}

/// From `a` (t = 0) to `b` (t = 1).
func mix(_ a: Float, _ b: Float, _ t: Float) -> Float { a + (b - a) * t }

/// 0 up to `low`, 1 from `high`, and Hermite's cubic between; `low` may lie above `high`.
func smoothstep(_ low: Float, _ high: Float, _ x: Float) -> Float {
    let t = min(max((x - low) / (high - low), 0), 1)
    return t * t * (3 - 2 * t)
}

/// The part of `x` above the next lower whole number.
func fraction(_ x: Float) -> Float { x - x.rounded(.down) }

/// A bump of height 1 at the middle of [0, 1] that is 0, with slope 0, at both ends.
func bump(_ x: Float) -> Float {
    guard x > 0, x < 1 else { return 0 }
    let s = sin(Float.pi * x)
    return s * s
}

/// Smooth random numbers in space, the same for the same seed everywhere.
struct Noise: Sendable {
    private let seed: UInt32

    init(seed: UInt64, _ purpose: String) {
        var random = KeyedRandom(seed: seed, asset: "demo-corpus", purpose: purpose)
        self.seed = UInt32(truncatingIfNeeded: random.next())
    }

    /// A number in [0, 1) for a cell of the integer lattice.
    func cell(_ x: Int32, _ y: Int32, _ z: Int32 = 0) -> Float {
        var h = seed &+ UInt32(bitPattern: x) &* 0x8DA6_B343
        h = h &+ UInt32(bitPattern: y) &* 0xD816_3841
        h = h &+ UInt32(bitPattern: z) &* 0xCB1A_B31F
        h ^= h >> 15
        h = h &* 0x2C1B_3C6D
        h ^= h >> 12
        h = h &* 0x297A_2D39
        h ^= h >> 15
        return Float(h >> 8) * 0x1p-24
    }

    /// Value noise in [0, 1] with features of about one unit.
    func value(_ p: Vector3) -> Float {
        let base = Vector3(floor(p.x), floor(p.y), floor(p.z))
        let f = p - base
        let w = f * f * (3 - 2 * f)
        let x = Int32(base.x)
        let y = Int32(base.y)
        let z = Int32(base.z)
        func edge(_ y: Int32, _ z: Int32) -> Float { mix(cell(x, y, z), cell(x &+ 1, y, z), w.x) }
        return mix(
            mix(edge(y, z), edge(y &+ 1, z), w.y),
            mix(edge(y, z &+ 1), edge(y &+ 1, z &+ 1), w.y), w.z)
    }

    /// Octaves of value noise, each half as large and twice as fine, in [0, 1].
    func octaves(_ p: Vector3, count: Int = 4) -> Float {
        var sum: Float = 0
        var weight: Float = 0.5
        var q = p
        var total: Float = 0
        for _ in 0..<count {
            sum += weight * value(q)
            total += weight
            weight *= 0.5
            q = q * 2.03 + 17.1
        }
        return sum / total
    }
}

/// The cosine of an angle in degrees.
func cosine(_ degrees: Float) -> Float { cos(degrees * .pi / 180) }

/// The angle in radians of a cosine, which is clamped to [-1, 1].
func arcCosine(_ x: Float) -> Float { acos(min(max(x, -1), 1)) }
