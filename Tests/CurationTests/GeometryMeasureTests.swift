import Curation
import Geometry
import Testing

@Suite struct GeometryMeasureTests {
    /// A box of sides 4, 2 and 1 with one triangle, moved by a function of frame and vertex.
    private func moving(
        _ frameCount: Int, _ position: (Int, SIMD3<Float>) -> SIMD3<Float>
    ) -> MeshSequence {
        let corners = (0..<8).map {
            SIMD3<Float>($0 & 1 == 0 ? 0 : 4, $0 & 2 == 0 ? 0 : 2, $0 & 4 == 0 ? 0 : 1)
        }
        let positions = Vector3Array(
            (0..<frameCount).flatMap { t in corners.map { position(t, $0) } })
        return MeshSequence(
            times: (0..<frameCount).map(Double.init), vertexCount: 8, positions: positions,
            triangles: [0, 1, 2])
    }

    @Test func displacementIsMeasuredInTheFirstBox() throws {
        // All vertices go 3 in frame 1 and 1 in frame 2; the longest side is 4.
        let offsets: [Float] = [0, 3, 1]
        let mesh = moving(3) { t, p in p + SIMD3(0, offsets[t], 0) }
        let displacement = try #require(Measures.displacement(mesh))
        #expect(abs(displacement.mean - 0.5) < 1e-6)
        #expect(abs(displacement.maximum - 0.75) < 1e-6)
    }

    @Test func displacementDoesNotDependOnScale() throws {
        let mesh = moving(5) { t, p in p + SIMD3(0, 0, Float(t) * p.x / 8) }
        let large = moving(5) { t, p in 1000 * (p + SIMD3(0, 0, Float(t) * p.x / 8)) + 7 }
        let a = try #require(Measures.displacement(mesh))
        let b = try #require(Measures.displacement(large))
        #expect(abs(a.mean - b.mean) < 1e-4 && abs(a.maximum - b.maximum) < 1e-4)
        // Half of the vertices have x = 4 and go t / 2: means t / 4 of a side of 4, over t = 1...4.
        #expect(abs(a.mean - 2.5 / 16) < 1e-6)
        #expect(abs(a.maximum - 0.5) < 1e-6)
    }

    @Test func restsAndPointsHaveNoDisplacement() throws {
        let still = try #require(Measures.displacement(moving(4) { _, p in p }))
        #expect(still.mean == 0 && still.maximum == 0)
        let single = try #require(Measures.displacement(moving(1) { _, p in p }))
        #expect(single.mean == 0 && single.maximum == 0)
        #expect(Measures.displacement(moving(2) { _, _ in .zero }) == nil)
        #expect(Measures.boxGrowth(moving(2) { _, _ in .zero }) == nil)
    }

    @Test func verticesWithoutPlaceArePassedOver() throws {
        let mesh = moving(2) { t, p in
            t == 0 ? p : p.x == 4 ? SIMD3(.nan, 0, .infinity) : p + SIMD3(0, 1, 0)
        }
        let displacement = try #require(Measures.displacement(mesh))
        #expect(abs(displacement.mean - 0.25) < 1e-6)
        #expect(Measures.finiteVertices(mesh) == [1, 0.5])
    }

    @Test func hugeNumbersDoNotOverflow() throws {
        let far = Float.greatestFiniteMagnitude
        let mesh = moving(2) { t, p in t == 0 ? p : SIMD3(p.x > 0 ? far : -far, 0, 0) }
        #expect(Measures.finiteVertices(mesh) == [1, 1])
        let displacement = try #require(Measures.displacement(mesh))
        #expect(displacement.maximum.isFinite && displacement.maximum > 1e37)
        let growth = try #require(Measures.boxGrowth(mesh))
        #expect(growth[0] == 1 && growth[1].isFinite && growth[1] > 1e37)
    }

    @Test func growthFollowsTheBoxAndNotItsPlace() throws {
        let mesh = moving(4) { t, p in p * Float(t + 1) + SIMD3(Float(100 * t), 0, 0) }
        let growth = try #require(Measures.boxGrowth(mesh))
        for (t, value) in growth.enumerated() { #expect(abs(value - Double(t + 1)) < 1e-5) }
    }

    @Test func trianglesWithoutAreaAreCounted() {
        let corners: [SIMD3<Float>] = [
            SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(2, 0, 0), SIMD3(0.5, 1e-9, 0),
            SIMD3(0.5, 1e-3, 0), SIMD3(.nan, 0, 0),
        ]
        let mesh = MeshSequence(
            times: [0], vertexCount: 7, positions: Vector3Array(corners),
            triangles: [
                0, 1, 2,  // a right angle
                0, 1, 3,  // on a line
                0, 0, 1,  // a doubled corner
                0, 1, 4,  // a hair above the line
                0, 1, 5,  // thin, yet a triangle
                0, 1, 6,  // a corner that is nowhere
            ])
        #expect(Measures.degenerateTriangles(mesh) == [4.0 / 6])
        // The share does not depend on the unit of length.
        for scale: Float in [1e-6, 1e6] {
            let scaled = MeshSequence(
                times: [0], vertexCount: 7, positions: Vector3Array(corners.map { $0 * scale }),
                triangles: mesh.triangles)
            #expect(Measures.degenerateTriangles(scaled) == [4.0 / 6])
        }
    }

    @Test func emptyMeshesAreWhole() {
        let mesh = MeshSequence(
            times: [0, 1], vertexCount: 0, positions: Vector3Array(), triangles: [])
        #expect(Measures.degenerateTriangles(mesh) == [0, 0])
        #expect(Measures.finiteVertices(mesh) == [1, 1])
        #expect(Measures.displacement(mesh) == nil)
    }
}
