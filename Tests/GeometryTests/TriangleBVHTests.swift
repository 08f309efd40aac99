import Geometry
import TestSupport
import Testing

@Suite struct TriangleBVHTests {
    /// Distances to all triangles in double precision, one after the other.
    private func linearDistance(_ mesh: TriangleMesh, _ p: SIMD3<Float>) -> Double {
        let q = SIMD3<Double>(p)
        return (0..<mesh.triangleCount).reduce(Double.infinity) { least, f in
            let (a, b, c) = mesh.points(f)
            let found = PointOnTriangle(
                closestTo: q, SIMD3<Double>(a), SIMD3<Double>(b), SIMD3<Double>(c))
            return min(least, found.squaredDistance(to: q))
        }.squareRoot()
    }

    /// The point of a triangle by a search that knows nothing of regions: a fine grid of
    /// barycentrics, refined around the best.
    private func searchedDistance(
        _ p: SIMD3<Double>, _ a: SIMD3<Double>, _ b: SIMD3<Double>, _ c: SIMD3<Double>
    ) -> Double {
        var best = (distance: Double.infinity, u: 0.0, v: 0.0)
        var (centerU, centerV, reach) = (0.5, 0.5, 0.5)
        for _ in 0..<14 {
            for i in -10...10 {
                for j in -10...10 {
                    let u = max(0, min(1, centerU + reach * Double(i) / 10))
                    let v = max(0, min(1 - u, centerV + reach * Double(j) / 10))
                    let d = length(a + (b - a) * u + (c - a) * v - p)
                    if d < best.distance { best = (d, u, v) }
                }
            }
            (centerU, centerV, reach) = (best.u, best.v, reach / 4)
        }
        return best.distance
    }

    @Test func pointOnTriangleIsTheClosest() {
        var random = KeyedRandom(seed: 1, asset: "", purpose: "test")
        for _ in 0..<200 {
            let (p, a, b, c) = (
                SIMD3<Double>(Shapes.point(&random)), SIMD3<Double>(Shapes.point(&random)),
                SIMD3<Double>(Shapes.point(&random)), SIMD3<Double>(Shapes.point(&random))
            )
            let found = PointOnTriangle(closestTo: p, a, b, c)
            #expect(
                isClose(
                    found.squaredDistance(to: p).squareRoot(), searchedDistance(p, a, b, c),
                    within: 1e-5))
            #expect(found.barycentrics.min() >= 0)
            #expect(isClose(found.barycentrics.sum(), 1, within: 1e-12))
        }
    }

    @Test(arguments: [1, 7, 8, 9, 200, 5000])
    func closestPointsAreThoseOfALinearSearch(count: Int) {
        var random = KeyedRandom(seed: 2, asset: "\(count)", purpose: "test")
        let mesh = Shapes.soup(count, size: count < 100 ? 1 : 0.1, using: &random)
        let bvh = TriangleBVH(mesh)
        var points = Shapes.points(200, using: &random)
        points.append(mesh.positions[0])
        points.append(SIMD3(100, -50, 3))
        let found = bvh.closestPoints(to: points)
        let distances = bvh.distances(to: points)
        for (i, p) in points.enumerated() {
            let expected = linearDistance(mesh, p)
            let tolerance = 1e-6 * max(1, expected)
            #expect(isClose(Double(found[i].distance), expected, within: tolerance))
            #expect(isClose(Double(distances[i]), expected, within: tolerance))
            #expect(bvh.closestPoint(to: p).distance == found[i].distance)
            // The point found lies where it says, as far away as it says.
            let again = mesh.point(found[i].point.triangle, found[i].point.barycentrics)
            #expect(length(again - found[i].position) < 1e-5)
            #expect(isClose(length(p - again), found[i].distance, within: 1e-5))
        }
    }

    /// Needles, points and lines as triangles, and many of the same.
    @Test func degenerateTrianglesHaveDistancesToo() {
        var random = KeyedRandom(seed: 3, asset: "", purpose: "test")
        var positions = Vector3Array()
        for k in 0..<300 {
            let a = Shapes.point(&random)
            let b = k % 3 == 0 ? a : Shapes.point(&random)
            let c = k % 3 == 1 ? a + (b - a) * 0.3 : b + SIMD3(repeating: 1e-7)
            for p in [a, b, c] { positions.append(p) }
        }
        for _ in 0..<50 { for k in 0..<3 { positions.append(SIMD3(Float(k), 2, 0)) } }
        let mesh = TriangleMesh(
            positions: positions, triangles: (0..<UInt32(positions.count)).map { $0 })
        let bvh = TriangleBVH(mesh)
        for p in Shapes.points(300, using: &random) {
            let found = bvh.closestPoint(to: p)
            #expect(isClose(Double(found.distance), linearDistance(mesh, p), within: 2e-6))
        }
    }

    @Test func whatIsNotFiniteIsPassedOver() {
        var mesh = Shapes.box(SIMD3(1, 1, 1))
        mesh.positions.append(SIMD3(.nan, 0, 0))
        mesh.triangles += [0, 1, 8]
        let bvh = TriangleBVH(mesh)
        #expect(bvh.closestPoint(to: SIMD3(2, 0, 0)).distance == 1.5)
        #expect(bvh.distances(to: Vector3Array([SIMD3(.nan, 0, 0)])) == [.infinity])
        let empty = TriangleBVH(TriangleMesh())
        #expect(empty.isEmpty)
        #expect(empty.closestPoint(to: .zero).distance == .infinity)
        #expect(empty.firstHit(from: .zero, along: SIMD3(1, 0, 0)) == nil)
    }

    @Test func raysMeetTheFirstTriangle() {
        var random = KeyedRandom(seed: 4, asset: "", purpose: "test")
        let mesh = Shapes.soup(400, size: 0.6, using: &random)
        let bvh = TriangleBVH(mesh)
        var hits = 0
        for k in 0..<500 {
            let origin = Shapes.point(&random)
            var direction = Shapes.point(&random)
            if k % 5 == 0 { direction[k / 5 % 3] = 0 }
            if k % 15 == 0 { direction = SIMD3(0, 0, 1) }
            let found = bvh.firstHit(from: origin, along: direction)
            let expected = (0..<mesh.triangleCount)
                .compactMap { crossing(mesh.points($0), origin, direction) }.min()
            #expect((found == nil) == (expected == nil))
            if let found, let expected {
                hits += 1
                #expect(isClose(Double(found.parameter), expected, within: 1e-4))
                let end = origin + direction * (found.parameter * 0.99)
                #expect(!bvh.crosses(from: origin, to: end))
                #expect(
                    bvh.crosses(from: origin, to: origin + direction * found.parameter * 1.01))
            }
        }
        #expect(hits > 100)
    }

    /// Where a line meets a triangle, by Cramer's rule in double precision.
    private func crossing(
        _ t: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>), _ o: SIMD3<Float>, _ d: SIMD3<Float>
    ) -> Double? {
        let a = SIMD3<Double>(t.0)
        let (u, v) = (SIMD3<Double>(t.1) - a, SIMD3<Double>(t.2) - a)
        let (r, s) = (SIMD3<Double>(d), SIMD3<Double>(o) - a)
        let determinant = dot(u, cross(v, -r))
        let x = dot(s, cross(v, -r)) / determinant
        let y = dot(u, cross(s, -r)) / determinant
        let z = dot(u, cross(v, s)) / determinant
        return x >= 0 && y >= 0 && x + y <= 1 && z >= 0 ? z : nil
    }
}
