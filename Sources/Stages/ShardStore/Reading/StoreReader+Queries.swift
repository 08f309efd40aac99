import GRDB

extension StoreReader {
    /// The keys of samples, in the order in which they were committed.
    ///
    /// - Complexity: O(n) for n keys.
    public func keys(_ query: SampleQuery = SampleQuery()) throws(StoreError) -> [String] {
        try reading("listing the samples") { db in try SampleRows.keys(db, query) }
    }

    /// Calls `body` with samples in the order in which they were committed, which within a shard
    /// is the order in which they lie there.
    ///
    /// Rows are fetched a few at a time; a commit meanwhile is seen where it adds samples.
    ///
    /// - Throws: `StoreError.index`, and what `body` throws, which ends the walk.
    public func forEachSample(
        _ query: SampleQuery = SampleQuery(), _ body: (StoredSample) throws -> Void
    ) throws {
        var next: Int64? = 0
        while let last = next {
            let page = try reading("listing the samples") { db in
                try SampleRows.page(db, query, after: last, count: 256)
            }
            for sample in page.samples { try body(sample) }
            next = page.last
        }
    }

    /// The shards that hold samples, series by series, in order.
    ///
    /// - Parameters:
    ///   - split: those of this split; `nil` for all.
    ///   - series: those of this later stage; empty for the samples themselves, `nil` for all.
    public func shards(
        split: Split? = nil, series: String? = nil
    ) throws(StoreError) -> [StoredShard] {
        try reading("listing the shards") { db in
            try ShardRow.all(db).filter { $0.samples > 0 }.map { StoredShard($0) }
        }.filter { shard in
            (split == nil || shard.split == split) && (series == nil || shard.series == series)
        }
    }

    /// The asset of an identity, with what was found out about it; `nil` where it is not there.
    public func asset(_ id: String) throws(StoreError) -> StoredAsset? {
        try reading("looking up the asset") { db in try AssetRows.asset(db, named: id) }
    }

    /// Calls `body` with every asset in the order in which they were committed.
    ///
    /// - Throws: `StoreError.index`, and what `body` throws, which ends the walk.
    public func forEachAsset(_ body: (StoredAsset) throws -> Void) throws {
        var last: Int64 = 0
        while true {
            let page = try reading("listing the assets") { db in
                try AssetRows.page(db, after: last)
            }
            guard let end = page.last else { return }
            for (_, asset) in page { try body(asset) }
            last = end.id
        }
    }

    /// The runs that wrote to the store, in order.
    public func runs() throws(StoreError) -> [StoredRun] {
        try reading("listing the runs") { db in
            try Row.fetchAll(db, sql: "SELECT * FROM runs ORDER BY id").map { row in
                StoredRun(
                    run: RunRecord(
                        toolVersion: try row.value("tool_version"),
                        commandLine: try row.value("command_line"),
                        manifest: try row.value("manifest"),
                        manifestSHA256: try row.value("manifest_sha256"),
                        seed: (try row.value("seed") as String?).flatMap { UInt64($0) },
                        part: (try row.value("part") as String?).flatMap { Partition($0) },
                        metadata: try JSONValue(text: row.value("metadata"))),
                    startedAt: try row.value("started_at"), finishedAt: try row.value("finished_at")
                )
            }
        }
    }

    /// The part of the corpus that the store was begun for; `nil` where it is for the whole.
    public func part() throws(StoreError) -> Partition? {
        try reading("reading the settings") { db in try StoreSettings.part(db) }
    }

    /// The filter that judges the store; `nil` where none does.
    public func filter() throws(StoreError) -> FilterRecord? {
        try reading("reading the filter") { db in
            try Row.fetchOne(db, sql: "SELECT name, text FROM filters ORDER BY id DESC LIMIT 1")
                .map { try FilterRecord(name: $0.value("name"), text: $0.value("text")) }
        }
    }
}

/// A run that wrote to the store.
public struct StoredRun: Sendable, Equatable {
    /// What it was.
    public let run: RunRecord
    /// When it began, ISO 8601, UTC.
    public let startedAt: String
    /// When it finished the store; `nil` where it was interrupted or left more to do.
    public let finishedAt: String?
}
