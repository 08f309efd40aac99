import Foundation
import Geometry
import Imaging
import Surfaces
import TestSupport
import Testing

@Suite struct SequenceTests {
    /// A mesh that bends and grows over some frames.
    private func bending(_ mesh: TriangleMesh, frames: Int = 5) -> MeshSequence {
        var positions = Vector3Array()
        for t in 0..<frames {
            let time = Float(t) / Float(frames)
            for p in mesh.positions {
                positions.append(
                    SIMD3(p.x + 0.3 * time * p.y * p.y, p.y * (1 + time), p.z + sin(3 * time * p.x))
                )
            }
        }
        return MeshSequence(
            times: (0..<frames).map { Double($0) / 24 }, vertexCount: mesh.vertexCount,
            positions: positions, triangles: mesh.triangles)
    }

    @Test func queriesStickToTheMeshOfEveryFrame() throws {
        var random = KeyedRandom(seed: 1, asset: "", purpose: "test")
        let sequence = bending(Shapes.torus(radius: 0.35, tube: 0.15))
        let queries = try TrackedPoints(queriesOf: sequence, watertight: nil, using: &random)
        #expect(queries.points.count == 1024 && queries.positions.count == 5 * 1024)
        for t in 0..<5 {
            let mesh = sequence.mesh(ofFrame: t)
            let distances = TriangleBVH(mesh).distances(to: queries.positions(ofFrame: t))
            #expect(distances.allSatisfy { $0 < 1e-6 })
            for (k, p) in queries.points.enumerated() {
                #expect(
                    length(
                        mesh.point(p.triangle, p.barycentrics)
                            - queries.positions[t * 1024 + k]) < 1e-6)
            }
        }
        // Farthest points are spread: no two are nearer than the last one was to its nearest.
        let tree = KDTree(queries.positions(ofFrame: 0))
        let gaps = (0..<1024).map { k in
            tree.nearest(to: queries.positions[k], count: 2)[1].squaredDistance.squareRoot()
        }
        let area = sequence.mesh(ofFrame: 0).area
        #expect(Double(gaps.min() ?? 0) > 0.6 * (area / 1024).squareRoot())
    }

    @Test func innerSurfacesGetNoQueries() throws {
        var random = KeyedRandom(seed: 2, asset: "", purpose: "test")
        let sequence = bending(
            Shapes.joined(Shapes.box(.one), Shapes.box(SIMD3(repeating: 0.4))), frames: 2)
        let first = sequence.mesh(ofFrame: 0)
        let watertight = TriangleBVH(
            try WatertightConversion.convert(first, WatertightSettings(resolution: 96)))
        let queries = try TrackedPoints(queriesOf: sequence, watertight: watertight, using: &random)
        // The inner box's triangles are the last twelve.
        #expect(queries.points.allSatisfy { $0.triangle < 12 })
        let all = try TrackedPoints(queriesOf: sequence, watertight: nil, using: &random)
        #expect(all.points.contains { $0.triangle >= 12 })
        #expect(throws: SurfacesError.tooFewPoints(wanted: 20, found: 10)) {
            var random = KeyedRandom(seed: 2, asset: "", purpose: "test")
            return try TrackedPoints(
                queriesOf: sequence, watertight: nil, QuerySettings(count: 20, denseCount: 10),
                using: &random)
        }
    }

    @Test func tracksAndDisplacements() throws {
        var random = KeyedRandom(seed: 3, asset: "", purpose: "test")
        let sequence = bending(Shapes.sphere(radius: 0.5))
        let tracks = try TrackedPoints(tracks: 500, of: sequence, using: &random)
        let moved = tracks.displacements
        #expect(moved.count == 2500)
        for t in 0..<5 {
            for k in 0..<500 {
                let i = t * 500 + k
                #expect(length(tracks.positions[k] + moved[i] - tracks.positions[i]) < 1e-6)
                let n = sequence.mesh(ofFrame: t).normal(tracks.points[k].triangle)
                if k < 20 { #expect(length(n - tracks.normals[i]) < 1e-5) }
            }
        }
    }

    /// A shifted shape: aligned latents move by the shift, to themselves; a shape at rest shows
    /// that those drawn anew move though nothing does.
    @Test func alignedLatentsMoveAsTheSurfaceDoes() throws {
        var random = KeyedRandom(seed: 3, asset: "", purpose: "test")
        let sphere = Shapes.sphere(radius: 0.5)
        let shift = SIMD3<Float>(0.004, 0, -0.003)
        for step in [SIMD3<Float>.zero, shift] {
            let sequence = MeshSequence(
                times: [0, 1, 2], vertexCount: sphere.vertexCount,
                positions: Vector3Array(
                    (0..<3).flatMap { t in sphere.positions.map { $0 + Float(t) * step } }),
                triangles: sphere.triangles)
            let settings = QuerySettings(count: 200, denseCount: 4000)
            let aligned = try TrackedPoints(
                queriesOf: sequence, watertight: nil, settings, using: &random)
            let movement = LatentMovement(aligned.positions, frameCount: 3)
            #expect(movement.means.count == 2 && movement.keptShare == 1)
            #expect(isClose(Float(movement.mean), length(step), within: 1e-6))
            let anew = LatentMovement(
                try TrackedPoints.independentQueries(of: sequence, settings, using: &random),
                frameCount: 3)
            #expect(anew.keptShare < 0.1)
            // 200 points on a sphere of area pi lie about 0.12 apart.
            #expect(anew.mean > 0.03 && anew.mean < 0.12)
        }
    }

    /// Weights by the paper's formula, written out for three points.
    @Test func interpolationWeightsAreThoseOfThePaper() {
        let tracked = Vector3Array([
            SIMD3<Float>(1, 0, 0), SIMD3(0, 2, 0), SIMD3(0, 0, 4), SIMD3(9, 9, 9),
        ])
        let canonical = Vector3Array([SIMD3<Float>(0, 0, 0)])
        let found = MeshGuidedInterpolation(
            canonical: canonical, tracked: tracked, neighborCount: 3)
        // d = 1, 2, 4; r² = 7/3.
        let raw = [1.0, 2, 4].map { exp(-7 * $0 / (7.0 / 3)) }
        #expect(found.indices == [0, 1, 2])
        for (w, e) in zip(found.weights, raw) {
            #expect(isClose(Double(w), e / raw.reduce(0, +), within: 1e-6))
        }
        let squared = MeshGuidedInterpolation(
            canonical: canonical, tracked: tracked, neighborCount: 3, usesSquaredDistances: true,
            dropsFarNeighbors: true)
        // d = 1, 4, 16; r² = 7; the last is beyond the mean.
        let rawSquared = [exp(-1.0), exp(-4.0), 0]
        for (w, e) in zip(squared.weights, rawSquared) {
            #expect(isClose(Double(w), e / rawSquared.reduce(0, +), within: 1e-6))
        }
    }

    /// A rigid shift comes back whole; a point on a tracked point takes over nearly its motion alone.
    @Test func interpolationReproducesMotion() {
        var random = KeyedRandom(seed: 4, asset: "", purpose: "test")
        let tracked = Shapes.points(2000, using: &random)
        let canonical = Shapes.points(300, using: &random)
        let weights = MeshGuidedInterpolation(canonical: canonical, tracked: tracked)
        #expect(weights.neighborCount == 8 && weights.weights.count == 2400)
        let shift = SIMD3<Float>(0.5, -1, 2)
        let moved = weights.interpolate(Vector3Array(tracked.map { _ in shift }))
        #expect(moved.allSatisfy { length($0 - shift) < 1e-5 })
        let same = MeshGuidedInterpolation(
            canonical: Vector3Array([SIMD3<Float>(0, 0, 0)]),
            tracked: Vector3Array((0..<8).map { _ in SIMD3<Float>(0, 0, 0) }))
        #expect(same.weights.allSatisfy { isClose($0, 0.125, within: 1e-6) })
    }

    /// A plane with a texture of four texels, and one of vertex colours.
    private func painted() -> MeshSequence {
        var image = Image(width: 2, height: 2)
        image.pixels = [
            255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 128, 128, 128, 255,
        ]
        var material = Material(baseColor: SIMD4(1, 1, 1, 1))
        material.baseColorTexture = TextureReference(texture: 0)
        let positions = Vector3Array([
            SIMD3<Float>(0, 0, 0), SIMD3(1, 0, 0), SIMD3(1, 0, 1), SIMD3(0, 0, 1),
        ])
        return MeshSequence(
            times: [0], vertexCount: 4, positions: positions, triangles: [0, 2, 1, 0, 3, 2],
            uvSets: [[SIMD2(0, 0), SIMD2(1, 0), SIMD2(1, 1), SIMD2(0, 1)]], materials: [material],
            textures: [
                Texture(image: image, wrapU: .clampToEdge, wrapV: .clampToEdge)
            ])
    }

    @Test func coloursAreReadFromTheTexture() throws {
        let sequence = painted()
        let colors = SurfaceColors(sequence)
        let bvh = TriangleBVH(sequence.mesh(ofFrame: 0))
        func color(_ u: Float, _ v: Float) -> SIMD3<Float> {
            colors.color(at: bvh.closestPoint(to: SIMD3(u, 0.1, v)).point)
        }
        #expect(length(color(0.1, 0.1) - SIMD3(1, 0, 0)) < 1e-5)
        #expect(length(color(0.9, 0.1) - SIMD3(0, 1, 0)) < 1e-5)
        #expect(length(color(0.1, 0.9) - SIMD3(0, 0, 1)) < 1e-5)
        #expect(length(color(0.9, 0.9) - SIMD3(repeating: 128 / 255)) < 1e-5)
        // Half red, half green in linear light.
        let half = Float(SRGB.encoded(0.5))
        #expect(length(color(0.5, 0.1) - SIMD3(half, half, 0)) < 1e-4)
    }

    @Test func reconstructedSurfacesTakeTheNearestColour() throws {
        var random = KeyedRandom(seed: 5, asset: "", purpose: "test")
        let sequence = painted()
        var surface = sequence.mesh(ofFrame: 0)
        for i in surface.positions.indices { surface.positions[i].y += 0.01 }
        let colored = try ColoredSurface(
            surface, after: TriangleBVH(sequence.mesh(ofFrame: 0)), SurfaceColors(sequence),
            longestSide: 1 / 32)
        #expect(colored.mesh.longestSide <= 1 / 32)
        #expect(colored.colors.count == colored.mesh.vertexCount)
        let samples = try ColorSamples(colored, count: 2000, deviation: 0.01, using: &random)
        #expect(samples.rows.count == 12_000)
        let truth = SurfaceColors(sequence)
        let bvh = TriangleBVH(sequence.mesh(ofFrame: 0))
        var worst: Float = 0
        for (p, c) in zip(samples.positions, samples.colors) {
            worst = max(worst, length(c - truth.color(at: bvh.closestPoint(to: p).point)))
            #expect(abs(p.y - 0.01) < 0.07)
        }
        // Colours differ by what they change over a side of a triangle.
        #expect(worst < 0.12)
    }

    /// ShapeGen4D's normalisation and the way back.
    @Test func rootMotionIsRemovedAndKept() {
        var sequence = bending(Shapes.box(SIMD3(1, 2, 3)), frames: 1)
        let turn = Matrix4.compose(
            translation: SIMD3(3, 1, -2), rotation: Quaternion(axis: SIMD3(0, 1, 0), angle: 1),
            scale: .one)
        let first = sequence.positions
        var positions = first
        for p in first { positions.append(SIMD3<Float>(turn.transform(point: SIMD3<Double>(p)))) }
        sequence = MeshSequence(
            times: [0, 1], vertexCount: 8, positions: positions, triangles: sequence.triangles)
        var normalised = sequence
        let transforms = normalised.normalise(
            Normalisation(shape: .unitCube, extent: .allFrames, rootMotion: .remove))
        #expect(isClose(normalised.bounds.longestSide, 1, within: 1e-5))
        #expect(length(normalised.bounds.center) < 1e-5)
        for i in 0..<8 {
            #expect(length(normalised.positions[i] - normalised.positions[8 + i]) < 1e-5)
        }
        for t in 0..<2 {
            guard let back = transforms[t].affineInverse else {
                Issue.record("a similarity has an inverse")
                return
            }
            for i in sequence.vertexRange(ofFrame: t) {
                let p = back.transform(point: SIMD3<Double>(normalised.positions[i]))
                #expect(length(SIMD3<Float>(p) - sequence.positions[i]) < 1e-5)
            }
        }
    }
}
