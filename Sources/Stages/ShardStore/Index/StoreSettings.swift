import GRDB

/// What is fixed for a store when it is begun: the rows of `settings`.
struct StoreSettings {
    /// When a shard is full.
    var limits: ShardLimits
    /// The part of the corpus that the store is for; `nil` for the whole.
    var part: Partition?

    /// The setting that says when a build came to its end; gone while one is at work.
    static let finished = "finished"

    /// Fixes the settings of a new store, or holds those of an old one against what is asked.
    ///
    /// A run that follows a recipe builds the very part that the store is for; another, such as
    /// one that judges again or adds fields, need not name it.
    ///
    /// - Throws: `StoreError.settingsDiffer` or `index`.
    static func settle(
        limits asked: ShardLimits?, run: RunRecord, in index: DatabaseQueue, at layout: StoreLayout
    ) throws(StoreError) -> StoreSettings {
        let wanted = asked ?? .standard
        return try indexing("reading the settings", layout.index) {
            try index.write { db in
                let isNew = try value("format", db) == nil
                func fix(_ name: String, _ value: Int) throws -> Int {
                    guard let text = try self.value(name, db) else {
                        try set(name, String(value), db)
                        return value
                    }
                    guard let stored = Int(text), asked == nil || stored == value else {
                        throw differ(name, text, String(value), layout)
                    }
                    return stored
                }
                if isNew { try set("format", String(SampleRecord.format), db) }
                let limits = try ShardLimits(
                    maximumBytes: fix("shard_bytes", wanted.maximumBytes),
                    maximumSamples: fix("shard_samples", wanted.maximumSamples))
                if isNew, let part = run.part { try set("part", part.description, db) }
                let part = try part(db)
                if part != run.part, run.part != nil || run.manifest != nil {
                    throw differ("part", text(part), text(run.part), layout)
                }
                return StoreSettings(limits: limits, part: part)
            }
        }
    }

    /// The part of the corpus that a store is for.
    static func part(_ db: Database) throws -> Partition? {
        guard let text = try value("part", db) else { return nil }
        guard let part = Partition(text) else {
            throw DatabaseError(resultCode: .SQLITE_MISMATCH, message: "the index has part \(text)")
        }
        return part
    }

    /// The value of a setting, or `nil` where it is not set.
    static func value(_ name: String, _ db: Database) throws -> String? {
        try String.fetchOne(
            db, sql: "SELECT value FROM settings WHERE name = ?", arguments: [name])
    }

    /// Sets a setting.
    static func set(_ name: String, _ value: String, _ db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)",
            arguments: [name, value])
    }

    /// Forgets a setting.
    static func remove(_ name: String, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM settings WHERE name = ?", arguments: [name])
    }

    private static func text(_ part: Partition?) -> String {
        part?.description ?? "the whole corpus"
    }

    private static func differ(
        _ name: String, _ stored: String, _ asked: String, _ layout: StoreLayout
    ) -> StoreError {
        .settingsDiffer(path: layout.folder, setting: name, stored: stored, asked: asked)
    }
}
