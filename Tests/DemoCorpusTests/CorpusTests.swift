import DemoCorpus
import Foundation
import TestSupport
import Testing

/// The corpus as a whole: what is written, again and again the same.
@Suite struct CorpusTests {
    /// Files below a folder by their paths relative to it.
    private func contents(_ folder: TemporaryFolder) throws -> [String: Data] {
        var result: [String: Data] = [:]
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        for name in names {
            var isFolder: ObjCBool = false
            let path = "\(folder.path)/\(name)"
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
                !isFolder.boolValue
            else { continue }
            result[name] = try Data(contentsOf: URL(filePath: path))
        }
        return result
    }

    @Test func writingTwiceGivesTheSameBytes() throws {
        let first = TemporaryFolder()
        let second = TemporaryFolder()
        let assets = try DemoCorpus.write(to: first.url)
        try DemoCorpus.write(to: second.url)
        let files = try contents(first)
        #expect(files == (try contents(second)))
        #expect(files.values.reduce(0) { $0 + $1.count } < 16_000_000)
        #expect(assets == DemoCorpus.assets)
        for asset in assets {
            #expect(FileManager.default.fileExists(atPath: "\(first.path)/\(asset.path)"))
        }
        // Assets that are made alone are the same as those made with all the others.
        for id in WrittenCorpus.soundIDs {
            let folder = id.split(separator: "/").dropLast().joined(separator: "/")
            for (name, data) in try WrittenCorpus.entry(id).files {
                #expect(files["\(folder)/\(name)"] == data, "\(id)")
            }
        }
        try expectTables(files, assets)
    }

    private func expectTables(_ files: [String: Data], _ assets: [DemoAsset]) throws {
        let ids = String(decoding: try #require(files["ids.txt"]), as: UTF8.self)
            .split(separator: "\n").map(String.init)
        let absent = Set(ids).subtracting(assets.map(\.id))
        #expect(ids.count == assets.count + 1 && absent.count == 1)

        let json = try JSONSerialization.jsonObject(
            with: try #require(files["annotations.json"]))
        let annotations = try #require(json as? [String: [String: Any]])
        #expect(Set(annotations.keys) == Set(assets.filter { $0.layout == .gltf }.map(\.id)))
        for id in WrittenCorpus.soundIDs {
            let file = try WrittenCorpus.file(id)
            let row = try #require(annotations[id])
            #expect(row["animationCount"] as? Int == file.list("animations").count)
            let faces = try file.list("meshes").reduce(0) { sum, mesh in
                try (mesh["primitives"] as? [[String: Any]] ?? []).reduce(sum) {
                    $0 + (try file.triangles($1).count) / 3
                }
            }
            #expect(row["faceCount"] as? Int == faces)
            #expect(row["license"] is String && row["name"] is String)
        }
        let scores = String(decoding: try #require(files["scores.csv"]), as: UTF8.self)
            .split(separator: "\n").map { $0.split(separator: ",") }
        #expect(scores[0] == ["id", "aesthetic_score"])
        for row in scores.dropFirst() {
            let asset = try #require(assets.first { $0.id == row[0] })
            let score = try #require(Double(row[1]))
            #expect((score < 5.5) == (asset.expectation == .rejected(why: .lowScore)))
        }
    }

    @Test func everyFateIsThere() {
        let assets = DemoCorpus.assets
        #expect(Set(assets.map(\.id)).count == assets.count)
        #expect(assets.filter { $0.expectation == .kept }.count >= 25)
        let why: [DemoAsset.Rejection] = [
            .noClip, .tooStill, .explodes, .outOfFrame, .tooShort, .lowScore, .missingTexture,
            .license, .unwantedTag,
        ]
        for reason in why {
            #expect(assets.contains { $0.expectation == .rejected(why: reason) })
        }
        for layout in [DemoAsset.Layout.gltf, .anime, .character, .objSequence] {
            #expect(assets.contains { $0.layout == layout && $0.expectation == .kept })
        }
    }

    @Test func anotherSeedMakesOtherPictures() throws {
        let one = try DemoCorpus.files(of: "objects/globe", seed: 1)
        let two = try DemoCorpus.files(of: "objects/globe", seed: 2)
        #expect(one.keys == two.keys && one != two)
    }

    @Test func unknownAssetsAreAnError() {
        #expect(throws: DemoCorpusError.noSuchAsset(id: "creatures/unicorn")) {
            try DemoCorpus.files(of: "creatures/unicorn")
        }
        #expect(DemoCorpus.document(named: "creatures/unicorn") == nil)
    }

    @Test func foldersThatCannotBeWrittenAreAnError() throws {
        let folder = TemporaryFolder()
        let file = URL(fileURLWithPath: try folder.write("file", "in the way"))
        #expect(throws: DemoCorpusError.self) { try DemoCorpus.write(to: file) }
    }
}
