import DatasetBuilding
import DemoCorpus
import Foundation
import Imaging
import ShardStore
import Synchronization
import Testing

@Suite struct DatasetBuilderTests {
    private static let assets = [
        "creatures/penguin", "creatures/butterfly", "objects/clock", "objects/ball",
    ]

    @Test func shardsDoNotDependOnTheNumberOfWorkers() throws {
        let fixture = try BuildFixture(assets: Self.assets)
        try fixture.build("one", workers: 1)
        let shards = try fixture.shards("one")
        #expect(shards.count > 2)
        for workers in [2, 4] {
            try fixture.build("many\(workers)", workers: workers)
            #expect(try fixture.shards("many\(workers)") == shards)
        }
    }

    @Test func stoppedRunsGoOnToTheSameBytes() throws {
        let fixture = try BuildFixture(assets: Self.assets)
        try fixture.build("whole")
        let asked = Atomic<Int>(0)
        let first = try fixture.build("parts", workers: 1) {
            asked.add(1, ordering: .relaxed).newValue > 2
        }
        #expect(first.processed == 2)
        #expect(first.remaining == 2)
        let second = try fixture.build("parts", workers: 2)
        #expect(second.processed == 2 && second.doneBefore == 2 && second.remaining == 0)
        #expect(try fixture.shards("parts") == fixture.shards("whole"))
        let third = try fixture.build("parts")
        #expect(third.processed == 0 && third.doneBefore == 4 && third.remaining == 0)
        #expect(try StoreVerifier.verify(at: fixture.storePath("parts")).problems.isEmpty)
    }

    @Test func samplesHoldWhatTheManifestAsksFor() throws {
        let fixture = try BuildFixture(assets: ["objects/clock"])
        try fixture.build("s")
        let reader = try fixture.reader("s")
        let key = try #require(try reader.keys().first)
        let sample = try reader.sample(key)
        let shapes = Dictionary(
            sample.fields.compactMap { field in field.shape.map { (field.name, $0) } },
            uniquingKeysWith: { a, _ in a })
        #expect(shapes["front.depth.npy"] == [6, 48, 48])
        #expect(shapes["front.triangle-id.npy"] == [6, 48, 48])
        let vertices = try #require(shapes["positions.npy"])
        #expect(vertices[0] == 6 && vertices[2] == 3)
        #expect(shapes["uvs.npy"] == [vertices[1], 2])
        for i in 0..<6 {
            for video in ["front", "orbit", "still"] {
                let png = try reader.field("\(video).00\(i).png", of: key, checked: true).bytes
                #expect(try Image(decoding: png).width == 48)
            }
        }
        // Depth and colour are of one picture: what is solid has a depth, what is clear has none.
        let depth = try reader.field("front.depth.npy", of: key).elements(as: Float.self)
        let color = try Image(decoding: reader.field("front.000.png", of: key).bytes)
        var solid = 0
        for i in 0..<48 * 48 where color.pixels[4 * i + 3] == 255 {
            #expect(depth[i] > 1 && depth[i] < 3)
            solid += 1
        }
        #expect(solid > 100)
    }

    /// The first frame lies in the unit cube, and the matrices in the metadata lead back.
    @Test func firstFrameFillsTheUnitCube() throws {
        let fixture = try BuildFixture(assets: ["creatures/penguin"])
        try fixture.build("s")
        let reader = try fixture.reader("s")
        for key in try reader.keys() {
            let field = try reader.field("positions.npy", of: key)
            let count = try #require(field.entry.shape)[1]
            let first = try field.elements(as: Float.self).prefix(3 * count)
            var low = SIMD3<Float>(repeating: .infinity)
            var high = -low
            for v in 0..<count {
                let p = SIMD3(first[3 * v], first[3 * v + 1], first[3 * v + 2])
                low = pointwiseMin(low, p)
                high = pointwiseMax(high, p)
            }
            #expect(abs((high - low).max() - 1) < 1e-5)
            #expect(abs((high + low).max()) < 1e-5)
        }
    }

    @Test func frozenTwinsShareTheDrawnViewAndTheFirstFrame() throws {
        let fixture = try BuildFixture(assets: ["objects/ball"])
        try fixture.build("s")
        let reader = try fixture.reader("s")
        let key = try #require(try reader.keys().first)
        func bytes(_ name: String) throws -> [UInt8] { try reader.field(name, of: key).bytes }
        #expect(try bytes("orbit.000.png") == bytes("still.000.png"))
        #expect(try bytes("orbit.003.png") != bytes("still.003.png"))
        struct Cameras: Decodable {
            struct Frame: Decodable {
                var transform_matrix: [[Double]]
                var azimuth: Double
            }
            var frames: [Frame]
        }
        func cameras(_ name: String) throws -> [Cameras.Frame] {
            try JSONDecoder().decode(Cameras.self, from: Data(bytes("\(name).transforms.json")))
                .frames
        }
        let moving = try cameras("orbit"), frozen = try cameras("still")
        #expect(moving.map(\.transform_matrix) == frozen.map(\.transform_matrix))
        // Six views, the last on the first again: 72 degrees apart.
        let steps = (1..<6).map { i in
            (moving[i].azimuth - moving[i - 1].azimuth + 720).truncatingRemainder(dividingBy: 360)
        }
        #expect(steps.allSatisfy { abs($0 - 72) < 1e-6 })
    }

    @Test func listsAreHeldAgainstTheFolder() throws {
        let fixture = try BuildFixture(assets: ["objects/clock", "objects/ball"])
        try fixture.write(Data("nothing".utf8), to: "notes.xyz")
        try fixture.write(
            Data("# chosen\nclock\nobjects/lost\n".utf8), to: "ids.txt")
        try fixture.writeManifest(corpus: "{ids: ids.txt}")
        try fixture.build("s")
        let fates = try fixture.fates("s")
        #expect(fates.count == 3)
        #expect(fates["objects/clock"]?.outcome == .kept)
        #expect(fates["objects/ball"]?.rule == "unlisted")
        #expect(fates["objects/lost"]?.rule == "missing")
        let report = try BuildReport(store: fixture.storePath("s")).text
        #expect(report.contains("3 assets"))
        let runs = try fixture.reader("s").runs()
        #expect(runs[0].run.metadata["unknown_files"] == .array([.string("notes.xyz")]))
    }

    /// What the list did not name, or the corpus did not have, is done once it does.
    @Test func listsMayGrow() throws {
        let fixture = try BuildFixture(assets: ["objects/clock", "objects/ball"])
        try fixture.writeManifest(corpus: "{ids: ids.txt}")
        try fixture.write(Data("clock\nobjects/lost\n".utf8), to: "ids.txt")
        try fixture.build("s")
        #expect(try fixture.build("s").processed == 0)
        let ball = try #require(try DemoCorpus.files(of: "objects/ball").first?.value)
        // The very same bytes would be built once.
        try fixture.write(ball + Data([0]), to: "objects/lost.glb")
        try fixture.write(Data("clock\nball\nobjects/lost\n".utf8), to: "ids.txt")
        #expect(try fixture.build("s").processed == 2)
        #expect(try fixture.fates("s").values.allSatisfy { $0.outcome == .kept })
    }

    @Test func countsOfTheFunnelAddUp() throws {
        let fixture = try BuildFixture(assets: Self.assets)
        try fixture.write(Data([1, 2, 3]), to: "broken.glb")
        try fixture.build("s")
        let summary = try StoreSummary(of: fixture.reader("s"))
        for funnel in [summary.assets, summary.clips] {
            #expect(funnel.kept + funnel.steps.map(\.count).reduce(0, +) == funnel.total)
        }
        #expect(summary.assets.total == 5)
    }

    @Test func onlyNamesAssetsThatAreThere() throws {
        let fixture = try BuildFixture(assets: ["objects/clock", "objects/ball"])
        try fixture.build("s", only: ["objects/ball"])
        #expect(Array(try fixture.fates("s").keys) == ["objects/ball"])
        #expect(throws: ManifestError.self) { try fixture.build("t", only: ["objects/bell"]) }
    }
}
