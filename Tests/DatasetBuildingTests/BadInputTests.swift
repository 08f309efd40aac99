import DatasetBuilding
import DemoCorpus
import Foundation
import Geometry
import ShardStore
import Testing

/// Truncated, empty, random and lying files of each format: an error row each, and the run goes on.
@Suite struct BadInputTests {
    @Test func eachBadFileIsARow() throws {
        let fixture = try BuildFixture(assets: ["objects/clock"])
        var expected: Set<String> = []
        let suffixes = [
            "glb", "gltf", "fbx", "dae", "obj", "anime", "x", "ply", "stl", "3ds", "b3d",
            "md5mesh", "iqm",
        ]
        var random = KeyedRandom(seed: 1, asset: "", purpose: "bytes")
        for suffix in suffixes {
            let noise = Data((0..<400).map { _ in UInt8(truncatingIfNeeded: random.next()) })
            for (name, data) in [("empty", Data()), ("random", noise)] {
                try fixture.write(data, to: "bad/\(name)-\(suffix).\(suffix)")
                expected.insert("bad/\(name)-\(suffix)")
            }
        }
        let clock = try #require(try DemoCorpus.files(of: "objects/clock").first?.value)
        try fixture.write(clock.prefix(clock.count / 2), to: "bad/truncated.glb")
        expected.insert("bad/truncated")
        // An .anime header that claims 2^31 - 1 frames of as many vertices.
        let lie = [Int32.max, .max, .max].map(\.littleEndian).withUnsafeBytes { Data($0) }
        try fixture.write(lie + Data(count: 64), to: "bad/lying.anime")
        expected.insert("bad/lying")

        let ending = try fixture.build("s")
        #expect(ending.processed == expected.count + 1)
        var failed: Set<String> = []
        try fixture.reader("s").forEachAsset { stored in
            if stored.asset.id == "objects/clock" {
                #expect(stored.fate.outcome == .kept)
                return
            }
            guard let failure = stored.failures.first else { return }
            failed.insert(stored.asset.id)
            #expect(failure.stage == "import", "\(failure)")
            #expect(failure.message.contains("bad/"), "the message names the file: \(failure)")
            #expect(failure.replayCommand.contains("--only \(stored.asset.id)"))
        }
        #expect(failed == expected)
        #expect(try StoreVerifier.verify(at: fixture.storePath("s")).problems.isEmpty)
    }
}
