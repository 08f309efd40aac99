import GRDB

/// A row of `shards`.
struct ShardRow: Sendable, Equatable {
    var id: Int64
    var name: String
    var series: ShardSeries
    var number: Int
    var bytes: Int
    var samples: Int
    var isSealed: Bool

    init(
        id: Int64, name: String, series: ShardSeries, number: Int, bytes: Int, samples: Int,
        isSealed: Bool
    ) {
        self.id = id
        self.name = name
        self.series = series
        self.number = number
        self.bytes = bytes
        self.samples = samples
        self.isSealed = isSealed
    }

    init(_ row: Row) throws {
        let split: Split = try decoded(row.value("split"))
        id = try row.value("id")
        name = try row.value("name")
        series = ShardSeries(split: split, name: try row.value("series"))
        number = try row.value("number")
        bytes = try row.value("bytes")
        samples = try row.value("samples")
        isSealed = try row.value("sealed")
    }

    /// All shards, those of a series one after another.
    static func all(_ db: Database) throws -> [ShardRow] {
        try Row.fetchAll(
            db, sql: "SELECT * FROM shards ORDER BY series, split DESC, number"
        ).map { try ShardRow($0) }
    }
}
