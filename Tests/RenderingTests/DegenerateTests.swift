import Foundation
import Geometry
import Imaging
import Rendering
import Testing

/// Meshes and settings that are not what one hopes for, each named for its trouble.
@Suite struct DegenerateTests {
    private let camera = Camera.orbiting(azimuthDegrees: 20, width: 24, height: 24)

    private func expectEmpty(_ mesh: MeshSequence) throws {
        for samples in SampleCount.allCases {
            let frame = try render(mesh, camera, samples: samples, outputs: .all)
            #expect(frame.color!.pixels.allSatisfy { $0 == 0 })
            #expect(frame.depth!.values.allSatisfy { $0 == .infinity })
            #expect(frame.triangleID!.values.allSatisfy { $0 == -1 })
        }
    }

    @Test func emptyMesh() throws {
        try expectEmpty(mesh([], []))
        try expectEmpty(mesh([SIMD3(0, 0, 0)], []))
    }

    @Test func zeroAreaTriangles() throws {
        try expectEmpty(
            mesh(
                [SIMD3(0, 0, 0), SIMD3(0.5, 0.5, 0), SIMD3(0.25, 0.25, 0)],
                [0, 0, 0, 0, 1, 2, 1, 1, 2],
                material: Material(doubleSided: true)))
    }

    @Test func everythingBehindTheCamera() throws {
        try expectEmpty(
            quad(
                width: 2, height: 2, center: SIMD3(0, 0, 8), material: Material(doubleSided: true)))
    }

    @Test func everythingBesideThePicture() throws {
        try expectEmpty(
            quad(
                width: 2, height: 2, center: SIMD3(50, 0, 0), material: Material(doubleSided: true))
        )
    }

    /// Triangles with such a corner are dropped; their neighbours are drawn.
    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func cornersThatAreNoNumbers(value: Double) throws {
        for axis in 0..<3 {
            var broken = SIMD3(1.0, -1, 0)
            broken[axis] = value
            let m = mesh(
                [SIMD3(-1, 1, 0), SIMD3(-1, -1, 0), SIMD3(1, 1, 0), broken], [0, 1, 2, 2, 1, 3],
                material: Material(doubleSided: true))
            let ids = try render(m, camera, outputs: .triangleID).triangleID!.values
            #expect(ids.contains(0) && !ids.contains(1))
        }
    }

    @Test(arguments: [1e3, 1e6, 1e12, 1e30])
    func enormousTriangles(size: Double) throws {
        let m = mesh(
            [SIMD3(-size, -size, 0), SIMD3(size, -size, 0), SIMD3(0, size, 0)], [0, 1, 2],
            normals: [SIMD3<Double>](repeating: SIMD3(0, 0, 1), count: 3))
        let frame = try render(m, camera, lights: .fourSuns(), outputs: .all)
        #expect(frame.color!.pixels.enumerated().allSatisfy { $0 % 4 != 3 || $1 == 255 })
        #expect(frame.triangleID!.values.allSatisfy { $0 == 0 })
    }

    /// Thinner than the grid of sub-pixel places, in every direction: attributes stay between those
    /// of the corners.
    @Test func slivers() throws {
        var random = testRandom("slivers")
        var points: [SIMD3<Double>] = []
        for _ in 0..<300 {
            let a = random.point(-0.6..<0.6), b = random.point(-0.6..<0.6)
            points += [a, b, (a + b) / 2 + random.point(-1e-3..<1e-3)]
        }
        let colors = [SIMD4<Float>](repeating: SIMD4(0.5, 0.25, 1, 1), count: points.count)
        let m = mesh(
            points, (0..<UInt32(points.count)).map { $0 }, colors: colors,
            material: Material(doubleSided: true))
        let frame = try render(m, camera, outputs: .all)
        for i in 0..<24 * 24 {
            if frame.color!.pixels[4 * i + 3] > 0 {
                #expect(
                    difference(
                        SIMD4(
                            frame.color!.pixels[4 * i], frame.color!.pixels[4 * i + 1],
                            frame.color!.pixels[4 * i + 2], 255), SIMD3(0.5, 0.25, 1)) <= 1)
            }
            let depth = frame.depth!.values[i]
            #expect(depth == .infinity || (depth > 0.8 && depth < 3.2))
        }
    }

    /// More triangles than pixels, all smaller than one.
    @Test func trianglesSmallerThanPixels() throws {
        let frame = try render(
            sphere(radius: 0.5, columns: 600, rows: 300), camera, outputs: [.color, .depth])
        let radius = camera.focalLengthPixels * 0.5 / 3.75.squareRoot()
        for y in 0..<24 {
            for x in 0..<24 where hypot(Double(x) - 11.5, Double(y) - 11.5) < radius - 1 {
                #expect(frame.color![x, y].w == 255)
                #expect(frame.depth![x, y, 0] < 2)
            }
        }
    }

    @Test func normalsThatAreMissingOrBroken() throws {
        var m = quad(width: 2, height: 2)
        let expected = try render(m, camera, outputs: .normal).normal!
        let flat: [Vector3Array] = [
            Vector3Array(), Vector3Array(count: 4),
            Vector3Array([SIMD3<Float>](repeating: SIMD3(.nan, 0, 1), count: 4)),
        ]
        for normals in flat {
            m.normals = normals
            let seen = try render(m, camera, outputs: .normal).normal!
            #expect(zip(seen.values, expected.values).allSatisfy { abs($0 - $1) < 1e-5 })
        }
    }

    @Test func uvsThatAreNoNumbers() throws {
        var image = Image(width: 2, height: 2)
        for i in 0..<16 { image.pixels[i] = 255 }
        var m = quad(
            width: 2, height: 2,
            material: Material(baseColorTexture: TextureReference(texture: 0)),
            textures: [Texture(image: image)])
        for value in [Float.nan, .infinity, 3e38, -1e20] {
            m.uvSets[0][2] = SIMD2(value, 0)
            m.uvSets[0][1] = SIMD2(0, -value)
            let rendered = try render(m, camera).color!
            #expect(rendered[12, 12] == SIMD4(repeating: 255))
        }
    }

    @Test func pictureOfOnePixel() throws {
        let one = Camera.orbiting(azimuthDegrees: 0, width: 1, height: 1)
        for samples in SampleCount.allCases {
            let frame = try render(quad(width: 9, height: 9), one, samples: samples, outputs: .all)
            #expect(frame.color!.pixels == [255, 255, 255, 255])
        }
    }

    @Test func unsupportedSizes() {
        for (width, height) in [(0, 8), (8, -1), (8193, 8)] {
            #expect(throws: RenderingError.unsupportedSize(width: width, height: height)) {
                try Renderer(
                    mesh: mesh([], []), settings: RenderSettings(width: width, height: height))
            }
        }
    }

    @Test func indicesBeyondWhatThereIs() {
        let settings = RenderSettings(width: 8, height: 8)
        var vertices = quad(width: 1, height: 1)
        vertices.triangles[4] = 4
        var parts = quad(width: 1, height: 1)
        parts.parts[0].triangles = 0..<3
        var materials = quad(width: 1, height: 1)
        materials.parts[0].material = 1
        var textures = quad(width: 1, height: 1)
        textures.materials[0].normalTexture = TextureReference(texture: 0)
        for broken in [vertices, parts, materials, textures] {
            #expect {
                try Renderer(mesh: broken, settings: settings)
            } throws: { error in
                if case .inconsistentMesh(let what)? = error as? RenderingError {
                    return !what.isEmpty
                }
                return false
            }
        }
    }
}
