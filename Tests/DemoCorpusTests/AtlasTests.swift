import DemoCorpus
import Geometry
import Imaging
import Testing

/// Texture layouts: no overlap, and what is painted in space is found by the UVs.
@Suite struct AtlasTests {
    private static let mesh: QuadMesh = {
        var sculpture = Sculpture()
        sculpture.addEllipsoid(.zero, SIMD3(0.4, 0.3, 0.5), joint: 0, blend: 0)
        sculpture.addLimb(SIMD3(0, 0.1, 0), SIMD3(0.5, 0.7, 0.2), 0.12, 0.07, joint: 0, blend: 0.1)
        sculpture.addLimb(SIMD3(0, 0.1, 0), SIMD3(-0.5, 0.6, 0), 0.12, 0.07, joint: 0, blend: 0.1)
        return sculpture.meshed(cell: 0.04)
    }()

    private static func color(_ p: SIMD3<Float>) -> SIMD3<Float> { p * 0.7 + 0.5 }

    @Test func trianglesDoNotOverlap() {
        let size = 256
        let atlas = Atlas(AtlasTests.mesh, resolution: size)
        #expect(atlas.uvs.allSatisfy { $0.min() >= 0 && $0.max() <= 1 })
        var owners = [Int](repeating: 0, count: size * size)
        for quad in atlas.quadUVs {
            for corners in [[0, 1, 2], [0, 2, 3]] {
                let p = corners.map { atlas.uvs[Int(quad[$0])] * Float(size) }
                for y in 0..<size
                where Float(y) > p.map(\.y).min()! - 1 && Float(y) < p.map(\.y).max()! {
                    for x in 0..<size
                    where Float(x) > p.map(\.x).min()! - 1 && Float(x) < p.map(\.x).max()! {
                        // Strictly inside, by a thousandth of a texel.
                        let c = SIMD2(Float(x) + 0.5, Float(y) + 0.5)
                        let edges = (0..<3).map { i -> Float in
                            let a = p[i]
                            let b = p[(i + 1) % 3]
                            return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
                        }
                        if edges.allSatisfy({ $0 > 1e-3 }) || edges.allSatisfy({ $0 < -1e-3 }) {
                            owners[y * size + x] += 1
                        }
                    }
                }
            }
        }
        // Folds smaller than the layout's own lattice may remain, a texel here and there.
        #expect(owners.filter { $0 > 1 }.count < size * size / 5000)
        // Not wasteful either: nearly half of the square shows something.
        #expect(owners.filter { $0 > 0 }.count > size * size * 9 / 20)
    }

    @Test func paintIsFoundWhereItWasPut() throws {
        var errors: [Float] = []
        let atlas = Atlas(AtlasTests.mesh, resolution: 256)
        let image = atlas.painted(AtlasTests.mesh) { place, _ in AtlasTests.color(place) }
        for (uv, vertex) in zip(atlas.uvs, atlas.vertexOfUV) {
            let expected = AtlasTests.color(AtlasTests.mesh.positions[Int(vertex)]) * 255
            let x = min(Int(uv.x * 256), 255)
            let y = min(Int(uv.y * 256), 255)
            let texel = image[x, y]
            let found = SIMD3(Float(texel.x), Float(texel.y), Float(texel.z))
            errors.append(length(found - expected))
            #expect(texel.w == 255)
        }
        // A texel spans about two codes of the gradient, up to three times as many on slopes; a
        // texel of another place would be off by a hundred.
        #expect(try #require(errors.max()) < 12)
        #expect(errors.reduce(0, +) / Float(errors.count) < 2)
    }
}
