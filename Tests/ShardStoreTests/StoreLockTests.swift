import Foundation
import ShardStore
import TestSupport
import Testing

@Suite struct StoreLockTests {
    @Test func aSecondWriterIsRefusedInTheSameProcess() throws {
        let folder = TemporaryFolder()
        let first = try StoreWriter(at: folder.store, run: Corpus.run)
        #expect {
            try StoreWriter(at: folder.store + "/", run: Corpus.run)
        } throws: { error in
            guard case .locked(let path, let holder) = error as? StoreError else { return false }
            return path == folder.store && holder.contains("\(getpid())")
        }
        #expect(throws: StoreError.self) {
            try StoreRebuilder.rebuild(at: folder.store, replacing: true)
        }
        try first.close()
        try StoreWriter(at: folder.store, run: Corpus.run).close()
        #expect(!exists("\(folder.store)/.writer.lock"))
    }

    /// util-linux's `flock` holds the lock in a process of its own; when it is killed, the lock
    /// is free, though its file is still there.
    @Test func aLockIsHeldByLivingProcessesAlone() throws {
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/flock") else { return }
        let folder = TemporaryFolder()
        try Corpus.build(folder.store, [])
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
        // --no-fork: the process that holds the lock is the one to be killed.
        process.arguments = [
            "--no-fork", "\(folder.store)/.writer.lock", "/bin/sh", "-c", "echo held; read line",
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = Pipe()
        try process.run()
        #expect(
            String(decoding: output.fileHandleForReading.availableData, as: UTF8.self) == "held\n")
        #expect(throws: StoreError.locked(path: folder.store, holder: "another writer")) {
            try StoreWriter(at: folder.store, run: Corpus.run)
        }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(exists("\(folder.store)/.writer.lock"))
        try StoreWriter(at: folder.store, run: Corpus.run).close()
    }

    /// The store's own lock keeps `flock` out.
    @Test func otherProcessesSeeTheLock() throws {
        let folder = TemporaryFolder()
        let writer = try StoreWriter(at: folder.store, run: Corpus.run)
        let lock = "\(folder.store)/.writer.lock"
        let held = try run("/usr/bin/flock", ["--nonblock", lock, "/bin/true"])
        #expect(held?.status ?? 1 == 1)
        try writer.close()
        let free = try run("/usr/bin/flock", ["--nonblock", lock, "/bin/true"])
        #expect(free?.status ?? 0 == 0)
    }

    /// Of many that try at once, one is let in at a time.
    @Test func onlyOneOfManyGetsIn() async throws {
        let folder = TemporaryFolder()
        try Corpus.build(folder.store, [])
        let path = folder.store
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for round in 0..<20 {
                        guard let writer = try? StoreWriter(at: path, run: Corpus.run) else {
                            continue
                        }
                        let id = "asset \(task) \(round)"
                        let asset = AssetRecord(id: id, split: .train, path: "")
                        let sample = Sample(
                            key: "k\(task)-\(round)", fields: [Field("t", bytes: [1])])
                        try? writer.commit([AssetOutcome(asset: asset, samples: [sample])])
                        try? writer.close()
                    }
                }
            }
        }
        let report = try StoreVerifier.verify(at: path)
        #expect(report.problems.isEmpty, "\(report.problems)")
        #expect(try report.sampleCount == StoreReader(at: path).keys().count)
        #expect(report.sampleCount > 0)
    }
}
