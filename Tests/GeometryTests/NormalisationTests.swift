import Foundation
import Geometry
import Testing

@Suite struct NormalisationTests {
    /// A lopsided tetrahedron that turns and drifts: two frames more than the first.
    private func drifting() -> (mesh: MeshSequence, motions: [Matrix4]) {
        let base: [SIMD3<Float>] = [
            SIMD3(0, 0, 0), SIMD3(4, 0, 0), SIMD3(0, 2, 0), SIMD3(0, 0, 1),
        ]
        let motions = (0..<3).map { t in
            Matrix4.compose(
                translation: SIMD3(3, 1, -2) * Double(t),
                rotation: Quaternion(axis: SIMD3(1, 2, 0.5), angle: 0.6 * Double(t)), scale: .one)
        }
        let points = motions.flatMap { m in
            base.map { SIMD3<Float>(m.transform(point: SIMD3<Double>($0))) }
        }
        let mesh = MeshSequence(
            times: [0, 1, 2], vertexCount: 4, positions: Vector3Array(points),
            triangles: [0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3])
        return (mesh, motions)
    }

    @Test func firstFrameFillsTheUnitCube() {
        var mesh = drifting().mesh
        mesh.normalise(Normalisation(shape: .unitCube, extent: .firstFrame))
        let box = mesh.bounds(ofFrame: 0)
        #expect(length(box.minimum - SIMD3(-0.5, -0.25, -0.125)) < 1e-6)
        #expect(length(box.maximum - SIMD3(0.5, 0.25, 0.125)) < 1e-6)
        #expect(mesh.bounds.longestSide > 1)
    }

    @Test func allFramesFillTheUnitCube() {
        var mesh = drifting().mesh
        mesh.normalise(Normalisation(shape: .unitCube, extent: .allFrames))
        #expect(abs(mesh.bounds.longestSide - 1) < 1e-6)
        #expect(length(mesh.bounds.center) < 1e-6)
    }

    @Test func unitSphereTouchesTheFarthestPoint() {
        var mesh = drifting().mesh
        mesh.normalise(Normalisation(shape: .unitSphere, extent: .allFrames))
        let farthest = mesh.positions.map { length($0) }.max()!
        #expect(abs(farthest - 1) < 1e-6)
    }

    @Test func removingRootMotionStopsARigidBody() {
        var mesh = drifting().mesh
        mesh.normalise(Normalisation(shape: .none, rootMotion: .remove))
        for v in 0..<4 {
            for t in 1..<3 { #expect(length(mesh.positions[t * 4 + v] - mesh.positions[v]) < 1e-5) }
        }
    }

    @Test func removingTranslationKeepsTurning() {
        let (mesh, motions) = drifting()
        var still = mesh
        still.normalise(Normalisation(shape: .none, rootMotion: .removeTranslation))
        var horizontal = mesh
        horizontal.normalise(Normalisation(shape: .none, rootMotion: .removeHorizontal))
        // Directions are those of the motion alone.
        let edge = motions[2].transform(direction: SIMD3(4, 0, 0))
        #expect(length(SIMD3<Double>(still.positions[9] - still.positions[8]) - edge) < 1e-5)
        // Heights are those of the original.
        for i in 0..<12 { #expect(abs(horizontal.positions[i].y - mesh.positions[i].y) < 1e-6) }
        #expect(abs(still.positions[8].y - mesh.positions[8].y) > 0.1)
    }

    /// What is returned undoes what was done, frame by frame.
    @Test(arguments: Normalisation.RootMotion.allCases, Normalisation.Shape.allCases)
    func transformsUndo(rootMotion: Normalisation.RootMotion, shape: Normalisation.Shape) throws {
        let original = drifting().mesh
        var mesh = original
        let transforms = mesh.normalise(
            Normalisation(shape: shape, extent: .allFrames, rootMotion: rootMotion))
        for t in 0..<3 {
            let inverse = try #require(transforms[t].affineInverse)
            for v in 0..<4 {
                let back = inverse.transform(point: SIMD3<Double>(mesh.positions[t * 4 + v]))
                #expect(length(back - SIMD3<Double>(original.positions[t * 4 + v])) < 1e-5)
            }
        }
    }

    @Test func onePointAndNoPointsAreLeftFinite() {
        var point = MeshSequence(
            times: [0], vertexCount: 1, positions: Vector3Array([SIMD3(5, 5, 5)]), triangles: [])
        point.normalise(Normalisation(rootMotion: .remove))
        #expect(point.positions[0] == .zero)
        var empty = MeshSequence(
            times: [0], vertexCount: 0, positions: Vector3Array(), triangles: [])
        #expect(empty.normalise(Normalisation()) == [.identity])
    }
}
