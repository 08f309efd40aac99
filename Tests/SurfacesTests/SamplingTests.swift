import Foundation
import Geometry
import Surfaces
import TestSupport
import Testing

@Suite struct SamplingTests {
    @Test func cloudsLieOnTheSurfaceAndItsEdges() throws {
        var random = KeyedRandom(seed: 1, asset: "", purpose: "test")
        let box = Shapes.box(SIMD3(1, 0.8, 0.6))
        let cloud = try SurfaceCloud(box, SurfaceCloud.Settings(count: 4000), using: &random)
        #expect(cloud.positions.count == 4000 && cloud.salientCount == 2000)
        #expect(cloud.rows.count == 24_000)
        let half = SIMD3<Float>(0.5, 0.4, 0.3)
        for i in 0..<4000 {
            let p = cloud.positions[i]
            let gaps = half - SIMD3(abs(p.x), abs(p.y), abs(p.z))
            let onFaces = (0..<3).filter { abs(gaps[$0]) < 1e-6 }.count
            #expect(onFaces >= (i < 2000 ? 1 : 2))
            #expect(isClose(length(cloud.normals[i]), 1, within: 1e-5))
            // Normals lead out of the box.
            #expect(dot(cloud.normals[i], p) > 0)
        }
        let sphere = try SurfaceCloud(
            Shapes.sphere(rows: 64), SurfaceCloud.Settings(count: 500), using: &random)
        #expect(sphere.salientCount == 0 && sphere.positions.count == 500)
        #expect(throws: SurfacesError.noArea) {
            var random = KeyedRandom(seed: 1, asset: "", purpose: "test")
            return try SurfaceCloud(TriangleMesh(), using: &random)
        }
    }

    @Test func distanceSamplesAreInTheirRatios() throws {
        var random = KeyedRandom(seed: 2, asset: "", purpose: "test")
        let box = SignedDistance(Shapes.box(SIMD3(0.8, 0.8, 0.8)))
        let settings = DistanceSamples.Settings(
            nearCount: 5000, deviations: [0.001, 0.01], uniformCount: 3000, halfSide: 0.5)
        let samples = try DistanceSamples(box, settings, using: &random)
        #expect(samples.rows.count == 4 * 13_000)
        for (p, d) in zip(samples.positions, samples.distances) {
            let q = SIMD3(abs(p.x), abs(p.y), abs(p.z)) - SIMD3(repeating: 0.4)
            let expected = length(pointwiseMax(q, .zero)) + min(0, q.max())
            #expect(isClose(d, expected, within: 1e-6) || abs(expected) < 1e-6)
        }
        // On flat faces one component of three leads away: its mean magnitude is σ√(2/π).
        for (k, deviation) in [0.001, 0.01].enumerated() {
            let part = samples.distances[5000 * k..<5000 * (k + 1)]
            let mean = part.reduce(0) { $0 + Double(abs($1)) } / 5000
            #expect(isClose(mean, deviation * (2 / Double.pi).squareRoot(), relative: 0.06))
        }
        let uniform = samples.distances[10_000...]
        let inside = Double(uniform.filter { $0 < 0 }.count) / 3000
        #expect(isClose(inside, 0.512, within: 0.04))

        var other = settings
        (other.truncation, other.isPositiveInside) = (0.01, true)
        var again = KeyedRandom(seed: 2, asset: "", purpose: "test")
        let cut = try DistanceSamples(
            SignedDistance(Shapes.box(SIMD3(0.8, 0.8, 0.8))), other, using: &again)
        _ = cut.rows
        #expect(cut.distances.allSatisfy { abs($0) <= 0.01 })
        #expect(cut.distances.contains(0.01) && cut.distances.contains(-0.01))
    }

    @Test func distanceGridsAreAtTheMiddlesOfCells() {
        let grid = DistanceGrid.sample(
            SignedDistance(Shapes.sphere(radius: 0.4, rows: 100)), resolution: 16, halfSide: 0.5)
        #expect(grid.position(0, 0, 0) == SIMD3(repeating: -0.5 + 0.5 / 16))
        for z in 0..<16 {
            for y in 0..<16 {
                for x in 0..<16 {
                    let expected = length(grid.position(x, y, z)) - 0.4
                    #expect(isClose(grid[x, y, z], expected, within: 3e-4))
                }
            }
        }
    }

    /// Against a dense net of points of each triangle: every cell that one of them falls into is
    /// found, and every cell found has a point of its triangles within rounding of the net.
    @Test func voxelsAreThoseThatTheSurfaceMeets() {
        var random = KeyedRandom(seed: 3, asset: "", purpose: "test")
        let mesh = Shapes.soup(20, size: 0.5, using: &random)
        let cells = Set(SparseVoxels.cells(of: mesh, resolution: 16, halfSide: 1))
        var netted = Set<SIMD3<Int32>>()
        let n = 200
        for f in 0..<mesh.triangleCount {
            for i in 0...n {
                for j in 0...n - i {
                    let b = SIMD3(Float(i), Float(j), Float(n - i - j)) / Float(n)
                    let p = (mesh.point(f, b) + 1) * 8
                    guard p.min() > 0, p.max() < 16 else { continue }
                    netted.insert(SIMD3(Int32(p.x), Int32(p.y), Int32(p.z)))
                }
            }
        }
        #expect(netted.isSubset(of: cells))
        let bvh = TriangleBVH(mesh)
        for cell in cells.subtracting(netted) {
            let middle =
                (SIMD3(Float(cell.x), Float(cell.y), Float(cell.z)) + 0.5) / 8 - SIMD3(repeating: 1)
            // Half a diagonal of a cell.
            #expect(bvh.closestPoint(to: middle).distance <= 0.866 / 8 + 1e-5)
        }
        #expect(Double(netted.count) / Double(cells.count) > 0.97)
    }

    @Test func voxelsOfAPlaneAndOrder() {
        let plane = TriangleMesh(
            positions: Vector3Array([
                SIMD3<Float>(-0.5, 0.01, -0.5), SIMD3(0.5, 0.01, -0.5), SIMD3(0.5, 0.01, 0.5),
                SIMD3(-0.5, 0.01, 0.5),
            ]), triangles: [0, 2, 1, 0, 3, 2])
        let cells = SparseVoxels.cells(of: plane)
        #expect(cells.count == 64 * 64)
        #expect(cells.allSatisfy { $0.y == 32 })
        #expect(cells.first == SIMD3(0, 32, 0) && cells.last == SIMD3(63, 32, 63))
        #expect(SparseVoxels.cells(of: TriangleMesh()).isEmpty)
    }
}
