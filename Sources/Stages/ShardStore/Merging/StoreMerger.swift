import Foundation
import GRDB

/// Joins the parts of a corpus, each built into a store of its own, into one store.
///
/// The parts' indexes are joined and their shards moved, linked or copied under new numbers; no
/// shard is rewritten. The result depends on the parts alone: they are taken by their index,
/// and shards are numbered in that order.
///
/// A merge that was stopped, however it was, goes on when it is run again with the same parts; one
/// that is done does nothing. Until it is done, the store that is being made has no index, and so
/// nobody takes it for whole.
public enum StoreMerger {
    /// How a part's files get into the merged store.
    public enum Placement: String, Sendable, CaseIterable {
        /// A second name for the same bytes, on the same file system: no byte is copied, and the
        /// parts stay as they are.
        case link
        /// The parts lose their shards, and keep only their indexes.
        case move
        /// The bytes are copied, which takes their time and their space.
        case copy
    }

    /// How to merge.
    public struct Options: Sendable, Equatable {
        /// How files get into the merged store.
        public var placement: Placement
        /// Whether parts that are missing or not finished are left for later, instead of refused.
        public var allowsUnfinished: Bool
        /// Whether assets of the same bytes all keep their samples.
        public var keepsDuplicates: Bool

        /// How to merge.
        public init(
            placement: Placement = .link, allowsUnfinished: Bool = false,
            keepsDuplicates: Bool = false
        ) {
            self.placement = placement
            self.allowsUnfinished = allowsUnfinished
            self.keepsDuplicates = keepsDuplicates
        }
    }

    /// What was merged.
    public struct Report: Sendable, Equatable {
        /// How many parts the corpus has.
        public let partCount: Int
        /// The parts that were not given.
        public let missing: [Partition]
        /// The parts that were given before they were finished.
        public let unfinished: [Partition]
        /// How much the merged store holds.
        public let assetCount, sampleCount, shardCount, byteCount: Int
        /// Assets that stand behind another of the same bytes.
        public let aliasCount: Int
        /// Whether an earlier merge of the same parts had done all this.
        public let wasDone: Bool
    }

    /// Merges stores.
    ///
    /// Of assets with the same SHA-256, the first that is kept stays, by identity, or else the
    /// first; the others become aliases of it, and their samples are marked as not kept. An asset
    /// that failed is left as it is.
    ///
    /// Parts that were stopped have their shards ended first, when they are allowed.
    ///
    /// - Parameters:
    ///   - parts: the folders of the parts, in any order.
    ///   - path: the folder of the merged store, which must be new, or one where the same merge
    ///     was stopped or done.
    ///   - run: what this run is, for provenance.
    ///   - options: how to merge.
    ///   - onShard: called with the name of each shard that is in place.
    /// - Throws: `StoreError.unmergeable` for parts of different recipes, missing and unfinished
    ///   parts, and assets or keys that two parts have; `locked` where a writer holds a part or
    ///   the merged store; `file` or `index`.
    /// - Complexity: O(n log n) for n rows, and a file operation a shard; `copy` reads every byte.
    public static func merge(
        _ parts: [String], into path: String, run: RunRecord, options: Options = Options(),
        onShard: (String) -> Void = { _ in }
    ) throws(StoreError) -> Report {
        try merge(
            parts, into: path, run: run, options: options, files: SystemFiles(), onShard: onShard)
    }

    /// Merges stores whose files are changed through `files`.
    package static func merge(
        _ parts: [String], into path: String, run: RunRecord, options: Options,
        files: any StoreFiles, onShard: (String) -> Void = { _ in }
    ) throws(StoreError) -> Report {
        let target = StoreLayout(path)
        let set = try MergeParts.open(
            parts, into: target, allowsUnfinished: options.allowsUnfinished, run: run)
        if options.placement == .move, !set.missing.isEmpty || !set.unfinished.isEmpty {
            throw .unmergeable(
                path: target.folder,
                what: "moving would take the shards of parts that are not finished; link or copy")
        }
        try WriterCore.makeFolders(target)
        let locks = try ([target] + set.parts.map(\.layout)).map { layout throws(StoreError) in
            try StoreLock(layout)
        }
        defer { withExtendedLifetime(locks) {} }
        let merge = Merge(target: target, set: set, run: run, options: options, files: files)
        let wasDone = try merge.isDone()
        if !wasDone {
            if !FileManager.default.fileExists(atPath: target.merging) { try merge.plan() }
            try merge.placeFiles(onShard: onShard)
            try merge.finish()
        }
        return try merge.report(wasDone: wasDone)
    }
}

/// One merge, step by step. Each step leaves either no trace or all of its work.
struct Merge {
    let target: StoreLayout
    let set: MergeParts
    let run: RunRecord
    let options: StoreMerger.Options
    let files: any StoreFiles

    /// Whether the store is there and is the merge of the same parts.
    ///
    /// - Throws: `StoreError.unmergeable` where something else is there.
    func isDone() throws(StoreError) -> Bool {
        let isDone = FileManager.default.fileExists(atPath: target.index)
        guard isDone || FileManager.default.fileExists(atPath: target.merging) else { return false }
        let path = isDone ? target.index : target.merging
        let stored = try indexing("reading the settings", path) {
            let index = try DatabaseQueue(path: path)
            defer { try? index.close() }
            return try index.read { db in try StoreSettings.value(Merge.setting, db) }
        }
        guard stored == set.fingerprint else {
            throw .unmergeable(
                path: target.folder,
                what: stored == nil
                    ? "is a store already, and no merge; merge into a new folder"
                    : "is the merge of other parts, or the parts have changed since; give the "
                        + "same parts to go on, or merge into a new folder")
        }
        return isDone
    }

    /// Makes the joined index, in which every shard has its new name, under a name of its own.
    func plan() throws(StoreError) {
        for shard in try target.shardNames() {
            throw .unknownShard(path: target.path(ofShard: shard))
        }
        let draft = target.merging + ".new"
        for suffix in StoreLayout.indexSuffixes { try files.remove(draft + suffix) }
        try indexing("joining the indexes", draft) {
            let index = try IndexDatabase.openForBulk(draft)
            let join = MergeIndex(index: index, set: set, run: run)
            try join.run(keepsDuplicates: options.keepsDuplicates)
            try index.close()
        }
        try files.makeDurable(draft)
        try files.rename(draft, to: target.merging)
        try files.synchroniseFolder(target.folder)
    }

    /// Brings every file to where the plan has it.
    func placeFiles(onShard: (String) -> Void) throws(StoreError) {
        let planned = try indexing("reading the plan", target.merging) {
            let index = try DatabaseQueue(path: target.merging)
            defer { try? index.close() }
            return try index.read { db in try MergeIndex.plannedFiles(db) }
        }
        let placer = FilePlacer(files: files, placement: options.placement)
        for file in planned {
            guard let part = set.parts.first(where: { $0.part.description == file.part }) else {
                continue
            }
            try placer.place(
                part.layout.path(ofShard: file.source), at: target.path(ofShard: file.target),
                bytes: file.bytes)
            onShard(file.target)
        }
        try placer.placePreviews(of: set.parts.map(\.layout), in: target)
        try files.synchroniseFolder(target.shards)
        if options.placement == .move {
            for part in set.parts { try files.synchroniseFolder(part.layout.shards) }
        }
        let manifest = set.parts.lazy.compactMap(\.manifest).first
        if let manifest { try files.replace(target.manifest, by: manifest, in: target.folder) }
    }

    /// Gives the index its name: from here on there is a store.
    func finish() throws(StoreError) {
        try indexing("finishing the merge", target.merging) {
            let index = try DatabaseQueue(path: target.merging)
            try index.write { db in
                try db.execute(sql: "DROP TABLE IF EXISTS \(MergeIndex.planTable)")
            }
            try index.close()
        }
        try files.makeDurable(target.merging)
        try files.rename(target.merging, to: target.index)
        try files.synchroniseFolder(target.folder)
    }

    func report(wasDone: Bool) throws(StoreError) -> StoreMerger.Report {
        let reader = try StoreReader(at: target.folder)
        let row = try reader.reading("counting") { db in
            try Row.fetchOne(
                db,
                sql: """
                    SELECT (SELECT count(*) FROM assets), (SELECT count(*) FROM samples), \
                    (SELECT count(*) FROM shards), (SELECT total(bytes) FROM shards), \
                    (SELECT count(*) FROM assets WHERE alias_of IS NOT NULL)
                    """)
        }
        return StoreMerger.Report(
            partCount: set.count, missing: set.missing, unfinished: set.unfinished,
            assetCount: row?[0] ?? 0, sampleCount: row?[1] ?? 0, shardCount: row?[2] ?? 0,
            byteCount: row?[3] ?? 0, aliasCount: row?[4] ?? 0, wasDone: wasDone)
    }

    /// The setting that says of which parts a store is the merge.
    static let setting = "merged"
}
