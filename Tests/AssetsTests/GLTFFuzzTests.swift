import Assets
import Foundation
import Geometry
import TestSupport
import Testing

/// Damaged files must load or be refused; whatever loads must be fit to be sampled. A trap ends
/// the whole test run.
@Suite struct GLTFFuzzTests {
    /// A small file with a bit of everything: skin, targets, sparse data, quantised keys, textures.
    static func seedFile() throws -> [UInt8] {
        var draft = GLTFDraft()
        let joints = draft.accessor(
            [0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0] as [UInt8], "VEC4", component: 5121)
        let weights = draft.accessor(
            [100, 155, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0] as [UInt8], "VEC4", component: 5121,
            normalized: true)
        let uvs = draft.floats([0, 0, 1, 0, 0, 1], "VEC2")
        let normals = draft.floats([0, 0, 1, 0, 0, 1, 0, 0, 1], "VEC3")
        let indices = draft.accessor([0, 1, 2] as [UInt16], "SCALAR", component: 5123)
        let target = draft.add(
            "accessors",
            [
                "componentType": 5126, "count": 3, "type": "VEC3",
                "sparse": [
                    "count": 1,
                    "indices": ["bufferView": draft.view([1]), "componentType": 5121],
                    "values": ["bufferView": draft.view(GLTFDraft.bytes([1, 2, 3] as [Float]))],
                ],
            ])
        let mesh = draft.triangle(
            ["JOINTS_0": joints, "WEIGHTS_0": weights, "TEXCOORD_0": uvs, "NORMAL": normals],
            primitive: ["material": 0, "indices": indices, "targets": [["POSITION": target]]],
            mesh: ["weights": [0.5]])
        draft.add("nodes", ["mesh": mesh, "skin": 0, "children": [1]])
        draft.add("nodes", ["rotation": [0, 0, 0, 1], "children": [2]])
        draft.add("nodes", ["scale": [1, 2, 3], "mesh": mesh])
        let binds = draft.floats(
            [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 2, 3, 1] + [Float](repeating: 1, count: 16),
            "MAT4")
        draft.add("skins", ["joints": [1, 2], "inverseBindMatrices": binds])
        draft.add("scenes", ["nodes": [0]])
        draft.animate(
            "rotation", times: [0, 1],
            output: draft.accessor(
                [0, 0, 0, 127, 0, 0, 127, 0] as [Int8], "VEC4", component: 5120,
                normalized: true), node: 1)
        draft.animate(
            "weights", times: [0, 1], values: [0, 1, 0, 0, -1, 0], type: "SCALAR",
            interpolation: "CUBICSPLINE")
        draft.animate(
            "translation", times: [0, 2, 3], values: [0, 0, 0, 1, 1, 1, 2, 2, 2], type: "VEC3",
            interpolation: "STEP", node: 2)
        draft.add(
            "materials", ["pbrMetallicRoughness": ["baseColorTexture": ["index": 0]]])
        draft.add("textures", ["source": 0, "sampler": 0])
        draft.add("samplers", ["wrapS": 33071])
        draft.add(
            "images",
            ["bufferView": draft.view(try GLTFMaterialTests.png(SIMD4(1, 2, 3, 4)))])
        return try draft.binaryFile()
    }

    /// Loads bytes, and samples whatever loads; true if they loaded.
    static func survives(_ bytes: [UInt8], in folder: URL) throws -> Bool {
        let file = folder.appendingPathComponent("mutant.glb")
        try Data(bytes).write(to: file)
        do {
            let asset = try GLTFLoader.load(path: file.path)
            for clip in [nil] + asset.clips.indices.map(Optional.init) {
                let mesh = try asset.mesh(clip: clip, times: [0, 0.5, 2.5])
                #expect(mesh.triangles.allSatisfy { Int($0) < mesh.vertexCount })
                #expect(mesh.parts.allSatisfy { $0.material < mesh.materials.count })
            }
            return true
        } catch {
            return false
        }
    }

    @Test func damagedBytes() throws {
        let seed = try Self.seedFile()
        var random = KeyedRandom(seed: 1, asset: "mutant", purpose: "bytes")
        try TemporaryFolder.using { folder in
            #expect(try Self.survives(seed, in: folder))
            var loaded = 0
            for _ in 0..<600 {
                var mutant = seed
                for _ in 0..<1 + random.next() % 4 {
                    let at = Int(random.next() % UInt64(mutant.count))
                    mutant[at] = UInt8(truncatingIfNeeded: random.next())
                }
                if try Self.survives(mutant, in: folder) { loaded += 1 }
            }
            // Damage within vertices and keys must load, damage to the JSON's words must not.
            #expect(loaded > 20 && loaded < 580)
        }
    }

    /// Numbers in the JSON replaced by such as make sums overflow or point elsewhere.
    @Test func damagedNumbers() throws {
        let seed = try Self.seedFile()
        let length = seed[12..<16].reversed().reduce(0) { $0 << 8 | Int($1) }
        let text = Array(seed[20..<20 + length])
        let rest = Array(seed[(20 + length)...])
        let numbers = Self.numberRanges(in: text)
        var random = KeyedRandom(seed: 2, asset: "mutant", purpose: "numbers")
        let replacements = [
            "-1", "0", "1", "2", "3", "4", "7", "65535", "4294967295", "9223372036854775807",
            "1e19", "1e308", "-1e308", "1e-320", "0.5", "null", "true", "\"x\"", "[]", "{}",
        ]
        try TemporaryFolder.using { folder in
            for range in numbers {
                for replacement in replacements where random.next() % 4 == 0 {
                    var mutant = Array(text[..<range.lowerBound])
                    mutant += Array(replacement.utf8)
                    mutant += text[range.upperBound...]
                    while mutant.count % 4 != 0 { mutant.append(0x20) }
                    let body =
                        GLTFDraft.bytes([UInt32(mutant.count)]) + Array("JSON".utf8) + mutant + rest
                    _ = try Self.survives(
                        Array("glTF".utf8) + GLTFDraft.bytes([UInt32(2), UInt32(12 + body.count)])
                            + body, in: folder)
                }
            }
        }
        #expect(numbers.count > 100)
    }

    /// Where the numbers of a JSON text without digits in its strings' starts stand.
    private static func numberRanges(in text: [UInt8]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var i = 1
        while i < text.count {
            let follows = [UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: ",")]
            if follows.contains(text[i - 1]), (0x30...0x39).contains(text[i]) || text[i] == 0x2d {
                let end = text[i...].firstIndex { !Array("0123456789.eE+-".utf8).contains($0) }
                ranges.append(i..<(end ?? text.count))
                i = end ?? text.count
            }
            i += 1
        }
        return ranges
    }
}
