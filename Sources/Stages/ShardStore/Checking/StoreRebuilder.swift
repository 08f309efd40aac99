import Foundation
import GRDB

/// Mends a store's index: what the shards hold, joined with all of the old index that can be read
/// and agrees.
///
/// A sample is dropped only where its bytes are provably not those that were written: the shard is
/// gone or ends before them, a checksum or a header is wrong. Its asset then counts as incomplete,
/// and a resumed build makes what is missing. All else stays: assets that were rejected or failed,
/// measures, decisions, failures, runs, settings. Without an old index, the shards alone tell of
/// samples, fields and the names of assets and clips.
public enum StoreRebuilder {
    /// What was found.
    public struct Report: Sendable {
        /// How much there is now.
        public let shardCount, sampleCount: Int
        /// Assets of which samples are gone, which the next build completes.
        public let incompleteCount: Int
        /// Whether an old index could be read, at least in part.
        public let hadIndex: Bool
        /// What was left out, or is missing.
        public let problems: [StoreProblem]
    }

    /// Mends the index of the store at `path` where `StoreVerifier` finds anything wrong.
    ///
    /// - Returns: what was found; `nil` where nothing is wrong, and nothing was changed.
    /// - Throws: as `rebuild`, and `newerVersion`.
    public static func repair(at path: String) throws(StoreError) -> Report? {
        try repair(at: path, files: SystemFiles())
    }

    package static func repair(at path: String, files: any StoreFiles) throws(StoreError)
        -> Report?
    {
        if !FileManager.default.fileExists(atPath: StoreLayout(path).repaired) {
            do throws(StoreError) {
                if try StoreVerifier.verify(at: path).problems.isEmpty { return nil }
            } catch {
                if case .newerVersion = error { throw error }
            }
        }
        return try rebuild(at: path, replacing: true, files: files)
    }

    /// Mends the index of the store at `path`. No shard is changed.
    ///
    /// A repair that was stopped leaves the old index or the new one; run again, it goes on.
    ///
    /// - Parameters:
    ///   - path: the store's folder.
    ///   - replacing: whether an index that is there is put aside, as `index.sqlite.replaced`.
    /// - Throws: `StoreError.locked`; `interrupted` where a merge was stopped; `invalid` where
    ///   there is an index and `replacing` is not asked for; `file` or `index`.
    /// - Complexity: reads every byte of every shard once.
    public static func rebuild(at path: String, replacing: Bool = false) throws(StoreError)
        -> Report
    {
        try rebuild(at: path, replacing: replacing, files: SystemFiles())
    }

    /// Mends the index of a store whose files are changed through `files`.
    package static func rebuild(
        at path: String, replacing: Bool, files: any StoreFiles
    ) throws(StoreError) -> Report {
        let layout = StoreLayout(path)
        guard FileManager.default.fileExists(atPath: layout.shards) else {
            throw .notAStore(path: layout.folder, what: "there is no folder of shards")
        }
        let lock = try StoreLock(layout)
        defer { withExtendedLifetime(lock) {} }
        if FileManager.default.fileExists(atPath: layout.merging) {
            try layout.checkUninterrupted()
        }
        if FileManager.default.fileExists(atPath: layout.repaired) {
            try putInPlace(layout, files)
            return try report(layout, hadIndex: true, problems: [])
        }
        let hasIndex = FileManager.default.fileExists(atPath: layout.index)
        if hasIndex, !replacing {
            throw .invalid(
                record: layout.index, what: "there is an index; say so to have it replaced")
        }
        let draft = layout.index + ".new"
        for suffix in StoreLayout.indexSuffixes { try files.remove(draft + suffix) }
        let salvage = hasIndex ? IndexSalvage(layout.index) : nil
        var rebuild = Rebuild(layout: layout, salvage: salvage)
        try indexing("rebuilding", draft) {
            let index = try IndexDatabase.openForBulk(draft)
            try index.write { db in try rebuild.run(db) }
            try index.close()
        }
        salvage?.close()
        try files.makeDurable(draft)
        try files.rename(draft, to: layout.repaired)
        try files.synchroniseFolder(layout.folder)
        try putInPlace(layout, files)
        return try report(
            layout, hadIndex: salvage?.isReadable ?? false, problems: rebuild.problems)
    }

    /// Puts the old index aside, with its log, and the new one in its place. Done in part, it can
    /// be done again: as long as the new index has its own name, any other is the old one.
    private static func putInPlace(
        _ layout: StoreLayout, _ files: any StoreFiles
    ) throws(StoreError) {
        for suffix in StoreLayout.indexSuffixes
        where FileManager.default.fileExists(atPath: layout.index + suffix) {
            try files.rename(layout.index + suffix, to: layout.replaced + suffix)
        }
        try files.synchroniseFolder(layout.folder)
        try files.rename(layout.repaired, to: layout.index)
        try files.synchroniseFolder(layout.folder)
    }

    private static func report(
        _ layout: StoreLayout, hadIndex: Bool, problems: [StoreProblem]
    ) throws(StoreError) -> Report {
        try StoreReader(at: layout.folder).reading("counting") { db in
            func count(_ sql: String) throws -> Int {
                try Int.fetchOne(db, sql: "SELECT count(*) FROM \(sql)") ?? 0
            }
            return Report(
                shardCount: try count("shards"), sampleCount: try count("samples"),
                incompleteCount: try count("assets WHERE incomplete = 1"), hadIndex: hadIndex,
                problems: problems)
        }
    }
}
