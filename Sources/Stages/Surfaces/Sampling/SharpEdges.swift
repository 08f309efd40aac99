import Foundation
import Geometry

/// The edges of a mesh where it turns sharply: what a learned surface loses first.
public struct SharpEdges: Sendable {
    /// The ends of each edge.
    public let ends: [(SIMD3<Float>, SIMD3<Float>)]
    /// The unit normal at each edge: halfway between those of its two triangles.
    public let normals: [SIMD3<Float>]
    private let sums: [Double]

    /// The edges of two triangles whose normals are more than `angle` radians apart.
    ///
    /// - Parameters:
    ///   - mesh: vertices at equal positions count as one.
    ///   - angle: Step1X-3D's command takes 15 degrees, which is the default.
    /// - Complexity: O(*V* + *F*).
    public init(_ mesh: TriangleMesh, angle: Double = 15 * .pi / 180) {
        let mesh = mesh.welded()
        var ends: [(SIMD3<Float>, SIMD3<Float>)] = []
        var normals: [SIMD3<Float>] = []
        var sums: [Double] = []
        let limit = Float(cos(angle))
        mesh.forEachInnerEdge { a, b, f, g in
            let m = mesh.normal(f), n = mesh.normal(g)
            guard m != .zero, n != .zero, dot(m, n) < limit else { return }
            let (p, q) = (mesh.positions[a], mesh.positions[b])
            let between = normalize(m + n)
            ends.append((p, q))
            normals.append(between == .zero ? m : between)
            sums.append((sums.last ?? 0) + Double(length(q - p)))
        }
        self.ends = ends
        self.normals = normals
        self.sums = sums
    }

    /// The sum of the edges' lengths.
    public var totalLength: Double { sums.last ?? 0 }

    /// Points drawn uniformly by length, with their edges' normals; none where there are no edges.
    ///
    /// - Returns: positions and normals, `count` each.
    public func draw(
        _ count: Int, using random: inout KeyedRandom
    ) -> (positions: Vector3Array, normals: Vector3Array) {
        var positions = Vector3Array()
        var drawn = Vector3Array()
        guard totalLength > 0 else { return (positions, drawn) }
        for _ in 0..<count {
            let value = random.uniform(0..<totalLength)
            var low = 0, high = sums.count - 1
            while low < high {
                let middle = (low + high) / 2
                if sums[middle] > value { high = middle } else { low = middle + 1 }
            }
            let t = Float(random.uniform(0..<1))
            let (a, b) = ends[low]
            positions.append(a + (b - a) * t)
            drawn.append(normals[low])
        }
        return (positions, drawn)
    }
}
