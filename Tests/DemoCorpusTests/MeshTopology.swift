import Geometry

/// Triangles with vertices at the same place made one.
struct MeshTopology {
    let positions: [SIMD3<Double>]
    /// Vertices of each triangle, those of no extent left out.
    let triangles: [SIMD3<Int>]

    init(positions: [SIMD3<Double>], triangles: [Int]) {
        var first: [SIMD3<Double>: Int] = [:]
        let weld = positions.indices.map { i in
            let key = positions[i] + SIMD3<Double>.zero
            if let found = first[key] { return found }
            first[key] = i
            return i
        }
        self.positions = positions
        self.triangles = stride(from: 0, to: triangles.count, by: 3).map {
            SIMD3(weld[triangles[$0]], weld[triangles[$0 + 1]], weld[triangles[$0 + 2]])
        }.filter { $0.x != $0.y && $0.y != $0.z && $0.z != $0.x }
    }

    /// Directed edges that are not met by as many in the other direction.
    var openEdgeCount: Int {
        var balance: [SIMD2<Int>: Int] = [:]
        for t in triangles {
            for (a, b) in [(t.x, t.y), (t.y, t.z), (t.z, t.x)] {
                balance[SIMD2(min(a, b), max(a, b)), default: 0] += a < b ? 1 : -1
            }
        }
        return balance.values.filter { $0 != 0 }.count
    }

    /// The triangles in groups that hang together by their vertices.
    var components: [[SIMD3<Int>]] {
        var leader = Array(positions.indices)
        func find(_ i: Int) -> Int {
            var root = i
            while leader[root] != root { root = leader[root] }
            var at = i
            while leader[at] != root { (leader[at], at) = (root, leader[at]) }
            return root
        }
        for t in triangles {
            leader[find(t.y)] = find(t.x)
            leader[find(t.z)] = find(t.x)
        }
        return Dictionary(grouping: triangles) { find($0.x) }.values.map { $0 }
    }

    /// The volume that triangles enclose: positive where they face outwards (divergence theorem).
    func volume(_ triangles: [SIMD3<Int>]) -> Double {
        let origin = positions[triangles[0].x]
        return triangles.reduce(0) { sum, t in
            let a = positions[t.x] - origin
            let b = positions[t.y] - origin
            let c = positions[t.z] - origin
            return sum + dot(a, cross(b, c)) / 6
        }
    }

    /// The volume of everything.
    var volume: Double { volume(triangles) }
}
