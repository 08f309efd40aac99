import Foundation
import GRDB

/// The work of a rebuild, within its one transaction.
struct Rebuild {
    let layout: StoreLayout
    let salvage: IndexSalvage?
    private(set) var problems: [StoreProblem] = []

    /// What the old index says of the shards, by their names.
    private var oldShards: [String: OldShard] = [:]
    /// Assets and clips that the old index did not tell of.
    private var newAssets: Set<Int64> = []
    /// The number that the next sample gets that the old index did not tell of.
    private var nextSample: Int64 = 1
    /// Of assets of which not all samples were found yet: how many were.
    private var found: [Int64: Int] = [:]

    private struct OldShard {
        var bytes: Int
        var isSealed: Bool
        var lost: [Range<Int>]
    }

    init(layout: StoreLayout, salvage: IndexSalvage?) {
        self.layout = layout
        self.salvage = salvage
    }

    mutating func run(_ db: Database) throws {
        let rows = IndexRows(db: db, run: nil, filter: nil, time: IndexRows.now())
        if let salvage {
            try SalvagedRows(salvage: salvage, db: db).run()
            try readOldShards(salvage)
            let last = try Int64.fetchOne(db, sql: "SELECT max(id) FROM temp.old_samples")
            nextSample = (last ?? 0) + 1
            problems += salvage.problems
        }
        let names = try layout.shardNames()
        reportMissing(names)
        let named = names.compactMap { name in
            ShardSeries.parse(fileName: String(name.dropFirst(StoreLayout.shardFolder.count + 1)))
                .map { (name: name, series: $0.series, number: $0.number) }
        }
        // Samples first, so that later stages find them.
        let ordered = named.sorted {
            ($0.series.name, $0.series.split.rawValue, $0.number)
                < ($1.series.name, $1.series.split.rawValue, $1.number)
        }
        for (position, shard) in ordered.enumerated() {
            let isLast =
                position + 1 == ordered.count || ordered[position + 1].series != shard.series
            var scan = ShardScan(
                name: shard.name, series: shard.series,
                file: try ShardFile(layout.path(ofShard: shard.name)))
            try scan.run()
            try take(&scan, number: shard.number, isLast: isLast, rows)
        }
        try settleAssets(db)
    }

    private mutating func readOldShards(_ salvage: IndexSalvage) throws {
        var names: [Int64: String] = [:]
        var shards: [String: OldShard] = [:]
        try salvage.forEachRow(of: "shards") { row in
            names[row["id"]] = row["name"]
            shards[row["name"]] = OldShard(
                bytes: row["bytes"], isSealed: row["sealed"] != 0, lost: [])
        }
        try salvage.forEachRow(of: "lost") { row in
            let (shard, offset, length): (Int64, Int, Int) = (
                row["shard_id"], row["offset"], row["length"]
            )
            guard let name = names[shard], offset >= 0, length > 0,
                offset <= Int.max / 2 - length
            else { return }
            shards[name]?.lost.append(offset..<offset + length)
        }
        oldShards = shards
    }

    private mutating func reportMissing(_ names: [String]) {
        for name in Set(oldShards.keys).subtracting(names).sorted()
        where oldShards[name]?.bytes ?? 0 > 0 {
            problems.append(
                StoreProblem(.shardMissing, shard: name, "the shard is not there, nor its samples"))
        }
    }

    private mutating func take(
        _ scan: inout ShardScan, number: Int, isLast: Bool, _ rows: IndexRows
    ) throws {
        if let old = oldShards[scan.name] {
            // What lies beyond the index of an open shard was never committed.
            if !old.isSealed { scan.cut(toByte: old.bytes) }
            scan.drop { group in old.lost.contains { $0.overlaps(group.start..<group.end) } }
        }
        try scan.dropDamaged(recordsDiffer: recordDiffers)
        // Only the newest shard of a series can be unfinished, and is then gone on with: what
        // lies beyond its last whole outcome is cut off then, and so must not be counted now.
        var isOpen = isLast && !scan.isEnded && !scan.isDamagedInside
        if isOpen { scan.cut(to: wholeOutcomes(scan.groups)) }
        // Without a group the shard is made anew, unless it might be something else.
        if scan.groups.isEmpty { isOpen = isOpen && scan.isCutShort }
        let length = isOpen ? scan.groups.last?.end ?? 0 : scan.file.length
        try rows.db.execute(
            sql: """
                INSERT INTO shards (name, split, series, number, bytes, samples, sealed) \
                VALUES (?, ?, ?, ?, ?, 0, ?)
                """,
            arguments: [
                scan.name, scan.series.split.rawValue, scan.series.name, number, length, !isOpen,
            ])
        let shard = rows.db.lastInsertedRowID
        var taken: [Range<Int>] = []
        for group in scan.groups where try insert(group, shard, scan, rows) {
            taken.append(group.start..<group.end)
        }
        try rows.db.execute(
            sql: "UPDATE shards SET samples = ? WHERE id = ?", arguments: [taken.count, shard])
        let end = scan.isEnded ? length - TarHeader.endLength : length
        try insertLost(between: taken, end: end, isEnded: isOpen || scan.isEnded, shard, rows.db)
        problems += scan.problems
    }

    /// Notes which bytes of a shard are of no sample that the index knows.
    private func insertLost(
        between taken: [Range<Int>], end: Int, isEnded: Bool, _ shard: Int64, _ db: Database
    ) throws {
        var gaps: [Range<Int>] = []
        var at = 0
        for range in taken {
            if range.lowerBound > at { gaps.append(at..<range.lowerBound) }
            at = range.upperBound
        }
        // A range of no bytes says that the blocks that end the archive are missing.
        if end > at || !isEnded { gaps.append(at..<end) }
        for gap in gaps {
            try db.execute(
                sql: "INSERT INTO lost (shard_id, offset, length, reason) VALUES (?, ?, ?, ?)",
                arguments: [shard, gap.lowerBound, gap.count, "given up by a repair"])
        }
    }

    /// How many of the groups belong to outcomes that are whole.
    private func wholeOutcomes(_ groups: [ShardScan.Group]) -> Int {
        guard let last = groups.last else { return 0 }
        let missing = last.record.assetSamples - 1 - last.record.assetPosition
        if missing <= 0 { return groups.count }
        return groups.lastIndex { $0.record.asset != last.record.asset }.map { $0 + 1 } ?? 0
    }

    /// Whether a record is provably not the one that was written: its checksum is another than the
    /// old index has, and so is what it says.
    private func recordDiffers(_ group: ShardScan.Group) -> Bool {
        guard let salvage, let field = group.fields.last else { return false }
        let row = salvage.row(
            """
            SELECT fields.crc32c, samples.metadata, assets.name AS asset, clips.name AS clip \
            FROM samples JOIN fields ON fields.sample_id = samples.id \
            JOIN assets ON assets.id = samples.asset_id \
            LEFT JOIN clips ON clips.id = samples.clip_id \
            WHERE samples.key = ? AND fields.name = ?
            """, [group.record.key, field.name])
        guard let row, let checksum = Int64.fromDatabaseValue(row["crc32c"]),
            checksum != Int64(field.checksum)
        else { return false }
        let record = group.record
        return String.fromDatabaseValue(row["asset"]) != record.asset
            || String.fromDatabaseValue(row["clip"]) != record.clip
            || !record.series.isEmpty
            || String.fromDatabaseValue(row["metadata"]) != record.metadata.text
    }

    private mutating func insert(
        _ group: ShardScan.Group, _ shard: Int64, _ scan: ShardScan, _ rows: IndexRows
    ) throws -> Bool {
        let record = group.record
        let fields = group.fields.map { field in
            var field = field
            field.shard = shard
            return field
        }
        let known = try Int64.fetchOne(
            rows.db.cachedStatement(sql: "SELECT id FROM samples WHERE key = ?"),
            arguments: [record.key])
        guard scan.series.name.isEmpty == (known == nil) else {
            problems.append(
                StoreProblem(
                    .record, shard: scan.name, sample: record.key,
                    known == nil
                        ? "fields of a later stage for a sample that is gone; they are left out"
                        : "another shard has a sample of this key; this one is left out"))
            return false
        }
        if let known {
            try rows.insert(fields, sample: known)
            return true
        }
        let asset = try asset(record, rows)
        let clip = try clip(record, asset, rows)
        try insertSample(record, asset: asset, clip: clip, shard: shard, fields, rows)
        let count = (found[asset] ?? 0) + 1
        found[asset] = count < record.assetSamples ? count : nil
        return true
    }
}

// MARK: Rows

extension Rebuild {
    /// A sample, under its old number and of its old run where they are known.
    private mutating func insertSample(
        _ record: SampleRecord, asset: Int64, clip: Int64?, shard: Int64, _ fields: [PlacedField],
        _ rows: IndexRows
    ) throws {
        var id: Int64?
        var run: Int64?
        if salvage != nil {
            let old = try Row.fetchOne(
                rows.db.cachedStatement(
                    sql: "SELECT id, run_id FROM temp.old_samples WHERE key = ?"),
                arguments: [record.key])
            (id, run) = (old?["id"], old?["run_id"])
        }
        if id == nil {
            id = nextSample
            nextSample += 1
        }
        try rows.db.cachedStatement(
            sql: """
                INSERT INTO samples (id, key, asset_id, clip_id, split, shard_id, kept, metadata, \
                run_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            id, record.key, asset, clip, record.split.rawValue, shard, record.kept,
            record.metadata.text, run,
        ])
        try rows.insert(fields, sample: rows.db.lastInsertedRowID)
    }

    private func fate(_ record: SampleRecord) -> Fate {
        record.kept ? .kept : Fate(outcome: .rejected, reason: "rejected when it was built")
    }

    private mutating func asset(_ record: SampleRecord, _ rows: IndexRows) throws -> Int64 {
        let known = try Row.fetchOne(
            rows.db.cachedStatement(sql: "SELECT id, split FROM assets WHERE name = ?"),
            arguments: [record.asset])
        if let known {
            let id: Int64 = known["id"]
            if known["split"] != record.split.rawValue {
                try rows.db.execute(
                    sql: "UPDATE assets SET split = ? WHERE id = ?",
                    arguments: [record.split.rawValue, id])
            }
            if record.kept, newAssets.contains(id) {
                try rows.db.execute(
                    sql: "UPDATE assets SET fate = 'kept', fate_reason = NULL WHERE id = ?",
                    arguments: [id])
            }
            return id
        }
        let id = try rows.insert(
            AssetRecord(id: record.asset, split: record.split, path: ""), fate: fate(record))
        newAssets.insert(id)
        return id
    }

    private func clip(
        _ record: SampleRecord, _ asset: Int64, _ rows: IndexRows
    ) throws -> Int64? {
        guard let name = record.clip else { return nil }
        let known = try Int64.fetchOne(
            rows.db.cachedStatement(sql: "SELECT id FROM clips WHERE asset_id = ? AND name = ?"),
            arguments: [asset, name])
        if let known { return known }
        let position =
            try Int.fetchOne(
                rows.db.cachedStatement(
                    sql: "SELECT max(position) + 1 FROM clips WHERE asset_id = ?"),
                arguments: [asset]) ?? 0
        return try rows.insert(
            ClipRecord(name: name), asset: asset, position: position, fate: fate(record))
    }

    /// Marks what a build must complete, and brings the samples' marks in line with the fates.
    private mutating func settleAssets(_ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE assets SET incomplete = 0
                    WHERE id IN (SELECT asset_id FROM samples);
                UPDATE samples SET kept = (SELECT coalesce(clips.fate, assets.fate) = 'kept'
                    FROM assets LEFT JOIN clips ON clips.id = samples.clip_id
                    WHERE assets.id = samples.asset_id);
                """)
        if let salvage {
            if salvage.damagedTables.contains("samples") {
                // Their samples may have been in rows that cannot be read.
                try db.execute(
                    sql: """
                        UPDATE assets SET incomplete = 1 WHERE fate = 'kept'
                            AND id NOT IN (SELECT asset_id FROM samples)
                        """)
            }
            try db.execute(
                sql: """
                    UPDATE assets SET incomplete = 1 WHERE id IN (SELECT asset_id FROM
                        temp.old_samples WHERE key NOT IN (SELECT key FROM samples));
                    DROP TABLE temp.old_samples;
                    """)
        }
        for (id, count) in found.sorted(by: { $0.key < $1.key }) {
            try db.execute(sql: "UPDATE assets SET incomplete = 1 WHERE id = ?", arguments: [id])
            let name = try String.fetchOne(
                db, sql: "SELECT name FROM assets WHERE id = ?", arguments: [id])
            problems.append(
                StoreProblem(
                    .record, "asset \(name ?? ""): only \(count) of its samples are there"))
        }
        if try StoreSettings.value("format", db) == nil {
            try StoreSettings.set("format", String(SampleRecord.format), db)
        }
    }
}
