import Foundation
import Geometry
import TestSupport
import Testing

@Suite struct WindingNumberTests {
    @Test func solidAnglesOfAnOctantAndAFace() {
        // An octant is an eighth of the sphere; a face of a cube seen from the middle a sixth.
        let octant = WindingNumber.solidAngle(SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1))
        #expect(isClose(octant, .pi / 2, within: 1e-12))
        let half = WindingNumber.solidAngle(SIMD3(-1, -1, 1), SIMD3(1, -1, 1), SIMD3(1, 1, 1))
        #expect(isClose(half, .pi / 3, within: 1e-12))
    }

    @Test func exactSumsAreWholeNumbersOffClosedSurfaces() {
        let two = Shapes.joined(Shapes.box(SIMD3(2, 2, 2)), Shapes.box(SIMD3(1, 1, 1)))
        #expect(isClose(WindingNumber.exact(two, at: .zero), 2, within: 1e-9))
        #expect(isClose(WindingNumber.exact(two, at: SIMD3(0.8, 0, 0)), 1, within: 1e-9))
        #expect(isClose(WindingNumber.exact(two, at: SIMD3(3, 0, 0)), 0, within: 1e-9))
        let inverted = Shapes.box(SIMD3(1, 1, 1), isInsideOut: true)
        #expect(isClose(WindingNumber.exact(inverted, at: .zero), -1, within: 1e-9))
    }

    /// The share of directions in which a ball is seen is that of its cap, however often it is
    /// there; inside it is all of them.
    @Test func coverageIsTheShareOfASphere() {
        let ball = Shapes.sphere(radius: 0.5, rows: 48)
        let twice = Shapes.joined(ball, ball)
        for mesh in [ball, twice] {
            let bvh = TriangleBVH(mesh)
            #expect(bvh.coverage(from: SIMD3(0.1, 0.2, 0)) == 1)
            for distance: Float in [0.55, 0.7, 1, 1.5] {
                let expected = (1 - (1 - 0.25 / (distance * distance)).squareRoot()) / 2
                for axis in [SIMD3<Float>(1, 0, 0), SIMD3(0, -1, 0), SIMD3(0.48, 0.6, 0.64)] {
                    let found = bvh.coverage(from: distance * axis)
                    #expect(abs(found - expected) < 0.04, "\(distance) \(axis)")
                }
            }
        }
    }

    private func meshes(_ random: inout KeyedRandom) -> [TriangleMesh] {
        [
            Shapes.sphere(rows: 24), Shapes.sphere(rows: 24, isOpen: true), Shapes.torus(),
            Shapes.joined(
                Shapes.sphere(radius: 0.6), Shapes.sphere(radius: 0.6, center: SIMD3(0.5, 0, 0))),
            Shapes.soup(1000, size: 0.4, using: &random), Shapes.soup(5, size: 1, using: &random),
        ]
    }

    /// The bound holds at every tolerance, on open and self-intersecting meshes too.
    @Test func errorsStayBelowTheTolerance() {
        var random = KeyedRandom(seed: 5, asset: "", purpose: "test")
        for mesh in meshes(&random) {
            let tree = WindingTree(TriangleBVH(mesh))
            for p in Shapes.points(150, using: &random) {
                let exact = WindingNumber.exact(mesh, at: p)
                for tolerance: Float in [0.3, 0.03, 0.003, 0] {
                    let found = Double(tree.windingNumber(at: p, tolerance: tolerance))
                    #expect(isClose(found, exact, within: Double(tolerance) + 2e-5))
                }
                #expect(isClose(Double(tree.windingNumber(at: p)), exact, within: 0.03))
                #expect(
                    isClose(Double(tree.windingNumber(at: p, opening: 8)), exact, within: 5e-4))
            }
        }
    }

    @Test func signsAreThoseOfTheExactSum() {
        var random = KeyedRandom(seed: 6, asset: "", purpose: "test")
        for mesh in meshes(&random) {
            let tree = WindingTree(TriangleBVH(mesh))
            let points = Shapes.points(1500, using: &random)
            let inside = tree.areInside(points)
            for (i, p) in points.enumerated() {
                let exact = WindingNumber.exact(mesh, at: p)
                guard abs(exact - 0.5) > 1e-4 else { continue }
                #expect(inside[i] == (exact > 0.5))
                #expect(tree.isInside(p) == inside[i])
            }
        }
    }

    /// Seen from a point of the plane of its rim, a hemisphere covers half of all directions.
    @Test func theLidOfAHemisphereIsFlat() {
        let tree = WindingTree(TriangleBVH(Shapes.sphere(rows: 64, isOpen: true)))
        for x: Float in [-0.8, -0.3, 0, 0.5] {
            #expect(
                isClose(tree.windingNumber(at: SIMD3(x, 0, 0.2), tolerance: 0), 0.5, within: 1e-3))
            #expect(tree.isInside(SIMD3(x, 0.05, 0.2)))
            #expect(!tree.isInside(SIMD3(x, -0.05, 0.2)))
        }
    }

    /// 10⁵ random points each, against formulas. The meshes lie within their smooth shapes by less
    /// than the margin that is left out.
    @Test func signedDistancesOfClosedForms() {
        var random = KeyedRandom(seed: 7, asset: "", purpose: "test")
        let points = Shapes.points(100_000, using: &random)
        let sphere = SignedDistance(Shapes.sphere(radius: 0.8, rows: 256))
        check(sphere, points, margin: 2e-4) { length($0) - 0.8 }
        let torus = SignedDistance(Shapes.torus(radius: 0.6, tube: 0.25, columns: 512, rows: 256))
        check(torus, points, margin: 2e-4) { p in
            let around = (p.x * p.x + p.z * p.z).squareRoot() - 0.6
            return (around * around + p.y * p.y).squareRoot() - 0.25
        }
        let box = SignedDistance(Shapes.box(SIMD3(1.2, 0.8, 1.6)))
        check(box, points, margin: 1e-5) { p in
            let q = SIMD3(abs(p.x), abs(p.y), abs(p.z)) - SIMD3(0.6, 0.4, 0.8)
            let outer = length(pointwiseMax(q, .zero))
            return outer + min(0, q.max())
        }
        #expect(sphere.isBalanced && torus.isBalanced && box.isBalanced)
    }

    private func check(
        _ distance: SignedDistance, _ points: Vector3Array, margin: Double,
        _ expected: (SIMD3<Double>) -> Double
    ) {
        var worst = 0.0
        var wrongSigns = 0
        for (p, found) in zip(points, distance(at: points)) {
            let value = expected(SIMD3<Double>(p))
            worst = max(worst, abs(abs(value) - Double(abs(found))))
            if abs(value) > margin, (value < 0) != (found < 0) { wrongSigns += 1 }
        }
        #expect(worst < margin)
        #expect(wrongSigns == 0)
    }

    /// Where the sign is taken over from a neighbour it is the same as one by one.
    @Test func signsAreTheSameTogetherAndAlone() {
        var random = KeyedRandom(seed: 8, asset: "", purpose: "test")
        for mesh in meshes(&random) {
            let distance = SignedDistance(mesh)
            let points = Shapes.points(3000, using: &random)
            let together = distance(at: points)
            for (i, p) in points.enumerated() {
                #expect(isClose(together[i], distance(p), within: 1e-6) || abs(together[i]) < 1e-4)
            }
        }
    }
}
