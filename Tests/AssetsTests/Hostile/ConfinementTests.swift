import Assets
import Foundation
import Imaging
import TestSupport
import Testing

/// Nothing outside an asset's folder is read, whatever names and links say.
@Suite struct ConfinementTests {
    /// A corpus with a secret beside the asset's folder.
    private struct Corpus {
        let folder = TemporaryFolder()
        var asset: String { folder.path + "/corpus/asset" }
        var secret: String { folder.path + "/corpus/secret" }

        init() throws {
            for name in ["secret.png", "secret/secret.png"] {
                try folder.write(
                    "corpus/" + name, AssimpMaterialTests.picture(SIMD4(255, 0, 0, 255)))
            }
            let triangle = GLTFDraft.bytes([0, 0, 0, 1, 0, 0, 0, 1, 0] as [Float])
            for name in ["secret.bin", "secret/secret.bin"] {
                try folder.write("corpus/" + name, triangle)
            }
            try folder.write("corpus/secret.mtl", "newmtl m\nKd 0.125 0.25 0.5\n")
            try folder.write("corpus/asset/own.bin", triangle)
        }

        /// Makes a link in the asset's folder.
        func link(_ name: String, to target: String) throws {
            try FileManager.default.createSymbolicLink(
                atPath: asset + "/" + name, withDestinationPath: target)
        }

        /// Names that lead out of the asset's folder to `file` beside it.
        func ways(to file: String) -> [String] {
            let absolute = folder.path + "/corpus/" + file
            return [
                "../\(file)", "..\\\(file)", "%2e%2e/\(file)", "%2E%2E%2F\(file)", "..%5c\(file)",
                "./../\(file)", "a/../../\(file)", "..//\(file)", absolute, "file://\(absolute)",
                "file:\(absolute)", "FILE://localhost\(absolute)", "\\\\host\\share\\\(file)",
                "//\(absolute)", "%2f\(absolute)", ".%2e/\(file)", "../asset/../\(file)",
            ]
        }
    }

    /// A triangle whose positions lie in a file of their own.
    private static func gltf(buffer: String, image: String? = nil) throws -> [UInt8] {
        var draft = GLTFMaterialTests.draft(
            image == nil ? [:] : ["pbrMetallicRoughness": ["baseColorTexture": ["index": 0]]])
        draft.json["buffers"] = [["byteLength": 36, "uri": buffer]]
        draft.json["bufferViews"] = [["buffer": 0, "byteLength": 36]]
        draft.json["accessors"] = [
            ["bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3"]
        ]
        draft.json["meshes"] = [
            ["primitives": [["attributes": ["POSITION": 0], "material": 0]]]
        ]
        if let image {
            draft.add("images", ["uri": image])
            draft.add("textures", ["source": 0])
        }
        return try draft.embedded()
    }

    @Test func buffersOfGLTF() throws {
        let corpus = try Corpus()
        func load(_ uri: String) throws -> AnimatedAsset {
            try GLTFLoader.load(
                path: corpus.folder.write("corpus/asset/a.gltf", Self.gltf(buffer: uri)))
        }
        for way in ["own.bin", "./own.bin", "x/../own.bin", "%6fwn.bin"] {
            #expect(try load(way).rig.primitives.count == 1, "\(way)")
        }
        for way in corpus.ways(to: "secret.bin") + corpus.ways(to: "secret/secret.bin") {
            #expect(throws: AssetError.self, "\(way)") { try load(way) }
        }
        try corpus.link("link.bin", to: "../secret.bin")
        try corpus.link("links", to: corpus.secret)
        try corpus.link("inside.bin", to: "own.bin")
        #expect(try load("inside.bin").rig.primitives.count == 1)
        for way in ["link.bin", "links/secret.bin", "links/../own.bin/../../secret.bin"] {
            let error = #expect(throws: AssetError.self, "\(way)") { try load(way) }
            guard case .unreadable = error else {
                Issue.record("\(way): \(String(describing: error))")
                continue
            }
        }
    }

    @Test func texturesOfGLTF() throws {
        let corpus = try Corpus()
        func textures(_ uri: String) throws -> AnimatedAsset {
            try GLTFLoader.load(
                path: corpus.folder.write(
                    "corpus/asset/a.gltf", Self.gltf(buffer: "own.bin", image: uri)))
        }
        try corpus.link("link.png", to: corpus.folder.path + "/corpus/secret.png")
        try corpus.link("links", to: "../secret")
        for way in corpus.ways(to: "secret.png") + ["link.png", "links/secret.png"] {
            let asset = try textures(way)
            #expect(asset.textures.isEmpty && asset.missingTextures.count == 1, "\(way)")
        }
    }

    @Test func whatForeignFormatsName() throws {
        let corpus = try Corpus()
        try corpus.link("link.mtl", to: "../secret.mtl")
        try corpus.link("link.png", to: "../secret.png")
        try corpus.link("links", to: corpus.secret)
        for way in corpus.ways(to: "secret.mtl") + ["link.mtl"] {
            let asset = try AssimpLoader.load(
                path: corpus.folder.write(
                    "corpus/asset/a.obj", "mtllib \(way)\n" + AssimpMaterialTests.triangle))
            #expect(
                asset.materials.allSatisfy { $0.baseColor != SIMD4(0.125, 0.25, 0.5, 1) },
                "\(way)")
        }
        for way in corpus.ways(to: "secret.png") + ["link.png", "links/secret.png"] {
            try corpus.folder.write("corpus/asset/a.mtl", "newmtl m\nmap_Kd \(way)\n")
            let asset = try AssimpLoader.load(
                path: corpus.folder.write(
                    "corpus/asset/a.obj", "mtllib a.mtl\n" + AssimpMaterialTests.triangle))
            #expect(asset.textures.isEmpty && asset.missingTextures.count == 1, "\(way)")
        }
    }

    /// Scenes of LightWave name the objects that they show; assimp opens them itself.
    @Test func objectsOfScenes() throws {
        let corpus = try Corpus()
        try corpus.folder.write("corpus/secret.obj", AssimpMaterialTests.triangle)
        try corpus.folder.write("corpus/asset/own.obj", AssimpMaterialTests.triangle)
        func load(_ object: String) throws -> AnimatedAsset {
            try AssimpLoader.load(
                path: corpus.folder.write(
                    "corpus/asset/a.lws", "LWSC\n5\n\nLoadObjectLayer 1 \(object)\n"))
        }
        #expect(try load("own.obj").rig.primitives.count == 1)
        for way in corpus.ways(to: "secret.obj") {
            #expect(throws: AssetError.self, "\(way)") { try load(way) }
        }
    }

    @Test func clipsBesideMD5Meshes() throws {
        let corpus = try Corpus()
        try corpus.folder.write("corpus/away.md5anim", MD5Tests.animation(height: 7, rate: 2))
        try corpus.folder.write("corpus/asset/in.md5anim", MD5Tests.animation(height: 6, rate: 2))
        let path = try corpus.folder.write("corpus/asset/a.md5mesh", MD5Tests.mesh)
        #expect(try AssimpLoader.load(path: path).clips.count == 1)
        try corpus.link("out.md5anim", to: "../away.md5anim")
        let asset = try AssimpLoader.load(path: path)
        #expect(asset.clips.count == 1)
        #expect(asset.warnings.contains { $0.contains("out.md5anim") })
    }

    @Test func framesOfSequences() throws {
        let corpus = try Corpus()
        for i in 1...3 {
            try corpus.folder.write("corpus/asset/walk/\(i).obj", AssimpMaterialTests.triangle)
        }
        let walk = corpus.asset + "/walk"
        #expect(try OBJSequenceLoader.load(path: walk).clips[0].sourceFrameCount == 3)
        try corpus.folder.write("corpus/secret.obj", AssimpMaterialTests.triangle)
        try corpus.link("walk/4.obj", to: "../../secret.obj")
        let error = #expect(throws: AssetError.self) { try OBJSequenceLoader.load(path: walk) }
        #expect(error?.description.contains("4.obj") == true)
    }

    /// Two spellings of one letter are two folders.
    @Test func foldersThatLookAlike() throws {
        let folder = TemporaryFolder()
        let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}")
        let triangle = GLTFDraft.bytes([0, 0, 0, 1, 0, 0, 0, 1, 0] as [Float])
        try folder.write("\(decomposed)/secret.bin", triangle)
        try folder.write("\(composed)/own.bin", triangle)
        let away = "../\(decomposed)/secret.bin"
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/\(composed)/link.bin", withDestinationPath: away)
        for (uri, isRead) in [("own.bin", true), ("link.bin", false), (away, false)] {
            let path = try folder.write("\(composed)/a.gltf", Self.gltf(buffer: uri))
            #expect(((try? GLTFLoader.load(path: path)) != nil) == isRead, "\(uri)")
        }
        // Libraries are found in folders of any name.
        try folder.write("\(composed)/a.mtl", "newmtl m\nKd 0.125 0.25 0.5\n")
        let asset = try AssimpLoader.load(
            path: folder.write(
                "\(composed)/a.obj", "mtllib a.mtl\n" + AssimpMaterialTests.triangle))
        #expect(asset.materials.contains { $0.baseColor == SIMD4(0.125, 0.25, 0.5, 1) })
    }

    /// A link inside the corpus is an asset of the folder that it lies in; one that leads out of
    /// the corpus is listed and not followed.
    @Test func assetsThatAreLinks() throws {
        let corpus = try Corpus()
        try corpus.folder.write("corpus/asset/a.gltf", Self.gltf(buffer: "own.bin"))
        try corpus.folder.write("outside.glb", GLTFContainerTests.triangle().binaryFile())
        try corpus.link("twin.gltf", to: "a.gltf")
        try corpus.link("out.glb", to: "../../outside.glb")
        try FileManager.default.createSymbolicLink(
            atPath: corpus.folder.path + "/corpus/away", withDestinationPath: "/etc")
        // Elsewhere in the corpus, the same file has no buffer beside it.
        try FileManager.default.createSymbolicLink(
            atPath: corpus.secret + "/moved.gltf", withDestinationPath: "../asset/a.gltf")
        let found = try AssetLoader.discover(in: corpus.folder.path + "/corpus")
        #expect(
            found.assets.map(\.identity) == ["asset/a", "asset/twin", "secret/moved"])
        #expect(found.unfollowedLinks == ["asset/out.glb", "away"])
        let loader = AssetLoader()
        #expect(try loader.load(path: found.assets[1].path).rig.primitives.count == 1)
        #expect(throws: AssetError.self) { try loader.load(path: found.assets[2].path) }
    }
}
