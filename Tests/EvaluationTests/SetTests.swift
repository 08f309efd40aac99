import Evaluation
import Foundation
import Geometry
import TestSupport
import Testing

@Suite struct SetTests {
    private static func matrix(_ rows: [[Double]]) -> DistanceMatrix {
        DistanceMatrix(rows: rows.count, columns: rows[0].count, values: rows.flatMap { $0 })
    }

    /// Numbers on a line, worked out by hand: references 0, 1, 10; generated 0.1, 0.2, 11.
    @Test func scoresOfNumbersOnALine() {
        let reference = [0.0, 1, 10], generated = [0.1, 0.2, 11]
        func distances(_ a: [Double], _ b: [Double]) -> DistanceMatrix {
            Self.matrix(a.map { x in b.map { abs(x - $0) } })
        }
        let scores = SetScores(
            referenceToGenerated: distances(reference, generated),
            references: distances(reference, reference),
            generated: distances(generated, generated))
        // Nearest generated: 0.1 from 0, 0.8 from 1, 1 from 10.
        #expect(isClose(scores.minimumMatchingDistance, (0.1 + 0.8 + 1) / 3, within: 1e-12))
        // 0.1 and 0.2 are nearest to 0, 11 is to 10: 1 is not covered.
        #expect(isClose(scores.coverage, 2.0 / 3, within: 1e-12))
        // Nearest others: 0 → 0.1 (wrong), 1 → 0.2 (wrong), 10 → 11 (wrong), 0.1 → 0 and 0.2
        // equally near (half: exact in neither), 0.2 → 0.1 (right), 11 → 10 (wrong).
        let near = abs(0.1 - 0.2) < abs(0.1 - 0) ? 1.0 : abs(0.1 - 0.2) == 0.1 ? 0.5 : 0
        #expect(isClose(scores.nearestNeighborAccuracy, (near + 1) / 6, within: 1e-12))
    }

    @Test func identicalSetsAreNeverToldApart() {
        let points = [0.0, 1, 3, 7]
        let distances = Self.matrix(points.map { x in points.map { abs(x - $0) } })
        let scores = SetScores(
            referenceToGenerated: distances, references: distances, generated: distances)
        #expect(scores.minimumMatchingDistance == 0 && scores.coverage == 1)
        // Each one's nearest is its twin in the other set.
        #expect(scores.nearestNeighborAccuracy == 0)
    }

    @Test func distantSetsAreAlwaysToldApart() {
        let near = Self.matrix([[0, 1], [1, 0]]), far = Self.matrix([[9, 9], [9, 9]])
        let scores = SetScores(referenceToGenerated: far, references: near, generated: near)
        #expect(scores.minimumMatchingDistance == 9 && scores.coverage == 0.5)
        #expect(scores.nearestNeighborAccuracy == 1)
    }

    /// One shape of which all are copies says nothing: both sets vote alike.
    @Test func equalShapesAreToldApartByChance() {
        let zeros = Self.matrix([[0, 0], [0, 0]])
        let scores = SetScores(referenceToGenerated: zeros, references: zeros, generated: zeros)
        #expect(isClose(scores.nearestNeighborAccuracy, 1 / 3, within: 1e-12))
    }

    @Test func framesAreChosenAsNumPyDoes() {
        // numpy 2.4.6: linspace(0, 24, 16, endpoint=False, dtype=int) and (0, 10, 16, ...).
        #expect(
            CloudSequence.frameIndices(16, of: 24).elementsEqual([
                0, 1, 3, 4, 6, 7, 9, 10, 12, 13, 15, 16, 18, 19, 21, 22,
            ]))
        #expect(
            CloudSequence.frameIndices(16, of: 10).elementsEqual([
                0, 0, 1, 1, 2, 3, 3, 4, 5, 5, 6, 6, 7, 8, 8, 9,
            ]))
    }

    private static func sequence(_ seed: UInt64, frames: Int, points: Int) -> [Vector3Array] {
        var random = KeyedRandom(seed: seed, asset: "set", purpose: "test")
        return (0..<frames).map { _ in Shapes.points(points, using: &random) }
    }

    @Test func normalisationIsHyperDiffusions() {
        let raw = Self.sequence(5, frames: 3, points: 64).map { cloud in
            Vector3Array(cloud.map { $0 * 3 + SIMD3(1, 2, 3) })
        }
        let sequence = CloudSequence(
            raw.map { EvaluatedFrame(.cloud($0)) }, pointCount: 64, name: "a")
        var largest: Float = 0
        for cloud in sequence.frames {
            let mean = cloud.reduce(SIMD3<Float>.zero, +) / 64
            #expect(length(mean) < 1e-5)
            largest = cloud.scalars.reduce(largest) { max($0, abs($1)) }
        }
        #expect(isClose(largest, 0.95, within: 1e-5))
        // Frames keep their sizes beside each other.
        func spread(_ c: Vector3Array) -> Float {
            let middle = c.reduce(SIMD3<Float>.zero, +) / Float(c.count)
            return c.reduce(0) { $0 + length($1 - middle) }
        }
        let ratios = zip(raw, sequence.frames).map { spread($1) / spread($0) }
        #expect(ratios.allSatisfy { isClose($0, ratios[0], relative: 1e-4) })
        let empty = CloudSequence([EvaluatedFrame(.mesh(TriangleMesh()))], pointCount: 8, name: "e")
        #expect(empty.frames[0] == Vector3Array(count: 8))
    }

    /// Both protocols against loops over all pairs of points.
    @Test func reportsAgreeWithBruteForce() throws {
        let frames = 4, points = 40
        func set(_ seeds: Range<UInt64>) -> [[Vector3Array]] {
            seeds.map { Self.sequence($0, frames: frames, points: points) }
        }
        let reference = set(0..<5), generated = set(50..<57)
        func clouds(_ set: [[Vector3Array]]) -> [CloudSequence] {
            set.map {
                CloudSequence(
                    $0.map { EvaluatedFrame(.cloud($0)) }, pointCount: points,
                    normalisation: .none, name: "x")
            }
        }
        var calls = 0
        let report = try SetEvaluation().report(
            generated: clouds(generated), reference: clouds(reference)
        ) { done, total in
            calls += 1
            #expect(done <= total && total == 12 * 11 / 2)
        }
        #expect(calls == 12)
        func chamfer(_ a: Vector3Array, _ b: Vector3Array) -> Double {
            func mean(_ d: [Double]) -> Double {
                d.reduce(0) { $0 + $1 * $1 } / Double(d.count)
            }
            return mean(BruteForce.distances(a, b)) + mean(BruteForce.distances(b, a))
        }
        func matrix(
            _ a: [[Vector3Array]], _ b: [[Vector3Array]], _ frames: Range<Int>
        ) -> DistanceMatrix {
            Self.matrix(
                a.map { x in
                    b.map { y in
                        frames.reduce(0) { $0 + chamfer(x[$1], y[$1]) } / Double(frames.count)
                    }
                })
        }
        func scores(_ frames: Range<Int>) -> SetScores {
            SetScores(
                referenceToGenerated: matrix(reference, generated, frames),
                references: matrix(reference, reference, frames),
                generated: matrix(generated, generated, frames))
        }
        func expectEqual(_ a: SetScores, _ b: SetScores) {
            #expect(
                isClose(a.minimumMatchingDistance, b.minimumMatchingDistance, relative: 1e-5))
            #expect(a.coverage == b.coverage)
            #expect(isClose(a.nearestNeighborAccuracy, b.nearestNeighborAccuracy, within: 1e-9))
        }
        expectEqual(report.sequences, scores(0..<frames))
        let single = (0..<frames).map { scores($0..<$0 + 1) }
        for (a, b) in zip(report.frames, single) { expectEqual(a, b) }
        let distances = single.map(\.minimumMatchingDistance), coverages = single.map(\.coverage)
        func mean(_ v: [Double]) -> Double { v.reduce(0, +) / Double(v.count) }
        func variance(_ v: [Double]) -> Double { mean(v.map { $0 * $0 }) - mean(v) * mean(v) }
        #expect(isClose(report.distanceVariance, variance(distances), within: 1e-7))
        #expect(isClose(report.coverageVariance, variance(coverages), within: 1e-9))
        #expect(isClose(report.meanOverFrames.coverage, mean(coverages), within: 1e-12))
    }

    @Test func differingFrameCountsAreRefused() {
        func clouds(_ frames: Int) -> CloudSequence {
            CloudSequence(
                Self.sequence(1, frames: frames, points: 4).map { EvaluatedFrame(.cloud($0)) },
                pointCount: 4, name: "x")
        }
        #expect(throws: EvaluationError.self) {
            try SetEvaluation().report(generated: [clouds(2)], reference: [clouds(3)])
        }
        #expect(throws: EvaluationError.self) {
            try SetEvaluation().report(generated: [], reference: [clouds(3)])
        }
    }
}
