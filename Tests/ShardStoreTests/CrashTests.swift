import Foundation
import ShardStore
import Synchronization
import TestSupport
import Testing

/// What a store holds after a run was stopped at any place, and after the next run went on.
@Suite struct CrashTests {
    private static let outcomes = Corpus.outcomes(14, seed: 4)

    /// Builds what the store does not have yet, as a resumed run does.
    private func resume(
        _ path: String, _ files: any StoreFiles = SystemFiles(),
        onCommit: (Set<String>) -> Void = { _ in }
    ) throws {
        let writer = try StoreWriter(
            at: path, run: Corpus.run, filter: Corpus.filter, limits: Corpus.smallShards,
            files: files)
        let done = try writer.completedAssets()
        onCommit(done)
        var count = 0
        for outcome in Self.outcomes where !done.contains(outcome.asset.id) {
            try writer.append(outcome)
            count += 1
            if count % 2 == 0 {
                try writer.commit()
                onCommit(try writer.completedAssets())
            }
        }
        try writer.finish()
    }

    /// The shards of a run that nothing disturbed.
    private func undisturbed() throws -> [String: [UInt8]] {
        let folder = TemporaryFolder()
        try resume(folder.store)
        return shardBytes(folder.store)
    }

    /// Every outcome is there once, and every byte is right.
    private func checkComplete(_ path: String, _ reference: [String: [UInt8]]) throws {
        #expect(shardBytes(path) == reference)
        let report = try StoreVerifier.verify(at: path)
        #expect(report.problems.isEmpty, "\(report.problems)")
        let reader = try StoreReader(at: path)
        #expect(
            try reader.keys().sorted()
                == Self.outcomes.flatMap(\.samples).map(\.key).sorted())
        let summary = try StoreSummary(of: reader)
        #expect(summary.assets.total == Self.outcomes.count)
    }

    /// Each operation on a file fails in turn, in each way; then the next run goes on.
    @Test(arguments: [FaultyFiles.Fault.refused, .torn, .late])
    func everyOperationMayFail(fault: FaultyFiles.Fault) throws {
        let reference = try undisturbed()
        let counting = FaultyFiles()
        let first = TemporaryFolder()
        try resume(first.store, counting)
        #expect(counting.count > 40)
        for failing in 0..<counting.count {
            let folder = TemporaryFolder()
            var committed: Set<String> = []
            #expect(throws: StoreError.self) {
                try resume(folder.store, FaultyFiles(failing: failing, fault)) { committed = $0 }
            }
            if exists("\(folder.store)/index.sqlite") {
                let report = try StoreVerifier.verify(at: folder.store)
                #expect(report.problems.isEmpty, "operation \(failing): \(report.problems)")
            }
            try resume(folder.store) { done in
                #expect(done.isSuperset(of: committed), "a committed asset was lost")
            }
            try checkComplete(folder.store, reference)
        }
    }

    /// A copy of the store as it lies between any two operations is what a kill at that instant
    /// leaves; each copy is gone on with.
    @Test func everyInstantCanBeTheLast() throws {
        let reference = try undisturbed()
        let folder = TemporaryFolder()
        let copies = TemporaryFolder()
        let files = FaultyFiles { number in
            try? FileManager.default.copyItem(
                atPath: folder.store, toPath: "\(copies.path)/\(number)")
        }
        try resume(folder.store, files)
        var random = SeededRandom(3)
        for number in 0..<files.count {
            let copy = "\(copies.path)/\(number)"
            #expect(exists(copy))
            // The lock file names a process, but a lock is held by none.
            try damageTails(copy, number, &random)
            try resume(copy)
            try checkComplete(copy, reference)
        }
    }

    /// Beyond what the index knows, anything may stand after a loss of power.
    private func damageTails(
        _ store: String, _ number: Int, _ random: inout SeededRandom
    ) throws {
        guard number % 2 == 1, exists("\(store)/index.sqlite") else { return }
        let committed = Dictionary(
            uniqueKeysWithValues: try StoreReader(at: store).shards().map {
                ($0.name, $0)
            })
        for name in shardBytes(store).keys {
            let path = "\(store)/shards/\(name)"
            let shard = committed["shards/\(name)"]
            if shard?.isSealed == true { continue }
            var bytes = fileBytes(path).prefix(shard?.byteCount ?? 0)
            bytes += random.bytes(Int.random(in: 0...3000, using: &random))
            try Data(bytes).write(to: URL(fileURLWithPath: path))
        }
    }

    /// At every instant, what the index knows of a shard had been made durable before.
    @Test func rowsFollowDurableBytes() throws {
        let folder = TemporaryFolder()
        let seen = Mutex(0)
        let box = Mutex<FaultyFiles?>(nil)
        let files = FaultyFiles { _ in
            guard let durable = box.withLock({ $0?.durableLengths }),
                let reader = try? StoreReader(at: folder.store),
                let shards = try? reader.shards()
            else { return }
            for shard in shards {
                #expect(durable["\(folder.store)/\(shard.name)"] ?? 0 >= shard.byteCount)
            }
            seen.withLock { $0 += shards.count }
        }
        box.withLock { $0 = files }
        try resume(folder.store, files)
        box.withLock { $0 = nil }
        #expect(seen.withLock { $0 } > 50)
    }

    /// Stopped and gone on with after every commit, shards come out the same.
    @Test func manyShortRunsMakeTheSameShards() throws {
        let reference = try undisturbed()
        let folder = TemporaryFolder()
        for outcome in Self.outcomes {
            let writer = try StoreWriter(
                at: folder.store, run: Corpus.run, filter: Corpus.filter,
                limits: Corpus.smallShards)
            try writer.append(outcome)
            try writer.close()
            #expect(try StoreVerifier.verify(at: folder.store).problems.isEmpty)
        }
        try resume(folder.store)
        try checkComplete(folder.store, reference)
    }

    @Test func aFailedWriterTakesNoMore() throws {
        let folder = TemporaryFolder()
        let writer = try StoreWriter(
            at: folder.store, run: Corpus.run, filter: Corpus.filter, limits: Corpus.smallShards,
            files: FaultyFiles(failing: 9))
        var failure: StoreError?
        for outcome in Self.outcomes {
            do throws(StoreError) {
                try writer.append(outcome)
                try writer.commit()
            } catch {
                failure = error
                break
            }
        }
        guard case .file(_, _, "injected") = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        for attempt in [{ try writer.commit() }, { try writer.append(Corpus.outcome(99)) }] {
            #expect { try attempt() } throws: { error in
                if case .writerStopped(let cause) = error as? StoreError {
                    return cause.contains("injected")
                }
                return false
            }
        }
    }

    /// A file that the index does not know is not the store's to cut.
    @Test func aShardFromElsewhereIsLeftAlone() throws {
        let folder = TemporaryFolder()
        try Corpus.build(folder.store, [])
        let stranger = Array("precious".utf8)
        for split in Split.allCases {
            let path = "\(folder.store)/shards/\(split.rawValue)-000000.tar"
            try Data(stranger).write(to: URL(fileURLWithPath: path))
        }
        #expect {
            try resume(folder.store)
        } throws: { error in
            if case .unknownShard = error as? StoreError { true } else { false }
        }
        for (_, bytes) in shardBytes(folder.store) { #expect(bytes == stranger) }
    }

    @Test func shardsWithoutTheirIndexAreLeftAlone() throws {
        let folder = TemporaryFolder()
        try Corpus.build(folder.store, Self.outcomes)
        let before = shardBytes(folder.store)
        try FileManager.default.removeItem(atPath: "\(folder.store)/index.sqlite")
        #expect(throws: StoreError.indexMissing(path: folder.store)) { try resume(folder.store) }
        #expect(shardBytes(folder.store) == before)
    }

    /// Committed bytes that are gone are reported, not filled up.
    @Test func aShortenedShardIsNotGoneOnWith() throws {
        let folder = TemporaryFolder()
        try Corpus.build(folder.store, Array(Self.outcomes.prefix(6)), finish: false)
        let open = try #require(
            try StoreReader(at: folder.store).shards().first { !$0.isSealed })
        let path = "\(folder.store)/\(open.name)"
        try Data(fileBytes(path).dropLast(700)).write(to: URL(fileURLWithPath: path))
        #expect { try resume(folder.store) } throws: { error in
            "\(error)".contains("\(open.byteCount) were committed")
        }
    }
}
