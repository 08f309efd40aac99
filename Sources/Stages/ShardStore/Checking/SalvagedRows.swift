import GRDB

/// Brings the rows of an old index into a new one, under their old numbers.
///
/// What the shards hold themselves is not taken over: shards and fields. Of samples, the new index
/// gets a temporary table, `old_samples`, from which they get their old numbers and runs.
struct SalvagedRows {
    let salvage: IndexSalvage
    let db: Database

    private static let tables = [
        "settings", "runs", "filters", "assets", "clips", "measures", "decisions", "failures",
    ]

    /// Columns that hold JSON, and what stands in for text that is none.
    private static let json = [
        "assets": ["metadata", "timings"], "clips": ["metadata"], "runs": ["metadata"],
        "measures": ["series"],
    ]

    /// Takes over all that can be read.
    func run() throws {
        for table in Self.tables { try copy(table) }
        try copySamples()
        try dropOrphans()
    }

    private func copy(_ table: String) throws {
        let columns = Set(try db.columns(in: table).map(\.name))
        try salvage.forEachRow(of: table) { row in
            let names = Array(row.columnNames).filter(columns.contains)
            var values: [DatabaseValue] = names.map { row[$0] }
            for column in Self.json[table] ?? [] {
                guard let position = names.firstIndex(of: column) else { continue }
                guard let text = String.fromDatabaseValue(values[position]) else { continue }
                if (try? JSONValue(text: text)) == nil { values[position] = "{}".databaseValue }
            }
            // A row that breaks a rule of the table is damaged, and left out.
            try db.cachedStatement(
                sql: """
                    INSERT OR IGNORE INTO \(table) (\(names.joined(separator: ", "))) \
                    VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))
                    """
            ).execute(arguments: StatementArguments(values))
        }
    }

    private func copySamples() throws {
        try db.execute(
            sql: """
                CREATE TEMP TABLE old_samples (id INTEGER PRIMARY KEY, key TEXT UNIQUE, \
                asset_id INTEGER, run_id INTEGER)
                """)
        try salvage.forEachRow(of: "samples") { row in
            let names = ["id", "key", "asset_id", "run_id"]
            let values: [DatabaseValue] = names.map { row[$0] }
            try db.cachedStatement(
                sql: "INSERT OR IGNORE INTO temp.old_samples VALUES (?, ?, ?, ?)"
            ).execute(arguments: StatementArguments(values))
        }
    }

    /// Rows must not come to hang on other rows that take the numbers of lost ones.
    private func dropOrphans() throws {
        try db.execute(
            sql: """
                DELETE FROM clips WHERE asset_id NOT IN (SELECT id FROM assets);
                DELETE FROM temp.old_samples WHERE asset_id NOT IN (SELECT id FROM assets);
                DELETE FROM failures WHERE asset_id NOT IN (SELECT id FROM assets);
                DELETE FROM measures WHERE asset_id NOT IN (SELECT id FROM assets)
                    OR clip_id NOT IN (SELECT id FROM clips)
                    OR series IS NOT NULL AND series NOT LIKE '[%';
                DELETE FROM decisions WHERE asset_id NOT IN (SELECT id FROM assets)
                    OR clip_id NOT IN (SELECT id FROM clips)
                    OR filter_id NOT IN (SELECT id FROM filters);
                UPDATE assets SET run_id = NULL WHERE run_id NOT IN (SELECT id FROM runs);
                UPDATE failures SET run_id = NULL WHERE run_id NOT IN (SELECT id FROM runs);
                UPDATE temp.old_samples SET run_id = NULL
                    WHERE run_id NOT IN (SELECT id FROM runs);
                """)
    }
}
