import Assets
import Foundation
import Geometry
import TestSupport
import Testing

@Suite struct AssimpFormatTests {
    static let triangle: [SIMD3<Double>] = [SIMD3(1, 2, 3), SIMD3(4, 2, 3), SIMD3(1, 7, 3)]

    static func load(_ name: String, _ text: String, upAxis: UpAxis? = nil) throws -> AnimatedAsset
    {
        let folder = TemporaryFolder()
        return try AssimpLoader.load(path: folder.write(name, text), upAxis: upAxis)
    }

    static func rest(_ name: String, _ text: String, upAxis: UpAxis? = nil) throws -> MeshSequence {
        try load(name, text, upAxis: upAxis).mesh(clip: nil, times: [0])
    }

    @Test func staticFormatsAreTurnedByTheirCustoms() throws {
        let numbers = Self.triangle.map { "\($0.x) \($0.y) \($0.z)" }
        let obj = numbers.map { "v \($0)\n" }.joined() + "f 1 2 3\n"
        let ply = """
            ply
            format ascii 1.0
            element vertex 3
            property float x
            property float y
            property float z
            element face 1
            property list uchar int vertex_indices
            end_header
            \(numbers.joined(separator: "\n"))
            3 0 1 2

            """
        let stl = """
            solid a
            facet normal 0 0 1
            outer loop
            \(numbers.map { "vertex \($0)" }.joined(separator: "\n"))
            endloop
            endfacet
            endsolid a

            """
        let off = "OFF\n3 1 0\n\(numbers.joined(separator: "\n"))\n3 0 1 2\n"
        let zUp = Self.triangle.map { Written.yUpFromZUp.transform(point: $0) }
        for (name, text, expected) in [
            ("a.obj", obj, Self.triangle), ("a.ply", ply, zUp), ("a.stl", stl, zUp),
            ("a.off", off, Self.triangle),
        ] {
            #expect(distance(points(try Self.rest(name, text)), expected) < 1e-6, "\(name)")
        }
        #expect(distance(points(try Self.rest("a.stl", stl, upAxis: .y)), Self.triangle) < 1e-6)
        #expect(distance(points(try Self.rest("a.obj", obj, upAxis: .z)), zUp) < 1e-6)
    }

    @Test func equalCornersAreJoined() throws {
        // Two triangles of a square share two corners; STL gives each triangle its own.
        func facet(_ corners: [String]) -> String {
            "facet normal 0 0 1\nouter loop\n"
                + corners.map { "vertex \($0)\n" }.joined() + "endloop\nendfacet\n"
        }
        let text =
            "solid a\n" + facet(["0 0 0", "1 0 0", "1 1 0"])
            + facet(["0 0 0", "1 1 0", "-0 1 0"]) + "endsolid a\n"
        let mesh = try Self.rest("a.stl", text)
        #expect(mesh.vertexCount == 4)
        #expect(mesh.triangleCount == 2)
    }

    @Test func linesAndPointsAreLeftOut() throws {
        let mesh = try Self.rest(
            "a.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nl 1 4\np 2\nf 1 2 3\nl 2 4\n")
        #expect(mesh.triangleCount == 1)
        #expect(throws: AssetError.self) {
            try Self.load("a.obj", "v 0 0 0\nv 1 0 0\nl 1 2\n")
        }
    }

    @Test func xFilesAreMirroredAndTimed() throws {
        // A frame moves from x = 0 to x = 10 in 100 ticks; the file is left-handed.
        func matrix(_ x: Double) -> String {
            [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, x, 0, 0, 1].map { "\($0)" }.joined(separator: ",")
        }
        func file(_ speed: String) -> String {
            """
            xof 0303txt 0032
            \(speed)
            Frame Box {
            FrameTransformMatrix { \(matrix(0));; }
            Mesh { 3; 1.0;2.0;3.0;, 4.0;2.0;3.0;, 1.0;7.0;3.0;; 1; 3;0,1,2;; }
            }
            AnimationSet Go { Animation { { Box }
            AnimationKey { 4; 2; 0;16;\(matrix(0));;, 100;16;\(matrix(10));;; }
            } }

            """
        }
        let asset = try Self.load("a.x", file("AnimTicksPerSecond { 50; }"))
        #expect(asset.clips.count == 1 && asset.clips[0].end == 2)
        #expect(asset.warnings.isEmpty)
        let mesh = try asset.mesh(clip: 0, times: [0, 1])
        let expected = Self.triangle.map { SIMD3($0.x, $0.y, -$0.z) }
        #expect(distance(points(mesh), expected) < 1e-6)
        #expect(distance(points(mesh, frame: 1), expected.map { $0 + SIMD3(5, 0, 0) }) < 1e-6)
        // Without a rate: 25 ticks a second, and a warning.
        let untimed = try Self.load("a.x", file(""))
        #expect(untimed.clips[0].end == 4)
        #expect(untimed.warnings.contains { $0.contains("25 ticks") })
    }

    @Test func filesThatAreNoneAreErrors() throws {
        let folder = TemporaryFolder()
        var random = KeyedRandom(seed: 9, asset: "assimp", purpose: "noise")
        let noise = (0..<4096).map { _ in UInt8.random(in: 0...255, using: &random) }
        for name in ["fbx", "dae", "md5mesh", "x", "3ds", "ply", "stl", "obj", "b3d", "iqm", "lwo"]
        {
            for (k, content) in [[], noise].enumerated() {
                let path = try folder.write("\(k).\(name)", content)
                #expect(throws: AssetError.self, "\(name)") { try AssimpLoader.load(path: path) }
            }
        }
        #expect(throws: AssetError.self) { try AssimpLoader.load(path: folder.path) }
        #expect(throws: AssetError.self) { try AssimpLoader.load(path: folder.path + "/none.fbx") }
    }

    @Test func importsMayRunAtTheSameTime() async throws {
        let folder = TemporaryFolder()
        let good = try folder.write(
            "a.obj", Self.triangle.map { "v \($0.x) \($0.y) \($0.z)\n" }.joined() + "f 1 2 3\n")
        let bad = try folder.write("b.fbx", "nonsense")
        await withTaskGroup(of: Bool.self) { group in
            for i in 0..<40 {
                group.addTask {
                    (try? AssimpLoader.load(path: i % 2 == 0 ? good : bad)) != nil
                }
            }
            let loaded = await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            #expect(loaded == 20)
        }
    }
}
