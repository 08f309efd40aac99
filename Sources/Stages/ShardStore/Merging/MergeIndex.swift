import GRDB

/// Joins the indexes of parts: rows are copied by SQLite itself, a table at a time, and only the
/// numbers by which they name one another are shifted.
struct MergeIndex {
    let index: DatabaseQueue
    let set: MergeParts
    let run: RunRecord

    /// The table of the files that wait to be placed.
    static let planTable = "merge_files"

    /// The tables, each after those whose rows its own rows name.
    private static let tables = [
        "runs", "assets", "clips", "samples", "fields", "measures", "decisions", "failures",
        "lost",
    ]

    /// The columns that hold the number of another table's row.
    private static let references = [
        "asset_id": "assets", "clip_id": "clips", "sample_id": "samples", "shard_id": "shards",
        "run_id": "runs",
    ]

    /// A file of a part, and where it goes.
    struct PlannedFile {
        var part: String
        var source: String
        var target: String
        var bytes: Int
    }

    /// Fills the index, which is new and empty.
    func run(keepsDuplicates: Bool) throws {
        let secondary = try dropIndexes()
        try index.write { db in
            try db.execute(
                sql: """
                    CREATE TABLE \(Self.planTable) (shard_id INTEGER PRIMARY KEY, \
                    part TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL, \
                    bytes INTEGER NOT NULL)
                    """)
            if let filter = set.parts.lazy.compactMap(\.filter).first {
                _ = try WriterCore.insert(filter, db)
            }
        }
        var numbers: [ShardSeries: Int] = [:]
        /// The last row of `assets` and of `samples` of each part.
        var ends: [(part: MergePart, rows: [String: Int64])] = []
        for part in set.parts {
            try index.inDatabase { db in
                try db.execute(
                    sql: "ATTACH DATABASE ? AS part", arguments: [part.layout.index])
                try db.inTransaction {
                    try copy(part, after: ends, numbers: &numbers, db)
                    return .commit
                }
                try db.execute(sql: "DETACH DATABASE part")
                ends.append((part, try offsets(db)))
            }
        }
        try index.write { db in
            for statement in secondary { try db.execute(sql: statement) }
            if !keepsDuplicates { try MergeDuplicates.mark(db) }
            try writeSettings(db)
        }
    }

    /// Indexes are made in one go when all rows are there.
    private func dropIndexes() throws -> [String] {
        try index.write { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT name, sql FROM sqlite_master WHERE type = 'index' \
                    AND sql IS NOT NULL ORDER BY rowid
                    """)
            for row in rows { try db.execute(sql: "DROP INDEX \(row["name"] as String)") }
            return rows.map { $0["sql"] }
        }
    }

    /// The last row of each table, after which another part's begin.
    private func offsets(_ db: Database) throws -> [String: Int64] {
        var offsets: [String: Int64] = [:]
        for table in Self.tables + ["shards"] where table != "fields" {
            offsets[table] = try Int64.fetchOne(db, sql: "SELECT max(id) FROM main.\(table)") ?? 0
        }
        return offsets
    }

    private func copy(
        _ part: MergePart, after ends: [(part: MergePart, rows: [String: Int64])],
        numbers: inout [ShardSeries: Int], _ db: Database
    ) throws {
        let offsets = try offsets(db)
        try copyShards(of: part, offset: offsets["shards"] ?? 0, numbers: &numbers, db)
        for table in Self.tables {
            let columns = try db.columns(in: table, in: "main").map(\.name)
            let values = columns.map { column in
                if column == "id" { return "id + \(offsets[table] ?? 0)" }
                if column == "filter_id" { return "1" }
                guard let other = Self.references[column] else { return column }
                return "\(column) + \(offsets[other] ?? 0)"
            }
            do {
                try db.execute(
                    sql: """
                        INSERT INTO main.\(table) (\(columns.joined(separator: ", "))) \
                        SELECT \(values.joined(separator: ", ")) FROM part.\(table) \
                        ORDER BY \(table == "fields" ? "sample_id, name" : "id")
                        """)
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
                throw try conflict(part, table, ends, db) ?? error
            }
        }
    }

    /// Says which two parts have the same asset, or the same key.
    private func conflict(
        _ part: MergePart, _ table: String,
        _ ends: [(part: MergePart, rows: [String: Int64])], _ db: Database
    ) throws -> StoreError? {
        guard let column = ["assets": "name", "samples": "key"][table],
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT ours.\(column) AS name, theirs.id FROM part.\(table) AS ours \
                    JOIN main.\(table) AS theirs ON theirs.\(column) = ours.\(column) LIMIT 1
                    """)
        else { return nil }
        let id: Int64 = row["id"]
        let other = ends.first { $0.rows[table] ?? 0 >= id }?.part.layout.folder
        let what = table == "assets" ? "asset" : "sample"
        return .unmergeable(
            path: part.layout.folder,
            what: "has the \(what) \(row["name"] as String), and so has "
                + "\(other ?? "another part"); each belongs to one part")
    }

    /// Numbers a part's shards after those before, and notes which files go where.
    private func copyShards(
        of part: MergePart, offset: Int64, numbers: inout [ShardSeries: Int], _ db: Database
    ) throws {
        let rows = try Row.fetchAll(
            db, sql: "SELECT * FROM part.shards ORDER BY series, split, number"
        ).map { try ShardRow($0) }
        for row in rows where row.samples > 0 || row.isSealed {
            let length = try ShardFile.length(part.layout.path(ofShard: row.name))
            guard let length, length == row.bytes else {
                throw StoreError.unmergeable(
                    path: part.layout.path(ofShard: row.name),
                    what: length.map { "has \($0) bytes, not \(row.bytes)" } ?? "is not there"
                        + "; run `muybridge verify` on the part")
            }
            let number = numbers[row.series] ?? 0
            numbers[row.series] = number + 1
            let name = row.series.shardName(number: number)
            try db.execute(
                sql: """
                    INSERT INTO main.shards (id, name, split, series, number, bytes, samples, \
                    sealed) VALUES (?, ?, ?, ?, ?, ?, ?, 1)
                    """,
                arguments: [
                    row.id + offset, name, row.series.split.rawValue, row.series.name, number,
                    row.bytes, row.samples,
                ])
            try db.execute(
                sql: "INSERT INTO main.\(Self.planTable) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    row.id + offset, part.part.description, row.name, name, row.bytes,
                ])
        }
    }

    private func writeSettings(_ db: Database) throws {
        for setting in set.parts[0].settings {
            let words = setting.split(separator: " ").map(String.init)
            if words[1] != "none" { try StoreSettings.set(words[0], words[1], db) }
        }
        try StoreSettings.set(Merge.setting, set.fingerprint, db)
        if set.missing.isEmpty, set.unfinished.isEmpty {
            try StoreSettings.set(StoreSettings.finished, IndexRows.now(), db)
        }
        try db.execute(
            sql: """
                INSERT INTO runs (started_at, finished_at, tool_version, command_line, metadata) \
                VALUES (?1, ?1, ?2, ?3, ?4)
                """,
            arguments: [
                IndexRows.now(), run.toolVersion, run.commandLine, run.metadata.text,
            ])
    }

    /// The files that wait to be placed, in order; none when all are.
    static func plannedFiles(_ db: Database) throws -> [PlannedFile] {
        guard try db.tableExists(planTable) else { return [] }
        return try Row.fetchAll(db, sql: "SELECT * FROM \(planTable) ORDER BY shard_id").map {
            PlannedFile(
                part: $0["part"], source: $0["source"], target: $0["target"], bytes: $0["bytes"])
        }
    }
}
