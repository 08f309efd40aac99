import Evaluation
import Foundation
import Geometry
import TestSupport
import Testing

@Suite struct RegistrationTests {
    private static let meshes = Result { try DemoSequence.meshes(frames: 4) }

    /// A similarity with any azimuth, a slight tilt, a scale from 0.7 to 1.4 and any place nearby.
    private static func drawn(_ random: inout KeyedRandom) -> Similarity {
        let turn = Similarity.turn(azimuth: random.uniform(-180..<180))
        let tilt = random.uniform(-3..<3) * .pi / 180
        let tilted = Matrix4(
            SIMD4(1, 0, 0, 0), SIMD4(0, cos(tilt), sin(tilt), 0),
            SIMD4(0, -sin(tilt), cos(tilt), 0), SIMD4(0, 0, 0, 1))
        return Similarity(
            rotation: tilted * turn, scale: exp(random.uniform(log(0.7)..<log(1.4))),
            translation: offset(&random, 1))
    }

    private static func offset(_ random: inout KeyedRandom, _ size: Double) -> SIMD3<Double> {
        SIMD3(
            random.uniform(-size..<size), random.uniform(-size..<size),
            random.uniform(-size..<size))
    }

    /// The largest way between where two placements bring the corners of the unit cube.
    private static func difference(_ a: Similarity, _ b: Similarity) -> Double {
        (0..<8).reduce(0) { largest, k in
            let corner = SIMD3(Double(k & 1), Double(k >> 1 & 1), Double(k >> 2)) - 0.5
            return max(largest, length(a(corner) - b(corner)))
        }
    }

    /// A prediction that is the truth under a known similarity, with a drift from frame to frame:
    /// what is found undoes both, to three thousandths of the unit cube's side at its corners.
    @Test(arguments: 0..<12 as Range<UInt64>) func knownSimilaritiesAreFound(seed: UInt64) throws {
        let meshes = try Self.meshes.get()
        var random = KeyedRandom(seed: seed, asset: "registration", purpose: "test")
        let predictionFromTruth = Self.drawn(&random)
        let drifts = meshes.indices.map { $0 == 0 ? .zero : Self.offset(&random, 0.15) }
        let prediction = zip(meshes, drifts).map { mesh, drift in
            EvaluatedFrame(.mesh(predictionFromTruth.translated(by: drift)(mesh)))
        }
        let truth = meshes.map { EvaluatedFrame(.mesh($0)) }
        var settings = SequenceRegistration()
        settings.seed = seed
        let found = try settings.register(prediction, to: truth)
        #expect(
            found.truthFromPrediction.angle(to: predictionFromTruth.inverse) < 0.2,
            "azimuth \(found.truthFromPrediction.azimuth)")
        #expect(
            isClose(
                found.truthFromPrediction.scale * predictionFromTruth.scale, 1, within: 0.001))
        for t in meshes.indices {
            let wanted = predictionFromTruth.translated(by: drifts[t]).inverse
            let off = Self.difference(
                found.placement(ofFrame: t).composed(with: predictionFromTruth, drifts[t]),
                .identity)
            #expect(off < 0.003, "frame \(t) is \(off) off \(wanted.translation)")
        }
    }

    /// A frame that was predicted turned or too large stays so: only its place is corrected.
    @Test func turnsAndSizesOfFramesAreNotRepaired() throws {
        let mesh = try Self.meshes.get()[0]
        let truth = (0..<3).map { _ in EvaluatedFrame(.mesh(mesh)) }
        let faults = [
            Similarity.identity,
            Similarity(
                rotation: Similarity.turn(azimuth: 20), translation: SIMD3(0.1, 0, -0.05)),
            Similarity(scale: 1.2, translation: SIMD3(0, 0.08, 0.1)),
        ]
        let prediction = faults.map { EvaluatedFrame(.mesh($0(mesh))) }
        var evaluation = SequenceEvaluation(pointCount: 20_000)
        let scores = try evaluation.scores(of: prediction, against: truth)
        let found = try #require(scores.registration)
        #expect(found.truthFromPrediction.angle(to: .identity) < 0.6)
        #expect(isClose(found.truthFromPrediction.scale, 1, within: 0.005))
        for t in 0..<3 {
            let placed = found.placement(ofFrame: t)
            #expect(placed.rotation == found.truthFromPrediction.rotation)
            #expect(placed.scale == found.truthFromPrediction.scale)
        }
        // The faulty frames score as those that are turned and enlarged alone do at best.
        #expect(scores.frames[0].points.chamfer < 1.3 * scores.floor)
        #expect(scores.frames[1].points.chamfer > 2.5 * scores.floor)
        #expect(scores.frames[2].points.chamfer > 2.5 * scores.floor)
        // Their places are better than without translations of their own.
        evaluation.registration?.movesFrames = false
        let held = try evaluation.scores(of: prediction, against: truth)
        for t in 1..<3 {
            #expect(held.frames[t].points.chamfer > 1.2 * scores.frames[t].points.chamfer)
        }
        #expect(held.registration?.translations == [.zero, .zero, .zero])
    }

    @Test func rigidRefinementKeepsTheGridsScale() throws {
        let mesh = try Self.meshes.get()[0]
        let enlarged = Similarity(scale: 1.25, translation: SIMD3(0.2, 0, 0))(mesh)
        var settings = SequenceRegistration()
        settings.refinement = .rigid
        settings.scaleCount = 1
        // The grid's one scale makes both spreads equal.
        let found = try settings.register(
            [EvaluatedFrame(.mesh(enlarged))], to: [EvaluatedFrame(.mesh(mesh))])
        #expect(isClose(found.truthFromPrediction.scale, 0.8, within: 0.005))
        #expect(found.cost < 0.03)
    }

    @Test func registrationIsTheSameEveryTime() throws {
        let meshes = try Self.meshes.get().prefix(2).map { EvaluatedFrame(.mesh($0)) }
        let first = try SequenceRegistration().register(meshes.reversed(), to: meshes)
        #expect(first == (try SequenceRegistration().register(meshes.reversed(), to: meshes)))
    }

    @Test func emptyShapesCannotBeRegistered() throws {
        let mesh = EvaluatedFrame(.mesh(try Self.meshes.get()[0]))
        let empty = EvaluatedFrame(.mesh(TriangleMesh()))
        #expect(throws: EvaluationError.self) {
            try SequenceRegistration().register([empty], to: [mesh])
        }
        #expect(throws: EvaluationError.self) {
            try SequenceRegistration().register([mesh], to: [empty])
        }
    }

    /// A later frame without a surface scores nothing and stops nothing.
    @Test func emptyLaterFramesScoreNothing() throws {
        let meshes = try Self.meshes.get().prefix(2).map { EvaluatedFrame(.mesh($0)) }
        let scores = try SequenceEvaluation(pointCount: 2000).scores(
            of: [meshes[0], EvaluatedFrame(.mesh(TriangleMesh()))], against: Array(meshes))
        #expect(scores.frames[1].points.chamfer == .infinity)
        #expect(scores.frames[1].points.fScore == 0 && scores.frames[1].occupancy == 0)
        #expect(scores.frames[0].points.chamfer < 0.1)
    }

    @Test func aSequenceAgainstItselfScoresTheFloor() throws {
        let frames = try Self.meshes.get().map { EvaluatedFrame(.mesh($0)) }
        var steps: [Int] = []
        let scores = try SequenceEvaluation(pointCount: 20_000, registration: nil).scores(
            of: frames, against: frames
        ) { done, total in
            #expect(total == 4)
            steps.append(done)
        }
        #expect(steps.elementsEqual([1, 2, 3, 4]))
        #expect(isClose(scores.mean.points.chamfer, scores.floor, relative: 0.1))
        #expect(scores.mean.points.fScore > 0.98 && scores.mean.occupancy == 1)
        #expect(scores.predictedChange.count == 3 && scores.trueChange.count == 3)
        for (a, b) in zip(scores.predictedChange, scores.trueChange) {
            #expect(isClose(a, b, relative: 0.05) && a > 1.2 * scores.floor)
        }
        #expect(throws: EvaluationError.self) {
            try SequenceEvaluation().scores(of: frames, against: Array(frames.prefix(2)))
        }
    }
}

extension Similarity {
    /// What a placement makes of points that another one, moved further, brought here.
    fileprivate func composed(with other: Similarity, _ offset: SIMD3<Double>) -> Similarity {
        let moved = other.translated(by: offset)
        return Similarity(
            rotation: rotation * moved.rotation, scale: scale * moved.scale,
            translation: self(moved.translation))
    }
}
