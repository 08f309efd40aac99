import GRDB

/// Reads assets with all that hangs on them.
enum AssetRows {
    private static let pageSize = 500

    /// The next assets by row number, fewer than a page at the end.
    static func page(_ db: Database, after last: Int64) throws -> [(id: Int64, StoredAsset)] {
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: "SELECT * FROM assets WHERE id > ? ORDER BY id LIMIT \(pageSize)"),
            arguments: [last])
        return try rows.map { row in (row["id"], try asset(db, row)) }
    }

    /// Calls `body` with every asset and its row number.
    static func forEach(_ db: Database, _ body: (Int64, StoredAsset) throws -> Void) throws {
        var last: Int64 = 0
        while true {
            let page = try page(db, after: last)
            guard let end = page.last else { return }
            for (id, asset) in page { try body(id, asset) }
            last = end.id
        }
    }

    /// The asset of an identity.
    static func asset(_ db: Database, named name: String) throws -> StoredAsset? {
        try Row.fetchOne(
            db.cachedStatement(sql: "SELECT * FROM assets WHERE name = ?"), arguments: [name]
        ).map { try asset(db, $0) }
    }

    /// The row numbers of an asset's clips by their names.
    static func clipIDs(_ db: Database, asset: Int64) throws -> [String: Int64] {
        var ids: [String: Int64] = [:]
        for row in try rows(db, "SELECT id, name FROM clips WHERE asset_id = ?", asset) {
            ids[row["name"]] = row["id"]
        }
        return ids
    }

    private static func asset(_ db: Database, _ row: Row) throws -> StoredAsset {
        let id: Int64 = row["id"]
        let attempts: Int = row["attempts"]
        let clips = try rows(db, "SELECT * FROM clips WHERE asset_id = ? ORDER BY position", id)
        return StoredAsset(
            asset: try record(row), attempts: attempts,
            isQuarantined: row["quarantined"], fate: try Fate(row),
            clips: try clips.map { clip in
                ClipRecord(
                    name: clip["name"], durationSeconds: clip["duration_seconds"],
                    metadata: try JSONValue(text: clip["metadata"]))
            },
            clipFates: try clips.map { try Fate($0) }, measures: try measures(db, id),
            decisions: try decisions(db, id), failures: try failures(db, id, attempt: attempts),
            sampleKeys: try rows(db, "SELECT key FROM samples WHERE asset_id = ? ORDER BY id", id)
                .map { $0["key"] })
    }

    private static func record(_ row: Row) throws -> AssetRecord {
        AssetRecord(
            id: row["name"], split: try decoded(row["split"]), path: row["path"],
            sha256: row["sha256"], byteCount: row["bytes"], format: row["format"],
            licence: row["licence"], metadata: try JSONValue(text: row["metadata"]),
            aliasOf: row["alias_of"], timings: try JSONValue(text: row["timings"]))
    }

    private static func measures(_ db: Database, _ asset: Int64) throws -> [Measure] {
        let sql = """
            SELECT measures.name, measures.value, measures.series, clips.name AS clip \
            FROM measures LEFT JOIN clips ON clips.id = measures.clip_id \
            WHERE measures.asset_id = ? ORDER BY measures.id
            """
        return try rows(db, sql, asset).map { row in
            let numbers = try numbers(row)
            let isSeries = row["series"] as String? != nil
            let value = isSeries ? Measure.Value.series(numbers) : .scalar(numbers[0])
            return Measure(name: row["name"], clip: row["clip"], value: value)
        }
    }

    /// The numbers of a row of measures: one, or a series.
    static func numbers(_ row: Row) throws -> [Double] {
        guard let series = row["series"] as String? else { return [row["value"] ?? .nan] }
        guard case .array(let numbers) = try JSONValue(text: series) else {
            throw DatabaseError(resultCode: .SQLITE_MISMATCH, message: "a series that is no list")
        }
        return numbers.map(number)
    }

    private static func number(_ value: JSONValue) -> Double {
        switch value {
        case .number(let number): number
        case .integer(let number): Double(number)
        default: .nan
        }
    }

    private static func decisions(_ db: Database, _ asset: Int64) throws -> [Decision] {
        let sql = """
            SELECT decisions.stage, decisions.rule, decisions.position, decisions.verdict, \
            decisions.reason, clips.name AS clip \
            FROM decisions LEFT JOIN clips ON clips.id = decisions.clip_id \
            WHERE decisions.asset_id = ? ORDER BY decisions.id
            """
        return try rows(db, sql, asset).map { row in
            Decision(
                stage: row["stage"], rule: row["rule"], position: row["position"],
                clip: row["clip"], verdict: try decoded(row["verdict"]), reason: row["reason"])
        }
    }

    private static func failures(
        _ db: Database, _ asset: Int64, attempt: Int
    ) throws -> [FailureRecord] {
        let sql = "SELECT * FROM failures WHERE asset_id = ? AND attempt = \(attempt) ORDER BY id"
        return try rows(db, sql, asset).map { row in
            FailureRecord(
                stage: row["stage"], clip: row["clip"], cause: row["cause"],
                message: row["message"], replayCommand: row["replay_command"])
        }
    }

    private static func rows(_ db: Database, _ sql: String, _ id: Int64) throws -> [Row] {
        try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [id])
    }
}

/// The value of a word that a column's check lets in.
func decoded<Value: RawRepresentable>(_ word: String) throws -> Value
where Value.RawValue == String {
    guard let value = Value(rawValue: word) else {
        throw DatabaseError(resultCode: .SQLITE_MISMATCH, message: "the index says \(word)")
    }
    return value
}

extension Fate {
    /// The fate columns of an asset or a clip.
    init(_ row: Row) throws {
        self.init(
            outcome: try decoded(row["fate"]), stage: row["fate_stage"], rule: row["fate_rule"],
            reason: row["fate_reason"])
    }
}
