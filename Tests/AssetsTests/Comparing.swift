import Assets
import Foundation
import Geometry

/// Little-endian bytes of a value.
func bytes<T>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }

/// The points of a frame.
func points(_ mesh: MeshSequence, frame: Int = 0) -> [SIMD3<Float>] {
    mesh.vertexRange(ofFrame: frame).map { mesh.positions[$0] }
}

/// The largest distance from one of `expected` to the nearest of `points`, and the other way
/// round: zero for equal sets of points, whatever their order.
func distance(_ points: [SIMD3<Float>], _ expected: [SIMD3<Double>]) -> Double {
    func oneWay(_ a: [SIMD3<Double>], _ b: [SIMD3<Double>]) -> Double {
        a.map { p in b.map { length($0 - p) }.min() ?? .infinity }.max() ?? .infinity
    }
    let points = points.map { SIMD3<Double>($0) }
    return max(oneWay(points, expected), oneWay(expected, points))
}

/// Matrices written out from sines and cosines, row by row.
enum Written {
    static func translation(_ x: Double, _ y: Double, _ z: Double) -> Matrix4 {
        Matrix4(rowMajor: [1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, z, 0, 0, 0, 1])
    }

    static func scale(_ x: Double, _ y: Double, _ z: Double) -> Matrix4 {
        Matrix4(rowMajor: [x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0, 0, 0, 0, 1])
    }

    static func x(degrees: Double) -> Matrix4 {
        let (c, s) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
        return Matrix4(rowMajor: [1, 0, 0, 0, 0, c, -s, 0, 0, s, c, 0, 0, 0, 0, 1])
    }

    static func y(degrees: Double) -> Matrix4 {
        let (c, s) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
        return Matrix4(rowMajor: [c, 0, s, 0, 0, 1, 0, 0, -s, 0, c, 0, 0, 0, 0, 1])
    }

    static func z(degrees: Double) -> Matrix4 {
        let (c, s) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
        return Matrix4(rowMajor: [c, -s, 0, 0, s, c, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
    }

    /// From Z up to Y up: `(x, y, z)` becomes `(x, z, -y)`.
    static let yUpFromZUp = Matrix4(rowMajor: [1, 0, 0, 0, 0, 0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1])
}

/// Changes some bytes of a file at random, and at times cuts or lengthens it.
func mutated(_ original: [UInt8], _ random: inout KeyedRandom) -> [UInt8] {
    var result = original
    let changes = Int.random(in: 1...8, using: &random)
    for _ in 0..<changes where !result.isEmpty {
        let at = Int.random(in: 0..<result.count, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: result[at] = UInt8.random(in: .min ... .max, using: &random)
        case 1: result[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2:
            result.removeSubrange(
                at..<min(at + Int.random(in: 1...16, using: &random), result.count))
        case 3:
            let count = Int.random(in: 1...16, using: &random)
            result.insert(
                contentsOf: (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random)
                },
                at: at)
        case 4: result.removeLast(result.count - at)
        default:
            // The largest and smallest 32-bit numbers, where counts lie.
            let values: [UInt32] = [0, 0xffff_ffff, 0x7fff_ffff, 0x8000_0000]
            let value = values[Int.random(in: 0..<4, using: &random)]
            for (k, byte) in bytes(value).enumerated() where at + k < result.count {
                result[at + k] = byte
            }
        }
    }
    return result
}
