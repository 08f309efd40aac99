import Foundation
import GRDB

/// Reads samples and fields.
enum SampleRows {
    private static let fieldColumns = """
        fields.name, shards.name AS shard, fields.offset, fields.length, fields.header_bytes, \
        fields.dtype, fields.shape, fields.crc32c
        """
    private static let sampleColumns = """
        SELECT samples.id, samples.key, assets.name AS asset, clips.name AS clip, samples.split, \
        shards.name AS shard, samples.kept, samples.metadata FROM samples \
        JOIN assets ON assets.id = samples.asset_id \
        LEFT JOIN clips ON clips.id = samples.clip_id \
        JOIN shards ON shards.id = samples.shard_id
        """

    static func sample(_ db: Database, key: String) throws -> StoredSample? {
        try Row.fetchOne(
            db.cachedStatement(sql: sampleColumns + " WHERE samples.key = ?"), arguments: [key]
        ).map { try sample(db, $0) }
    }

    static func field(_ db: Database, key: String, name: String) throws -> FieldEntry? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT \(fieldColumns) FROM samples \
                JOIN fields ON fields.sample_id = samples.id \
                JOIN shards ON shards.id = fields.shard_id \
                WHERE samples.key = ? AND fields.name = ?
                """)
        return try Row.fetchOne(statement, arguments: [key, name]).map { try FieldEntry($0) }
    }

    static func keys(_ db: Database, _ query: SampleQuery) throws -> [String] {
        let (condition, arguments) = condition(query)
        return try String.fetchAll(
            db.cachedStatement(
                sql: "SELECT samples.key FROM samples\(condition) ORDER BY samples.id"),
            arguments: arguments)
    }

    /// The next samples by row number that a query asks for.
    static func page(
        _ db: Database, _ query: SampleQuery, after last: Int64, count: Int
    ) throws -> (samples: [StoredSample], last: Int64?) {
        let (condition, arguments) = condition(query, after: last)
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: sampleColumns + condition + " ORDER BY samples.id LIMIT \(count)"),
            arguments: arguments)
        return (try rows.map { try sample(db, $0) }, rows.last?["id"])
    }

    /// Tells of the samples that a query asks for, in the order of their row numbers, and after each
    /// of those of its fields that have one of the names.
    static func forEachField(
        _ db: Database, _ query: SampleQuery, named names: [String],
        onSample: (String) throws -> Void, onField: (FieldEntry) throws -> Void
    ) throws {
        let (condition, arguments) = condition(query)
        let samples = try Row.fetchCursor(
            db,
            sql: "SELECT samples.id, samples.key FROM samples\(condition) ORDER BY samples.id",
            arguments: arguments)
        let places = names.map { _ in "?" }.joined(separator: ", ")
        let fields = try db.cachedStatement(
            sql: """
                SELECT \(fieldColumns) FROM fields JOIN shards ON shards.id = fields.shard_id \
                WHERE fields.sample_id = ? AND fields.name IN (\(places))
                """)
        while let sample = try samples.next() {
            let id: Int64 = try sample.value("id")
            try onSample(sample.value("key"))
            let rows = try Row.fetchCursor(fields, arguments: [id] + StatementArguments(names))
            while let row = try rows.next() { try onField(FieldEntry(row)) }
        }
    }

    private static func sample(_ db: Database, _ row: Row) throws -> StoredSample {
        let statement = try db.cachedStatement(
            sql: """
                SELECT \(fieldColumns) FROM fields JOIN shards ON shards.id = fields.shard_id \
                WHERE fields.sample_id = ? ORDER BY fields.name
                """)
        let id: Int64 = try row.value("id")
        return StoredSample(
            key: try row.value("key"), asset: try row.value("asset"), clip: try row.value("clip"),
            split: try decoded(row.value("split")), shard: try row.value("shard"),
            isKept: try row.value("kept"),
            metadata: try row.value("metadata"),
            fields: try Row.fetchAll(statement, arguments: [id]).map { try FieldEntry($0) })
    }

    private static func condition(
        _ query: SampleQuery, after last: Int64? = nil
    ) -> (sql: String, arguments: StatementArguments) {
        var terms: [String] = []
        var arguments: StatementArguments = []
        func require(_ term: String, _ argument: (any DatabaseValueConvertible)?) {
            guard let argument else { return }
            terms.append(term)
            arguments += [argument]
        }
        require("samples.id > ?", last)
        require("samples.split = ?", query.split?.rawValue)
        require("samples.asset_id = (SELECT id FROM assets WHERE name = ?)", query.asset)
        require("samples.kept = ?", query.isKept)
        require("samples.shard_id = (SELECT id FROM shards WHERE name = ?)", query.shard)
        require(
            """
            NOT EXISTS (SELECT 1 FROM fields WHERE fields.sample_id = samples.id \
            AND fields.name = ?)
            """, query.lackingField)
        return (terms.isEmpty ? "" : " WHERE " + terms.joined(separator: " AND "), arguments)
    }
}

extension FieldEntry {
    /// A row of the field columns. Numbers that cannot be right are refused here, since they
    /// become ranges of memory.
    init(_ row: Row) throws {
        let type = (try row.value("dtype") as String?).flatMap { ElementType(rawValue: $0) }
        let shape = (try row.value("shape") as String?).flatMap { text in
            try? JSONDecoder().decode([Int].self, from: Data(text.utf8))
        }
        let name: String = try row.value("name")
        let offset: Int = try row.value("offset")
        let length: Int = try row.value("length")
        let header: Int = try row.value("header_bytes")
        let checksum: Int64 = try row.value("crc32c")
        let isArray = (try row.value("dtype") as String?) != nil
        guard length >= 0, header >= 0, offset >= header, offset <= Int.max / 2 - length,
            isArray == (type != nil), isArray == (shape != nil),
            let checksum = UInt32(exactly: checksum),
            !isArray || (type?.byteCount(ofShape: shape ?? []) == length && offset % 64 == 0)
        else {
            throw DatabaseError(
                resultCode: .SQLITE_MISMATCH,
                message: "the row of field \(name) cannot be right")
        }
        self.init(
            name: name, shard: try row.value("shard"), offset: offset, length: length,
            headerByteCount: header, type: type, shape: shape, checksum: checksum)
    }
}
