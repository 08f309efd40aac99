import DemoCorpus
import Foundation
import Geometry
import Testing

/// Shapes against closed forms.
@Suite struct ShapeTests {
    private func topology(_ shape: Shape) -> MeshTopology {
        MeshTopology(
            positions: shape.positions.map { SIMD3<Double>($0) },
            triangles: shape.triangles.map { Int($0) })
    }

    private func expectVolume(_ shape: Shape, _ volume: Double, within tolerance: Double) {
        let topology = topology(shape)
        #expect(topology.openEdgeCount == 0)
        #expect(abs(topology.volume / volume - 1) < tolerance)
    }

    @Test func volumes() {
        expectVolume(
            .sphere(0.7, segments: 96, rings: 48), 4 / 3 * .pi * 0.343, within: 0.004)
        expectVolume(
            .torus(radius: 0.6, thickness: 0.2, segments: 96, sides: 48),
            2 * .pi * .pi * 0.6 * 0.04, within: 0.004)
        expectVolume(.box(SIMD3(1, 2, 3), bevel: 0.001, steps: 1), 6, within: 0.002)
        // A rounded box: core, slabs, quarter cylinders and an eighth of a ball at each corner.
        let r = 0.25
        let core = SIMD3(0.5, 1.5, 2.5)
        let slabs = 2 * r * (core.x * core.y + core.y * core.z + core.z * core.x)
        let rounded =
            core.x * core.y * core.z + slabs + .pi * r * r * (core.x + core.y + core.z) + 4 / 3
            * .pi * r * r * r
        expectVolume(.box(SIMD3(1, 2, 3), bevel: 0.25, steps: 12), rounded, within: 0.002)
        // A cone by the lathe.
        expectVolume(
            .lathe([SIMD2(0, 1), SIMD2(0.5, 0), SIMD2(0, 0)], segments: 128),
            .pi * 0.25 / 3, within: 0.001)
        // A capsule by the tube.
        expectVolume(
            .tube(
                [SIMD3(0, 0, 0), SIMD3(1, 1, 0)], radii: [0.2, 0.2], segments: 64, capSteps: 24),
            .pi * 0.04 * 2.0.squareRoot() + 4 / 3 * .pi * 0.008, within: 0.004)
        let square: [SIMD2<Float>] = [SIMD2(1, 1), SIMD2(-1, 1), SIMD2(-1, -1), SIMD2(1, -1)]
        expectVolume(.plate(square, depth: 0.5), 2, within: 1e-5)
        expectVolume(.plate(square, hole: square.map { $0 / 2 }, depth: 0.5), 1.5, within: 1e-5)
    }

    @Test func mirroringKeepsFacesOutward() {
        let mirrored = Shape.torus(radius: 0.6, thickness: 0.2).transformed(
            Matrix4.scale(SIMD3(-1, 2, 1)) * Matrix4.translation(SIMD3(1, 2, 3)))
        #expect(topology(mirrored).volume > 0)
        for (p, n) in zip(mirrored.positions, mirrored.normals) {
            // The torus's own normal, carried by the inverse transpose.
            let local = SIMD3<Float>(-p.x - 1, p.y / 2 - 2, p.z - 3)
            let out = (local.x * local.x + local.z * local.z).squareRoot()
            let away = local - SIMD3(local.x, 0, local.z) / out * 0.6
            let expected = normalize(SIMD3(-away.x, away.y / 2, away.z))
            #expect(dot(n, expected) > 0.99)
        }
    }

    @Test func deformationsTurnNormals() {
        // A sphere squeezed into an ellipsoid, whose normals are known.
        let ellipsoid = Shape.sphere(1).deformed { $0 * SIMD3(2, 0.5, 1) }
        for (p, n) in zip(ellipsoid.positions, ellipsoid.normals) {
            let expected = normalize(p / SIMD3(4, 0.25, 1))
            #expect(length(n - expected) < 2e-3)
        }
    }
}

/// Sculptures against their distance functions.
@Suite struct SculptureTests {
    private func ball() -> Sculpture {
        var sculpture = Sculpture()
        sculpture.addEllipsoid(SIMD3(0.1, 0.2, -0.3), SIMD3(repeating: 0.5), joint: 0, blend: 0)
        return sculpture
    }

    @Test func verticesLieOnTheSurface() {
        let mesh = ball().meshed(cell: 0.05)
        for (p, n) in zip(mesh.positions, mesh.normals) {
            let away = p - SIMD3(0.1, 0.2, -0.3)
            #expect(abs(length(away) - 0.5) < 1e-4)
            #expect(dot(n, normalize(away)) > 0.9999)
        }
        let topology = MeshTopology(
            positions: mesh.positions.map { SIMD3<Double>($0) },
            triangles: mesh.triangles.map { Int($0) })
        #expect(topology.openEdgeCount == 0)
        #expect(abs(topology.volume / (4 / 3 * .pi * 0.125) - 1) < 0.01)
    }

    /// A limb is the union of all balls between its ends.
    @Test func limbDistanceEqualsThatToItsBalls() {
        var random = KeyedRandom(seed: 3, asset: "sculpture", purpose: "limb")
        func point(_ reach: Double) -> SIMD3<Float> {
            SIMD3(
                Float(random.uniform(-reach..<reach)), Float(random.uniform(-reach..<reach)),
                Float(random.uniform(-reach..<reach)))
        }
        for _ in 0..<20 {
            let a = point(1)
            let b = point(1)
            let radiusA = Float(random.uniform(0.05..<0.6))
            let radiusB = Float(random.uniform(0.05..<0.6))
            var sculpture = Sculpture()
            sculpture.addLimb(a, b, radiusA, radiusB, joint: 0, blend: 0)
            for _ in 0..<20 {
                let p = point(2)
                var nearest = Float.infinity
                for step in 0...4000 {
                    let t = Float(step) / 4000
                    let center = a + (b - a) * t
                    nearest = min(nearest, length(p - center) - (radiusA + (radiusB - radiusA) * t))
                }
                #expect(abs(sculpture.distance(p) - nearest) < 1e-4)
            }
        }
    }

    @Test func manyPiecesMakeOneClosedSkin() {
        var random = KeyedRandom(seed: 4, asset: "sculpture", purpose: "pieces")
        for _ in 0..<6 {
            var sculpture = Sculpture()
            for piece in 0..<12 {
                func coordinate() -> Float { Float(random.uniform(-0.5..<0.5)) }
                let place = SIMD3(coordinate(), coordinate(), coordinate())
                let radius = Float(random.uniform(0.08..<0.3))
                if piece % 2 == 0 {
                    sculpture.addEllipsoid(
                        place, SIMD3(radius, radius * 0.6, radius * 0.8), joint: piece, blend: 0.05)
                } else {
                    sculpture.addLimb(
                        place, SIMD3(coordinate(), coordinate(), coordinate()), radius,
                        radius * 0.5, joint: piece, blend: 0.05)
                }
            }
            let mesh = sculpture.meshed(cell: 0.04)
            let topology = MeshTopology(
                positions: mesh.positions.map { SIMD3<Double>($0) },
                triangles: mesh.triangles.map { Int($0) })
            #expect(topology.openEdgeCount == 0)
            #expect(topology.volume > 0)
            let off = mesh.positions.filter { abs(sculpture.distance($0)) > 0.01 }
            #expect(Double(off.count) < 0.02 * Double(mesh.positions.count))
        }
    }

    @Test func weightsSumToOneAndFollowTheirJoint() {
        var sculpture = Sculpture()
        sculpture.addLimb(SIMD3(-1, 0, 0), SIMD3(0, 0, 0), 0.2, 0.2, joint: 0, blend: 0)
        sculpture.addLimb(SIMD3(0, 0, 0), SIMD3(1, 0, 0), 0.2, 0.2, joint: 1, blend: 0)
        let mesh = sculpture.meshed(cell: 0.06)
        let weights = mesh.weights(jointCount: 2, rounds: 8) { $0.x < 0 ? 0 : 1 }
        for (v, p) in mesh.positions.enumerated() {
            let row = (weights[2 * v], weights[2 * v + 1])
            #expect(abs(row.0 + row.1 - 1) < 1e-5)
            if p.x < -0.7 { #expect(row.0 > 0.9999) }
            if p.x > 0.7 { #expect(row.1 > 0.9999) }
            // The border is blended, and by symmetry even in the middle.
            if abs(p.x) < 0.02 { #expect(abs(row.0 - 0.5) < 0.15) }
        }
    }
}
