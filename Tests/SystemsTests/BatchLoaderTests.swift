import Foundation
import Synchronization
import Tensors
import TestSupport
import Testing

extension AllTests {
    @Suite struct BatchLoaderTests {
        private let folder = TemporaryFolder()
        private let samples: StoredDataset

        init() throws {
            let store = try makePointStore(folder, train: 13)
            samples = try StoredDataset(store: store, part: .train, fields: ["queries.npy"])
        }

        private func keys(
            _ settings: LoaderSettings, batches: Int, from position: Int = 0
        ) throws -> [[String]] {
            let loader = try BatchLoader(samples, settings, from: position) { $0.key }
            return try (0..<batches).map { _ in
                let batch = try loader.next()
                #expect(batch.items == batch.keys)
                return batch.keys
            }
        }

        @Test func epochsHoldEverySampleOnceInNewOrders() throws {
            let taken = try keys(LoaderSettings(batchSize: 5, seed: 3), batches: 39).flatMap(\.self)
            #expect(taken.count == 15 * 13)
            let epochs = (0..<15).map { Array(taken[$0 * 13..<($0 + 1) * 13]) }
            for epoch in epochs { #expect(Set(epoch) == Set(samples.keys)) }
            #expect(Set(epochs).count == 15)
            let ordered = LoaderSettings(batchSize: 13, isShuffled: false)
            #expect(try keys(ordered, batches: 2) == [samples.keys, samples.keys])
        }

        @Test func threadsAndPrefetchingChangeNothing() throws {
            let expected = try keys(
                LoaderSettings(batchSize: 4, seed: 9, threads: 1, ahead: 1), batches: 300)
            for (threads, ahead) in [(1, 64), (4, 3), (8, 500)] {
                let settings = LoaderSettings(
                    batchSize: 4, seed: 9, threads: threads, ahead: ahead)
                #expect(try keys(settings, batches: 300) == expected)
            }
            #expect(try keys(LoaderSettings(batchSize: 4, seed: 10), batches: 300) != expected)
        }

        @Test func loadersGoOnWhereOthersStopped() throws {
            let settings = LoaderSettings(batchSize: 3, seed: 9)
            let whole = try keys(settings, batches: 700)
            for position in [1, 4, 5, 341, 342, 683] {
                #expect(
                    try keys(settings, batches: 10, from: position)
                        == Array(whole[position..<position + 10]))
            }
        }

        @Test func ranksShareEachBatch() throws {
            let whole = try keys(LoaderSettings(batchSize: 6, seed: 9), batches: 20)
            for ranks in [2, 3] {
                let parts = try (0..<ranks).map { rank in
                    try keys(
                        LoaderSettings(batchSize: 6 / ranks, seed: 9, rank: rank, ranks: ranks),
                        batches: 20)
                }
                for batch in 0..<20 {
                    #expect(parts.flatMap { $0[batch] } == whole[batch])
                }
            }
        }

        @Test func seedsDependOnEpochAndSampleAlone() throws {
            func seeds(_ settings: LoaderSettings, _ batches: Int) throws -> Set<String> {
                let loader = try BatchLoader(samples, settings) {
                    "\($0.key) \($0.epoch) \($0.seed("noise"))"
                }
                return Set(try (0..<batches).flatMap { _ in try loader.next().items })
            }
            let one = try seeds(LoaderSettings(batchSize: 13, seed: 2), 3)
            #expect(one.count == 39)
            #expect(try seeds(LoaderSettings(batchSize: 3, seed: 2, threads: 3), 13) == one)
        }

        @Test func numbersAreThoseOfTheStore() throws {
            let sample = samples.sample(4)
            let copy = try sample.tensor("queries.npy")
            #expect(copy.shape == [6, 40, 3] && copy.type == .float32)
            #expect(try (copy - sample.mappedTensor("queries.npy")).abs().amax().item() == 0)
            #expect(try copy[0, 0, 0].item() != 0)
            #expect(throws: DatasetError.self) { try sample.tensor("points.npy") }
        }

        private struct Refusal: Error {}

        @Test func samplesThatFailAreNamed() throws {
            let bad = samples.keys[7]
            let loader = try BatchLoader(samples, LoaderSettings(batchSize: 13)) { sample in
                if sample.key == bad { throw Refusal() }
                return sample.key
            }
            let failure = try #require(throws: SampleFailure.self) { try loader.next() }
            #expect(failure.key == bad && failure.epoch == 0)
            #expect(failure.description.contains(bad))
        }

        @Test func emptyPartsAndMissingFieldsAreRefused() throws {
            let none = try StoredDataset(
                store: folder.store, part: .test, fields: ["queries.npy"])
            #expect(none.count == 0)
            #expect(throws: DatasetError.self) {
                try BatchLoader(none, LoaderSettings(batchSize: 1)) { $0.key }
            }
            #expect(throws: (any Error).self) {
                try StoredDataset(store: folder.store, part: .train, fields: ["sdf.npy"])
            }
        }

        @Test func keysAreFoundAndWhatIsNotThereIsSaid() throws {
            let keys = samples.keys
            #expect(try samples.indices(of: []) == Array(keys.indices))
            #expect(try samples.indices(of: [keys[5], keys[2], keys[5]]) == [5, 2, 5])
            let unknown = try #require(throws: DatasetError.self) {
                try samples.indices(of: [keys[0], "nobody"])
            }
            #expect(unknown.description.contains("no kept sample nobody"))
            let none = try StoredDataset(
                store: folder.store, part: .test, fields: ["queries.npy"])
            let empty = try #require(throws: DatasetError.self) { try none.indices(of: []) }
            #expect(empty.description.contains("no kept sample in its test part"))
        }

        @Test func itemsAreMadeAheadOfTheirTurn() throws {
            let made = Atomic<Int>(0)
            try withExtendedLifetime(made) {
                let counter = Counter()
                let loader = try BatchLoader(
                    samples, LoaderSettings(batchSize: 1, threads: 2, ahead: 10)
                ) { _ in counter.add() }
                _ = try loader.next()
                let deadline = ContinuousClock.now + .seconds(20)
                while counter.value < 11, ContinuousClock.now < deadline { usleep(1000) }
                #expect(counter.value == 11, "one taken and ten ahead")
            }
        }

        private final class Counter: Sendable {
            private let count = Atomic<Int>(0)
            var value: Int { count.load(ordering: .relaxed) }
            @Sendable func add() { count.add(1, ordering: .relaxed) }
        }
    }
}
