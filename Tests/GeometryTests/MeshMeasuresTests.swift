import Foundation
import Geometry
import TestSupport
import Testing

@Suite struct MeshMeasuresTests {
    @Test func topologyOfKnownShapes() {
        let sphere = MeshTopology(Shapes.sphere())
        #expect(sphere.isClosedManifold && sphere.eulerCharacteristic == 2)
        let torus = MeshTopology(Shapes.torus())
        #expect(torus.isClosedManifold && torus.eulerCharacteristic == 0)
        let open = MeshTopology(Shapes.sphere(rows: 16, isOpen: true))
        #expect(!open.isClosed && open.boundaryEdges == 32 && open.eulerCharacteristic == 1)
        #expect(open.isVertexManifold && open.isConsistentlyOriented)
        let two = MeshTopology(Shapes.joined(Shapes.box(.one), Shapes.torus()))
        #expect(two.components == 2 && two.eulerCharacteristic == 2)
        #expect(MeshTopology(TriangleMesh()).isClosedManifold)
    }

    @Test func whatIsNotManifoldIsTold() {
        let points = Vector3Array((0..<6).map { SIMD3(Float($0), Float($0 * $0), 0) })
        // Three triangles at an edge.
        let fin = MeshTopology(
            TriangleMesh(positions: points, triangles: [0, 1, 2, 1, 0, 3, 0, 1, 4]))
        #expect(fin.nonManifoldEdges == 1 && !fin.isEdgeManifold)
        // Two triangles that pass their edge the same way.
        let twisted = MeshTopology(
            TriangleMesh(positions: points, triangles: [0, 1, 2, 0, 1, 3]))
        #expect(twisted.inconsistentEdges == 1 && twisted.isEdgeManifold)
        // Two triangles that share a vertex alone.
        let bow = MeshTopology(TriangleMesh(positions: points, triangles: [0, 1, 2, 0, 3, 4]))
        #expect(bow.nonManifoldVertices == 1 && bow.components == 1)
        let degenerate = MeshTopology(TriangleMesh(positions: points, triangles: [0, 0, 1]))
        #expect(degenerate.degenerateTriangles == 1)
    }

    @Test func weldingJoinsSeams() {
        let box = Shapes.box(.one)
        var split = TriangleMesh()
        for i in box.triangles {
            split.positions.append(box.positions[Int(i)])
            split.triangles.append(UInt32(split.positions.count - 1))
        }
        #expect(!MeshTopology(split).isClosed)
        #expect(split.unbalancedEdges().isEmpty)
        let welded = split.welded()
        #expect(MeshTopology(welded).isClosedManifold && welded.vertexCount == 8)
        let zeros = Vector3Array([SIMD3(0, 1, 0), SIMD3(-0.0, 1, -0.0)])
        #expect(zeros.firstEqualPositions == [0, 0])
        #expect(Shapes.sphere(rows: 8, isOpen: true).unbalancedEdges().count == 16)
    }

    /// Triangles turned at random come to agree again; closed parts face outward.
    @Test func orientationIsRestored() {
        var random = KeyedRandom(seed: 4, asset: "", purpose: "test")
        func scrambled(_ mesh: TriangleMesh, _ share: Double) -> TriangleMesh {
            var result = mesh
            for f in 0..<mesh.triangleCount where random.uniform(0..<1) < share {
                result.triangles.swapAt(3 * f, 3 * f + 1)
            }
            return result
        }
        for share in [0, 0.3, 0.7, 1] {
            let torus = scrambled(Shapes.torus(), share).consistentlyOriented()
            #expect(MeshTopology(torus).isClosedManifold && torus.signedVolume > 0)
            // An open part keeps the side of the larger area.
            let open = Shapes.sphere(rows: 16, isOpen: true)
            let restored = scrambled(open, share).consistentlyOriented()
            #expect(MeshTopology(restored).isConsistentlyOriented)
            let outward = dot(restored.normal(200), restored.points(200).0) > 0
            #expect(outward == (share < 0.5))
        }
        let soup = Shapes.soup(30, using: &random)
        #expect(soup.consistentlyOriented() == soup)
    }

    @Test func areasAndVolumes() {
        let box = Shapes.box(SIMD3(2, 3, 4), center: SIMD3(5, 6, 7))
        #expect(isClose(box.area, 52, within: 1e-5) && isClose(box.signedVolume, 24, within: 1e-5))
        let inverted = Shapes.box(SIMD3(2, 3, 4), isInsideOut: true)
        #expect(isClose(inverted.signedVolume, -24, within: 1e-5))
        #expect(isClose(Shapes.sphere(rows: 200).signedVolume, 4 / 3 * .pi, relative: 2e-4))
        let normals = Shapes.sphere(rows: 64).vertexNormals
        for (n, p) in zip(normals, Shapes.sphere(rows: 64).positions) {
            #expect(length(n - p) < 5e-3)
        }
    }

    @Test func subdivisionKeepsTheSurface() {
        let torus = Shapes.torus(columns: 16, rows: 8)
        let fine = torus.subdivided(untilSidesAreBelow: 0.1)
        #expect(fine.longestSide <= 0.1)
        #expect(MeshTopology(fine).isClosedManifold)
        #expect(isClose(fine.area, torus.area, relative: 1e-6))
        #expect(torus.subdivided(untilSidesAreBelow: 1e-9, limit: 2000).triangleCount <= 2000)
    }

    /// Pearson's statistic of how often triangles are drawn, against what their areas demand.
    @Test func drawsAreUniformByArea() {
        var random = KeyedRandom(seed: 1, asset: "", purpose: "test")
        let mesh = Shapes.soup(50, size: 1, using: &random)
        let sampler = SurfaceSampler(mesh)
        #expect(isClose(sampler.totalArea, mesh.area, relative: 1e-9))
        let n = 100_000
        let points = sampler.draw(n, using: &random)
        var counts = [Double](repeating: 0, count: 50)
        var sum = SIMD3<Double>.zero
        for p in points {
            counts[p.triangle] += 1
            sum += SIMD3<Double>(p.barycentrics)
            #expect(p.barycentrics.min() >= 0)
        }
        var statistic = 0.0
        for f in 0..<50 {
            let expected = Double(n) * length(mesh.areaVector(f)) / 2 / mesh.area
            statistic += (counts[f] - expected) * (counts[f] - expected) / expected
        }
        // 49 degrees of freedom: 99.99 % of samples lie below 97.
        #expect(statistic < 97)
        // Corners are alike: means of a third, deviations 1/√18n.
        for k in 0..<3 { #expect(isClose(sum[k] / Double(n), 1.0 / 3, within: 5 / 1340)) }
        #expect(SurfaceSampler(TriangleMesh()).draw(5, using: &random).isEmpty)
    }

    @Test func distancesBetweenSpheres() throws {
        var random = KeyedRandom(seed: 2, asset: "", purpose: "test")
        let small = Shapes.sphere(radius: 0.5, rows: 100)
        let large = TriangleBVH(Shapes.sphere(radius: 0.7, rows: 100))
        let summary = try #require(small.distances(to: large, samples: 5000, using: &random))
        #expect(isClose(summary.mean, 0.2, within: 1e-3))
        #expect(isClose(summary.maximum, 0.2, within: 1e-3))
        #expect(summary.percentile99 <= summary.maximum)
        #expect(TriangleMesh().distances(to: large, samples: 5, using: &random) == nil)
    }

    @Test func floodingIsASearchInBreadth() {
        var random = KeyedRandom(seed: 3, asset: "", purpose: "test")
        for (size, share) in [
            (SIMD3(5, 5, 5), 0.5), (SIMD3(130, 20, 9), 0.35), (SIMD3(64, 11, 12), 0.4),
            (SIMD3(65, 3, 30), 0.3), (SIMD3(1, 7, 7), 0.5),
        ] {
            var open = BitGrid(size: size)
            for z in 0..<size.z {
                for y in 0..<size.y {
                    for x in 0..<size.x { open[x, y, z] = random.uniform(0..<1) < share }
                }
            }
            #expect(open.floodedFromBorder() == searched(open))
        }
    }

    private func searched(_ open: BitGrid) -> BitGrid {
        var wet = BitGrid(size: open.size)
        var pending: [SIMD3<Int>] = []
        let size = open.size
        func visit(_ p: SIMD3<Int>) {
            guard p.min() >= 0, p.x < size.x, p.y < size.y, p.z < size.z else { return }
            guard open[p.x, p.y, p.z], !wet[p.x, p.y, p.z] else { return }
            wet[p.x, p.y, p.z] = true
            pending.append(p)
        }
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x
                where x * y * z == 0 || x == size.x - 1 || y == size.y - 1 || z == size.z - 1 {
                    visit(SIMD3(x, y, z))
                }
            }
        }
        while let p = pending.popLast() {
            for k in 0..<3 {
                for d in [-1, 1] {
                    var q = p
                    q[k] += d
                    visit(q)
                }
            }
        }
        return wet
    }
}
