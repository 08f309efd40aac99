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
        return try rows.map { row in (try row.value("id"), try asset(db, row)) }
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
            ids[try row.value("name")] = try row.value("id")
        }
        return ids
    }

    private static func asset(_ db: Database, _ row: Row) throws -> StoredAsset {
        let id: Int64 = try row.value("id")
        let attempts: Int = try row.value("attempts")
        let clips = try rows(db, "SELECT * FROM clips WHERE asset_id = ? ORDER BY position", id)
        return StoredAsset(
            asset: try record(row), attempts: attempts,
            isQuarantined: try row.value("quarantined"), fate: try Fate(row),
            clips: try clips.map { clip in
                ClipRecord(
                    name: try clip.value("name"),
                    durationSeconds: try clip.value("duration_seconds"),
                    metadata: try JSONValue(text: clip.value("metadata")))
            },
            clipFates: try clips.map { try Fate($0) }, measures: try measures(db, id),
            decisions: try decisions(db, id), failures: try failures(db, id, attempt: attempts),
            sampleKeys: try rows(db, "SELECT key FROM samples WHERE asset_id = ? ORDER BY id", id)
                .map { try $0.value("key") })
    }

    private static func record(_ row: Row) throws -> AssetRecord {
        AssetRecord(
            id: try row.value("name"), split: try decoded(row.value("split")),
            path: try row.value("path"),
            sha256: try row.value("sha256"), byteCount: try row.value("bytes"),
            format: try row.value("format"),
            licence: try row.value("licence"), metadata: try JSONValue(text: row.value("metadata")),
            aliasOf: try row.value("alias_of"), timings: try JSONValue(text: row.value("timings")))
    }

    private static func measures(_ db: Database, _ asset: Int64) throws -> [Measure] {
        let sql = """
            SELECT measures.name, measures.value, measures.series, clips.name AS clip \
            FROM measures LEFT JOIN clips ON clips.id = measures.clip_id \
            WHERE measures.asset_id = ? ORDER BY measures.id
            """
        return try rows(db, sql, asset).map { row in
            let numbers = try numbers(row)
            let isSeries = try row.value("series") as String? != nil
            return Measure(
                name: try row.value("name"), clip: try row.value("clip"),
                value: isSeries ? .series(numbers) : .scalar(numbers[0]))
        }
    }

    /// The numbers of a row of measures: one, or a series.
    static func numbers(_ row: Row) throws -> [Double] {
        guard let series = try row.value("series") as String? else {
            return [try row.value("value") ?? .nan]
        }
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
                stage: try row.value("stage"), rule: try row.value("rule"),
                position: try row.value("position"),
                clip: try row.value("clip"), verdict: try decoded(row.value("verdict")),
                reason: try row.value("reason"))
        }
    }

    private static func failures(
        _ db: Database, _ asset: Int64, attempt: Int
    ) throws -> [FailureRecord] {
        let sql = "SELECT * FROM failures WHERE asset_id = ? AND attempt = \(attempt) ORDER BY id"
        return try rows(db, sql, asset).map { row in
            FailureRecord(
                stage: try row.value("stage"), clip: try row.value("clip"),
                cause: try row.value("cause"),
                message: try row.value("message"), replayCommand: try row.value("replay_command"))
        }
    }

    private static func rows(_ db: Database, _ sql: String, _ id: Int64) throws -> [Row] {
        try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [id])
    }
}

extension Row {
    /// The value of a column. A subscript of GRDB's ends the program where the index was damaged
    /// and the column holds something else; this throws.
    func value<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
        try decode(Value.self, forColumn: column)
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
            outcome: try decoded(row.value("fate")), stage: try row.value("fate_stage"),
            rule: try row.value("fate_rule"),
            reason: try row.value("fate_reason"))
    }
}
