import Foundation
import GRDB
import Synchronization

/// Reads a store: any sample by its key, any field where it lies in a mapped shard.
///
/// ```swift
/// let reader = try StoreReader(at: "store")
/// for key in try reader.keys(SampleQuery(split: .train, isKept: true)) {
///     let queries = try reader.field("queries.npy", of: key)
///     try queries.withElements(as: Float.self) { use($0, shape: queries.entry.shape) }
/// }
/// ```
///
/// Any number of readers, threads and processes read at once, beside a writer too: each question
/// sees the store as after one of its commits. Nothing in the store's folder is changed.
public final class StoreReader: Sendable {
    /// The store's folder.
    public let path: String
    let layout: StoreLayout
    let index: DatabasePool
    private let shards = Mutex<[String: MappedShard]>([:])

    /// Opens a store.
    ///
    /// - Throws: `StoreError.notAStore`, `newerVersion`, `olderVersion` or `index`.
    public init(at path: String) throws(StoreError) {
        layout = StoreLayout(path)
        self.path = layout.folder
        if !FileManager.default.fileExists(atPath: layout.index) {
            try layout.checkUninterrupted()
        }
        index = try IndexDatabase.openForReading(layout.index)
    }

    /// The sample of a key.
    ///
    /// - Throws: `StoreError.noSuchSample` or `index`.
    public func sample(_ key: String) throws(StoreError) -> StoredSample {
        let found = try reading("looking up the sample") { db in
            try SampleRows.sample(db, key: key)
        }
        guard let found else { throw .noSuchSample(key: key) }
        return found
    }

    /// A field of the sample of a key: one look-up, and a view of the shard.
    ///
    /// - Parameters:
    ///   - name: the field's name, `queries.npy`.
    ///   - key: the sample's key.
    ///   - checked: whether to hold the bytes against the checksum of the index.
    /// - Throws: `StoreError.noSuchSample` or `noSuchField`; `shardUnreadable` or
    ///   `shardTruncated`, naming the sample; `corrupt` where checked; `index`.
    public func field(
        _ name: String, of key: String, checked: Bool = false
    ) throws(StoreError) -> FieldData {
        // One statement sees one state, and so needs no transaction.
        let entry = try indexing("looking up the field", layout.index) {
            try index.unsafeRead { db in try SampleRows.field(db, key: key, name: name) }
        }
        guard let entry else {
            // Says which of the two is missing.
            return try data(of: sample(key).entry(name), of: key, checked: checked)
        }
        return try data(of: entry, of: key, checked: checked)
    }

    /// The data of a field that was looked up before.
    ///
    /// - Throws: as `field(_:of:checked:)`, without the look-up.
    public func data(
        of entry: FieldEntry, of key: String, checked: Bool = false
    ) throws(StoreError) -> FieldData {
        let shard = try mapped(entry, key: key)
        let data = FieldData(entry: entry, key: key, shard: shard)
        if checked { try data.check() }
        return data
    }

    /// The mapping of a field's shard, reaching over the field.
    func mapped(_ entry: FieldEntry, key: String) throws(StoreError) -> MappedShard {
        let end = entry.dataRange.upperBound
        return try shards.withLock { shards throws(StoreError) in
            if let shard = shards[entry.shard], shard.length >= end { return shard }
            // New to this reader, or grown since it was mapped.
            let shard: MappedShard
            do throws(MappedShard.Unmappable) {
                shard = try MappedShard(layout.path(ofShard: entry.shard))
            } catch {
                throw .shardUnreadable(shard: entry.shard, sample: key, reason: error.reason)
            }
            guard shard.length >= end else {
                throw .shardTruncated(
                    shard: entry.shard, sample: key, field: entry.name, ends: shard.length,
                    needs: end)
            }
            shards[entry.shard] = shard
            return shard
        }
    }

    func reading<Value>(
        _ doing: String, _ work: (Database) throws -> Value
    ) throws(StoreError) -> Value {
        try indexing(doing, layout.index) { try index.read(work) }
    }
}
