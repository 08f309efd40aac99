import Foundation
import Testing

/// Each case that readers are known to get wrong is in the corpus, in the asset that is named for
/// it.
@Suite struct TroubleCaseTests {
    /// The samplers of an asset's channels by path: interpolation and output.
    private func channels(
        _ id: String, _ path: String
    ) throws -> [(interpolation: String, output: GLTFFile.Accessor)] {
        let file = try WrittenCorpus.file(id)
        var result: [(interpolation: String, output: GLTFFile.Accessor)] = []
        for animation in file.list("animations") {
            let samplers = animation["samplers"] as? [[String: Any]] ?? []
            for channel in animation["channels"] as? [[String: Any]] ?? [] {
                guard (channel["target"] as? [String: Any])?["path"] as? String == path,
                    let index = channel["sampler"] as? Int,
                    let output = samplers[index]["output"] as? Int
                else { continue }
                let interpolation = samplers[index]["interpolation"] as? String ?? "LINEAR"
                result.append((interpolation, try file.accessor(output)))
            }
        }
        return result
    }

    private func primitives(_ id: String) throws -> [[String: Any]] {
        try WrittenCorpus.file(id).list("meshes").flatMap {
            $0["primitives"] as? [[String: Any]] ?? []
        }
    }

    private func attributes(_ id: String) throws -> Set<String> {
        Set(try primitives(id).flatMap { ($0["attributes"] as? [String: Int] ?? [:]).keys })
    }

    @Test func stepKeys() throws {
        let steps = try channels("objects/clock", "rotation").filter { $0.interpolation == "STEP" }
        // The hand's steps differ, so that a linear reading shows.
        #expect(steps.contains { Set($0.output.rows).count >= 8 })
    }

    @Test func cubicSplines() throws {
        for path in ["translation", "rotation", "scale"] {
            #expect(
                try channels("objects/ball", path).allSatisfy { $0.interpolation == "CUBICSPLINE" })
            let tangents = try channels("objects/ball", path)[0].output.values
            #expect(tangents.contains { abs($0) > 1 })
        }
        let morphs = try channels("objects/flower", "weights")
        #expect(morphs.map(\.interpolation) == ["CUBICSPLINE"])
    }

    @Test func negativeMorphWeights() throws {
        let weights = try channels("objects/flag", "weights")[0].output.values
        #expect(weights.contains { $0 < -0.9 })
    }

    @Test func normalisedIntegers() throws {
        let bubbles = try channels("objects/soap-bubbles", "weights")
        #expect(bubbles.allSatisfy { $0.output.componentType == 5121 && $0.output.isNormalized })
        let arm = try channels("objects/robot-arm", "rotation")
        #expect(arm.allSatisfy { $0.output.componentType == 5122 && $0.output.isNormalized })
    }

    @Test func defaultMorphWeights() throws {
        let ghost = try WrittenCorpus.file("creatures/ghost")
        #expect(ghost.list("nodes").contains { $0["weights"] as? [Double] == [1, 0] })
        #expect(try channels("creatures/ghost", "weights").isEmpty)
        let flower = try WrittenCorpus.file("objects/flower")
        #expect(flower.list("meshes").contains { $0["weights"] != nil })
    }

    @Test func partlyAnimatedNode() throws {
        let file = try WrittenCorpus.file("objects/windmill")
        let node = try #require(
            file.list("nodes").firstIndex { $0["name"] as? String == "blades" })
        #expect(file.list("nodes")[node]["translation"] != nil)
        #expect(file.list("nodes")[node]["scale"] != nil)
        let targets = (file.list("animations")[0]["channels"] as? [[String: Any]] ?? [])
            .compactMap { $0["target"] as? [String: Any] }
            .filter { $0["node"] as? Int == node }.compactMap { $0["path"] as? String }
        #expect(targets == ["rotation"])
        #expect(try primitives("objects/windmill").allSatisfy { $0["indices"] == nil })
        #expect(try attributes("objects/windmill") == ["POSITION", "COLOR_0"])
    }

    @Test func duplicateNodeNames() throws {
        let names = try WrittenCorpus.file("objects/clock").list("nodes")
            .compactMap { $0["name"] as? String }
        #expect(names.filter { $0 == "gear" }.count == 2)
        #expect(names.filter { $0 == "hand" }.count == 3)
    }

    @Test func mirroredAndUnevenlyScaledNodes() throws {
        let butterfly = try WrittenCorpus.file("creatures/butterfly").list("nodes")
        #expect(butterfly.contains { $0["scale"] as? [Double] == [-1, 1, 1] })
        let pudding = try WrittenCorpus.file("objects/pudding").list("nodes")
        let wobble = try #require(pudding.first { $0["name"] as? String == "wobble" })
        #expect(Set(GLTFFile.doubles(wobble["scale"] as? [Any] ?? [])).count == 3)
        #expect((wobble["children"] as? [Int])?.isEmpty == false)
    }

    @Test func eightInfluences() throws {
        let file = try WrittenCorpus.file("creatures/octopus")
        let body = try #require(primitives("creatures/octopus").first)
        let attributes = try #require(body["attributes"] as? [String: Int])
        let second = try file.accessor(try #require(attributes["WEIGHTS_1"]))
        let beyondFour = second.rows.filter { $0[0] > 0.005 }.count
        // Enough vertices that a reader of four influences would tear or crumple.
        #expect(Double(beyondFour) > 0.05 * Double(second.count))
    }

    @Test func sparseMorphTargets() throws {
        let file = try WrittenCorpus.file("creatures/owl")
        let sparse = file.list("accessors").filter { $0["sparse"] != nil }
        #expect(sparse.count == 4)
        for accessor in sparse {
            let count = (accessor["sparse"] as? [String: Any])?["count"] as? Int ?? 0
            #expect(count > 0 && 4 * count < accessor["count"] as? Int ?? 0)
        }
    }

    @Test func secondUVSetAndTextureTransforms() throws {
        func textures(_ id: String) throws -> [[String: Any]] {
            try WrittenCorpus.file(id).list("materials").compactMap {
                ($0["pbrMetallicRoughness"] as? [String: Any])?["baseColorTexture"]
                    as? [String: Any]
            }
        }
        #expect(try attributes("objects/globe").contains("TEXCOORD_1"))
        #expect(try textures("objects/globe").contains { $0["texCoord"] as? Int == 1 })
        #expect(try textures("objects/gift-box").filter { $0["extensions"] != nil }.count == 3)
    }

    @Test func severalClipsAndScenes() throws {
        func clips(_ id: String) throws -> [String] {
            try WrittenCorpus.file(id).list("animations").compactMap { $0["name"] as? String }
        }
        #expect(try clips("creatures/dinosaur") == ["walk", "jump", "idle"])
        #expect(try clips("creatures/penguin") == ["waddle", "flap"])
        #expect(try WrittenCorpus.file("objects/orrery").list("scenes").count == 2)
    }

    @Test func materialsOfEveryKind() throws {
        func has(_ id: String, _ key: String, _ value: String? = nil) throws -> Bool {
            try WrittenCorpus.file(id).list("materials").contains {
                value == nil ? $0[key] != nil : $0[key] as? String == value
            }
        }
        #expect(try has("creatures/butterfly", "alphaMode", "MASK"))
        #expect(try has("creatures/jellyfish", "alphaMode", "BLEND"))
        #expect(try has("objects/roller", "normalTexture"))
        #expect(try has("objects/roller", "emissiveFactor"))
        let unlit = try WrittenCorpus.file("creatures/ghost").list("materials")
            .compactMap { $0["extensions"] as? [String: Any] }
        #expect(unlit.contains { $0["KHR_materials_unlit"] != nil })
    }
}
