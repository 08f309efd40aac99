import Foundation
import GRDB
import Synchronization

/// Looks for damage in a store: every byte of every shard, and every row that says where it is.
public enum StoreVerifier {
    /// What was found.
    public struct Report: Sendable {
        /// All problems, those of the index first and then shard by shard. None is well.
        public let problems: [StoreProblem]
        /// How much was looked at.
        public let shardCount, sampleCount, fieldCount, byteCount: Int
    }

    /// Verifies the store at `path`. Nothing is changed.
    ///
    /// Beside a writer, what it has not committed is passed over.
    ///
    /// - Parameters:
    ///   - path: the store's folder.
    ///   - onShard: called with the name of each shard that is done, from any thread.
    /// - Throws: `StoreError` where there is no index that can be opened.
    /// - Complexity: reads every byte once; shards are read side by side on all cores.
    public static func verify(
        at path: String, onShard: @Sendable (String) -> Void = { _ in }
    ) throws(StoreError) -> Report {
        let reader = try StoreReader(at: path)
        let (shards, samples) = try reader.reading("listing the shards") { db in
            (
                try ShardRow.all(db).filter { $0.samples > 0 },
                try Int.fetchOne(db, sql: "SELECT count(*) FROM samples") ?? 0
            )
        }
        let walked = Mutex<[Int: ShardResult]>([:])
        DispatchQueue.concurrentPerform(iterations: shards.count) { position in
            let result = walk(shards[position], reader)
            walked.withLock { $0[position] = result }
            onShard(shards[position].name)
        }
        let results = walked.withLock { results in shards.indices.compactMap { results[$0] } }
        return Report(
            problems: try indexProblems(reader) + rowProblems(reader)
                + unknownShards(reader, shards)
                + results.flatMap(\.problems),
            shardCount: shards.count, sampleCount: samples,
            fieldCount: results.reduce(0) { $0 + $1.fieldCount },
            byteCount: results.reduce(0) { $0 + $1.byteCount })
    }

    private struct ShardResult: Sendable {
        var problems: [StoreProblem] = []
        var fieldCount = 0
        var byteCount = 0
    }

    private static func walk(_ shard: ShardRow, _ reader: StoreReader) -> ShardResult {
        var result = ShardResult()
        do throws(StoreError) {
            let (rows, damaged) = try rows(of: shard, reader)
            result.problems = damaged
            result.fieldCount = rows.count
            let path = reader.layout.path(ofShard: shard.name)
            guard FileManager.default.fileExists(atPath: path) else {
                result.problems += missing(shard, rows)
                return result
            }
            var walk = ShardWalk(shard, try ShardFile(path))
            defer {
                result.problems += walk.problems
                result.byteCount = walk.byteCount
            }
            try walk.run(rows, lost: try lostRanges(of: shard, reader))
        } catch {
            result.problems.append(
                StoreProblem(.shardUnreadable, shard: shard.name, "\(error)"))
        }
        return result
    }

    /// The ranges of bytes that a repair gave up.
    private static func lostRanges(
        of shard: ShardRow, _ reader: StoreReader
    ) throws(StoreError) -> [Range<Int>] {
        try reader.reading("listing what is lost") { db in
            try Row.fetchAll(
                db, sql: "SELECT offset, length FROM lost WHERE shard_id = ? ORDER BY offset",
                arguments: [shard.id]
            ).map { row in
                let (offset, length): (Int, Int) = (row["offset"], row["length"])
                guard offset >= 0, length >= 0, offset <= Int.max / 2 - length else {
                    throw DatabaseError(
                        resultCode: .SQLITE_MISMATCH, message: "a lost range cannot be right")
                }
                return offset..<offset + length
            }
        }
    }

    /// One problem for each sample that a missing shard takes with it.
    private static func missing(_ shard: ShardRow, _ rows: [ShardWalk.Row]) -> [StoreProblem] {
        var keys: [String] = []
        for row in rows where keys.last != row.key { keys.append(row.key) }
        return keys.map {
            StoreProblem(.shardMissing, shard: shard.name, sample: $0, "the shard is not there")
        }
    }

    private static func rows(
        of shard: ShardRow, _ reader: StoreReader
    ) throws(StoreError) -> (rows: [ShardWalk.Row], damaged: [StoreProblem]) {
        try reader.reading("listing the fields") { db in
            var rows: [ShardWalk.Row] = []
            var damaged: [StoreProblem] = []
            let cursor = try Row.fetchCursor(
                db,
                sql: """
                    SELECT samples.key, assets.name AS asset, clips.name AS clip, samples.split, \
                    samples.metadata, fields.name, shards.name AS shard, fields.offset, \
                    fields.length, fields.header_bytes, fields.dtype, fields.shape, fields.crc32c \
                    FROM fields JOIN shards ON shards.id = fields.shard_id \
                    JOIN samples ON samples.id = fields.sample_id \
                    JOIN assets ON assets.id = samples.asset_id \
                    LEFT JOIN clips ON clips.id = samples.clip_id \
                    WHERE fields.shard_id = ? ORDER BY fields.offset
                    """, arguments: [shard.id])
            while let row = try cursor.next() {
                let key: String = try row.value("key")
                let name: String = try row.value("name")
                guard SampleKey.isValid(key), FieldName.isWellFormed(name),
                    let entry = try? FieldEntry(row),
                    entry.fileRange.count <= TarHeader.maximumSize
                else {
                    damaged.append(
                        StoreProblem(
                            .index, shard: shard.name, sample: key, field: name,
                            "the row cannot be right"))
                    continue
                }
                rows.append(
                    ShardWalk.Row(
                        key: key, asset: try row.value("asset"), clip: try row.value("clip"),
                        split: try decoded(row.value("split")), metadata: try row.value("metadata"),
                        entry: entry))
            }
            return (rows, damaged)
        }
    }

    private static func unknownShards(
        _ reader: StoreReader, _ shards: [ShardRow]
    ) throws(StoreError) -> [StoreProblem] {
        // A writer at work announces a shard before it makes the file.
        let known = try reader.reading("listing the shards") { db in
            try String.fetchSet(db, sql: "SELECT name FROM shards")
        }
        guard shards.isEmpty || FileManager.default.fileExists(atPath: reader.layout.shards) else {
            return []
        }
        return try reader.layout.shardNames().filter { !known.contains($0) }.map {
            StoreProblem(.shardUnknown, shard: $0, "the index does not know this file")
        }
    }

    /// What a reader would refuse of the rows on assets, runs and filter, which no shard repeats.
    private static func rowProblems(_ reader: StoreReader) -> [StoreProblem] {
        func problem(_ read: () throws -> Void) -> StoreProblem? {
            do {
                try read()
                return nil
            } catch {
                return StoreProblem(.index, "\(error)")
            }
        }
        return [
            problem { try reader.forEachAsset { _ in } }, problem { _ = try reader.runs() },
            problem { _ = try reader.filter() },
        ].compactMap { $0 }
    }

    private static func indexProblems(_ reader: StoreReader) throws(StoreError) -> [StoreProblem] {
        try reader.reading("checking the index") { db in
            var problems = try String.fetchAll(db, sql: "PRAGMA integrity_check(20)")
                .filter { $0 != "ok" }.map { StoreProblem(.index, $0) }
            for row in try Row.fetchAll(db, sql: "PRAGMA foreign_key_check") {
                let table: String = try row.value("table")
                let parent: String = try row.value("parent")
                problems.append(
                    StoreProblem(.index, "a row of \(table) names a row of \(parent) that is gone"))
            }
            let bare = """
                SELECT key FROM samples WHERE NOT EXISTS \
                (SELECT 1 FROM fields WHERE fields.sample_id = samples.id \
                AND fields.shard_id = samples.shard_id AND fields.name = 'meta.json')
                """
            for key in try String.fetchAll(db, sql: bare) {
                problems.append(
                    StoreProblem(.index, sample: key, "the index has no fields of it in its shard"))
            }
            let misjudged = """
                SELECT samples.key FROM samples JOIN assets ON assets.id = samples.asset_id \
                LEFT JOIN clips ON clips.id = samples.clip_id \
                WHERE samples.kept <> (coalesce(clips.fate, assets.fate) = 'kept')
                """
            for key in try String.fetchAll(db, sql: misjudged) {
                problems.append(
                    StoreProblem(.index, sample: key, "its kept flag contradicts its fate"))
            }
            let split = """
                SELECT samples.key FROM samples JOIN shards ON shards.id = samples.shard_id \
                JOIN assets ON assets.id = samples.asset_id \
                WHERE samples.split <> shards.split OR samples.split <> assets.split
                """
            for key in try String.fetchAll(db, sql: split) {
                problems.append(
                    StoreProblem(.index, sample: key, "its shard or asset is of another split"))
            }
            return problems
        }
    }
}
