import Foundation
import Geometry
import Imaging
import Rendering
import Testing

/// Scenes whose pictures were looked at and kept. `MUYBRIDGE_RECORD_GOLDENS=1` writes them anew, and
/// fails, so that no run that records passes for one that compares.
@Suite struct GoldenTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Goldens/Rendering")

    @Test(arguments: GoldenScene.all.map(\.name))
    func sceneLooksAsKept(name: String) throws {
        let scene = try #require(GoldenScene.all.first { $0.name == name })
        let picture = try scene.picture()
        let file = Self.folder.appending(path: "\(name).png")
        if ProcessInfo.processInfo.environment["MUYBRIDGE_RECORD_GOLDENS"] == "1" {
            try Data(picture.pngEncoded()).write(to: file)
            Issue.record("recorded \(file.path); look at it, then run the tests without recording")
            return
        }
        let kept = try Image(decoding: Array(Data(contentsOf: file)))
        // Other processors and compilers may round otherwise: a code here and there.
        let apart = zip(picture.pixels, kept.pixels).map { abs(Int($0) - Int($1)) }
        #expect(apart.count { $0 > 2 } <= 8)
        #expect(try picture.peakSignalToNoiseRatio(to: kept) > 55)
    }

    /// The scene is its own mirror image, so under mirrored suns its picture is mirrored, too: the
    /// half that runs the other way around is not culled, and its normal map is read mirrored.
    @Test func mirroredSunsMirrorTheMirroredScene() throws {
        let scene = try #require(GoldenScene.all.first { $0.name == "mirrored" })
        var suns = LightRig.fourSuns()
        for i in suns.suns.indices { suns.suns[i].direction.x *= -1 }
        let picture = try scene.picture()
        let other = try scene.picture(lights: suns)
        var flipped = Image(width: 128, height: 128)
        for y in 0..<128 {
            for x in 0..<128 { flipped[x, y] = other[127 - x, y] }
        }
        #expect(try flipped.meanSquaredError(to: picture) < 4e-4)
        // Under the suns as they are it is not.
        #expect(try flipped.meanSquaredError(to: other) > 4e-3)
    }

    @Test(arguments: GoldenScene.all.map(\.name))
    func threadsChangeNothing(name: String) throws {
        let scene = try #require(GoldenScene.all.first { $0.name == name })
        #expect(try scene.picture(threads: 1).pixels == scene.picture(threads: 3).pixels)
    }
}
