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
        let split: Split = try decoded(row["split"])
        id = row["id"]
        name = row["name"]
        series = ShardSeries(split: split, name: row["series"])
        number = row["number"]
        bytes = row["bytes"]
        samples = row["samples"]
        isSealed = row["sealed"]
    }

    /// All shards, those of a series one after another.
    static func all(_ db: Database) throws -> [ShardRow] {
        try Row.fetchAll(
            db, sql: "SELECT * FROM shards ORDER BY series, split DESC, number"
        ).map { try ShardRow($0) }
    }
}
