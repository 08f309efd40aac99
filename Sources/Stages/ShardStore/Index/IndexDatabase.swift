import Foundation
import GRDB

/// Opens `index.sqlite` for its one writer or for readers.
enum IndexDatabase {
    /// How long a connection waits for another's lock.
    private static let busySeconds = 20.0

    /// Opens the index for writing, creates it where it is not, and brings its tables up to date.
    ///
    /// Commits are durable when they return: `synchronous` is EXTRA, since FULL leaves the removal
    /// of a rollback journal to chance. While it is being written the index keeps a write-ahead
    /// log, so that readers neither wait nor are waited for.
    static func openForWriting(_ path: String) throws(StoreError) -> DatabaseQueue {
        try indexing("opening the index", path) {
            var configuration = Configuration()
            configuration.busyMode = .timeout(busySeconds)
            configuration.label = "muybridge.store.writer"
            configuration.prepareDatabase { db in
                try db.execute(sql: "PRAGMA synchronous = EXTRA")
            }
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let migrator = IndexSchema.migrator
            try queue.read { db in try check(db, path) }
            try setJournal("WAL", of: queue)
            try migrator.migrate(queue)
            return queue
        }
    }

    /// Makes an index that is filled in bulk under a name of its own: nothing is durable until the
    /// caller makes the whole file so.
    static func openForBulk(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.label = "muybridge.store.bulk"
        configuration.prepareDatabase { db in
            try db.execute(
                sql: """
                    PRAGMA journal_mode = MEMORY;
                    PRAGMA synchronous = OFF;
                    PRAGMA cache_size = -262144;
                    """)
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try IndexSchema.migrator.migrate(queue)
        return queue
    }

    /// Turns the write-ahead log back into the one plain file that read-only media need.
    ///
    /// A reader that holds the log open keeps it; the index is whole either way.
    static func leaveWriting(_ queue: DatabaseQueue, path: String) throws(StoreError) {
        try indexing("closing the index", path) {
            try queue.inDatabase { db in
                try db.execute(sql: "PRAGMA busy_timeout = 1000")
                _ = try? db.checkpoint(.truncate)
                try db.execute(sql: "PRAGMA busy_timeout = 0")
            }
            try? setJournal("DELETE", of: queue)
            try queue.close()
        }
    }

    /// Opens the index for reading, from read-only media too.
    static func openForReading(_ path: String) throws(StoreError) -> DatabasePool {
        guard FileManager.default.fileExists(atPath: path) else {
            throw .notAStore(path: path, what: "there is no index")
        }
        return try indexing("opening the index", path) {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(busySeconds)
            configuration.label = "muybridge.store.reader"
            configuration.maximumReaderCount = max(
                4, ProcessInfo.processInfo.activeProcessorCount)
            do {
                return try open(path, at: path, configuration)
            } catch let error as DatabaseError
                where error.resultCode == .SQLITE_CANTOPEN && isSettled(path)
            {
                // An index that was left in write-ahead mode needs a log file, which read-only
                // media cannot hold. Without a log there is nothing that could still change it.
                let escaped =
                    path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
                return try open("file:\(escaped)?immutable=1", at: path, configuration)
            }
        }
    }

    /// Whether no log or journal waits beside the index.
    private static func isSettled(_ path: String) -> Bool {
        ["-wal", "-journal"].allSatisfy { suffix in
            let attributes = try? FileManager.default.attributesOfItem(atPath: path + suffix)
            return (attributes?[.size] as? Int ?? 0) == 0
        }
    }

    private static func open(
        _ address: String, at path: String, _ configuration: Configuration
    ) throws -> DatabasePool {
        let pool = try DatabasePool(path: address, configuration: configuration)
        try pool.read { db in
            try check(db, path)
            guard try IndexSchema.migrator.hasCompletedMigrations(db) else {
                throw StoreError.olderVersion(path: path)
            }
        }
        return pool
    }

    /// Refuses databases of other applications and of newer versions.
    private static func check(_ db: Database, _ path: String) throws {
        // The migrator's own table comes first, in a transaction of its own.
        let tables = "SELECT count(*) FROM sqlite_master WHERE tbl_name <> 'grdb_migrations'"
        guard try Int.fetchOne(db, sql: tables) ?? 0 > 0 else {
            if db.configuration.readonly {
                throw StoreError.notAStore(path: path, what: "the database is empty")
            }
            return
        }
        guard try Int.fetchOne(db, sql: "PRAGMA application_id") == IndexSchema.applicationID
        else {
            throw StoreError.notAStore(path: path, what: "the database is of another application")
        }
        if try IndexSchema.migrator.hasBeenSuperseded(db) {
            throw StoreError.newerVersion(path: path)
        }
    }

    private static func setJournal(_ mode: String, of queue: DatabaseQueue) throws {
        try queue.inDatabase { db in
            _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = \(mode)")
        }
    }
}

/// Runs work on the index at `path` and gives its errors the room's type.
func indexing<Value>(
    _ doing: String, _ path: String, _ work: () throws -> Value
) throws(StoreError) -> Value {
    do {
        return try work()
    } catch let error as StoreError {
        throw error
    } catch let error as DatabaseError {
        let advice =
            switch error.resultCode {
            case .SQLITE_FULL: "; make room, then run again to resume"
            case .SQLITE_READONLY, .SQLITE_CANTOPEN: "; choose a folder that can be written"
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: "; rebuild it with `muybridge verify --repair`"
            default: ""
            }
        throw .index(
            doing: doing, path: path,
            reason: (error.message ?? error.resultCode.description) + advice)
    } catch {
        throw .index(doing: doing, path: path, reason: "\(error)")
    }
}
