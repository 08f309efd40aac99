/// Why a store could not be written, read, checked or rebuilt.
public enum StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The folder holds no index and no shards, or its index is not one of a store.
    case notAStore(path: String, what: String)
    /// The folder holds shards but no index to say what is in them.
    case indexMissing(path: String)
    /// The index was written by a newer version, with tables that this one does not know.
    case newerVersion(path: String)
    /// The index was written by an older version and must be opened for writing once.
    case olderVersion(path: String)
    /// Another writer holds the store.
    case locked(path: String, holder: String)
    /// An operation on a file failed.
    case file(doing: String, path: String, reason: String)
    /// An operation on the index failed.
    case index(doing: String, path: String, reason: String)
    /// A record that was handed to the store breaks one of its rules.
    case invalid(record: String, what: String)
    /// The key is already in the store.
    case duplicateKey(key: String)
    /// The asset is already in the store, with samples.
    case assetExists(asset: String)
    /// The store was begun with other settings.
    case settingsDiffer(path: String, setting: String, stored: String, asked: String)
    /// The store was begun from another recipe.
    case recipeDiffers(path: String)
    /// The store's assets are judged by another filter.
    case filterDiffers(path: String, stored: String, asked: String)
    /// The parts cannot be merged.
    case unmergeable(path: String, what: String)
    /// A merge or a repair of the store was stopped before it was done.
    case interrupted(path: String, what: String)
    /// A shard lies where a new one must go, and the index does not know it.
    case unknownShard(path: String)
    /// An earlier write of this writer failed, so it takes no more.
    case writerStopped(cause: String)
    /// No sample has the key.
    case noSuchSample(key: String)
    /// The sample has no field of the name.
    case noSuchField(key: String, field: String, available: [String])
    /// A shard is not there, or cannot be mapped.
    case shardUnreadable(shard: String, sample: String, reason: String)
    /// A shard ends before the field does.
    case shardTruncated(shard: String, sample: String, field: String, ends: Int, needs: Int)
    /// The bytes of a field are not those that were written.
    case corrupt(shard: String, sample: String, field: String, what: String)
    /// A field was asked for as something that it is not.
    case wrongType(sample: String, field: String, stored: String, asked: String)

    /// The error in one sentence, with what to do about it.
    public var description: String {
        storeDescription ?? recordDescription ?? dataDescription
    }

    private var storeDescription: String? {
        switch self {
        case .notAStore(let path, let what):
            "\(path): not a store: \(what)"
        case .indexMissing(let path):
            "\(path): has shards but no index.sqlite; put the index back, or rebuild it from the "
                + "shards with `muybridge verify --repair`"
        case .newerVersion(let path):
            "\(path): written by a newer version of muybridge; use that version to open it"
        case .olderVersion(let path):
            "\(path): written by an older version of muybridge; make the folder writable and open "
                + "it for writing once, which brings the index up to date"
        case .locked(let path, let holder):
            "\(path): is being written by \(holder); wait for it, or stop it"
        case .file(let doing, let path, let reason):
            "\(path): \(doing) failed: \(reason)"
        case .index(let doing, let path, let reason):
            "\(path): \(doing) failed: \(reason)"
        case .settingsDiffer(let path, let setting, let stored, let asked):
            "\(path): was begun with \(setting) \(stored), not \(asked); use the same settings, or "
                + "another folder"
        case .recipeDiffers(let path):
            "\(path): is not the recipe of this run; run the stored recipe, or write to another "
                + "folder"
        case .filterDiffers(let path, let stored, let asked):
            "\(path): its assets are judged by the filter \(stored), not by this \(asked); judge "
                + "the store again with `muybridge filter`, or use the stored filter"
        case .unknownShard(let path):
            "\(path): a shard that the index does not know lies where a new one must go; the "
                + "index is older than the shards: run `muybridge verify`"
        case .unmergeable(let path, let what):
            "\(path): \(what)"
        case .interrupted(let path, let what):
            "\(path): \(what)"
        case .writerStopped(let cause):
            "the store takes no more after an earlier failure (\(cause)); mend its cause and run "
                + "again to resume"
        default: nil
        }
    }

    private var recordDescription: String? {
        switch self {
        case .invalid(let record, let what):
            "\(record): \(what)"
        case .duplicateKey(let key):
            "\(key): the store already has a sample of this key; keys must be unique"
        case .assetExists(let asset):
            "\(asset): the store already has samples of this asset; a shard is never rewritten, so "
                + "build it into another store"
        case .noSuchSample(let key):
            "\(key): the store has no sample of this key"
        case .noSuchField(let key, let field, let available):
            "\(key): has no field \(field); it has \(available.joined(separator: ", "))"
        default: nil
        }
    }

    private var dataDescription: String {
        switch self {
        case .shardUnreadable(let shard, let sample, let reason):
            "\(shard): cannot be read for sample \(sample): \(reason); copy the shard again"
        case .shardTruncated(let shard, let sample, let field, let ends, let needs):
            "\(shard): ends at byte \(ends), but \(field) of sample \(sample) needs \(needs); copy "
                + "the shard again"
        case .corrupt(let shard, let sample, let field, let what):
            "\(shard): \(field) of sample \(sample) is damaged: \(what); copy the shard again"
        case .wrongType(let sample, let field, let stored, let asked):
            "\(field) of sample \(sample) is \(stored), not \(asked)"
        default: ""
        }
    }
}
