import Geometry
import TestSupport
import Testing

@Suite struct PointSearchTests {
    private func clouds(_ random: inout KeyedRandom) -> [Vector3Array] {
        var lattice = Vector3Array()
        for k in 0..<1000 {
            lattice.append(SIMD3(Float(k % 10), Float(k / 10 % 10), Float(k / 100)) / 5 - 1)
        }
        var withHoles = Shapes.points(300, using: &random)
        withHoles[17] = SIMD3(.nan, 0, 0)
        withHoles[99] = SIMD3(0, .infinity, 0)
        return [
            Shapes.points(5000, using: &random), lattice, withHoles,
            Shapes.points(1, using: &random),
            Shapes.points(17, using: &random),
            Vector3Array((0..<100).map { _ in SIMD3<Float>(0.5, 0.5, 0.5) }),
        ]
    }

    /// All points with their squared distances, nearest first, equal ones by index.
    private func linear(_ points: Vector3Array, _ p: SIMD3<Float>) -> [Neighbor] {
        points.indices.compactMap { i -> Neighbor? in
            let d = p - points[i]
            let squared = d.x * d.x + d.y * d.y + d.z * d.z
            return squared.isFinite ? Neighbor(index: i, squaredDistance: squared) : nil
        }.sorted { ($0.squaredDistance, $0.index) < ($1.squaredDistance, $1.index) }
    }

    @Test func neighborsAreThoseOfALinearSearch() {
        var random = KeyedRandom(seed: 1, asset: "", purpose: "test")
        for points in clouds(&random) {
            let tree = KDTree(points)
            var queries = Shapes.points(60, using: &random)
            queries.append(.zero)
            queries.append(SIMD3(0.2, 0.2, 0.2))
            let k = 8
            let found = tree.nearest(toEach: queries, count: k)
            let single = tree.nearest(toEach: queries)
            for (i, q) in queries.enumerated() {
                let expected = linear(points, q)
                #expect(tree.nearest(to: q) == expected.first)
                #expect(tree.nearest(to: q, count: k) == Array(expected.prefix(k)))
                #expect(Int(single.indices[i]) == expected[0].index)
                for rank in 0..<k {
                    let want = rank < expected.count ? expected[rank].index : -1
                    #expect(Int(found.indices[i * k + rank]) == want)
                }
                let inReach = expected.filter { $0.squaredDistance <= 0.25 }.map(\.index).sorted()
                #expect(tree.points(within: 0.5, of: q) == inReach)
            }
        }
        #expect(KDTree(Vector3Array()).nearest(to: .zero) == nil)
    }

    /// The algorithm as it is defined.
    private func linearFarthest(_ points: Vector3Array, _ count: Int, start: Int) -> [Int] {
        var distances = points.map { p in
            p - p == .zero ? Float.infinity : -1
        }
        var chosen = [start]
        let total = min(count, distances.filter { $0 > 0 }.count)
        while chosen.count < total {
            let last = chosen[chosen.count - 1]
            for i in points.indices where distances[i] >= 0 {
                let d = points[last] - points[i]
                distances[i] = min(distances[i], d.x * d.x + d.y * d.y + d.z * d.z)
            }
            distances[last] = -1
            var best = 0
            for i in points.indices where distances[i] > distances[best] { best = i }
            chosen.append(best)
        }
        return chosen
    }

    @Test func farthestPointsAreThoseOfTheLinearAlgorithm() {
        var random = KeyedRandom(seed: 2, asset: "", purpose: "test")
        for points in clouds(&random) {
            for (count, start) in [(1, 0), (100, 0), (64, points.count / 2)] {
                #expect(
                    FarthestPointSampling.indices(in: points, count: count, start: start)
                        == linearFarthest(points, count, start: start))
            }
        }
        #expect(FarthestPointSampling.indices(in: Vector3Array(), count: 5) == [])
    }

    @Test func allPointsAreChosenOnce() {
        var random = KeyedRandom(seed: 3, asset: "", purpose: "test")
        let points = Shapes.points(333, using: &random)
        let chosen = FarthestPointSampling.indices(in: points, count: 1000)
        #expect(chosen.sorted() == Array(0..<333))
    }

    @Test func mortonOrderIsAPermutation() {
        var random = KeyedRandom(seed: 4, asset: "", purpose: "test")
        for points in clouds(&random) {
            #expect(SpatialOrder.morton(points).sorted() == (0..<Int32(points.count)).map { $0 })
        }
    }
}
