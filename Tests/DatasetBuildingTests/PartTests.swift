import DatasetBuilding
import Foundation
import ShardStore
import TestSupport
import Testing

/// `--part`: what it may say, and that the parts are together the whole.
@Suite struct PartTests {
    private func part(_ text: String, _ environment: [String: String] = [:]) throws -> String {
        let request = try #require(PartRequest(text))
        return try request.partition(environment: environment).description
    }

    private func array(_ id: Int, _ range: ClosedRange<Int>, count: Int? = nil) -> [String: String]
    {
        [
            "SLURM_ARRAY_TASK_ID": "\(id)", "SLURM_ARRAY_TASK_MIN": "\(range.lowerBound)",
            "SLURM_ARRAY_TASK_MAX": "\(range.upperBound)",
            "SLURM_ARRAY_TASK_COUNT": "\(count ?? range.count)",
        ]
    }

    @Test func aPartIsGivenOrTakenFromTheScheduler() throws {
        #expect(try part("3/8") == "3/8")
        #expect(try part("3/8", array(5, 0...7)) == "3/8")
        #expect(try part("auto", array(5, 0...7)) == "5/8")
        #expect(try part("auto", array(8, 1...8)) == "7/8")
        #expect(try part("auto", array(0, 0...0)) == "0/1")
        #expect(try part("auto/8", array(5, 0...7)) == "5/8")
        #expect(try part("auto/8", ["JOB_COMPLETION_INDEX": "0"]) == "0/8")
    }

    /// `sbatch --array=5` runs one task of an array again: it must build the same part as before.
    @Test func aTaskThatIsRunAgainAloneKeepsItsPart() throws {
        #expect(try part("auto/8", array(5, 5...5)) == "5/8")
        #expect(throws: SchedulingError.self) { try part("auto", array(5, 5...5)) }
        #expect(throws: SchedulingError.self) { try part("auto", array(0, 0...7, count: 3)) }
    }

    @Test func whatCouldMeanAnythingIsRefused() throws {
        for text in [
            "", "3", "8/8", "-1/8", "+1/8", "1/0", "1/-2", "a/b", "1/2/3", " 1/2", "auto/",
            "auto/0",
            "auto/-1", "auto/1/2", "Auto", "1/99999999999999999999",
        ] {
            #expect(PartRequest(text) == nil, "\(text)")
        }
        for (text, environment) in [
            ("auto", [:]), ("auto/8", [:]), ("auto", ["JOB_COMPLETION_INDEX": "1"]),
            ("auto/8", ["JOB_COMPLETION_INDEX": "8"]), ("auto/8", ["JOB_COMPLETION_INDEX": "x"]),
            ("auto/8", ["JOB_COMPLETION_INDEX": "-1"]),
            ("auto/8", ["JOB_COMPLETION_INDEX": "1", "SLURM_ARRAY_TASK_ID": "1"]),
            ("auto", ["SLURM_ARRAY_TASK_ID": "1"]), ("auto", array(9, 0...7)),
        ] {
            #expect(throws: SchedulingError.self, "\(text) \(environment)") {
                try part(text, environment)
            }
        }
    }

    /// Every asset, those included that the list names and the corpus lacks, is in one part.
    @Test func partsAreTogetherTheCatalogue() throws {
        let fixture = try BuildFixture(assets: [])
        for index in 0..<60 { try fixture.write(Data(), to: "folder-\(index % 7)/\(index).glb") }
        let listed = (20..<90).map(String.init).joined(separator: "\n")
        try fixture.write(Data(listed.utf8), to: "ids.txt")
        try fixture.writeManifest(corpus: "{ids: ids.txt}")
        let plan = try BuildPlan(
            manifest: fixture.folder.url.appending(path: "manifest.yaml").path,
            corpus: fixture.corpus.path, store: fixture.storePath("store"))
        let whole = try Catalogue(plan: plan)
        #expect(whole.count(nil) == 40)
        #expect(whole.count(.missing) == 30)
        #expect(whole.count(.unlisted) == 20)
        for count in [1, 2, 3, 16, 200] {
            var together: [CatalogueEntry] = []
            for index in 0..<count {
                let part = try #require(Partition(index: index, count: count))
                together += try Catalogue(plan: plan, part: part).entries
            }
            #expect(together.sorted { $0.id < $1.id } == whole.entries, "\(count) parts")
        }
    }

    /// The index says where an asset lies within the corpus, how the corpus was named aside: parts
    /// that were built on different machines say the same. It says how long each stage took, too.
    @Test func rowsDoNotDependOnTheCorpussName() throws {
        let fixture = try BuildFixture(assets: ["objects/clock"])
        let link = fixture.folder.url.appending(path: "another-name")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: fixture.corpus)
        let plan = try BuildPlan(
            manifest: fixture.folder.url.appending(path: "manifest.yaml").path,
            corpus: link.path + "/", store: fixture.storePath("store"))
        let part = try #require(Partition(index: 0, count: 1))
        let builder = DatasetBuilder(
            plan: plan, catalogue: try Catalogue(plan: plan, part: part),
            storePath: fixture.storePath("store"), commandLine: ["test"])
        _ = try builder.run(on: .thisProcess(threads: 1), shouldStop: { false })
        let reader = try fixture.reader("store")
        let asset = try #require(try reader.asset("objects/clock")).asset
        #expect(asset.path == "objects/clock.glb")
        #expect(try reader.part() == part)
        guard case .number(let seconds)? = asset.timings["render"] else {
            Issue.record("no seconds of rendering: \(asset.timings)")
            return
        }
        #expect(seconds > 0)
    }
}
