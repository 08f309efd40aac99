import Foundation
import ShardStore
import TestSupport
import Testing

/// Devices that are full, read-only or failing: a message that says what to do, an intact store,
/// and a run that goes on when the cause is gone.
@Suite(.serialized) struct DeviceTests {
    private func reference() throws -> [String: [UInt8]] {
        let folder = TemporaryFolder()
        _ = try Crasher.measure(["write", folder.store])
        return shardBytes(folder.store)
    }

    private func checkGoesOn(_ store: String, _ reference: [String: [UInt8]]) throws {
        if exists("\(store)/index.sqlite"), let reader = try? StoreReader(at: store) {
            _ = reader
            let problems = try StoreVerifier.verify(at: store).problems
            #expect(problems.isEmpty, "\(problems)")
        }
        _ = try Crasher.measure(["write", store])
        #expect(shardBytes(store) == reference)
        #expect(try StoreVerifier.verify(at: store).problems.isEmpty)
    }

    /// No file may grow beyond a limit, which shards and the index reach at different places.
    @Test func filesThatMayNotGrow() throws {
        let reference = try reference()
        var messages: Set<String> = []
        for limit in stride(from: 4_096, through: 1_250_000, by: 89_000) {
            let folder = TemporaryFolder()
            let ending = try Crasher.run(["write", folder.store, "limit=\(limit)"])
            #expect(ending.status == 3, "limit \(limit): \(ending)")
            let error = try #require(ending.error)
            #expect(error.contains("failed"), "\(error)")
            messages.insert(String(error.split(separator: ": ").dropFirst().joined()))
            try checkGoesOn(folder.store, reference)
        }
        #expect(messages.contains { $0.contains("File too large; raise the limit") })
    }

    /// A small file system of its own, where mounting is allowed.
    private func mounting(_ size: String, _ body: (String) throws -> Void) throws {
        let folder = TemporaryFolder()
        let options = ["-t", "tmpfs", "-o", "size=\(size)", "tmpfs", folder.path]
        guard getuid() == 0, try run("/usr/bin/mount", options)?.status == 0 else { return }
        defer { _ = try? run("/usr/bin/umount", ["-l", folder.path]) }
        try body(folder.path)
    }

    @Test func aFullDevice() throws {
        let reference = try reference()
        var stopped = 0
        for size in ["64k", "128k", "192k", "256k", "512k", "1m", "2m", "3m"] {
            try mounting(size) { path in
                let ending = try Crasher.run(["write", "\(path)/store"])
                guard ending.status == 3 else { return }
                stopped += 1
                let error = try #require(ending.error)
                #expect(error.contains("make room, then run again"), "\(size): \(error)")
                let moved = try run(
                    "/usr/bin/mount", ["-o", "remount,size=64m", path])
                #expect(moved?.status == 0)
                try checkGoesOn("\(path)/store", reference)
            }
        }
        #expect(stopped == 0 || stopped > 3)
    }

    @Test func aReadOnlyDevice() throws {
        let reference = try reference()
        try mounting("64m") { path in
            let store = "\(path)/store"
            let ending = try Crasher.run(["write", store, "at=60", "moment=before"])
            #expect(ending.isKilled)
            #expect(try run("/usr/bin/mount", ["-o", "remount,ro", path])?.status == 0)
            for task in [["write", store], ["write", "\(path)/new"], ["repair", store]] {
                let ending = try Crasher.run(task)
                // A sound store has nothing to repair.
                if task[0] == "repair", ending.status == 0 { continue }
                #expect(ending.status == 3)
                let error = try #require(ending.error)
                #expect(error.contains("can be written"), "\(task): \(error)")
            }
            #expect(try run("/usr/bin/mount", ["-o", "remount,rw", path])?.status == 0)
            try checkGoesOn(store, reference)
            #expect(try run("/usr/bin/mount", ["-o", "remount,ro", path])?.status == 0)
            #expect(try StoreVerifier.verify(at: store).problems.isEmpty)
        }
    }

    /// What `fdatasync` reports is passed on, and nothing is taken as durable after it.
    @Test func aFailingDevice() throws {
        let counting = FaultyFiles()
        let calm = TemporaryFolder()
        let outcomes = Corpus.outcomes(8)
        func write(_ store: String, _ files: FaultyFiles) throws -> (
            error: StoreError?, committed: Int
        ) {
            var committed = 0
            do throws(StoreError) {
                let writer = try StoreWriter(
                    at: store, run: Corpus.run, filter: Corpus.filter, files: files)
                for outcome in outcomes {
                    try writer.append(outcome)
                    try writer.commit()
                    committed += 1
                }
                try writer.finish()
            } catch {
                return (error, committed)
            }
            return (nil, committed)
        }
        #expect(try write(calm.store, counting).error == nil)
        var failures = 0
        for failing in 0..<counting.count {
            let folder = TemporaryFolder()
            let (error, committed) = try write(
                folder.store, FaultyFiles(failing: failing, .late))
            guard case .file("making durable", let path, "injected")? = error else { continue }
            failures += 1
            #expect(path.hasPrefix(folder.store))
            guard let reader = try? StoreReader(at: folder.store) else { continue }
            // Nothing of the commit that failed is there.
            #expect(try StoreSummary(of: reader).assets.total == committed)
            #expect(try StoreVerifier.verify(at: folder.store).problems.isEmpty)
        }
        #expect(failures > 5)
    }
}
