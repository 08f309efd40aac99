import Geometry
import Surfaces
import TestSupport
import Testing

@Suite struct WatertightTests {
    private func convert(_ mesh: TriangleMesh, _ resolution: Int = 96) throws -> TriangleMesh {
        let result = try WatertightConversion.convert(
            mesh, WatertightSettings(resolution: resolution))
        #expect(MeshTopology(result).isClosedManifold)
        return result
    }

    /// The default resolution: volumes within half a percent of what formulas say.
    @Test func volumesOfClosedForms() throws {
        let sphere = try convert(Shapes.sphere(radius: 0.5, rows: 128), 256)
        #expect(isClose(sphere.signedVolume, .pi / 6, relative: 0.005))
        #expect(MeshTopology(sphere).eulerCharacteristic == 2)
        let box = try convert(Shapes.box(SIMD3(1, 0.7, 0.4)), 256)
        #expect(isClose(box.signedVolume, 0.28, relative: 0.005))
        let torus = try convert(
            Shapes.torus(radius: 0.35, tube: 0.15, columns: 256, rows: 128), 256)
        #expect(isClose(torus.signedVolume, 2 * .pi * .pi * 0.35 * 0.0225, relative: 0.005))
        #expect(MeshTopology(torus).eulerCharacteristic == 0)
    }

    /// The union, and nothing of either sphere inside the other.
    @Test func overlappingSpheresBecomeOne() throws {
        let (r, d) = (0.4, 0.5)
        let left = Shapes.sphere(
            radius: Float(r), center: SIMD3(-0.25, 0, 0), rows: 100)
        let right = Shapes.sphere(radius: Float(r), center: SIMD3(0.25, 0, 0), rows: 100)
        let union = try convert(Shapes.joined(left, right), 256)
        // The lens that two equal spheres share.
        let lens = .pi * (4 * r + d) * (2 * r - d) * (2 * r - d) / 12
        #expect(
            isClose(union.signedVolume, 8 / 3 * .pi * r * r * r - lens, relative: 0.005))
        let topology = MeshTopology(union)
        #expect(topology.components == 1 && topology.eulerCharacteristic == 2)
        for p in union.positions {
            let least = min(length(p + SIMD3(0.25, 0, 0)), length(p - SIMD3(0.25, 0, 0)))
            // A cell at most, at the crease.
            #expect(Double(least) > r - 1.3 / 248)
        }
    }

    /// The bowl is filled up to its rim: a half ball.
    @Test func anOpenHemisphereGetsAFlatLid() throws {
        let result = try convert(Shapes.sphere(radius: 0.5, rows: 96, isOpen: true), 256)
        #expect(isClose(result.signedVolume, .pi / 12, relative: 0.005))
        let topology = MeshTopology(result)
        #expect(topology.components == 1 && topology.eulerCharacteristic == 2)
        #expect(result.bounds.minimum.y > -0.006)
    }

    /// Inner surfaces are removed, whichever way they face.
    @Test(arguments: [false, true])
    func theInnerBoxIsGone(isInsideOut: Bool) throws {
        let boxes = Shapes.joined(
            Shapes.box(.one), Shapes.box(SIMD3(repeating: 0.4), isInsideOut: isInsideOut))
        let result = try convert(boxes, 128)
        #expect(isClose(result.signedVolume, 1, relative: 0.005))
        let topology = MeshTopology(result)
        #expect(topology.components == 1 && topology.eulerCharacteristic == 2)
        #expect(result.positions.allSatisfy { max(abs($0.x), max(abs($0.y), abs($0.z))) > 0.48 })
    }

    /// A closed part that is inside out, and one whose faces disagree, are solids all the same.
    @Test func orientationIsNoMatterWhereSurfacesClose() throws {
        let inverted = try convert(Shapes.box(.one, isInsideOut: true), 128)
        #expect(isClose(inverted.signedVolume, 1, relative: 0.005))
        #expect(MeshTopology(inverted).eulerCharacteristic == 2)
        var mixed = Shapes.box(.one)
        for f in [0, 1, 6] { mixed.triangles.swapAt(3 * f, 3 * f + 1) }
        let result = try convert(mixed, 128)
        #expect(isClose(result.signedVolume, 1, relative: 0.005))
        #expect(MeshTopology(result).eulerCharacteristic == 2)
    }

    /// Four sheets behind each other, facing the same way: their winding numbers add up to more
    /// than 1/2 up to 0.6 sides in front of them, where nothing is.
    @Test func layersDoNotFillTheOpen() throws {
        var mesh = TriangleMesh()
        for y: Float in [0, 0.06, 0.12, 0.18] {
            mesh = Shapes.joined(
                mesh,
                TriangleMesh(
                    positions: Vector3Array([
                        SIMD3(-0.5, y, -0.5), SIMD3(0.5, y, -0.5), SIMD3(0.5, y, 0.5),
                        SIMD3(-0.5, y, 0.5),
                    ]), triangles: [0, 1, 2, 0, 2, 3]))
        }
        #expect(abs(WindingNumber.exact(mesh, at: SIMD3(0, -0.3, 0))) > 0.6)
        let result = try convert(mesh, 128)
        #expect(MeshTopology(result).isClosedManifold)
        var random = KeyedRandom(seed: 1, asset: "", purpose: "test")
        let there = try #require(
            mesh.distances(to: TriangleBVH(result), samples: 4000, using: &random))
        let back = try #require(
            result.distances(to: TriangleBVH(mesh), samples: 4000, using: &random))
        // Between the sheets is enclosed enough to count as inside; in front of them is not.
        #expect(there.maximum < 0.05 && back.maximum < 0.05)
    }

    /// Sheets without thickness, and walls thinner than a cell, survive in one piece.
    @Test func thinSheetsSurvive() throws {
        let triangle = TriangleMesh(
            positions: Vector3Array([SIMD3<Float>(0, 0, 0), SIMD3(1, 0, 0.3), SIMD3(0, 1, 0.2)]),
            triangles: [0, 1, 2])
        let plate = Shapes.box(SIMD3(1, 0.002, 0.7))
        for mesh in [triangle, plate] {
            let result = try convert(mesh)
            let topology = MeshTopology(result)
            #expect(topology.components == 1 && topology.eulerCharacteristic == 2)
            var random = KeyedRandom(seed: 1, asset: "", purpose: "test")
            let cell = 1.0 / 88
            let there = try #require(
                mesh.distances(to: TriangleBVH(result), samples: 4000, using: &random))
            #expect(there.maximum < 1.5 * cell)
            let back = try #require(
                result.distances(to: TriangleBVH(mesh), samples: 4000, using: &random))
            #expect(back.maximum < 1.5 * cell)
        }
    }

    /// Random triangles, whatever comes of them, end in closed manifolds near them.
    @Test(arguments: [1, 2, 10, 100, 1000])
    func soupsGiveClosedManifolds(count: Int) throws {
        var random = KeyedRandom(seed: 2, asset: "\(count)", purpose: "test")
        for _ in 0..<3 {
            let soup = Shapes.soup(count, size: 1, using: &random)
            let result = try convert(soup, 48)
            let outside = Shapes.points(200, using: &random)
            let distance = SignedDistance(result)
            // No cavity: what is inside stays inside all the way to the surface.
            #expect(distance(at: outside).allSatisfy { $0.isFinite })
            let farthest = try #require(
                result.distances(to: TriangleBVH(soup), samples: 500, using: &random))
            #expect(farthest.maximum < 1)
        }
    }

    @Test func resultsDoNotDependOnChance() throws {
        var random = KeyedRandom(seed: 3, asset: "", purpose: "test")
        let soup = Shapes.soup(300, size: 0.7, using: &random)
        #expect(try convert(soup, 64) == convert(soup, 64))
    }

    @Test func reportsTellWhatBecame() throws {
        let source = WatertightSource(Shapes.box(.one))
        let result = try WatertightConversion.convert(source, WatertightSettings(resolution: 64))
        var random = KeyedRandom(seed: 4, asset: "", purpose: "test")
        let report = try WatertightReport(result, of: source, samples: 2000, using: &random)
        #expect(report.topology.isClosedManifold)
        #expect(isClose(report.volume, 1, relative: 0.01))
        #expect(report.toInput.maximum < 1.0 / 56 && report.fromInput.maximum < 1.0 / 56)
        #expect(report.toInput.mean <= report.toInput.percentile99)
    }

    @Test func whatHasNoSurfaceIsAnError() {
        #expect(throws: SurfacesError.noTriangles) {
            try WatertightConversion.convert(TriangleMesh())
        }
        let point = TriangleMesh(
            positions: Vector3Array([SIMD3<Float>(1, 1, 1)]), triangles: [0, 0, 0])
        #expect(throws: SurfacesError.noExtent) { try WatertightConversion.convert(point) }
        #expect(throws: SurfacesError.resolution(4)) {
            try WatertightConversion.convert(
                Shapes.box(.one), WatertightSettings(resolution: 4))
        }
    }
}
