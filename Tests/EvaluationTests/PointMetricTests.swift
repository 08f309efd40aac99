import Evaluation
import Foundation
import Geometry
import TestSupport
import Testing

@Suite struct PointMetricTests {
    private static func points(_ count: Int, seed: UInt64) -> Vector3Array {
        var random = KeyedRandom(seed: seed, asset: "points", purpose: "test")
        return Shapes.points(count, using: &random)
    }

    /// The numbers that Reference/make_reference.py prints: scipy 1.17.1's cKDTree and Open3D
    /// 0.20.0's compute_point_cloud_distance, which agree to all digits.
    @Test func agreesWithSciPyAndOpen3D() {
        let prediction = Formula.cloud(
            20000, SIMD3(0.8191725133961645, 0.6710436067037893, 0.5497004779019703), scale: 1)
        let truth = Formula.cloud(
            15000, SIMD3(0.7548776662466927, 0.5698402909980532, 0.3819660112501051), scale: 0.9)
        let distances = CloudDistances(prediction: prediction, truth: truth)
        let plain = PointMetrics(scale: 2, threshold: 0.04).scores(distances)
        #expect(isClose(plain.chamfer, 0.08848226545832533, relative: 1e-6))
        // Rounding may move the points on the threshold itself.
        #expect(isClose(plain.precision, 0.3885, within: 1.01 / 20000))
        #expect(isClose(plain.recall, 0.6184, within: 1.01 / 15000))
        #expect(isClose(plain.fScore, 0.47720409176680906, within: 1e-4))
        let squared = PointMetrics(scale: 2, isSquared: true).scores(distances)
        #expect(isClose(squared.chamfer, 0.005040474777498404, relative: 1e-6))
        let mean = PointMetrics(scale: 2, isSquared: true, joining: .mean).scores(distances)
        #expect(isClose(mean.chamfer, squared.chamfer / 2, relative: 1e-12))
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func agreesWithBruteForce(seed: UInt64) {
        let a = Self.points(1 + Int(seed) * 17 % 240, seed: seed)
        let b = Self.points(1 + Int(seed) * 31 % 190, seed: seed + 100)
        let scores = PointMetrics(scale: 3, threshold: 0.6).scores(prediction: a, truth: b)
        let forward = BruteForce.distances(a, b), backward = BruteForce.distances(b, a)
        func mean(_ d: [Double]) -> Double { d.reduce(0, +) / Double(d.count) }
        func share(_ d: [Double]) -> Double {
            Double(d.count { $0 * 3 < 0.6 }) / Double(d.count)
        }
        #expect(isClose(scores.chamfer, 3 * (mean(forward) + mean(backward)), relative: 1e-5))
        let (p, r) = (share(forward), share(backward))
        #expect(isClose(scores.precision, p, within: 1e-9))
        #expect(isClose(scores.recall, r, within: 1e-9))
        #expect(isClose(scores.fScore, p + r > 0 ? 2 * p * r / (p + r) : 0, within: 1e-9))
    }

    /// Squares one above the other: every point's nearest is straight below, but for sampling.
    @Test func parallelSquaresAreTheirGapApart() {
        func square(_ height: Float) -> EvaluatedFrame {
            EvaluatedFrame(
                .mesh(
                    TriangleMesh(
                        positions: Vector3Array([
                            SIMD3(0, height, 0), SIMD3(1, height, 0), SIMD3(1, height, 1),
                            SIMD3(0, height, 1),
                        ]), triangles: [0, 2, 1, 0, 3, 2])))
        }
        let a = square(0).cloud(100_000, seed: 1, purpose: "a")
        let b = square(0.1).cloud(100_000, seed: 1, purpose: "b")
        let below = PointMetrics(threshold: 0.19).scores(prediction: a, truth: b)
        // √(h² + δ²) of a sample spacing δ of about 0.002 is above h by δ²/2h, here 2e-5 a way.
        #expect(below.chamfer >= 0.4 && below.chamfer < 0.4001)
        #expect(below.fScore == 0 && below.precision == 0 && below.recall == 0)
        let above = PointMetrics(threshold: 0.21).scores(prediction: a, truth: b)
        #expect(above.fScore == 1 && above.precision == 1 && above.recall == 1)
        let squared = PointMetrics(isSquared: true).scores(prediction: a, truth: b)
        #expect(isClose(squared.chamfer, 2 * 0.04, within: 1e-4))
    }

    @Test func concentricSpheresAreTheirRadiiApart() {
        func sphere(_ radius: Float, _ purpose: String) -> Vector3Array {
            EvaluatedFrame(.mesh(Shapes.sphere(radius: radius, rows: 96)))
                .cloud(100_000, seed: 3, purpose: purpose)
        }
        let scores = PointMetrics(scale: 1).scores(
            prediction: sphere(0.5, "a"), truth: sphere(0.4, "b"))
        // The sphere of 96 rows lies up to (π/192)²/2 of its radius inside the true one.
        #expect(isClose(scores.chamfer, 0.2, within: 2e-4))
        #expect(
            PointMetrics(scale: 1, threshold: 0.101).scores(
                prediction: sphere(0.5, "a"), truth: sphere(0.4, "b")
            ).fScore == 1)
        #expect(
            PointMetrics(scale: 1, threshold: 0.099).scores(
                prediction: sphere(0.5, "a"), truth: sphere(0.4, "b")
            ).fScore == 0)
    }

    /// Half of the truth is missing: precision 1, recall a half, F two thirds.
    @Test func halfAPredictionIsPrecise() {
        let truth = Self.points(4000, seed: 9)
        let half = Vector3Array(truth.prefix(2000))
        let far = Vector3Array(truth.suffix(2000).map { $0 + SIMD3(50, 0, 0) })
        var both = half
        both.append(contentsOf: far)
        let scores = PointMetrics(scale: 1, threshold: 1e-6).scores(
            prediction: half, truth: both)
        #expect(scores.precision == 1 && scores.recall == 0.5)
        #expect(isClose(scores.fScore, 2 / 3, within: 1e-12))
    }

    @Test func emptyPredictionIsInfinitelyFar() {
        let scores = PointMetrics().scores(
            prediction: Vector3Array(), truth: Self.points(10, seed: 1))
        #expect(scores.chamfer == .infinity && scores.fScore == 0)
        #expect(scores.precision == 0 && scores.recall == 0)
    }

    @Test func cloudsAreDrawnWithoutRepetition() {
        let points = Self.points(500, seed: 4)
        let frame = EvaluatedFrame(.cloud(points))
        let drawn = frame.cloud(200, seed: 1, purpose: "x")
        #expect(drawn.count == 200)
        #expect(Set(drawn.map { "\($0)" }).count == 200)
        #expect(drawn == frame.cloud(200, seed: 1, purpose: "x"))
        #expect(drawn != frame.cloud(200, seed: 2, purpose: "x"))
        #expect(frame.cloud(500, seed: 1, purpose: "x") == points)
    }
}
