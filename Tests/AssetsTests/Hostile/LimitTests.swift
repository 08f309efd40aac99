import Assets
import Foundation
import Imaging
import TestSupport
import Testing

/// Assets beyond the limits are refused by what they state, before anything of that size is made.
@Suite struct LimitTests {
    /// What a loader says of an asset that is too large; nil where it loads.
    static func excess(
        _ draft: GLTFDraft, _ change: (inout AssetLimits) -> Void = { _ in }
    ) throws -> String? {
        var limits = AssetLimits()
        change(&limits)
        return try TemporaryFolder.using { folder in
            let file = folder.appending(path: "a.glb")
            try Data(draft.binaryFile()).write(to: file)
            return try excess { try GLTFLoader.load(path: file.path, limits: limits) }
        }
    }

    static func excess(_ load: () throws -> AnimatedAsset) throws -> String? {
        do {
            _ = try load()
            return nil
        } catch let error as AssetError {
            guard case .tooLarge(_, let what) = error else { throw error }
            return what
        }
    }

    /// A mesh of so many triangles, which a file of a kilobyte states: an accessor without a view
    /// is all zeros.
    static func zeros(vertices: Int, triangles: Int) -> GLTFDraft {
        var draft = GLTFDraft()
        let positions = draft.add(
            "accessors", ["componentType": 5126, "count": vertices, "type": "VEC3"])
        let indices = draft.add(
            "accessors", ["componentType": 5125, "count": 3 * triangles, "type": "SCALAR"])
        draft.add(
            "meshes",
            ["primitives": [["attributes": ["POSITION": positions], "indices": indices]]])
        draft.add("nodes", ["mesh": 0])
        return draft
    }

    @Test func tenMillionTriangles() throws {
        let what = try #require(try Self.excess(Self.zeros(vertices: 3, triangles: 10_000_000)))
        #expect(
            what
                == "10000000 triangles, more than the limit of 2000000 (corpus.limits.triangles)")
        let many = try #require(try Self.excess(Self.zeros(vertices: 1 << 40, triangles: 1)))
        #expect(many.contains("\(1 << 40) vertices"))
    }

    @Test func theLimitItselfIsAllowed() throws {
        let draft = Self.zeros(vertices: 100, triangles: 200)
        #expect(try Self.excess(draft) { $0.triangles = 200 } == nil)
        #expect(try Self.excess(draft) { $0.triangles = 199 } != nil)
        #expect(try Self.excess(draft) { $0.vertices = 100 } == nil)
        #expect(try Self.excess(draft) { $0.vertices = 99 } != nil)
    }

    /// A mesh of two triangles that is shown a thousand times has two thousand.
    @Test func repeatedMeshesCountAgain() throws {
        var draft = GLTFDraft()
        let mesh = draft.triangle()
        for _ in 0..<1000 { draft.add("nodes", ["mesh": mesh]) }
        #expect(try Self.excess(draft) { $0.triangles = 1000 } == nil)
        let what = try #require(try Self.excess(draft) { $0.triangles = 999 })
        #expect(what.hasPrefix("1000 triangles"))
        #expect(try Self.excess(draft) { $0.vertices = 2999 } != nil)
        #expect(try Self.excess(draft) { $0.nodes = 999 } != nil)
        #expect(try Self.excess(draft) { $0.nodes = 1000 } == nil)
    }

    @Test func instancingCannotMultiplyWithoutEnd() throws {
        var draft = GLTFDraft()
        let mesh = draft.triangle()
        let places = draft.add(
            "accessors", ["componentType": 5126, "count": 1 << 33, "type": "VEC3"])
        draft.add(
            "nodes",
            [
                "mesh": mesh,
                "extensions": ["EXT_mesh_gpu_instancing": ["attributes": ["TRANSLATION": places]]],
            ])
        #expect(try Self.excess(draft) != nil)
        draft.json["accessors"] = (draft.json["accessors"] as? [[String: Any]])?.map { accessor in
            accessor["count"] as? Int == 1 << 33
                ? accessor.merging(["count": 100_000]) { $1 } : accessor
        }
        let what = try #require(try Self.excess(draft))
        #expect(what.contains("corpus.limits.nodes"))
    }

    @Test func joints() throws {
        var draft = GLTFDraft()
        let joints = draft.accessor(
            [UInt16](repeating: 0, count: 12), "VEC4", component: 5123)
        let weights = draft.floats([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], "VEC4")
        let mesh = draft.triangle(["JOINTS_0": joints, "WEIGHTS_0": weights])
        draft.add("nodes", ["mesh": mesh, "skin": 0])
        for _ in 0..<500 { draft.add("nodes", [:]) }
        draft.add("skins", ["joints": Array(1...500)])
        #expect(try Self.excess(draft) == nil)
        let what = try #require(try Self.excess(draft) { $0.joints = 499 })
        #expect(what.hasPrefix("500 joints in skins[0]"))
    }

    @Test func filesThatStateMoreThanTheyHold() throws {
        // A thousand images of one view, and a thousand buffers of one file, each read in full.
        var draft = GLTFMaterialTests.draft([:])
        let view = draft.view([UInt8](repeating: 7, count: 100_000))
        var textures: [[String: Any]] = []
        for i in 0..<1000 {
            draft.add("images", ["bufferView": view])
            draft.add("textures", ["source": i])
            textures.append(["pbrMetallicRoughness": ["baseColorTexture": ["index": i]]])
        }
        draft.json["materials"] = textures
        draft.json["nodes"] = nil
        for i in 0..<1000 {
            draft.add("nodes", ["mesh": draft.triangle([:], primitive: ["material": i])])
        }
        #expect(try Self.excess(draft) { $0.decodedBytes = 90_000_000 } != nil)
        #expect(try Self.excess(draft) { $0.decodedBytes = 110_000_000 } == nil)
    }

    // MARK: Pictures

    private static func textured(_ picture: [UInt8], count: Int = 1) -> GLTFDraft {
        var draft = GLTFMaterialTests.draft(
            ["pbrMetallicRoughness": ["baseColorTexture": ["index": 0]]])
        draft.add("images", ["name": "bomb", "bufferView": draft.view(picture)])
        draft.add("textures", ["source": 0])
        return draft
    }

    /// 30,000 squared is 112 MB of samples in half a megabyte of deflate.
    @Test func hugeTextures() throws {
        let picture = PlainFiles.blackPNG(width: 30_000, height: 30_000)
        #expect(picture.count < 1 << 20)
        let what = try #require(try Self.excess(Self.textured(picture)))
        #expect(
            what
                == "900000000 pixels in the texture bomb, more than the limit of 67108864 "
                + "(corpus.limits.texture-pixels)")
        #expect(try Self.excess(Self.textured(picture)) { $0.texturePixels = 900_000_000 } != nil)
    }

    @Test func texturesTogether() throws {
        var draft = GLTFMaterialTests.draft([:])
        draft.json["nodes"] = nil
        let view = draft.view(PlainFiles.blackPNG(width: 64, height: 64))
        for i in 0..<10 {
            draft.add("images", ["bufferView": view])
            draft.add("textures", ["source": i])
            let material = draft.add(
                "materials", ["pbrMetallicRoughness": ["baseColorTexture": ["index": i]]])
            draft.add("nodes", ["mesh": draft.triangle([:], primitive: ["material": material])])
        }
        #expect(try Self.excess(draft) { $0.totalTexturePixels = 10 * 4096 } == nil)
        #expect(try Self.excess(draft) { $0.totalTexturePixels = 10 * 4096 - 1 } != nil)
    }

    /// Each glossiness makes a roughness picture of its own.
    @Test func convertedTexturesCountAgain() throws {
        var draft = GLTFMaterialTests.draft([:])
        draft.json["nodes"] = nil
        draft.add(
            "images", ["bufferView": draft.view(PlainFiles.blackPNG(width: 64, height: 64))])
        draft.add("textures", ["source": 0])
        for i in 0..<10 {
            let glossiness: [String: Any] = [
                "glossinessFactor": Double(i) / 10, "specularGlossinessTexture": ["index": 0],
            ]
            let material = draft.add(
                "materials",
                ["extensions": ["KHR_materials_pbrSpecularGlossiness": glossiness]])
            draft.add("nodes", ["mesh": draft.triangle([:], primitive: ["material": material])])
        }
        #expect(try Self.excess(draft) { $0.totalTexturePixels = 11 * 4096 } == nil)
        #expect(try Self.excess(draft) { $0.totalTexturePixels = 11 * 4096 - 1 } != nil)
    }

    // MARK: Other layouts

    @Test func foreignFormats() throws {
        let folder = TemporaryFolder()
        try folder.write("bomb.png", PlainFiles.blackPNG(width: 64, height: 64))
        try folder.write("a.mtl", "newmtl m\nmap_Kd bomb.png\n")
        let path = try folder.write("a.obj", "mtllib a.mtl\n" + AssimpMaterialTests.triangle)
        func excess(_ change: (inout AssetLimits) -> Void) throws -> String? {
            var limits = AssetLimits()
            change(&limits)
            return try Self.excess { try AssimpLoader.load(path: path, limits: limits) }
        }
        #expect(try excess { _ in } == nil)
        #expect(try excess { $0.texturePixels = 4095 }?.contains("bomb.png") == true)
        #expect(try excess { $0.totalTexturePixels = 4095 } != nil)
        #expect(try excess { $0.vertices = 2 } != nil)
        #expect(try excess { $0.triangles = 0 } != nil)
        #expect(try excess { $0.nodes = 0 } != nil)
        // assimp finds no file that is too large, and says so in its own words.
        #expect(throws: AssetError.self) { try excess { $0.fileBytes = 8 } }
    }

    @Test func vertexAnimations() throws {
        let folder = TemporaryFolder()
        let path = try folder.write("a.anime", AnimeTests.file())
        for change in [
            { $0.frames = 1 }, { $0.vertices = 1 }, { $0.triangles = 0 },
        ] as [(inout AssetLimits) -> Void] {
            var limits = AssetLimits()
            change(&limits)
            #expect(try Self.excess { try AnimeLoader.load(path: path, limits: limits) } != nil)
        }
        for i in 1...3 { try folder.write("walk/\(i).obj", AssimpMaterialTests.triangle) }
        for change in [
            { $0.frames = 2 }, { $0.vertices = 2 }, { $0.triangles = 0 }, { $0.fileBytes = 10 },
        ] as [(inout AssetLimits) -> Void] {
            var limits = AssetLimits()
            change(&limits)
            #expect(
                try Self.excess {
                    try OBJSequenceLoader.load(path: folder.path + "/walk", limits: limits)
                } != nil)
        }
    }
}
