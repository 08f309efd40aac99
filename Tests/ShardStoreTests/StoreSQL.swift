import Foundation
import GRDB

/// What a user's `sqlite3 index.sqlite 'SELECT ...'` shows: the first column, as text.
func sql(_ store: String, _ query: String) throws -> [String] {
    var configuration = Configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(path: "\(store)/index.sqlite", configuration: configuration)
    return try queue.read { db in
        try Row.fetchAll(db, sql: query).map { row in
            String.fromDatabaseValue(row[0]) ?? "\(row[0] as DatabaseValue)"
        }
    }
}

/// Changes an index behind the store's back.
func tamper(_ store: String, _ statement: String) throws {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    let queue = try DatabaseQueue(path: "\(store)/index.sqlite", configuration: configuration)
    try queue.write { db in try db.execute(sql: statement) }
    try queue.close()
}

/// All rows of an index as text, but for the times at which things happened.
func indexDump(_ store: String) throws -> [String] {
    var configuration = Configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(path: "\(store)/index.sqlite", configuration: configuration)
    return try queue.read { db in
        let tables = try String.fetchAll(
            db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return try tables.flatMap { table in
            try Row.fetchAll(db, sql: "SELECT * FROM \(table)").map { row in
                let cells = row.filter { !$0.0.hasSuffix("_at") }
                    .map { "\($0.0)=\($0.1)" }.joined(separator: " ")
                return cells.contains("name=\"finished\"") ? "finished" : "\(table): \(cells)"
            }.sorted()
        }
    }
}
