import Evaluation
import Foundation
import Geometry
import TestSupport
import Testing

@Suite struct OccupancyTests {
    @Test func concentricSpheresOverlapByTheirVolumes() {
        let box = CellBox()
        let outer = OccupancyGrid(Shapes.sphere(radius: 0.48, rows: 96), in: box)
        let inner = OccupancyGrid(Shapes.sphere(radius: 0.36, rows: 96), in: box)
        let volume = Double(outer.count) / (128 * 128 * 128)
        #expect(isClose(volume, 4 / 3 * .pi * pow(0.48, 3), relative: 2e-3))
        #expect(
            isClose(
                inner.intersectionOverUnion(with: outer), pow(0.36 / 0.48, 3), within: 2e-3))
        #expect(outer.intersectionOverUnion(with: outer) == 1)
    }

    /// 64 of 128 cells along each axis: no cell's middle is on the border, so counts are exact.
    @Test func boxesAreCountedExactly() {
        let box = CellBox(resolution: 128, halfSide: 0.5)
        let cube = OccupancyGrid(Shapes.box(SIMD3(repeating: 0.5)), in: box)
        #expect(cube.count == 64 * 64 * 64)
        let moved = OccupancyGrid(
            Shapes.box(SIMD3(repeating: 0.5), center: SIMD3(0.25, 0, 0)), in: box)
        #expect(isClose(cube.intersectionOverUnion(with: moved), 1 / 3, within: 1e-12))
        let apart = OccupancyGrid(
            Shapes.box(SIMD3(repeating: 0.2), center: SIMD3(0.4, 0.4, 0.4)), in: box)
        #expect(cube.intersectionOverUnion(with: apart) == 0)
        let inverted = OccupancyGrid(
            Shapes.box(SIMD3(repeating: 0.5), isInsideOut: true), in: box)
        #expect(inverted == cube)
    }

    /// Blocks that are filled at once agree with cells that are asked one by one.
    @Test(arguments: [9, 16, 33, 50]) func blocksAgreeWithCells(resolution: Int) {
        let meshes = [
            Shapes.torus(radius: 0.3, tube: 0.12), Shapes.sphere(radius: 0.4, rows: 12),
            Shapes.joined(
                Shapes.sphere(radius: 0.25, center: SIMD3(0.15, 0.1, 0), rows: 16),
                Shapes.box(SIMD3(0.5, 0.2, 0.7), center: SIMD3(-0.1, 0, 0))),
            Shapes.sphere(radius: 0.4, rows: 12, isOpen: true),
        ]
        let box = CellBox(
            resolution: resolution, halfSide: 0.525, center: SIMD3(0.01, -0.02, 0.03))
        for mesh in meshes {
            let grid = OccupancyGrid(mesh, in: box)
            let tree = WindingTree(TriangleBVH(mesh))
            var i = 0
            var differences = 0
            for z in 0..<resolution {
                for y in 0..<resolution {
                    for x in 0..<resolution {
                        let place = SIMD3(Float(x), Float(y), Float(z)) + 0.5
                        let p = box.center - box.halfSide + place * box.spacing
                        if tree.isInside(p) != grid.isInside[i] { differences += 1 }
                        i += 1
                    }
                }
            }
            #expect(differences == 0)
        }
    }

    @Test func storedDistancesGiveTheirSigns() {
        let box = CellBox(resolution: 32, halfSide: 0.525)
        let mesh = Shapes.sphere(radius: 0.4, rows: 48)
        let positions = (0..<32 * 32 * 32).map { i -> SIMD3<Float> in
            let place = SIMD3(Float(i % 32), Float(i / 32 % 32), Float(i / 1024)) + 0.5
            return box.center - box.halfSide + place * box.spacing
        }
        let distances = SignedDistance(mesh)(at: Vector3Array(positions))
        let stored = OccupancyGrid(box, distances: distances)
        #expect(stored == OccupancyGrid(mesh, in: box))
        #expect(
            stored
                == OccupancyGrid(box, distances: distances.map { -$0 }, positiveInside: true))
    }

    @Test func emptyGridsAreEqual() {
        let box = CellBox(resolution: 8)
        let empty = OccupancyGrid(TriangleMesh(), in: box)
        #expect(empty.count == 0 && empty.intersectionOverUnion(with: empty) == 1)
    }
}
