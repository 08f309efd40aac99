import Assets
import Foundation
import Geometry
import TestSupport
import Testing

@Suite struct GLTFContainerTests {
    static func triangle() -> GLTFDraft {
        var draft = GLTFDraft()
        draft.add("nodes", ["mesh": draft.triangle()])
        return draft
    }

    /// What the reader says of bytes in a file of the given name.
    static func error(_ bytes: [UInt8], as name: String = "draft.glb") throws -> AssetError? {
        do {
            _ = try GLTFDraft().load(bytes: bytes, as: name)
            return nil
        } catch let error as AssetError {
            return error
        }
    }

    static func error(_ draft: GLTFDraft) throws -> AssetError? {
        try error(draft.binaryFile())
    }

    @Test func threeContainersHoldTheSame() throws {
        let draft = Self.triangle()
        let expected = try draft.load().mesh(clip: nil, times: [0]).positions
        #expect(Array(expected) == [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(0, 1, 0)])
        let embedded = try draft.load(bytes: draft.embedded(), as: "draft.gltf")
        #expect(try embedded.mesh(clip: nil, times: [0]).positions == expected)
        #expect(embedded.name == "draft")
        // A byte order mark, and a name that hides the kind.
        let marked = try draft.load(bytes: [0xef, 0xbb, 0xbf] + draft.embedded(), as: "draft.glb")
        #expect(try marked.mesh(clip: nil, times: [0]).positions == expected)
        for uri in ["two words.bin", "two%20words.bin", "./a/../two%20words.bin"] {
            try TemporaryFolder.using { folder in
                var external = draft
                external.add("buffers", ["byteLength": draft.binary.count, "uri": uri])
                try Data(draft.binary).write(to: folder.appendingPathComponent("two words.bin"))
                let file = folder.appendingPathComponent("external.gltf")
                try Data(external.embedded()).write(to: file)
                let asset = try GLTFLoader.load(path: file.path)
                #expect(try asset.mesh(clip: nil, times: [0]).positions == expected)
            }
        }
    }

    @Test(arguments: [
        "../secret.bin", "..%2Fsecret.bin", "%2e%2e/secret.bin", "a/../../secret.bin",
        "..\\secret.bin", "FOLDER/../secret.bin", "FOLDER/secret.bin", "file://FOLDER/secret.bin",
        "https://example.org/secret.bin", "C:\\secret.bin",
    ])
    func nothingOutsideTheFolderIsRead(uri: String) throws {
        try TemporaryFolder.using { outer in
            let inner = outer.appendingPathComponent("inner")
            try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
            var draft = Self.triangle()
            try Data(draft.binary).write(to: outer.appendingPathComponent("secret.bin"))
            let uri = uri.replacingOccurrences(of: "FOLDER", with: outer.path)
            draft.add("buffers", ["byteLength": draft.binary.count, "uri": uri])
            let file = inner.appendingPathComponent("draft.gltf")
            try Data(draft.embedded()).write(to: file)
            let error = #expect(throws: AssetError.self) { try GLTFLoader.load(path: file.path) }
            guard case .unreadable(_, let reason) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(reason.contains("folder"))
        }
    }

    @Test func texturesOutsideTheFolderAreMissing() throws {
        var draft = GLTFMaterialTests.draft([
            "pbrMetallicRoughness": ["baseColorTexture": ["index": 0]]
        ])
        draft.add("images", ["uri": "/etc/hostname"])
        draft.add("textures", ["source": 0])
        #expect(try draft.load().missingTextures == ["/etc/hostname"])
    }

    @Test func whatIsNotThere() throws {
        #expect(throws: AssetError.self) { try GLTFLoader.load(path: "/nowhere/at/all.glb") }
        // A folder is no file.
        TemporaryFolder.using { folder in
            let error = #expect(throws: AssetError.self) {
                try GLTFLoader.load(path: folder.path)
            }
            guard case .unreadable = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test(arguments: [
        "KHR_draco_mesh_compression", "EXT_meshopt_compression", "KHR_texture_basisu",
        "VENDOR_unheard_of",
    ])
    func requiredExtensionsThatAreNotRead(name: String) throws {
        var draft = Self.triangle()
        draft.json["extensionsUsed"] = [name]
        #expect(try draft.load().rig.instances.count == 1)
        draft.json["extensionsRequired"] = ["KHR_mesh_quantization", name]
        guard case .unsupported(_, let what) = try Self.error(draft) else {
            Issue.record("loaded")
            return
        }
        #expect(what.contains(name) && !what.contains("KHR_mesh_quantization"))
    }

    @Test func dracoThatIsNotCalledRequired() throws {
        var draft = GLTFDraft()
        let positions = draft.add(
            "accessors", ["componentType": 5126, "count": 3, "type": "VEC3"])
        draft.add(
            "meshes",
            [
                "primitives": [
                    [
                        "attributes": ["POSITION": positions],
                        "extensions": ["KHR_draco_mesh_compression": ["bufferView": 0]],
                    ]
                ]
            ])
        draft.add("nodes", ["mesh": 0])
        guard case .unsupported = try Self.error(draft) else {
            Issue.record("loaded")
            return
        }
    }

    @Test func otherVersions() throws {
        var draft = Self.triangle()
        draft.json["asset"] = ["version": "1.0"]
        guard case .unsupported = try Self.error(draft) else {
            Issue.record("loaded")
            return
        }
        draft.json["asset"] = ["version": "2.1", "minVersion": "2.0"]
        #expect(try Self.error(draft) == nil)
        draft.json["asset"] = ["version": "2.1", "minVersion": "2.1"]
        #expect(try Self.error(draft) != nil)
    }

    @Test func everyTruncationIsAnError() throws {
        let file = try Self.triangle().binaryFile()
        for length in 0..<file.count {
            guard case .malformed = try Self.error(Array(file.prefix(length))) else {
                Issue.record("loaded from \(length) of \(file.count) bytes")
                return
            }
        }
    }

    /// Changes to a sound document, each of which makes it wrong.
    static let lies: [(String, @Sendable (inout GLTFDraft) -> Void)] = [
        ("buffer longer than its bytes", { $0.json["buffers"] = [["byteLength": 1 << 40]] }),
        ("negative length", { $0.json["buffers"] = [["byteLength": -1]] }),
        ("view beyond the buffer", { $0.set("bufferViews", 0, "byteLength", 37) }),
        ("view offset overflows", { $0.set("bufferViews", 0, "byteOffset", Int.max) }),
        ("accessor beyond the view", { $0.set("accessors", 0, "count", 4) }),
        ("accessor count overflows", { $0.set("accessors", 0, "count", Int.max / 2) }),
        ("accessor offset", { $0.set("accessors", 0, "byteOffset", 1) }),
        ("negative count", { $0.set("accessors", 0, "count", -3) }),
        ("fractional count", { $0.set("accessors", 0, "count", 2.5) }),
        ("huge count", { $0.set("accessors", 0, "count", 1e300) }),
        ("stride below the size", { $0.set("bufferViews", 0, "byteStride", 4) }),
        ("unknown component type", { $0.set("accessors", 0, "componentType", 5124) }),
        ("unknown type", { $0.set("accessors", 0, "type", "VEC5") }),
        ("pair for a position", { $0.set("accessors", 0, "type", "VEC2") }),
        ("absent view", { $0.set("accessors", 0, "bufferView", 7) }),
        ("absent mesh", { $0.set("nodes", 0, "mesh", 9) }),
        ("absent child", { $0.set("nodes", 0, "children", [9]) }),
        ("own child", { $0.set("nodes", 0, "children", [0]) }),
        (
            "circle of nodes",
            {
                $0.set("nodes", 0, "children", [1])
                $0.add("nodes", ["children": [0]])
            }
        ),
        (
            "two parents",
            {
                $0.add("nodes", ["children": [0]])
                $0.add("nodes", ["children": [0]])
            }
        ),
        ("matrix of nine", { $0.set("nodes", 0, "matrix", [1, 0, 0, 0, 1, 0, 0, 0, 1]) }),
        ("absent scene", { $0.json["scene"] = 3 }),
        (
            "absent material",
            { $0.json["meshes"] = [["primitives": [$0.primitive("material", 4)]]] }
        ),
        ("vertex beyond the count", { $0.setIndices([0, 1, 3]) }),
        ("nodes of the wrong kind", { $0.json["nodes"] = "none" }),
        ("node of the wrong kind", { $0.json["nodes"] = [5] }),
        ("no geometry at all", { $0.json["nodes"] = [] as [Any] }),
        (
            "billions of zeros",
            {
                $0.json["accessors"] = [
                    ["componentType": 5126, "count": 3_000_000_000, "type": "VEC3"]
                ]
            }
        ),
    ]

    @Test(arguments: lies.indices)
    func liesAreErrors(index: Int) throws {
        var draft = Self.triangle()
        Self.lies[index].1(&draft)
        #expect(try Self.error(draft) != nil, "\(Self.lies[index].0)")
    }

    @Test func jointsThatASkinLacks() throws {
        var draft = GLTFDraft()
        let joints = draft.accessor(
            [UInt8](repeating: 0, count: 8) + [1, 0, 0, 0], "VEC4", component: 5121)
        let weights = draft.floats([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], "VEC4")
        draft.add(
            "nodes",
            ["mesh": draft.triangle(["JOINTS_0": joints, "WEIGHTS_0": weights]), "skin": 0])
        draft.add("skins", ["joints": [0]])
        guard case .malformed(_, let what) = try Self.error(draft) else {
            Issue.record("loaded")
            return
        }
        #expect(what.contains("joint 1"))
        // Without any weight it does not matter which joint is named.
        draft.add("skins", ["joints": [0, 0]])
        draft.set("nodes", 0, "skin", 1)
        #expect(try Self.error(draft) == nil)
    }

    @Test func randomBytes() throws {
        var random = KeyedRandom(seed: 7, asset: "noise", purpose: "gltf")
        for length in [1, 11, 12, 19, 20, 100, 5000] {
            let noise = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            #expect(try Self.error(noise) != nil)
            #expect(try Self.error(Array("glTF".utf8) + noise) != nil)
            #expect(try Self.error(Array("{".utf8) + noise) != nil)
        }
    }
}

extension GLTFDraft {
    /// Changes one member of an element of a list.
    mutating func set(_ list: String, _ index: Int, _ name: String, _ value: Any) {
        var elements = json[list] as? [[String: Any]] ?? []
        elements[index][name] = value
        json[list] = elements
    }

    /// The first primitive with one member changed.
    func primitive(_ name: String, _ value: Any) -> [String: Any] {
        let meshes = json["meshes"] as? [[String: Any]] ?? []
        var primitive = (meshes[0]["primitives"] as? [[String: Any]] ?? [])[0]
        primitive[name] = value
        return primitive
    }

    /// Gives the first primitive indices.
    mutating func setIndices(_ indices: [UInt16]) {
        let accessor = accessor(indices, "SCALAR", component: 5123)
        json["meshes"] = [["primitives": [primitive("indices", accessor)]]]
    }
}
