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
