import GRDB

/// Reads what can be read of an index, however damaged it is.
///
/// Rows are read in the order of their numbers. Where that fails, the range of numbers is halved,
/// down to single rows, as SQLite's `.recover` does page by page: a damaged page costs the rows
/// that lie in it.
final class IndexSalvage {
    private let index: DatabaseQueue?
    private(set) var problems: [StoreProblem] = []

    /// The tables of which rows could not be read.
    private(set) var damagedTables: Set<String> = []

    /// Whether anything can be read.
    var isReadable: Bool { index != nil }

    init(_ path: String) {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.label = "muybridge.store.salvage"
        configuration.prepareDatabase { db in
            // A malformed page or schema is then an error of its rows and not of all.
            try db.execute(sql: "PRAGMA cell_size_check = ON; PRAGMA writable_schema = ON")
        }
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let application = try queue.read { db in
                try Int.fetchOne(db, sql: "PRAGMA application_id")
            }
            index = application == IndexSchema.applicationID ? queue : nil
        } catch {
            index = nil
        }
        if index == nil { problems.append(StoreProblem(.index, "the old index cannot be read")) }
    }

    func close() {
        try? index?.close()
    }

    /// Gives the rows of a table to `body`, as far as they can be read and are of the types that
    /// the columns were declared with.
    func forEachRow(of table: String, _ body: (Row) throws -> Void) throws {
        guard let index else { return }
        var failures = 0
        try index.inDatabase { db in
            guard let types = try? Self.types(of: table, db) else {
                failures += 1
                return
            }
            func take(_ row: Row) throws {
                if Self.isWellTyped(row, types) { try body(row) } else { failures += 1 }
            }
            if types["id"] == nil {
                // A few rows that lie together.
                guard let rows = try? Row.fetchAll(db, sql: "SELECT * FROM \(table)") else {
                    failures += 1
                    return
                }
                for row in rows { try take(row) }
                return
            }
            let last = Self.lastRow(of: table, db)
            var ranges: [ClosedRange<Int64>] = [1...max(1, last)]
            while let range = ranges.popLast() {
                guard let stopped = try Self.read(table, range, db, take) else { continue }
                // Rows up to the one before `stopped` were read.
                if stopped >= range.upperBound {
                    failures += 1
                    continue
                }
                let middle = stopped + (range.upperBound - stopped) / 2
                ranges.append((middle + 1)...range.upperBound)
                if middle < range.upperBound { ranges.append(stopped...middle) }
            }
        }
        if failures > 0 {
            damagedTables.insert(table)
            problems.append(
                StoreProblem(.index, "\(failures) rows or pages of \(table) cannot be read"))
        }
    }

    /// The value of one cell, where it can be read.
    func value<Value: DatabaseValueConvertible>(
        _ sql: String, _ arguments: StatementArguments
    ) -> Value? {
        try? index?.inDatabase { db in
            try Value.fetchOne(db.cachedStatement(sql: sql), arguments: arguments)
        }
    }

    /// One row, where it can be read.
    func row(_ sql: String, _ arguments: StatementArguments) -> Row? {
        try? index?.inDatabase { db in
            try Row.fetchOne(db.cachedStatement(sql: sql), arguments: arguments)
        }
    }

    /// Reads rows of a range.
    ///
    /// - Returns: the first number that was not read, or `nil` where all were.
    private static func read(
        _ table: String, _ range: ClosedRange<Int64>, _ db: Database, _ take: (Row) throws -> Void
    ) throws -> Int64? {
        var next = range.lowerBound
        let cursor: RowCursor
        do {
            cursor = try Row.fetchCursor(
                db.cachedStatement(
                    sql: "SELECT * FROM \(table) WHERE id BETWEEN ? AND ? ORDER BY id"),
                arguments: [range.lowerBound, range.upperBound])
        } catch {
            return next
        }
        while true {
            let row: Row?
            do {
                row = try cursor.next()
            } catch {
                return next
            }
            guard let row else { return nil }
            guard let id = Int64.fromDatabaseValue(row["id"]), id >= next else { continue }
            try take(row)
            guard id < range.upperBound else { return nil }
            next = id + 1
        }
    }

    /// The highest row number, or a bound of it where the last page cannot be read.
    private static func lastRow(of table: String, _ db: Database) -> Int64 {
        if let last = try? Int64.fetchOne(db, sql: "SELECT max(id) FROM \(table)") { return last }
        // A row takes some bytes, so there are no more rows than bytes.
        let pages = (try? Int64.fetchOne(db, sql: "PRAGMA page_count")) ?? 0
        let size = (try? Int64.fetchOne(db, sql: "PRAGMA page_size")) ?? 0
        return max(0, min(pages, 1 << 20)) * max(0, min(size, 1 << 16)) / 8
    }

    private static func types(of table: String, _ db: Database) throws -> [String: String] {
        let columns = try db.columns(in: table).map { ($0.name, $0.type.uppercased()) }
        return Dictionary(columns) { $1 }
    }

    private static func isWellTyped(_ row: Row, _ types: [String: String]) -> Bool {
        row.allSatisfy { column, value in
            switch (types[column], value.storage) {
            case (_, .null), ("TEXT", .string), ("INTEGER", .int64), ("REAL", .double),
                ("REAL", .int64):
                true
            default: false
            }
        }
    }
}
