import GRDB

/// What a store holds, in numbers.
public struct StoreSummary: Sendable, Equatable {
    /// What a split holds.
    public struct SplitCounts: Sendable, Equatable {
        /// The split.
        public let split: Split
        /// All samples, and those that the filter keeps.
        public let sampleCount, keptCount: Int
        /// The shards, those of later stages included, with their bytes and fields.
        public let shardCount, byteCount, fieldCount: Int
    }

    /// A step at which assets, or clips, were lost.
    public struct FunnelStep: Sendable, Equatable {
        /// Rejected or failed.
        public let outcome: Fate.Outcome
        /// The stage.
        public let stage: String
        /// The rule that rejected them, or the cause of the failure.
        public let rule: String
        /// How many were lost here.
        public let count: Int
        /// How many were left after this step.
        public let remaining: Int
    }

    /// Where things were lost on the way: `total` is what is kept and all the steps' counts.
    public struct Funnel: Sendable, Equatable {
        /// How many there were.
        public let total: Int
        /// How many are kept.
        public let kept: Int
        /// The steps, in the order of the stages, then of the rules.
        public let steps: [FunnelStep]
    }

    /// Split by split.
    public let splits: [SplitCounts]
    /// What became of the assets.
    public let assets: Funnel
    /// What became of the clips, which are judged one by one.
    public let clips: Funnel
    /// Clips that the filter keeps but that have no sample: rejected when they were built, and
    /// kept since under another filter.
    public let keptClipsWithoutSamples: Int

    /// Assets that failed, and those of them whose last two attempts failed at the same stage from
    /// the same cause.
    public let failedCount, quarantinedCount: Int

    /// Counts a store.
    ///
    /// - Parameters:
    ///   - reader: the store.
    ///   - stages: the stages in the order in which they run, for the order of the funnels' steps;
    ///     others follow by name.
    /// - Throws: `StoreError.index`.
    /// - Complexity: O(n) for n rows of fields, of which only an index is read.
    public init(of reader: StoreReader, stages: [String] = []) throws(StoreError) {
        self = try reader.reading("counting") { db in
            try StoreSummary(
                splits: Split.allCases.compactMap { try StoreSummary.counts($0, db) },
                assets: StoreSummary.funnel("assets", stages, db),
                clips: StoreSummary.funnel("clips", stages, db),
                keptClipsWithoutSamples: Int.fetchOne(
                    db,
                    sql: """
                        SELECT count(*) FROM clips WHERE fate = 'kept' AND NOT EXISTS \
                        (SELECT 1 FROM samples WHERE samples.clip_id = clips.id)
                        """) ?? 0,
                failedCount: Int.fetchOne(
                    db, sql: "SELECT count(*) FROM assets WHERE fate = 'failed'") ?? 0,
                quarantinedCount: Int.fetchOne(
                    db, sql: "SELECT count(*) FROM assets WHERE quarantined = 1") ?? 0)
        }
    }

    private init(
        splits: [SplitCounts], assets: Funnel, clips: Funnel, keptClipsWithoutSamples: Int,
        failedCount: Int, quarantinedCount: Int
    ) {
        self.splits = splits
        self.assets = assets
        self.clips = clips
        self.keptClipsWithoutSamples = keptClipsWithoutSamples
        self.failedCount = failedCount
        self.quarantinedCount = quarantinedCount
    }

    private static func counts(_ split: Split, _ db: Database) throws -> SplitCounts? {
        let samples = try Row.fetchOne(
            db, sql: "SELECT count(*), total(kept) FROM samples WHERE split = ?",
            arguments: [split.rawValue])
        let shards = try Row.fetchOne(
            db,
            sql: """
                SELECT count(*), total(bytes), total((SELECT count(*) FROM fields \
                WHERE fields.shard_id = shards.id)) FROM shards WHERE split = ? AND samples > 0
                """, arguments: [split.rawValue])
        guard let samples, let shards, shards[0] as Int > 0 else { return nil }
        return SplitCounts(
            split: split, sampleCount: samples[0], keptCount: samples[1], shardCount: shards[0],
            byteCount: shards[1], fieldCount: shards[2])
    }

    private static func funnel(
        _ table: String, _ stages: [String], _ db: Database
    ) throws -> Funnel {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT fate, ifnull(fate_stage, '') AS stage, ifnull(fate_rule, '') AS rule, \
                count(*) AS count, (SELECT min(position) FROM decisions WHERE stage = fate_stage \
                AND rule = fate_rule AND verdict = 'rejected') AS position \
                FROM \(table) GROUP BY fate, fate_stage, fate_rule
                """)
        let total = rows.reduce(0) { $0 + ($1["count"] as Int) }
        var lost: [(order: (Int, Int, String, String), step: (Fate.Outcome, Int))] = []
        var kept = 0
        for row in rows {
            let outcome: Fate.Outcome = try decoded(row.value("fate"))
            let count: Int = try row.value("count")
            if outcome == .kept {
                kept += count
                continue
            }
            let stage: String = try row.value("stage")
            // In a stage, what failed came to no rule.
            let position = outcome == .failed ? -1 : try row.value("position") as Int? ?? 0
            let place = stages.firstIndex(of: stage) ?? stages.count
            lost.append(((place, position, stage, try row.value("rule")), (outcome, count)))
        }
        lost.sort { $0.order < $1.order }
        var remaining = total
        let steps = lost.map { order, step in
            remaining -= step.1
            return FunnelStep(
                outcome: step.0, stage: order.2, rule: order.3, count: step.1,
                remaining: remaining)
        }
        return Funnel(total: total, kept: kept, steps: steps)
    }
}
