import Foundation
import ShardStore

/// Batches of items made of a dataset's samples, without end: the samples are shuffled anew for each
/// epoch, and epochs follow each other without a gap, so that every sample comes once in each and
/// none is left over.
///
/// Items are made ahead of their turn, on threads of the loader's own. What comes is a function of
/// the seed and the position alone: a loader that begins at the position of another goes on as that
/// would have. With several ranks, batch n of all ranks together holds the samples of batch n of one
/// rank with batches as large as all of theirs.
public final class BatchLoader<Item: Sendable> {
    private let dataset: StoredDataset
    private let settings: LoaderSettings
    private let make: @Sendable (DatasetSample) throws -> Item
    private var streams: [Stretch] = []
    /// Numbers of this rank's samples, counted from the run's start: taken; and put into stretches.
    private var taken: Int
    private var planned: Int
    private var shuffled: (epoch: Int, order: [Int])?

    /// How many batches were taken, with those before the position at which the loader began.
    public var position: Int { taken / settings.batchSize }
    /// Time that `next` has spent waiting for items so far.
    public private(set) var waited = Duration.zero

    /// Samples of a stretch of the order, and the stream that makes their items.
    private struct Stretch {
        let stream: SampleStream<Item>
        let places: [(index: Int, epoch: Int)]
        var next = 0
    }

    /// A loader that begins at a position.
    ///
    /// - Parameters:
    ///   - position: how many batches come before the first.
    ///   - make: makes an item of a sample; called on several threads.
    /// - Throws: `DatasetError` where there are no samples.
    public init(
        _ dataset: StoredDataset, _ settings: LoaderSettings, from position: Int = 0,
        make: @escaping @Sendable (DatasetSample) throws -> Item
    ) throws {
        guard dataset.count > 0 else {
            throw DatasetError(
                dataset.store,
                "the part that is read has no kept samples; `muybridge ls` lists what there is")
        }
        self.dataset = dataset
        self.settings = settings
        self.make = make
        taken = position * settings.batchSize
        planned = taken
    }

    /// The next batch.
    ///
    /// - Throws: `SampleFailure` with the sample's key where its item could not be made. The loader
    ///   is of no use then: begin another one at its position.
    public func next() throws -> LoadedBatch<Item> {
        let start = ContinuousClock.now
        defer { waited += .now - start }
        var batch = LoadedBatch<Item>(items: [], keys: [], epoch: epoch(ofSample: taken))
        while batch.items.count < settings.batchSize {
            planAhead()
            let place = streams[0].places[streams[0].next]
            let key = dataset.keys[place.index]
            do {
                guard let item = try streams[0].stream.next() else {
                    preconditionFailure("a stretch ended before its order")
                }
                batch.items.append(item)
                batch.keys.append(key)
            } catch {
                throw SampleFailure(key: key, epoch: place.epoch, underlying: error)
            }
            streams[0].next += 1
            taken += 1
            if streams[0].next == streams[0].places.count { streams.removeFirst() }
        }
        return batch
    }

    /// Begins stretches until as many samples are under way as are to be made ahead.
    private func planAhead() {
        while planned - taken <= settings.ahead {
            let count = max(1024, 4 * settings.ahead)
            let places = (planned..<planned + count).map(place)
            planned += count
            let epochs = places.map(\.epoch)
            let (dataset, make, seed) = (dataset, make, settings.seed)
            let stream = SampleStream(
                of: dataset.table, SampleOrder(indices: places.map(\.index)),
                threads: settings.threadCount, ahead: settings.ahead
            ) { (view: SampleView, place: Int) in
                try make(
                    DatasetSample(
                        dataset: dataset, view: view, epoch: epochs[place], runSeed: seed))
            }
            streams.append(Stretch(stream: stream, places: places))
        }
    }

    /// The number, among the samples of all ranks, of one of this rank's.
    private func number(ofSample sample: Int) -> Int {
        let (batch, place) = sample.quotientAndRemainder(dividingBy: settings.batchSize)
        return (batch * settings.ranks + settings.rank) * settings.batchSize + place
    }

    private func epoch(ofSample sample: Int) -> Int { number(ofSample: sample) / dataset.count }

    private func place(ofSample sample: Int) -> (index: Int, epoch: Int) {
        let (epoch, place) = number(ofSample: sample).quotientAndRemainder(
            dividingBy: dataset.count)
        guard settings.isShuffled else { return (place, epoch) }
        if shuffled?.epoch != epoch {
            let order = SampleOrder.shuffled(
                count: dataset.count, seed: settings.seed, epoch: epoch)
            shuffled = (epoch, order.indices)
        }
        return (shuffled!.order[place], epoch)
    }
}

/// How a loader goes through a dataset.
public struct LoaderSettings: Sendable, Equatable {
    /// Samples of a batch, of this rank alone.
    public var batchSize: Int
    /// What the order and the items' draws come from.
    public var seed: UInt64
    /// Whether each epoch has an order of its own; else all have the store's.
    public var isShuffled: Bool
    /// Threads that make items; 0 for half as many as there are cores.
    public var threads: Int
    /// How many items may wait for their turn: memory for so many.
    public var ahead: Int
    /// Which of the processes that train together this is.
    public var rank: Int
    /// How many processes train together.
    public var ranks: Int

    /// Settings; `ahead` is two batches unless told otherwise.
    public init(
        batchSize: Int, seed: UInt64 = 0, isShuffled: Bool = true, threads: Int = 0,
        ahead: Int? = nil, rank: Int = 0, ranks: Int = 1
    ) {
        precondition(batchSize > 0 && ranks > 0 && (0..<ranks).contains(rank), "no such loader")
        self.batchSize = batchSize
        self.seed = seed
        self.isShuffled = isShuffled
        self.threads = threads
        self.ahead = max(1, ahead ?? 2 * batchSize)
        self.rank = rank
        self.ranks = ranks
    }

    var threadCount: Int {
        threads > 0 ? threads : max(1, ProcessInfo.processInfo.activeProcessorCount / 2)
    }
}

/// Items that are learnt from together.
public struct LoadedBatch<Item: Sendable>: Sendable {
    /// The items.
    public var items: [Item]
    /// The keys of the samples that they were made of.
    public var keys: [String]
    /// The epoch of the first.
    public var epoch: Int
}

/// A sample of which no item could be made.
public struct SampleFailure: Error, CustomStringConvertible {
    /// The sample.
    public let key: String
    /// The epoch in which it was read.
    public let epoch: Int
    /// Why.
    public let underlying: any Error

    /// A failure of a sample.
    public init(key: String, epoch: Int = 0, underlying: any Error) {
        self.key = key
        self.epoch = epoch
        self.underlying = underlying
    }

    /// `sample KEY, epoch 3: why`.
    public var description: String { "sample \(key), epoch \(epoch): \(underlying)" }
}
