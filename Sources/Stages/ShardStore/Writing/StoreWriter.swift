import Foundation
import Synchronization

/// The one writer of a store.
///
/// Outcomes are appended and then committed:
///
/// ```swift
/// let writer = try StoreWriter(at: "store", run: run, filter: filter)
/// let done = try writer.completedAssets()
/// for asset in corpus where !done.contains(asset.id) {
///     try writer.append(build(asset))
///     if writer.uncommittedByteCount > 64 << 20 { try writer.commit() }
/// }
/// try writer.finish()
/// ```
///
/// When `commit` returns, all that was appended before is durable, and a reader sees it. A run
/// that ends at any other moment, however it ends, leaves the store as after its last commit:
/// opening it again cuts off what lies beyond. The bytes of the shards depend on the outcomes and
/// their order alone, not on where the commits, or the interruptions, fall.
///
/// After a failed write, `fdatasync` or index commit the writer takes no more: it may not be
/// known what of that reached the device. Opening the store again goes on from the last commit.
///
/// Calls are safe from any thread, one after another.
public final class StoreWriter: Sendable {
    /// The store's folder.
    public let path: String
    private let core: Mutex<WriterCore?>

    /// Opens a store, or begins one where the folder is new or empty.
    ///
    /// - Parameters:
    ///   - path: the store's folder.
    ///   - run: what this run is, for provenance. A manifest is stored as `manifest.yaml`; a
    ///     store that has one is opened only by the same.
    ///   - filter: the filter that decides; without one, outcomes have no decisions. A store that
    ///     is judged by another filter is refused.
    ///   - limits: when a shard is full. `nil` takes those of the store, or the standard ones
    ///     where it is new; others than the store's are refused.
    /// - Throws: `StoreError.locked` where another writer holds the store;
    ///   `recipeDiffers`, `filterDiffers`, `settingsDiffer`; `indexMissing`, `notAStore`,
    ///   `newerVersion`; `file` or `index` where it cannot be written, or where a shard is shorter
    ///   than what was committed.
    public convenience init(
        at path: String, run: RunRecord, filter: FilterRecord? = nil, limits: ShardLimits? = nil
    ) throws(StoreError) {
        try self.init(at: path, run: run, filter: filter, limits: limits, files: SystemFiles())
    }

    /// Opens a store whose files are changed through `files`.
    package init(
        at path: String, run: RunRecord, filter: FilterRecord? = nil, limits: ShardLimits? = nil,
        files: any StoreFiles
    ) throws(StoreError) {
        let core = try WriterCore.open(
            at: path, run: run, filter: filter, limits: limits, files: files)
        self.path = core.layout.folder
        self.core = Mutex(core)
    }

    /// Adds all that is known of one asset; durable with the next commit, as a whole or not at all.
    ///
    /// An asset that is in the store without samples, such as one that failed, is replaced; its
    /// failures stay as a history, and count as attempts. A thrown `invalid`, `duplicateKey` or
    /// `assetExists` leaves the writer as it was.
    ///
    /// - Throws: `StoreError.invalid` for a record that breaks a rule of its type;
    ///   `duplicateKey`; `assetExists` for an asset that has samples, or was appended already;
    ///   `file` where writing failed.
    /// - Complexity: O(b) for b bytes; the payloads are not kept.
    public func append(_ outcome: AssetOutcome) throws(StoreError) {
        try using { core throws(StoreError) in try core.append(outcome) }
    }

    /// Adds a later stage's fields to a sample of an earlier commit; durable with the next commit.
    ///
    /// They go into shards of their own, `shards/train-SERIES-000000.tar`, under the same key.
    ///
    /// - Throws: `StoreError.noSuchSample`; `invalid` for fields that the sample has; `file`.
    public func append(_ addition: Addition) throws(StoreError) {
        try using { core throws(StoreError) in try core.append(addition) }
    }

    /// Makes all that was appended durable and visible.
    ///
    /// The shards' bytes are brought to the device first (`fdatasync`, and `fsync` of the folder
    /// where shards are new), and only then are the rows committed, in one transaction.
    ///
    /// - Throws: `StoreError.file` or `index`; then nothing since the last commit is in the store.
    public func commit() throws(StoreError) {
        try using { core throws(StoreError) in try core.commit() }
    }

    /// Appends outcomes in their order and commits them together.
    ///
    /// - Throws: as `append` and `commit`. An outcome that is refused leaves those before it
    ///   appended, not committed.
    public func commit(_ outcomes: [AssetOutcome]) throws(StoreError) {
        try using { core throws(StoreError) in
            for outcome in outcomes { try core.append(outcome) }
            try core.commit()
        }
    }

    /// The bytes that were appended since the last commit.
    public var uncommittedByteCount: Int {
        core.withLock { $0?.pendingBytes ?? 0 }
    }

    /// The identities of all committed assets, whatever their fate: what a resumed run skips.
    ///
    /// Assets of which a repair found samples gone are not among them: they are to be appended
    /// again, and of those that still have samples only the missing ones are written.
    ///
    /// - Complexity: O(n) for n assets.
    public func completedAssets() throws(StoreError) -> Set<String> {
        try using { core throws(StoreError) in try core.completedAssets() }
    }

    /// The identities of committed assets that failed and so have no samples: what a run that
    /// tries again appends again.
    ///
    /// - Parameter includingQuarantined: whether those are among them whose last two attempts
    ///   failed at the same stage from the same cause.
    /// - Complexity: O(n) for n failed assets.
    public func assetsToRetry(includingQuarantined: Bool) throws(StoreError) -> Set<String> {
        try using { core throws(StoreError) in
            try core.assetsToRetry(includingQuarantined: includingQuarantined)
        }
    }

    /// The identities of committed assets that were not looked at: those whose file was not there
    /// (failed at `find` as `missing`) and those that the list did not name (rejected by the rule
    /// `unlisted`). Where the corpus has them now, they can be appended again.
    ///
    /// - Complexity: O(n) for n such assets.
    public func absentAssets() throws(StoreError) -> Set<String> {
        try using { core throws(StoreError) in try core.absentAssets() }
    }

    /// The part of the corpus that the store is for; `nil` where it is for the whole.
    public var part: Partition? {
        core.withLock { $0?.part }
    }

    /// The fate of a committed asset, or `nil` where the store does not know it.
    public func fate(ofAsset id: String) throws(StoreError) -> Fate? {
        try using { core throws(StoreError) in try core.fate(ofAsset: id) }
    }

    /// Judges every asset again, under another filter, and leaves the shards as they are.
    ///
    /// Commits what was appended; then, in one transaction, replaces all decisions and brings the
    /// fates of assets and clips and `samples.kept` in line. What failed stays failed.
    ///
    /// - Parameters:
    ///   - filter: the filter, which judges the store from here on.
    ///   - judge: the rules: gives the decisions for an asset, whose old ones and fate it sees. It
    ///     is called once for each asset, and must not use this writer.
    /// - Throws: `StoreError.invalid` for a decision on a clip that the asset does not have, and
    ///   what `judge` throws; either leaves the old judgement in place.
    /// - Complexity: O(n) for n assets; a few of them are in memory at a time.
    public func rejudge(
        under filter: FilterRecord, _ judge: (StoredAsset) throws -> [Decision]
    ) throws {
        // What the rules throw is passed on as it is.
        var thrown: (any Error)?
        do {
            try using { core throws(StoreError) in
                try core.commit()
                try core.rejudge(under: filter) { asset throws(StoreError) in
                    do {
                        return try judge(asset)
                    } catch {
                        thrown = error
                        throw .invalid(record: "asset \(asset.asset.id)", what: "\(error)")
                    }
                }
            }
        } catch {
            throw thrown ?? error
        }
    }

    /// Commits, ends every shard's archive, and closes the store.
    ///
    /// A finished store can be opened again: what is then appended goes into new shards.
    public func finish() throws(StoreError) {
        try using { core throws(StoreError) in try core.finish() }
        core.withLock { $0 = nil }
    }

    /// Commits and closes the store; the next run goes on in the same shards.
    ///
    /// A writer that is let go without this, or that failed, loses what was appended since the
    /// last commit, and nothing else.
    public func close() throws(StoreError) {
        defer { core.withLock { $0 = nil } }
        try using { core throws(StoreError) in try core.close() }
    }

    private func using<Value: Sendable>(
        _ work: (WriterCore) throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        try core.withLock { core throws(StoreError) in
            guard let core else { throw .writerStopped(cause: "it was closed") }
            return try work(core)
        }
    }
}
