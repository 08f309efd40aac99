import Assets
import Foundation
import Geometry
import Imaging
import TestSupport
import Testing

@Suite struct OBJSequenceTests {
    static func frame(_ height: Double, faces: String = "f 1/1/1 2/2/1 3/3/1 4/4/1") -> String {
        """
        mtllib paint.mtl
        v 0 0 0
        v 1 0 0
        v 1 1 \(height)
        v 0 1 \(height)
        vt 0 0
        vt 1 0
        vt 1 1
        vt 0 1
        vn 0 \(-height) 1
        usemtl skin
        \(faces)
        """
    }

    @Test func framesFollowNaturally() throws {
        let folder = TemporaryFolder()
        let picture = Image(width: 2, height: 1, pixels: [255, 0, 0, 255, 0, 0, 255, 255])
        try folder.write("walk/frame2.obj", Self.frame(1))
        try folder.write("walk/frame10.obj", Self.frame(3))
        try folder.write("walk/frame1.obj", Self.frame(0))
        try folder.write(
            "walk/paint.mtl",
            "newmtl skin\nKd 0.5 0.25 1\nd 0.5\nNs 250\nKe 0 0 2\nmap_Kd -s 2 3 1 -o 0.25 0.5 0 p.png\n"
        )
        try folder.write("walk/p.png", picture.pngEncoded())
        let asset = try OBJSequenceLoader.load(path: folder.path + "/walk", framesPerSecond: 10)
        #expect(asset.name == "walk")
        #expect(asset.format == "obj-sequence")
        #expect(asset.missingTextures.isEmpty)
        #expect(asset.clips.map(\.end) == [0.2])
        let mesh = try asset.mesh(clip: 0, times: [0, 0.1, 0.2])
        #expect(mesh.triangles == [0, 1, 2, 0, 2, 3])
        for (t, height) in [Float(0), 1, 3].enumerated() {
            #expect(
                points(mesh, frame: t)
                    == [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(1, 1, height), SIMD3(0, 1, height)])
            let n = mesh.normals[4 * t]
            #expect(length(n - normalize(SIMD3(0, -height, 1))) < 1e-6)
        }
        // v runs down.
        #expect(mesh.uvSets == [[SIMD2(0, 1), SIMD2(1, 1), SIMD2(1, 0), SIMD2(0, 0)]])
        let material = asset.materials[0]
        #expect(material.name == "skin")
        #expect(material.baseColor == SIMD4(0.5, 0.25, 1, 0.5))
        #expect(material.alphaMode == .blend)
        #expect(abs(material.roughness - 0.5) < 1e-6)
        #expect(material.emissive == SIMD3(0, 0, 2))
        let reference = try #require(material.baseColorTexture)
        #expect(asset.textures[reference.texture].image == picture)
        // The library's v' = 3 v + 0.5 upwards is v' = 3 v - 2.5 downwards: at v = 0.25 up, 1.25.
        let down = reference.scale.y * (1 - 0.25) + reference.offset.y
        #expect(abs((1 - down) - (3 * 0.25 + 0.5)) < 1e-6)
        #expect(reference.scale.x == 2 && reference.offset.x == 0.25)
    }

    @Test(arguments: [
        frame(1, faces: "f 1/1/1 2/2/1 3/3/1"), frame(1, faces: "f 1/1/1 2/2/1 4/4/1 3/3/1"),
        frame(1) + "\nv 5 5 5", frame(1) + "\nf 1 2 3",
    ])
    func otherTopologiesAreNamed(second: String) throws {
        let folder = TemporaryFolder()
        try folder.write("a1.obj", Self.frame(0))
        try folder.write("a2.obj", second)
        #expect {
            try OBJSequenceLoader.load(path: folder.path)
        } throws: { error in
            guard case AssetError.malformed(let path, let what)? = error as? AssetError else {
                return false
            }
            return path.hasSuffix("a2.obj") && what.contains("a1.obj")
        }
    }

    @Test func normalsThatMoveAboutAreLeftOut() throws {
        let folder = TemporaryFolder()
        try folder.write("a1.obj", Self.frame(0))
        try folder.write("a2.obj", "vn 1 0 0\n" + Self.frame(1, faces: "f 1/1/2 2/2/2 3/3/2 4/4/2"))
        let asset = try OBJSequenceLoader.load(path: folder.path)
        #expect(try asset.mesh(clip: 0, times: [0]).normals.isEmpty)
        #expect(asset.warnings.contains { $0.contains("a2.obj") })
    }

    @Test func foldersOfOtherFilesAreNoSequence() throws {
        let folder = TemporaryFolder()
        try folder.write("chair.obj", Self.frame(0))
        try folder.write("table.obj", Self.frame(0))
        #expect(throws: AssetError.self) { try OBJSequenceLoader.load(path: folder.path) }
        #expect(throws: AssetError.self) { try OBJSequenceLoader.load(path: folder.path + "/none") }
    }
}
