import DatasetBuilding
import DemoCorpus
import Foundation
import ShardStore
import TestSupport
import Testing

/// What workers do to themselves stays with the asset that they did it on.
@Suite struct WorkerTests {
    private static let clock = Result {
        try DemoCorpus.files(of: "objects/clock").first!.value
    }

    /// A corpus of one sound file under many names, with a few bytes of each one's own behind it:
    /// the same bytes would be built once.
    private func fixture(_ names: [String]) throws -> BuildFixture {
        let fixture = try BuildFixture(assets: [])
        for name in names {
            try fixture.write(Self.clock.get() + Data(name.utf8), to: "\(name).glb")
        }
        return fixture
    }

    private func options(
        _ program: String = "misbehaving-worker", workers: Int = 2, timeout: Double = 60,
        memory: Int = 2 << 30
    ) throws -> DatasetBuilder.Place {
        .workers(
            WorkerOptions(
                count: workers, memoryBytes: memory, timeout: .seconds(timeout),
                stopGrace: .milliseconds(200), executable: try BuildFixture.program(program)))
    }

    private func failures(_ fixture: BuildFixture, _ store: String) throws -> [String:
        FailureRecord]
    {
        var failures: [String: FailureRecord] = [:]
        try fixture.reader(store).forEachAsset { failures[$0.asset.id] = $0.failures.first }
        return failures
    }

    /// Every way to go wrong, among sound assets, one after another in the same workers.
    @Test func eachTroubleIsARowAndNothingElseIsLost() throws {
        let expected = [
            "b/crash": "signal 11", "b/trap": "signal", "b/leave": "exit 7",
            "b/kill-self": "signal 9", "b/allocate": "memory", "b/grow": "memory",
            "b/garbage": "garbage", "b/huge-claim": "garbage", "b/hang": "timeout",
            "b/spin": "timeout",
        ]
        let sound = ["a", "b/chatter", "b/crash-if-used", "c", "d"]
        let fixture = try fixture(Array(expected.keys) + sound)
        let ending = try fixture.build("s", place: options(timeout: 5, memory: 768 << 20))
        #expect(ending.processed == expected.count + sound.count && ending.remaining == 0)
        let failures = try failures(fixture, "s")
        for (id, cause) in expected {
            let failure = try #require(failures[id], "\(id)")
            #expect(failure.cause.hasPrefix(cause), "\(id): \(failure)")
            #expect(failure.stage == "start" && failure.clip == nil)
            #expect(failure.message.contains("\(id).glb"))
            #expect(failure.replayCommand.hasSuffix("--only \(id)"))
        }
        #expect(try #require(failures["b/trap"]).message.contains("the file is beyond me"))
        #expect(Set(failures.keys) == Set(expected.keys))
        #expect(try fixture.fates("s").values.count { $0.outcome == .kept } == sound.count)
        #expect(try StoreVerifier.verify(at: fixture.storePath("s")).problems.isEmpty)
    }

    /// A worker that is killed from outside is no fault of its asset: the bytes are those of a
    /// calm run.
    @Test func killsFromOutsideCostNothing() throws {
        let fixture = try fixture(["a", "kill-self-once", "c"])
        let mark = fixture.folder.url.appending(path: "mark").path
        setenv("MISBEHAVING_MARK", mark, 1)
        try fixture.build("killed", place: options())
        #expect(FileManager.default.fileExists(atPath: mark))
        try fixture.build("calm", workers: 1)
        #expect(try fixture.shards("killed") == fixture.shards("calm"))
        #expect(try fixture.fates("killed").values.allSatisfy { $0.outcome == .kept })
    }

    /// Same bytes from threads and from 1, 2 and 4 processes.
    @Test func shardsDoNotDependOnTheWorkers() throws {
        let fixture = try BuildFixture(assets: [
            "creatures/penguin", "objects/clock", "objects/ball", "creatures/butterfly",
        ])
        try fixture.write(Data([1, 2, 3]), to: "broken.glb")
        try fixture.build("threads")
        for workers in [1, 2, 4] {
            try fixture.build(
                "workers\(workers)", place: options("muybridge", workers: workers))
            #expect(
                try fixture.shards("workers\(workers)") == fixture.shards("threads"))
            #expect(try fixture.fates("workers\(workers)") == fixture.fates("threads"))
        }
    }

    /// What does not end in time is dropped when the run is to stop, and done by the next.
    @Test func stoppingDropsWhatHangs() throws {
        let fixture = try fixture(["a", "b", "hang", "z"])
        let start = ContinuousClock.now
        let stopped = try fixture.build("s", place: options(timeout: 600)) {
            ContinuousClock.now - start > .seconds(2)
        }
        #expect(stopped.processed == 2 && stopped.remaining == 2)
        #expect(ContinuousClock.now - start < .seconds(60))
        let rest = try fixture.build("s", place: options(timeout: 1))
        #expect(rest.processed == 2 && rest.doneBefore == 2)
        #expect(try failures(fixture, "s").mapValues(\.cause) == ["hang": "timeout"])
    }

    /// A second failure of the same cause quarantines; another cause does not.
    @Test func failuresAreTriedAgainOnRequest() throws {
        let fixture = try fixture(["a", "crash", "hang"])
        try fixture.write(Data([1, 2, 3]), to: "broken.glb")
        func quarantined() throws -> [String] {
            var ids: [String] = []
            try fixture.reader("s").forEachAsset { if $0.isQuarantined { ids.append($0.asset.id) } }
            return ids.sorted()
        }
        try fixture.build("s", place: options(timeout: 1, memory: 768 << 20))
        #expect(try quarantined().isEmpty)
        #expect(try fixture.build("s", place: options()).processed == 0)
        // A sound worker: what crashed and hung is kept, what is broken stays so.
        let second = try fixture.build("s", place: options("muybridge"), retry: .failed)
        #expect(second.processed == 3)
        #expect(try quarantined() == ["broken"])
        #expect(try fixture.fates("s").values.count { $0.outcome == .kept } == 3)
        #expect(try BuildReport(store: fixture.storePath("s")).text.contains("1 of 1 failed"))
        #expect(try fixture.build("s", place: options(), retry: .failed).processed == 0)
        #expect(try fixture.build("s", place: options(), retry: .all).processed == 1)
        #expect(try StoreVerifier.verify(at: fixture.storePath("s")).problems.isEmpty)
    }

    @Test func programsThatAreNoWorkersEndTheRun() throws {
        let fixture = try fixture(["a"])
        for program in ["/bin/true", "/bin/cat", "/no/such/program"] {
            #expect(throws: WorkerLaunchError.self) {
                try fixture.build(
                    "s", place: .workers(WorkerOptions(count: 1, executable: program)))
            }
        }
    }
}
