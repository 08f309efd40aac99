import Foundation
import GRDB

/// A sample whose bytes are in a shard.
struct PlacedSample {
    var key: String
    var clip: String?
    var shard: Int64
    var metadata: String
    var fields: [PlacedField]
}

/// An outcome whose samples are in shards, as it waits for the next commit.
struct PlacedOutcome {
    /// The outcome without its samples.
    var outcome: AssetOutcome
    var fates: AssetFates
    var samples: [PlacedSample]
    /// Of an asset that lost samples: those that the store still has.
    var present: [PresentSample] = []
    /// Whether the outcome has all that the store still has of the asset. Where it does not, since
    /// it failed this time, only its failures are recorded.
    var isComplete = true
}

/// A sample that the store has of an asset that is completed.
struct PresentSample {
    var key: String
    var clip: String?
}

/// Writes rows within a transaction.
struct IndexRows {
    let db: Database
    let run: Int64?
    let filter: Int64?
    let time: String

    /// Writes all rows of an outcome, in place of those of an earlier attempt without samples.
    func insert(_ placed: PlacedOutcome) throws {
        let outcome = placed.outcome
        guard placed.isComplete else { return try insertFailures(of: outcome) }
        let asset = try upsert(outcome.asset, fate: placed.fates.asset)
        var clips: [String: Int64] = [:]
        for (position, clip) in outcome.clips.enumerated() {
            clips[clip.name] = try insert(
                clip, asset: asset, position: position, fate: placed.fates.clips[position])
        }
        let kept = Set(
            zip(outcome.clips, placed.fates.clips).filter { $1.outcome == .kept }.map { $0.0.name })
        func isKept(_ clip: String?) -> Bool {
            clip.map(kept.contains) ?? (placed.fates.asset.outcome == .kept)
        }
        for sample in placed.present {
            try db.cachedStatement(sql: "UPDATE samples SET clip_id = ?, kept = ? WHERE key = ?")
                .execute(arguments: [
                    sample.clip.flatMap { clips[$0] }, isKept(sample.clip), sample.key,
                ])
        }
        for sample in placed.samples {
            try insert(
                sample, asset: asset, clip: sample.clip.flatMap { clips[$0] },
                split: outcome.asset.split, kept: isKept(sample.clip))
        }
        for measure in outcome.measures {
            try insert(measure, asset: asset, clip: measure.clip.flatMap { clips[$0] })
        }
        for decision in outcome.decisions {
            try insert(decision, asset: asset, clip: decision.clip.flatMap { clips[$0] })
        }
        for failure in outcome.failures { try insert(failure, asset: asset) }
    }

    /// Counts an attempt that found out nothing but why it failed.
    private func insertFailures(of outcome: AssetOutcome) throws {
        let known = try Int64.fetchOne(
            db, sql: "SELECT id FROM assets WHERE name = ?", arguments: [outcome.asset.id])
        guard let known else { return }
        try db.execute(
            sql: "UPDATE assets SET attempts = attempts + 1 WHERE id = ?", arguments: [known])
        for failure in outcome.failures { try insert(failure, asset: known) }
    }

    /// The fields of a sample.
    func insert(_ fields: [PlacedField], sample: Int64) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO fields (sample_id, name, shard_id, offset, length, header_bytes, \
                dtype, shape, crc32c) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        for field in fields {
            try statement.execute(arguments: [
                sample, field.name, field.shard, field.offset, field.length, field.headerLength,
                field.array?.type.rawValue, field.array.map { Self.text(shape: $0.shape) },
                Int64(field.checksum),
            ])
        }
    }

    /// A sample of a known asset, with its fields.
    func insert(
        _ sample: PlacedSample, asset: Int64, clip: Int64?, split: Split, kept: Bool
    ) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO samples (key, asset_id, clip_id, split, shard_id, kept, metadata, \
                run_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            sample.key, asset, clip, split.rawValue, sample.shard, kept, sample.metadata, run,
        ])
        try insert(sample.fields, sample: db.lastInsertedRowID)
    }

    private func upsert(_ asset: AssetRecord, fate: Fate) throws -> Int64 {
        let known = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM assets WHERE name = ?"), arguments: [asset.id])
        if let known {
            try db.cachedStatement(sql: "UPDATE samples SET clip_id = NULL WHERE asset_id = ?")
                .execute(arguments: [known])
            for table in ["decisions", "measures", "clips"] {
                try db.cachedStatement(sql: "DELETE FROM \(table) WHERE asset_id = ?")
                    .execute(arguments: [known])
            }
            try db.cachedStatement(
                sql: """
                    UPDATE assets SET quarantined = (fate = 'failed' AND ?1 = 'failed' \
                    AND fate_stage IS ?2 AND fate_rule IS ?3) WHERE id = ?4
                    """
            ).execute(arguments: [fate.outcome.rawValue, fate.stage, fate.rule, known])
            try db.cachedStatement(
                sql: """
                    UPDATE assets SET split = ?, path = ?, sha256 = ?, bytes = ?, format = ?, \
                    licence = ?, metadata = ?, alias_of = ?, timings = ?, incomplete = 0, \
                    attempts = attempts + 1, fate = ?, fate_stage = ?, fate_rule = ?, \
                    fate_reason = ?, run_id = ? WHERE id = ?
                    """
            ).execute(arguments: Self.values(of: asset) + Self.values(of: fate) + [run, known])
            return known
        }
        return try insert(asset, fate: fate)
    }

    /// An asset that the index does not have.
    func insert(_ asset: AssetRecord, fate: Fate) throws -> Int64 {
        try db.cachedStatement(
            sql: """
                INSERT INTO assets (split, path, sha256, bytes, format, licence, metadata, \
                alias_of, timings, fate, fate_stage, fate_rule, fate_reason, run_id, name, \
                attempts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
                """
        ).execute(arguments: Self.values(of: asset) + Self.values(of: fate) + [run, asset.id])
        return db.lastInsertedRowID
    }

    /// A clip of a known asset.
    func insert(_ clip: ClipRecord, asset: Int64, position: Int, fate: Fate) throws -> Int64 {
        try db.cachedStatement(
            sql: """
                INSERT INTO clips (fate, fate_stage, fate_rule, fate_reason, asset_id, position, \
                name, duration_seconds, metadata) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(
            arguments: Self.values(of: fate)
                + [asset, position, clip.name, clip.durationSeconds, clip.metadata.text])
        return db.lastInsertedRowID
    }

    private func insert(_ measure: Measure, asset: Int64, clip: Int64?) throws {
        var value: Double?
        var series: String?
        switch measure.value {
        case .scalar(let number): value = number.isFinite ? number : nil
        case .series(let numbers): series = JSONValue.array(numbers.map { .number($0) }).text
        }
        try db.cachedStatement(
            sql: """
                INSERT INTO measures (asset_id, clip_id, name, value, series) \
                VALUES (?, ?, ?, ?, ?)
                """
        ).execute(arguments: [asset, clip, measure.name, value, series])
    }

    /// What a rule said of a known asset.
    func insert(_ decision: Decision, asset: Int64, clip: Int64?) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO decisions (filter_id, asset_id, clip_id, position, stage, rule, \
                verdict, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            filter, asset, clip, decision.position, decision.stage, decision.rule,
            decision.verdict.rawValue, decision.reason,
        ])
    }

    private func insert(_ failure: FailureRecord, asset: Int64) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO failures (asset_id, clip, attempt, stage, cause, message, \
                replay_command, failed_at, run_id) \
                SELECT id, ?, attempts, ?, ?, ?, ?, ?, ? FROM assets WHERE id = ?
                """
        ).execute(arguments: [
            failure.clip, failure.stage, failure.cause, failure.message, failure.replayCommand,
            time, run, asset,
        ])
    }

    private static func values(of asset: AssetRecord) -> StatementArguments {
        [
            asset.split.rawValue, asset.path, asset.sha256, asset.byteCount, asset.format,
            asset.licence, asset.metadata.text, asset.aliasOf, asset.timings.text,
        ]
    }

    static func values(of fate: Fate) -> StatementArguments {
        [fate.outcome.rawValue, fate.stage, fate.rule, fate.reason]
    }

    /// A shape as a JSON list.
    static func text(shape: [Int]) -> String {
        "[" + shape.map(String.init).joined(separator: ",") + "]"
    }

    /// The time as the index writes it: ISO 8601, UTC.
    static func now() -> String {
        Date().formatted(.iso8601)
    }
}
