import Foundation
import Geometry
import TestSupport
import Testing

/// What registration is made of.
@Suite struct SimilarityTests {
    private static func drawn(_ random: inout KeyedRandom) -> Similarity {
        // Any rotation: a unit quaternion of normal numbers, here by rejection from the ball.
        var q = SIMD4<Double>.zero
        repeat {
            q = SIMD4(
                random.uniform(-1..<1), random.uniform(-1..<1), random.uniform(-1..<1),
                random.uniform(-1..<1))
        } while (q * q).sum() > 1 || (q * q).sum() < 0.01
        return Similarity(
            rotation: .rotation(Quaternion(x: q.x, y: q.y, z: q.z, w: q.w)),
            scale: random.uniform(0.2..<4),
            translation: SIMD3(random.uniform(-5..<5), random.uniform(-5..<5), 2))
    }

    @Test(arguments: 0..<30 as Range<UInt64>) func knownSimilaritiesAreFitted(seed: UInt64) throws {
        var random = KeyedRandom(seed: seed, asset: "similarity", purpose: "test")
        let similarity = Self.drawn(&random)
        let points = Shapes.points(3 + Int(seed), using: &random)
        let images = similarity(points)
        var sums = CorrespondenceSums(), other = CorrespondenceSums()
        for i in points.indices {
            let weight = random.uniform(0.1..<2)
            if i % 2 == 0 {
                sums.add(points[i], images[i], weight: weight)
            } else {
                other.add(points[i], images[i], weight: weight)
            }
        }
        sums.add(other)
        let fitted = try #require(sums.similarity())
        #expect(fitted.angle(to: similarity) < 0.01)
        #expect(isClose(fitted.scale, similarity.scale, relative: 1e-5))
        #expect(maximumDistance(fitted(points), images) < 2e-5)
        #expect(length(sums.meanResidual(similarity)) < 1e-5)
        let held = try #require(sums.similarity(scale: 2))
        #expect(held.scale == 2 && held.angle(to: similarity) < 0.01)
        let there = similarity(SIMD3<Double>(0.3, -0.2, 0.7))
        #expect(length(similarity.inverse(there) - SIMD3(0.3, -0.2, 0.7)) < 1e-12)
    }

    /// Horn's scale is the same from either side; the least-squares one is not.
    @Test func scaleTreatsBothSidesAlike() throws {
        var random = KeyedRandom(seed: 1, asset: "similarity", purpose: "noise")
        let points = Shapes.points(500, using: &random)
        var ahead = CorrespondenceSums(), back = CorrespondenceSums()
        for p in points {
            let noisy = p * 1.5 + Shapes.point(&random) * 0.3
            ahead.add(p, noisy, weight: 1)
            back.add(noisy, p, weight: 1)
        }
        let product = try #require(ahead.similarity()).scale * #require(back.similarity()).scale
        #expect(isClose(product, 1, within: 1e-9))
    }

    @Test func pointsAtOnePlaceFixNothing() {
        var sums = CorrespondenceSums()
        #expect(sums.similarity() == nil && sums.meanResidual(.identity) == .zero)
        for _ in 0..<4 { sums.add(SIMD3(1, 2, 3), SIMD3(0, 0, 1), weight: 1) }
        #expect(sums.similarity() == nil)
    }

    @Test func azimuthsTurnTheFrontTowardsX() {
        let turned = Similarity(rotation: Similarity.turn(azimuth: 90))
        #expect(length(turned(SIMD3<Double>(0, 0, 1)) - SIMD3(1, 0, 0)) < 1e-12)
        for azimuth in [-170.0, -90, 0, 12, 179] {
            let similarity = Similarity(rotation: Similarity.turn(azimuth: azimuth))
            #expect(isClose(similarity.azimuth, azimuth, within: 1e-9))
        }
    }

    @Test(arguments: 0..<10 as Range<UInt64>) func limitedSearchesFindTheNearest(seed: UInt64) {
        var random = KeyedRandom(seed: seed, asset: "tree", purpose: "test")
        let points = Shapes.points(700, using: &random)
        let tree = KDTree(points)
        for _ in 0..<200 {
            let p = Shapes.point(&random) * 1.2
            let limit = Float(random.uniform(0..<0.05))
            let nearest = points.indices.map { i in
                let d = points[i] - p
                return (squared: dot(d, d), index: i)
            }.min { $0.squared < $1.squared }!
            let found = tree.nearest(to: p, withinSquared: limit)
            if abs(nearest.squared - limit) < 1e-6 { continue }
            #expect((found == nil) == (nearest.squared > limit))
            if let found {
                #expect(isClose(found.squaredDistance, nearest.squared, within: 1e-6))
            }
        }
    }
}
