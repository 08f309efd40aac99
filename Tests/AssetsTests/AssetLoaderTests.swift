import Assets
import Foundation
import Geometry
import TestSupport
import Testing

@Suite struct AssetLoaderTests {
    static let triangle = "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n"

    /// A corpus with an asset of every layout.
    static func corpus() throws -> TemporaryFolder {
        let folder = TemporaryFolder()
        try folder.write("fish/a.obj", triangle)
        try folder.write("fish/a.mtl", "newmtl a\n")
        try folder.write("fish/deep/b.anime", AnimeTests.file())
        try folder.write("fish/deep/b.ply", "ply\n")
        try folder.write("walk/f_1.obj", triangle)
        try folder.write("walk/f_2.obj", triangle)
        try folder.write("12/tpose/m.obj", triangle)
        try folder.write("12/tpose/m.bmp", [UInt8](repeating: 0, count: 4))
        try folder.write("hero.md5mesh", "MD5Version 10\n")
        try folder.write("hero.md5anim", "MD5Version 10\n")
        try folder.write("alone/motion.md5anim", "MD5Version 10\n")
        try folder.write("model.glb", "glTF")
        try folder.write("model.png", "")
        try folder.write("NOTES.txt", "")
        try folder.write(".hidden/x.obj", triangle)
        return folder
    }

    @Test func everyFileIsAnAssetOrListed() throws {
        let folder = try Self.corpus()
        let found = try AssetLoader.discover(in: folder.path)
        #expect(
            found.assets.map { "\($0.identity) \($0.layout.rawValue)" } == [
                "12 3dbicar", "fish/a assimp", "fish/deep/b.anime anime", "fish/deep/b.ply assimp",
                "hero assimp", "model gltf", "walk obj-sequence",
            ])
        #expect(found.otherFiles == ["NOTES.txt", "alone/motion.md5anim"])
        #expect(found.unfollowedLinks.isEmpty)
        let objects = try AssetLoader.discover(in: folder.path, layout: .assimp)
        #expect(
            objects.assets.map(\.identity) == [
                "12/tpose/m", "fish/a", "fish/deep/b", "hero", "model", "walk/f_1", "walk/f_2",
            ])
        #expect(objects.assets.allSatisfy { $0.layout == .assimp })
        let characters = try AssetLoader.discover(in: folder.path, layout: .threeDBiCar)
        #expect(characters.assets.map(\.identity) == ["12"])
        #expect(throws: AssetError.self) { try AssetLoader.discover(in: folder.path + "/none") }
    }

    @Test func linksDoNotLeadOut() throws {
        let outside = TemporaryFolder()
        try outside.write("secret.obj", Self.triangle)
        let folder = TemporaryFolder()
        try folder.write("in/a.obj", Self.triangle)
        let files = FileManager.default
        for (name, target) in [
            ("out", outside.path), ("out.obj", outside.path + "/secret.obj"), ("gone.obj", "/none"),
            ("in/circle", folder.path), ("again.obj", folder.path + "/in/a.obj"),
        ] {
            try files.createSymbolicLink(
                atPath: folder.path + "/" + name, withDestinationPath: target)
        }
        let found = try AssetLoader.discover(in: folder.path)
        #expect(found.assets.map(\.identity) == ["again", "in/a"])
        #expect(found.unfollowedLinks == ["gone.obj", "out", "out.obj"])
    }

    @Test func loadsByExtensionContentAndShape() throws {
        let folder = try Self.corpus()
        let loader = AssetLoader(framesPerSecond: 12)
        #expect(try loader.load(path: folder.path + "/fish/a.obj").format == "obj")
        let anime = try loader.load(path: folder.path + "/fish/deep/b.anime")
        #expect(anime.clips[0].end == 2.0 / 12)
        #expect(try loader.load(path: folder.path + "/walk").clips[0].end == 1.0 / 12)
        #expect(try loader.load(path: folder.path + "/12").format == "3dbicar")
        for path in ["/NOTES.txt", "/fish"] {
            #expect {
                try loader.load(path: folder.path + path)
            } throws: { error in
                error as? AssetError == .unknownFormat(path: folder.path + path)
            }
        }
        #expect {
            try loader.load(path: folder.path + "/none.obj")
        } throws: { error in
            guard case AssetError.unreadable? = error as? AssetError else { return false }
            return true
        }
        #expect(throws: AssetError.self) {
            try AssetLoader(layout: .anime).load(path: folder.path + "/fish/a.obj")
        }
    }

    @Test func summariesCountWhatIsThere() throws {
        let folder = try Self.corpus()
        let asset = try AssetLoader(upAxis: .y).load(path: folder.path + "/fish/deep/b.anime")
        let summary = AssetSummary(asset, boundsSampleCount: 3)
        #expect(summary.vertexCount == 4 && summary.triangleCount == 4)
        #expect(summary.clips.count == 1)
        #expect(summary.clips[0].sourceFrameCount == 3)
        // Frame 1 of the tetrahedron moves its first vertex to (0.5, 0.25, 2), its last to zero.
        #expect(summary.clips[0].bounds[1].minimum == [0, 0, 0])
        #expect(summary.clips[0].bounds[1].maximum == [1, 1, 2])
        #expect(summary.restBounds?.maximum == [1, 1, 1])
        let data = try JSONEncoder().encode(summary)
        #expect(try JSONDecoder().decode(AssetSummary.self, from: data) == summary)
        let table = summary.table()
        #expect(table.contains("vertices") && table.contains("anime"))
        let rows = table.split(separator: "\n").filter { $0.hasPrefix("  b  ") }
        #expect(rows.count == 4)
        #expect(Set(rows.dropFirst().map(\.count)).count == 1)
    }

    @Test func namesAreOrderedAsPeopleCount() throws {
        // The order shows in the frames of a sequence: each file is as high as its place.
        let names = ["f2", "f10", "f001", "f01", "f1", "f9", "f0010", "f100"]
        let expected = ["f1", "f01", "f001", "f2", "f9", "f10", "f0010", "f100"]
        let folder = TemporaryFolder()
        for name in names {
            let place = try #require(expected.firstIndex(of: name))
            try folder.write(
                "\(name).obj", "v 0 0 \(place)\nv 1 0 0\nv 0 1 0\nf 1 2 3\n")
        }
        let asset = try OBJSequenceLoader.load(path: folder.path, framesPerSecond: 1)
        let mesh = try asset.mesh(clip: 0, times: (0..<8).map(Double.init))
        #expect((0..<8).map { points(mesh, frame: $0)[0].z } == (0..<8).map(Float.init))
    }
}
