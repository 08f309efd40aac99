import Foundation
import GRDB

extension WriterCore {
    /// Opens a store or begins one, and cuts off what an interrupted run left beyond the index.
    static func open(
        at path: String, run: RunRecord, filter: FilterRecord?, limits: ShardLimits?,
        files: any StoreFiles
    ) throws(StoreError) -> WriterCore {
        let layout = StoreLayout(path)
        try makeFolders(layout)
        let lock = try StoreLock(layout)
        try layout.checkUninterrupted()
        if !FileManager.default.fileExists(atPath: layout.index), try hasShards(layout) {
            throw .indexMissing(path: layout.folder)
        }
        try checkRecipe(run.manifest, layout)
        let index = try IndexDatabase.openForWriting(layout.index)
        let settings = try StoreSettings.settle(
            limits: limits, run: run, in: index, at: layout)
        if let manifest = run.manifest, !FileManager.default.fileExists(atPath: layout.manifest) {
            try files.replace(layout.manifest, by: manifest, in: layout.folder)
        }
        try files.synchroniseFolder(layout.folder)
        let core = WriterCore(
            layout: layout, files: files, index: index, run: run, filter: filter,
            settings: settings, lock: lock)
        try core.adoptFilter()
        try core.recoverShards()
        return core
    }

    static func makeFolders(_ layout: StoreLayout) throws(StoreError) {
        try makeFolder(layout.shards)
    }

    /// Makes a folder, and those above it, where they are not.
    private static func makeFolder(_ path: String) throws(StoreError) {
        if mkdir(path, 0o755) == 0 { return }
        switch errno {
        case EEXIST:
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            if isFolder.boolValue { return }
            errno = ENOTDIR
        case ENOENT:
            let parent = (path as NSString).deletingLastPathComponent
            guard !parent.isEmpty, parent != path else { break }
            try makeFolder(parent)
            if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
        default: break
        }
        throw systemFailure("making the folder", path)
    }

    private static func hasShards(_ layout: StoreLayout) throws(StoreError) -> Bool {
        try layout.shardNames().contains { name in
            let attributes = try? FileManager.default.attributesOfItem(
                atPath: layout.path(ofShard: name))
            return (attributes?[.size] as? Int ?? 0) > 0
        }
    }

    private static func checkRecipe(
        _ manifest: String?, _ layout: StoreLayout
    ) throws(StoreError) {
        guard let manifest, let stored = FileManager.default.contents(atPath: layout.manifest)
        else { return }
        if stored != Data(manifest.utf8) { throw .recipeDiffers(path: layout.manifest) }
    }

    /// Goes on under the filter that judges the store already.
    private func adoptFilter() throws(StoreError) {
        let active = try indexing("reading the filter", layout.index) {
            try index.read { db in
                try Row.fetchOne(
                    db, sql: "SELECT id, name, text FROM filters ORDER BY id DESC LIMIT 1"
                ).map { row in
                    (
                        id: try row.value("id") as Int64,
                        filter: FilterRecord(
                            name: try row.value("name"), text: try row.value("text"))
                    )
                }
            }
        }
        guard let active, let filter else { return }
        guard active.filter == filter else {
            throw .filterDiffers(
                path: layout.folder, stored: active.filter.name, asked: filter.name)
        }
        filterID = active.id
    }

    /// Brings the shards back to what the index knows, and goes on with the last of each series.
    private func recoverShards() throws(StoreError) {
        let rows = try indexing("reading the shards", layout.index) {
            try index.read { db in try ShardRow.all(db) }
        }
        for row in rows where row.samples == 0 && !row.isSealed {
            // It was announced, and the run ended before a sample of it was committed.
            try files.remove(layout.path(ofShard: row.name))
            try indexing("forgetting \(row.name)", layout.index) {
                try index.write { db in
                    try db.execute(sql: "DELETE FROM shards WHERE id = ?", arguments: [row.id])
                }
            }
        }
        var last: [ShardSeries: ShardRow] = [:]
        for row in rows where row.samples > 0 || row.isSealed { last[row.series] = row }
        for (series, row) in last {
            nextNumbers[series] = row.number + 1
            if !row.isSealed { shards[series] = try reopen(row) }
        }
    }

    private func reopen(_ row: ShardRow) throws(StoreError) -> OpenShard {
        let path = layout.path(ofShard: row.name)
        guard FileManager.default.fileExists(atPath: path) else {
            throw .file(
                doing: "going on with the shard", path: path,
                reason: "it is not there; copy it back, or run `muybridge verify`")
        }
        let file = try files.open(path)
        let shard = OpenShard(
            id: row.id, name: row.name, number: row.number, samples: row.samples,
            length: row.bytes, file: file, files: files)
        let length = try files.length(of: file)
        guard length >= row.bytes else {
            throw .file(
                doing: "going on with the shard", path: path,
                reason: "it has \(length) bytes, but \(row.bytes) were committed; copy it "
                    + "back, or run `muybridge verify`")
        }
        if length > row.bytes {
            try files.truncate(file, to: row.bytes)
            try files.synchronise(file)
        }
        return shard
    }
}
