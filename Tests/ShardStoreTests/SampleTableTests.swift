import Foundation
import ShardStore
import Synchronization
import TestSupport
import Testing

@Suite struct SampleTableTests {
    private static let fields = ["queries.npy", "orbit.000.png"]

    @Test func everyFieldIsWhatWasWritten() throws {
        let folder = TemporaryFolder()
        let outcomes = try Corpus.build(folder.store, Corpus.outcomes(60))
        let reader = try StoreReader(at: folder.store)
        let table = try reader.table(Self.fields, SampleQuery())
        let samples = outcomes.flatMap(\.samples)
        #expect(table.keys == samples.map(\.key))
        #expect(table.keys == (try reader.keys()))
        #expect(try reader.shards().count > 2, "samples of several shards")
        for (index, sample) in samples.enumerated() {
            let view = table[index]
            #expect(view.key == sample.key)
            for (number, name) in Self.fields.enumerated() {
                let field = try #require(sample.fields.first { $0.name == name })
                #expect(view[number].bytes == dataBytes(field))
                // As the index has it, to the last number.
                #expect(view[number].entry == (try reader.field(name, of: sample.key).entry))
                try view[number].check()
            }
        }
    }

    @Test func queriesChoose() throws {
        let folder = TemporaryFolder()
        try Corpus.build(folder.store, Corpus.outcomes(60))
        let reader = try StoreReader(at: folder.store)
        for split in Split.allCases {
            let query = SampleQuery(split: split, isKept: true)
            let table = try reader.table(["queries.npy"], query)
            #expect(table.keys == (try reader.keys(query)))
            #expect(table.count > 0)
        }
        // By default what the filter keeps.
        let kept = try reader.keys(SampleQuery(isKept: true))
        #expect(try reader.table(["queries.npy"]).keys == kept)
        #expect(try reader.table([]).keys == kept)
    }

    @Test func lackingFieldsAreNamed() throws {
        let folder = TemporaryFolder()
        let outcomes = try Corpus.build(folder.store, Corpus.outcomes(40))
        let reader = try StoreReader(at: folder.store)
        let lacking = try #require(
            outcomes.flatMap(\.samples).first { sample in
                !sample.fields.contains { $0.name == "orbit.002.png" }
            })
        var refusal: StoreError?
        do throws(StoreError) {
            _ = try reader.table(["queries.npy", "orbit.002.png"], SampleQuery())
        } catch {
            refusal = error
        }
        guard case .noSuchField(let key, let field, let available) = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
        #expect(key == lacking.key && field == "orbit.002.png")
        #expect(available.contains("queries.npy"))
    }

    @Test func shortShardsAreNoticedAtOnce() throws {
        let folder = TemporaryFolder()
        try Corpus.build(folder.store, Corpus.outcomes(40))
        let shard = try #require(try StoreReader(at: folder.store).shards().first)
        let handle = try FileHandle(
            forWritingTo: URL(fileURLWithPath: "\(folder.store)/\(shard.name)"))
        try handle.truncate(atOffset: 1024)
        try handle.close()
        let reader = try StoreReader(at: folder.store)
        var refusal: StoreError?
        do throws(StoreError) {
            _ = try reader.table(["queries.npy"], SampleQuery())
        } catch {
            refusal = error
        }
        guard case .shardTruncated(let name, _, _, let ends, _) = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
        #expect(name == shard.name && ends == 1024)
    }

    @Test func copiesGoToTheBeginning() throws {
        let folder = TemporaryFolder()
        try Corpus.build(folder.store, Corpus.outcomes(20))
        let table = try StoreReader(at: folder.store).table(["queries.npy"], SampleQuery())
        for index in 0..<table.count {
            let field = table[index][0]
            var memory = [UInt8](repeating: 9, count: field.count + 3)
            var span = memory.mutableSpan
            var bytes = span.mutableBytes
            field.copyBytes(to: &bytes)
            #expect(memory == field.bytes + [9, 9, 9])
        }
    }
}

@Suite struct SampleOrderTests {
    @Test func shufflingIsAPermutationOfItsSeedAndEpoch() {
        let order = SampleOrder.shuffled(count: 1000, seed: 5, epoch: 2)
        #expect(order.indices.sorted() == Array(0..<1000))
        #expect(order == .shuffled(count: 1000, seed: 5, epoch: 2))
        #expect(order != .shuffled(count: 1000, seed: 5, epoch: 3))
        #expect(order != .shuffled(count: 1000, seed: 6, epoch: 2))
        #expect(order != .sequential(count: 1000))
        #expect(SampleOrder.shuffled(count: 0, seed: 1, epoch: 0).indices.isEmpty)
    }

    /// All 24 orders of four, each about a thousand times in 24,000: chi-squared with 23 degrees of
    /// freedom is above 49.7 once in a thousand times.
    @Test func ordersAreEquallyLikely() {
        var counts: [[Int]: Int] = [:]
        for epoch in 0..<24_000 {
            counts[SampleOrder.shuffled(count: 4, seed: 9, epoch: epoch).indices, default: 0] += 1
        }
        #expect(counts.count == 24)
        let chiSquared = counts.values.reduce(0.0) { sum, count in
            sum + (Double(count) - 1000) * (Double(count) - 1000) / 1000
        }
        #expect(chiSquared < 49.7, "\(chiSquared)")
    }

    @Test func partsShareTheOrderOut() {
        let order = SampleOrder.shuffled(count: 103, seed: 1, epoch: 0)
        let parts = (0..<4).map { order.part($0, of: 4).indices }
        #expect(parts.map(\.count) == [25, 25, 25, 25])
        #expect(Set(parts.joined()).count == 100)
        #expect(Set(parts.joined()).isSubset(of: Set(order.indices)))
        #expect(order.part(0, of: 1) == order)
    }
}

@Suite struct SampleStreamTests {
    private struct Refusal: Error, Equatable {
        var key: String
    }

    private func table(_ folder: TemporaryFolder) throws -> SampleTable {
        try Corpus.build(folder.store, Corpus.outcomes(60))
        return try StoreReader(at: folder.store).table(["queries.npy"], SampleQuery())
    }

    /// Whichever thread is done first; slow samples among quick ones.
    @Test(arguments: [(1, 1), (2, 2), (3, 5), (4, 64)])
    func valuesComeInTheOrder(threads: Int, ahead: Int) throws {
        let folder = TemporaryFolder()
        let table = try table(folder)
        let order = SampleOrder.shuffled(count: table.count, seed: 3, epoch: 1)
        let stream = SampleStream(of: table, order, threads: threads, ahead: ahead) { sample in
            if sample.index % 7 == 0 { usleep(2000) }
            return (sample.key, sample[0].bytes)
        }
        for index in order.indices {
            let (key, bytes) = try #require(try stream.next())
            #expect(key == table.keys[index] && bytes == table[index][0].bytes)
        }
        #expect(try stream.next() == nil)
        #expect(try stream.next() == nil)
    }

    /// No more are begun than may wait.
    @Test func windowIsKept() throws {
        let folder = TemporaryFolder()
        let table = try table(folder)
        let begun = Mutex(0)
        let stream = SampleStream(
            of: table, .sequential(count: table.count), threads: 3, ahead: 6
        ) { sample in
            begun.withLock { $0 += 1 }
            return sample.index
        }
        #expect(try stream.next() == 0)
        usleep(50_000)
        #expect(begun.withLock { $0 } <= 7)
        while try stream.next() != nil {}
        #expect(begun.withLock { $0 } == table.count)
    }

    @Test func errorsComeInTheirTurn() throws {
        let folder = TemporaryFolder()
        let table = try table(folder)
        let stream = SampleStream(of: table, .sequential(count: table.count), threads: 2) {
            sample in
            if sample.index == 4 { throw Refusal(key: sample.key) }
            return sample.index
        }
        for index in 0..<4 { #expect(try stream.next() == index) }
        #expect(throws: Refusal(key: table.keys[4])) { try stream.next() }
        #expect(try stream.next() == 5)
    }

    @Test func droppedStreamsEndTheirThreads() throws {
        let folder = TemporaryFolder()
        let table = try table(folder)
        let token = Token()
        weak let watched = token.object
        do {
            let stream = SampleStream(of: table, .sequential(count: table.count), threads: 2) {
                [object = token.object] sample in
                (object, sample.index).1
            }
            #expect(try stream.next() == 0)
        }
        token.object = nil
        let deadline = ContinuousClock.now + .seconds(10)
        while watched != nil, .now < deadline { usleep(1000) }
        #expect(watched == nil, "the threads have let go of what they shared")
    }

    private final class Token {
        final class Held: Sendable {}
        var object: Held? = Held()
    }
}
