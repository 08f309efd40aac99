import Foundation
import Geometry
import Testing

@Suite struct RigidRegistrationTests {
    private func cloud(_ count: Int, _ random: inout KeyedRandom) -> [SIMD3<Float>] {
        (0..<count).map { _ in
            SIMD3(
                Float(random.uniform(-1..<1)), Float(random.uniform(-2..<2)),
                Float(random.uniform(-0.5..<0.5)))
        }
    }

    private func motion(_ random: inout KeyedRandom) -> Matrix4 {
        let axis = SIMD3(
            random.uniform(-1..<1), random.uniform(-1..<1), random.uniform(-1..<1))
        let shift = SIMD3(
            random.uniform(-5..<5), random.uniform(-5..<5), random.uniform(-5..<5))
        return Matrix4.compose(
            translation: shift,
            rotation: Quaternion(axis: axis, angle: random.uniform(-Double.pi..<Double.pi)),
            scale: .one)
    }

    @Test func knownMotionsAreRecovered() {
        var random = KeyedRandom(seed: 1, asset: "", purpose: "test")
        for _ in 0..<50 {
            let source = cloud(40, &random)
            let known = motion(&random)
            let target = source.map { SIMD3<Float>(known.transform(point: SIMD3<Double>($0))) }
            let found = RigidRegistration.kabsch(source: source, target: target)
            for (a, b) in zip(found.rowMajor, known.rowMajor) { #expect(abs(a - b) < 1e-5) }
        }
    }

    /// The optimum against every small motion around it: the residual grows.
    @Test func noNearbyMotionIsBetter() {
        var random = KeyedRandom(seed: 2, asset: "", purpose: "test")
        let source = cloud(30, &random)
        let target = cloud(30, &random)
        let weights = (0..<30).map { _ in Float(random.uniform(0..<3)) }
        func residual(_ m: Matrix4) -> Double {
            zip(zip(source, target), weights).reduce(0) { sum, pair in
                let d = m.transform(point: SIMD3<Double>(pair.0.0)) - SIMD3<Double>(pair.0.1)
                return sum + Double(pair.1) * dot(d, d)
            }
        }
        let best = RigidRegistration.kabsch(source: source, target: target, weights: weights)
        #expect(abs(best.linearDeterminant - 1) < 1e-9)
        let least = residual(best)
        for _ in 0..<200 {
            let axis = SIMD3(
                random.uniform(-1..<1), random.uniform(-1..<1), random.uniform(-1..<1))
            let nudge = Matrix4.compose(
                translation: axis * random.uniform(-0.1..<0.1),
                rotation: Quaternion(axis: axis, angle: random.uniform(-0.2..<0.2)), scale: .one)
            #expect(residual(nudge * best) >= least - 1e-9)
        }
    }

    /// A mirrored target tempts the plain SVD into a reflection.
    @Test func mirroredTargetGivesARotation() {
        var random = KeyedRandom(seed: 3, asset: "", purpose: "test")
        let source = cloud(20, &random)
        let target = source.map { SIMD3(-$0.x, $0.y, $0.z) }
        let found = RigidRegistration.kabsch(source: source, target: target)
        #expect(abs(found.linearDeterminant - 1) < 1e-9)
    }

    @Test func degenerateSetsGiveFiniteRotations() {
        let one = [SIMD3<Float>(1, 2, 3)]
        let moved = RigidRegistration.kabsch(source: one, target: [SIMD3(2, 2, 3)])
        #expect(abs(moved.transform(point: SIMD3(1, 2, 3)).x - 2) < 1e-6)
        #expect(RigidRegistration.kabsch(source: [], target: []) == .identity)
        let bad = [SIMD3<Float>(.nan, 0, 0)]
        #expect(RigidRegistration.kabsch(source: bad, target: bad) == .identity)
        let line = (0..<5).map { SIMD3(Float($0), 0, 0) }
        #expect(
            abs(RigidRegistration.kabsch(source: line, target: line).linearDeterminant - 1) < 1e-9)
    }
}
