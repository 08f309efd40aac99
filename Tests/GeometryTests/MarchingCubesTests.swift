import Geometry
import TestSupport
import Testing

@Suite struct MarchingCubesTests {
    /// Random numbers, positive on the border.
    private func noise(_ n: Int, using random: inout KeyedRandom, bias: Double = 0) -> ScalarGrid {
        var grid = ScalarGrid(size: SIMD3(n, n, n), repeating: 1)
        for z in 1..<n - 1 {
            for y in 1..<n - 1 {
                for x in 1..<n - 1 { grid[x, y, z] = Float(random.uniform(-1..<1) + bias) }
            }
        }
        return grid
    }

    @Test(arguments: [3, 4, 9, 17, 33, 40])
    func noiseGivesClosedManifolds(n: Int) {
        var random = KeyedRandom(seed: 1, asset: "\(n)", purpose: "test")
        for bias in [-0.6, 0, 0.6] {
            let mesh = MarchingCubes.surface(of: noise(n, using: &random, bias: bias))
            let topology = MeshTopology(mesh)
            #expect(topology.isClosedManifold)
            #expect(topology.vertices == mesh.vertexCount)
            #expect(mesh.positions.scalars.allSatisfy { $0.isFinite })
            if n > 9 { #expect(mesh.signedVolume > 0) }
        }
    }

    /// Numbers that are few, zero, infinite or none at all: every sign of every cell, with ties.
    @Test func tiesAndWhatIsNoNumberGiveClosedManifolds() {
        var random = KeyedRandom(seed: 2, asset: "", purpose: "test")
        let values: [Float] = [-1, -1, 1, 1, 0, -0.0, -.infinity, .infinity, .nan, 1e-30, -1e-30]
        for _ in 0..<5 {
            var grid = ScalarGrid(size: SIMD3(20, 19, 18), repeating: 1)
            for z in 1..<17 {
                for y in 1..<18 {
                    for x in 1..<19 {
                        grid[x, y, z] = values[Int(random.next() % UInt64(values.count))]
                    }
                }
            }
            let mesh = MarchingCubes.surface(of: grid)
            #expect(MeshTopology(mesh).isClosedManifold)
            #expect(mesh.positions.scalars.allSatisfy { $0.isFinite })
        }
    }

    /// The surface has the topology of the trilinear function: its Euler characteristic is twice
    /// that of the solid below the level, counted by nodes, edges, squares and cubes of a grid
    /// sixteen times as fine, which no decision about ambiguous cells has gone into. Where the solid
    /// is too thin even for that grid, the count differs from that of one twelve times as fine, and
    /// the case is left out.
    @Test func topologyIsThatOfTheTrilinearFunction() {
        var random = KeyedRandom(seed: 3, asset: "", purpose: "test")
        var compared = 0
        for _ in 0..<300 {
            let coarse = noise(4, using: &random)
            let count = solidCharacteristic(refined(coarse, by: 16))
            guard count == solidCharacteristic(refined(coarse, by: 12)),
                count == solidCharacteristic(refined(coarse, by: 9))
            else { continue }
            compared += 1
            #expect(
                MeshTopology(MarchingCubes.surface(of: coarse)).eulerCharacteristic == 2 * count)
        }
        #expect(compared > 200)
    }

    /// Trilinear interpolation at `k` times as many cells.
    private func refined(_ grid: ScalarGrid, by k: Int) -> ScalarGrid {
        let n = (grid.size.x - 1) * k + 1
        var fine = ScalarGrid(size: SIMD3(n, n, n))
        func lower(_ i: Int) -> Int { min(i / k, grid.size.x - 2) }
        for z in 0..<n {
            for y in 0..<n {
                for x in 0..<n {
                    let (i, j, l) = (lower(x), lower(y), lower(z))
                    let u = Double(x - i * k) / Double(k), v = Double(y - j * k) / Double(k)
                    let w = Double(z - l * k) / Double(k)
                    var sum = 0.0
                    for c in 0..<8 {
                        let weight =
                            (c & 1 == 0 ? 1 - u : u) * (c & 2 == 0 ? 1 - v : v)
                            * (c & 4 == 0 ? 1 - w : w)
                        sum += weight * Double(grid[i + (c & 1), j + (c >> 1 & 1), l + (c >> 2)])
                    }
                    fine[x, y, z] = Float(sum)
                }
            }
        }
        return fine
    }

    /// The Euler characteristic of the union of nodes below zero, edges, squares and cubes all of
    /// whose nodes are.
    private func solidCharacteristic(_ grid: ScalarGrid) -> Int {
        let n = grid.size.x
        var count = 0
        for z in 0..<n {
            for y in 0..<n {
                for x in 0..<n where grid[x, y, z] < 0 {
                    // Bit k: the neighbour at offset k (of eight) is below, too.
                    var below = 0
                    for k in 0..<8 {
                        let (i, j, l) = (x + (k & 1), y + (k >> 1 & 1), z + (k >> 2))
                        if i < n, j < n, l < n, grid[i, j, l] < 0 { below |= 1 << k }
                    }
                    func has(_ set: Int) -> Int { below & set == set ? 1 : 0 }
                    let edges = has(0b11) + has(0b101) + has(0b1_0001)
                    let squares = has(0b1111) + has(0b11_0011) + has(0b101_0101)
                    count += 1 - edges + squares - has(0b1111_1111)
                }
            }
        }
        return count
    }

    @Test func aSphereIsWhereItIs() {
        let n = 65
        var grid = ScalarGrid(
            size: SIMD3(n, n, n), origin: SIMD3(repeating: -1), spacing: 2 / Float(n - 1))
        for z in 0..<n {
            for y in 0..<n {
                for x in 0..<n { grid[x, y, z] = length(grid.position(x, y, z)) - 0.7 }
            }
        }
        let mesh = MarchingCubes.surface(of: grid)
        let topology = MeshTopology(mesh)
        #expect(topology.isClosedManifold && topology.eulerCharacteristic == 2)
        #expect(mesh.positions.allSatisfy { isClose(length($0), 0.7, within: 3e-4) })
        #expect(isClose(mesh.signedVolume, 4 / 3 * .pi * 0.343, relative: 2e-3))
        #expect(isClose(mesh.area, 4 * .pi * 0.49, relative: 2e-3))
        let shifted = MarchingCubes.surface(of: grid, level: -0.2)
        #expect(shifted.positions.allSatisfy { isClose(length($0), 0.5, within: 5e-4) })
    }

    /// Faces along the axes: whole bricks whose rows are all alike.
    @Test func aBoxAlongTheAxes() {
        var grid = ScalarGrid(size: SIMD3(41, 32, 22), repeating: 1)
        for z in 3..<19 { for y in 3..<29 { for x in 4..<37 { grid[x, y, z] = -1 } } }
        let mesh = MarchingCubes.surface(of: grid)
        let topology = MeshTopology(mesh)
        #expect(topology.isClosedManifold && topology.eulerCharacteristic == 2)
        // Half a cell beyond the nodes on every side, less what the bevels take.
        let volume = 33.0 * 26 * 16
        #expect(isClose(mesh.signedVolume, volume, relative: 0.01) && mesh.signedVolume < volume)
    }

    @Test func aSurfaceThatLeavesTheGridHasABorder() {
        var grid = ScalarGrid(size: SIMD3(10, 10, 10))
        for z in 0..<10 {
            for y in 0..<10 { for x in 0..<10 { grid[x, y, z] = Float(z) - 4.5 } }
        }
        let mesh = MarchingCubes.surface(of: grid)
        let topology = MeshTopology(mesh)
        #expect(topology.boundaryEdges == 36 && topology.isVertexManifold)
        #expect(mesh.area == 81)
        // Below is inside: normals point up.
        #expect(mesh.normal(0) == SIMD3(0, 0, 1))
        #expect(MarchingCubes.surface(of: ScalarGrid(size: SIMD3(0, 4, 4))).triangleCount == 0)
        #expect(MarchingCubes.surface(of: ScalarGrid(size: SIMD3(1, 1, 1))).triangleCount == 0)
    }

    @Test func bricksGiveTheSameSurfaceAsTheWholeGrid() {
        var random = KeyedRandom(seed: 4, asset: "", purpose: "test")
        let dense = noise(30, using: &random, bias: 0.2)
        let count = BrickGrid.bricks(for: dense.size)
        let kept = Array(0..<count.x * count.y * count.z)
        var bricks = BrickGrid(
            size: dense.size, origin: dense.origin, spacing: dense.spacing, kept: kept,
            background: 1)
        for z in 0..<30 {
            for y in 0..<30 {
                for x in 0..<30 {
                    let brick = ((z / 8) * count.y + y / 8) * count.x + x / 8
                    let place = ((z % 8) * 8 + y % 8) * 8 + x % 8
                    bricks.values[brick * 512 + place] = dense[x, y, z]
                }
            }
        }
        #expect(
            MarchingCubes.surface(of: bricks, inside: dense.nodes(below: 0))
                == MarchingCubes.surface(of: dense))
    }
}
