import Foundation
import GRDB

/// The state of a writer: the shards that are being filled, and the rows that wait for a commit.
///
/// Bytes go to the shards as outcomes are appended; their rows wait here. A commit makes the
/// bytes durable and then writes the rows in one transaction, so the index never knows of bytes
/// that are not there. What a crash leaves beyond the index's knowledge is cut off on opening.
final class WriterCore {
    let layout: StoreLayout
    let files: any StoreFiles
    let index: DatabaseQueue
    let run: RunRecord
    var filter: FilterRecord?
    let limits: ShardLimits
    let part: Partition?
    private let startedAt = IndexRows.now()

    /// The shards that take samples.
    var shards: [ShardSeries: OpenShard] = [:]
    /// The shards that were filled since the last commit.
    var sealed: [OpenShard] = []
    var nextNumbers: [ShardSeries: Int] = [:]
    /// Whether names in the shard folder wait to be made durable.
    var folderChanged = false

    var outcomes: [PlacedOutcome] = []
    var additions: [(sample: Int64, fields: [PlacedField])] = []
    var pendingAssets: Set<String> = []
    var pendingKeys: Set<String> = []
    var pendingBytes = 0

    private var runID: Int64?
    var filterID: Int64?
    /// Why the writer takes no more. A device that failed once may claim success the next time
    /// for bytes that it has dropped, so nothing is tried again; opening anew starts from what is
    /// durable.
    private var failure: StoreError?
    // Last, so that it is let go when all else is closed.
    private let lock: StoreLock

    init(
        layout: StoreLayout, files: any StoreFiles, index: DatabaseQueue, run: RunRecord,
        filter: FilterRecord?, settings: StoreSettings, lock: StoreLock
    ) {
        self.layout = layout
        self.files = files
        self.index = index
        self.run = run
        self.filter = filter
        limits = settings.limits
        part = settings.part
        self.lock = lock
    }

    deinit {
        // A failure here leaves the log beside the index, which the next opening reads.
        try? index.close()
    }

    func checkUsable() throws(StoreError) {
        if let failure { throw .writerStopped(cause: failure.description) }
    }

    /// Runs work that changes files or the index; after a failure the writer takes no more.
    func changing<Value>(_ work: () throws(StoreError) -> Value) throws(StoreError) -> Value {
        try checkUsable()
        do {
            return try work()
        } catch {
            failure = error
            throw error
        }
    }

    /// Makes all that was appended durable. Nothing to do is well.
    func commit() throws(StoreError) {
        try checkUsable()
        if outcomes.isEmpty, additions.isEmpty, sealed.isEmpty { return }
        try changing { () throws(StoreError) in
            let touched = (sealed + shards.values).sorted { $0.id < $1.id }
            for shard in touched { try shard.synchronise() }
            if folderChanged { try files.synchroniseFolder(layout.shards) }
            try writeRows(of: touched)
        }
        folderChanged = false
        sealed = []
        outcomes = []
        additions = []
        pendingAssets = []
        pendingKeys = []
        pendingBytes = 0
    }

    private func writeRows(of touched: [OpenShard]) throws(StoreError) {
        let ids = try indexing("committing", layout.index) {
            try index.write { db in
                let rows = try rows(db)
                for outcome in outcomes { try rows.insert(outcome) }
                if !outcomes.isEmpty { try StoreSettings.remove(StoreSettings.finished, db) }
                for addition in additions {
                    try rows.insert(addition.fields, sample: addition.sample)
                }
                for shard in touched {
                    try db.cachedStatement(
                        sql: "UPDATE shards SET bytes = ?, samples = ?, sealed = ? WHERE id = ?"
                    ).execute(arguments: [shard.length, shard.samples, shard.isSealed, shard.id])
                }
                return (run: rows.run, filter: rows.filter)
            }
        }
        (runID, filterID) = ids
    }

    /// The writer of rows, with the rows of this run and its filter in place.
    func rows(_ db: Database) throws -> IndexRows {
        var run = runID
        if run == nil {
            try db.execute(
                sql: """
                    INSERT INTO runs (started_at, tool_version, command_line, manifest, \
                    manifest_sha256, seed, part, metadata) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    startedAt, self.run.toolVersion, self.run.commandLine, self.run.manifest,
                    self.run.manifestSHA256, self.run.seed.map(String.init),
                    self.run.part?.description, self.run.metadata.text,
                ])
            run = db.lastInsertedRowID
        }
        var filter = filterID
        if filter == nil, let record = self.filter {
            filter = try WriterCore.insert(record, db)
        }
        return IndexRows(db: db, run: run, filter: filter, time: IndexRows.now())
    }

    static func insert(_ filter: FilterRecord, _ db: Database) throws -> Int64 {
        try db.execute(
            sql: "INSERT INTO filters (name, text, judged_at) VALUES (?, ?, ?)",
            arguments: [filter.name, filter.text, IndexRows.now()])
        return db.lastInsertedRowID
    }

    /// Ends every shard's archive, commits, and leaves the index as one plain file.
    func finish() throws(StoreError) {
        try changing { () throws(StoreError) in
            for (series, shard) in shards.sorted(by: { $0.value.id < $1.value.id }) {
                try shard.seal()
                sealed.append(shard)
                shards[series] = nil
            }
        }
        try commit()
        try changing { () throws(StoreError) in
            try indexing("finishing", layout.index) {
                try index.write { db in
                    try db.execute(
                        sql: "UPDATE runs SET finished_at = ? WHERE id = ?",
                        arguments: [IndexRows.now(), runID])
                    // A later stage that ends says nothing of the build before it.
                    if run.manifest != nil {
                        try StoreSettings.set(StoreSettings.finished, IndexRows.now(), db)
                    }
                }
            }
            try IndexDatabase.leaveWriting(index, path: layout.index)
        }
    }

    /// Commits, and leaves the shards open for the next run to go on with.
    func close() throws(StoreError) {
        try commit()
        try changing { () throws(StoreError) in
            try IndexDatabase.leaveWriting(index, path: layout.index)
        }
    }
}
