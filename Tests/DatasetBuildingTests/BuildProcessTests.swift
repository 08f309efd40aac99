import DatasetBuilding
import DemoCorpus
import Foundation
import Running
import ShardStore
import TestSupport
import Testing

/// The whole command, and what is left of it when it is stopped or killed.
@Suite struct BuildProcessTests {
    private static let assets = [
        "creatures/penguin", "creatures/butterfly", "creatures/owl", "creatures/cat",
        "objects/clock", "objects/ball",
    ]

    private func start(_ fixture: BuildFixture, _ store: String) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try BuildFixture.program("muybridge"))
        process.arguments = [
            "build", fixture.folder.url.appending(path: "manifest.yaml").path,
            "--corpus", fixture.corpus.path, "--out", fixture.storePath(store),
            "--workers", "2",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// The processes whose parent is `parent`.
    private func children(of parent: Int32) -> [Int32] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap { Int32($0) }.filter { id in
            guard let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
                let end = text.lastIndex(of: ")")
            else { return false }
            // State and parent follow the name, which stands in parentheses.
            return text[text.index(after: end)...].split(separator: " ")[1] == "\(parent)"
        }
    }

    private func isAlive(_ id: Int32) -> Bool {
        guard let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return false }
        return text[text.index(after: end)...].split(separator: " ")[0] != "Z"
    }

    private func wait(upTo seconds: Double = 30, for isDone: () -> Bool) -> Bool {
        let end = Date(timeIntervalSinceNow: seconds)
        while Date() < end {
            if isDone() { return true }
            usleep(5000)
        }
        return isDone()
    }

    @Test func killedRunsLeaveNoWorkersAndGoOn() throws {
        let fixture = try BuildFixture(assets: Self.assets)
        let first = try start(fixture, "s")
        var workers: [Int32] = []
        #expect(
            wait {
                workers = children(of: first.processIdentifier)
                return workers.count == 2
            })
        kill(first.processIdentifier, SIGKILL)
        first.waitUntilExit()
        #expect(wait { !workers.contains(where: isAlive) }, "a worker outlives its run")
        let second = try start(fixture, "s")
        second.waitUntilExit()
        #expect(second.terminationStatus == 0)
        try fixture.build("calm", workers: 1)
        #expect(try fixture.shards("s") == fixture.shards("calm"))
        #expect(try StoreVerifier.verify(at: fixture.storePath("s")).problems.isEmpty)
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func signalsStopTheRunWithACodeOfItsOwn(signal: Int32) throws {
        let fixture = try BuildFixture(assets: Self.assets)
        let run = try start(fixture, "s")
        #expect(wait { children(of: run.processIdentifier).count == 2 })
        kill(run.processIdentifier, signal)
        run.waitUntilExit()
        #expect(run.terminationReason == .exit)
        #expect(run.terminationStatus == Interruption.exitStatus)
        let done = try StoreSummary(of: fixture.reader("s")).assets.total
        #expect(done < Self.assets.count)
        let rest = try fixture.build("s")
        #expect(rest.doneBefore == done && rest.remaining == 0)
        try fixture.build("calm", workers: 1)
        #expect(try fixture.shards("s") == fixture.shards("calm"))
    }

    /// Workers are killed at random; the bytes are those of a calm run. Four kills, so that on a slow
    /// machine not all of an asset's five tries meet one.
    @Test func randomKillsOfWorkersChangeNothing() throws {
        let fixture = try BuildFixture(assets: Self.assets)
        let run = try start(fixture, "s")
        var kills = 0
        while run.isRunning {
            usleep(UInt32.random(in: 20_000...120_000))
            if let victim = children(of: run.processIdentifier).randomElement(), kills < 4 {
                kill(victim, SIGKILL)
                kills += 1
            }
        }
        #expect(run.terminationStatus == 0)
        #expect(kills > 0)
        try fixture.build("calm", workers: 1)
        #expect(try fixture.shards("s") == fixture.shards("calm"))
        #expect(try fixture.fates("s") == fixture.fates("calm"))
    }

    @Test func secondRunsOnOneStoreAreRefused() throws {
        let fixture = try BuildFixture(assets: Self.assets)
        let first = try start(fixture, "s")
        #expect(wait { children(of: first.processIdentifier).count == 2 })
        let second = try start(fixture, "s")
        second.waitUntilExit()
        #expect(second.terminationStatus == 1)
        first.waitUntilExit()
        #expect(first.terminationStatus == 0)
        #expect(try fixture.fates("s").count == Self.assets.count)
    }
}
