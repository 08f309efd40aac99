import Foundation
import GRDB

/// Makes a store's index anew from its shards alone.
///
/// Samples, fields and shards come back as they were, and the names of assets and clips with
/// them. What never was in a shard does not: what was rejected or failed, measures, decisions,
/// runs. Assets without samples are unknown afterwards, so a resumed build looks at them again.
public enum StoreRebuilder {
    /// What was found.
    public struct Report: Sendable {
        /// How much there was.
        public let shardCount, sampleCount: Int
        /// What was left out, or is missing.
        public let problems: [StoreProblem]
    }

    /// Rebuilds the index of the store at `path`. No shard is changed.
    ///
    /// - Parameters:
    ///   - path: the store's folder.
    ///   - replacing: whether an index that is there is put aside, as `index.sqlite.replaced`.
    /// - Throws: `StoreError.locked`; `invalid` where there is an index and `replacing` is not
    ///   asked for; `file` or `index`.
    /// - Complexity: reads headers and records alone.
    public static func rebuild(at path: String, replacing: Bool = false) throws(StoreError)
        -> Report
    {
        let layout = StoreLayout(path)
        guard FileManager.default.fileExists(atPath: layout.shards) else {
            throw .notAStore(path: layout.folder, what: "there is no folder of shards")
        }
        let lock = try StoreLock(layout)
        defer { withExtendedLifetime(lock) {} }
        let hasIndex = FileManager.default.fileExists(atPath: layout.index)
        if hasIndex, !replacing {
            throw .invalid(
                record: layout.index, what: "there is an index; say so to have it replaced")
        }
        let temporary = layout.index + ".new"
        let files = SystemFiles()
        for suffix in sideFiles { try files.remove(temporary + suffix) }
        let index = try IndexDatabase.openForWriting(temporary)
        var rebuild = Rebuild(layout: layout)
        try indexing("rebuilding", temporary) {
            try index.write { db in try rebuild.run(db) }
        }
        try IndexDatabase.leaveWriting(index, path: temporary)
        if hasIndex {
            for suffix in sideFiles
            where FileManager.default.fileExists(atPath: layout.index + suffix) {
                try files.rename(layout.index + suffix, to: layout.index + ".replaced" + suffix)
            }
        }
        try files.rename(temporary, to: layout.index)
        try files.synchroniseFolder(layout.folder)
        return Report(
            shardCount: rebuild.shardCount, sampleCount: rebuild.sampleCount,
            problems: rebuild.problems)
    }

    private static let sideFiles = ["", "-wal", "-shm", "-journal"]
}

/// The work of a rebuild, within its one transaction.
private struct Rebuild {
    let layout: StoreLayout
    var shardCount = 0
    var sampleCount = 0
    var problems: [StoreProblem] = []
    private var assets: [String: Int64] = [:]
    private var clips: [Int64: [String: Int64]] = [:]
    /// Of assets of which not all samples were found yet: how many were.
    private var found: [String: Int] = [:]

    init(layout: StoreLayout) {
        self.layout = layout
    }

    mutating func run(_ db: Database) throws {
        let rows = IndexRows(db: db, run: nil, filter: nil, time: IndexRows.now())
        let named = try layout.shardNames().compactMap { name in
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
        for (asset, count) in found.sorted(by: { $0.key < $1.key }) {
            problems.append(
                StoreProblem(.record, "asset \(asset): only \(count) of its samples are there"))
        }
    }

    private mutating func take(
        _ scan: inout ShardScan, number: Int, isLast: Bool, _ rows: IndexRows
    ) throws {
        // Only the newest shard of a series can be unfinished, and is then gone on with: what
        // lies beyond its last whole outcome is cut off then, and so must not be counted now.
        var isOpen = isLast && !scan.isEnded && !scan.isDamagedInside
        if isOpen { scan.cut(to: wholeOutcomes(scan.groups)) }
        // Without a group the shard is made anew, unless it might be something else.
        if scan.groups.isEmpty { isOpen = isOpen && scan.isCutShort }
        problems += scan.problems
        let length =
            isOpen ? scan.end : scan.isEnded ? scan.end + TarHeader.endLength : scan.file.length
        try rows.db.execute(
            sql: """
                INSERT INTO shards (name, split, series, number, bytes, samples, sealed) \
                VALUES (?, ?, ?, ?, ?, 0, ?)
                """,
            arguments: [
                scan.name, scan.series.split.rawValue, scan.series.name, number, length, !isOpen,
            ])
        let shard = rows.db.lastInsertedRowID
        shardCount += 1
        var count = 0
        for group in scan.groups where try insert(group, shard, scan, rows) { count += 1 }
        try rows.db.execute(
            sql: "UPDATE shards SET samples = ? WHERE id = ?", arguments: [count, shard])
    }

    /// How many of the groups belong to outcomes that are whole.
    private func wholeOutcomes(_ groups: [ShardScan.Group]) -> Int {
        guard let last = groups.last else { return 0 }
        let missing = last.record.assetSamples - 1 - last.record.assetPosition
        if missing <= 0 { return groups.count }
        return groups.lastIndex { $0.record.asset != last.record.asset }.map { $0 + 1 } ?? 0
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
        try rows.insert(
            PlacedSample(
                key: record.key, clip: record.clip, shard: shard, metadata: record.metadata.text,
                fields: fields), asset: asset, clip: clip, split: record.split, kept: record.kept)
        sampleCount += 1
        let count = (found[record.asset] ?? 0) + 1
        found[record.asset] = count < record.assetSamples ? count : nil
        return true
    }

    private func fate(_ record: SampleRecord) -> Fate {
        record.kept ? .kept : Fate(outcome: .rejected, reason: "rejected when it was built")
    }

    private mutating func asset(_ record: SampleRecord, _ rows: IndexRows) throws -> Int64 {
        if let id = assets[record.asset] {
            if record.kept {
                try rows.db.execute(
                    sql: "UPDATE assets SET fate = 'kept', fate_reason = NULL WHERE id = ?",
                    arguments: [id])
            }
            return id
        }
        let id = try rows.insert(
            AssetRecord(id: record.asset, split: record.split, path: ""), fate: fate(record))
        assets[record.asset] = id
        return id
    }

    private mutating func clip(
        _ record: SampleRecord, _ asset: Int64, _ rows: IndexRows
    ) throws -> Int64? {
        guard let name = record.clip else { return nil }
        if let id = clips[asset]?[name] { return id }
        let id = try rows.insert(
            ClipRecord(name: name), asset: asset, position: clips[asset]?.count ?? 0,
            fate: fate(record))
        clips[asset, default: [:]][name] = id
        return id
    }
}
