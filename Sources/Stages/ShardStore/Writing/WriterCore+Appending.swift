import Foundation
import GRDB

extension WriterCore {
    /// Checks an outcome, writes its samples into shards, and keeps its rows for the commit.
    func append(_ outcome: AssetOutcome) throws(StoreError) {
        try checkUsable()
        try outcome.validate(hasFilter: filter != nil)
        let present = try presentSamples(outcome)
        let fates = outcome.fates
        var groups: [SampleGroup] = []
        for position in outcome.samples.indices {
            groups.append(try group(position, of: outcome, fates: fates))
        }
        let series = ShardSeries(split: outcome.asset.split, name: "")
        let isComplete = present.isSubset(of: outcome.samples.map(\.key))
        let placed = try changing { () throws(StoreError) in
            var placed: [PlacedSample] = []
            for (sample, group) in zip(outcome.samples, groups)
            where isComplete && !present.contains(sample.key) {
                let (shard, fields) = try place(group, in: series)
                placed.append(
                    PlacedSample(
                        key: group.key, clip: sample.clip, shard: shard, metadata: group.metadata,
                        fields: fields))
            }
            return placed
        }
        var rest = outcome
        rest.samples = []
        outcomes.append(
            PlacedOutcome(
                outcome: rest, fates: fates, samples: placed,
                present: outcome.samples.filter { present.contains($0.key) }
                    .map { PresentSample(key: $0.key, clip: $0.clip) },
                isComplete: isComplete))
        pendingAssets.insert(outcome.asset.id)
        pendingKeys.formUnion(groups.map(\.key))
    }

    /// Writes a later stage's fields for a committed sample, and keeps their rows.
    func append(_ addition: Addition) throws(StoreError) {
        try checkUsable()
        guard ShardSeries.isValid(name: addition.series) else {
            throw .invalid(
                record: "stage \(addition.series)", what: "a stage's name is of a-z and 0-9")
        }
        let sample = try committedSample(addition)
        let group = try SampleGroup(
            key: addition.key, series: addition.series, fields: addition.fields,
            metadata: addition.metadata
        ) { fields in
            SampleRecord(
                key: addition.key, asset: sample.asset, clip: sample.clip, split: sample.split,
                series: addition.series, kept: sample.kept, fields: fields,
                metadata: addition.metadata)
        }
        let series = ShardSeries(split: sample.split, name: addition.series)
        let fields = try changing { () throws(StoreError) in try place(group, in: series).fields }
        additions.append((sample: sample.id, fields: fields))
        pendingKeys.insert(addition.key)
    }

    private func group(
        _ position: Int, of outcome: AssetOutcome, fates: AssetFates
    ) throws(StoreError) -> SampleGroup {
        let sample = outcome.samples[position]
        var fate = fates.asset
        if let clip = outcome.clips.firstIndex(where: { $0.name == sample.clip }) {
            fate = fates.clips[clip]
        }
        return try SampleGroup(key: sample.key, fields: sample.fields, metadata: sample.metadata) {
            fields in
            SampleRecord(
                key: sample.key, asset: outcome.asset.id, clip: sample.clip,
                split: outcome.asset.split, series: "", assetSamples: outcome.samples.count,
                assetPosition: position, kept: fate.outcome == .kept, fields: fields,
                metadata: sample.metadata)
        }
    }

    /// Puts a group into the series' shard, or into a new one where that is full.
    private func place(
        _ group: SampleGroup, in series: ShardSeries
    ) throws(StoreError) -> (shard: Int64, fields: [PlacedField]) {
        if let full = shards[series], full.isFull(for: group, limits: limits) {
            try full.seal()
            sealed.append(full)
            shards[series] = nil
        }
        let shard: OpenShard
        if let open = shards[series] { shard = open } else { shard = try openNext(series) }
        pendingBytes += group.length
        return (shard.id, try shard.append(group))
    }

    /// Begins the next shard of a series.
    ///
    /// Its row comes first, in a transaction of its own: a file without a row is never one of
    /// this store's leftovers, and so is never touched.
    private func openNext(_ series: ShardSeries) throws(StoreError) -> OpenShard {
        let number = nextNumbers[series] ?? 0
        let name = series.shardName(number: number)
        let path = layout.path(ofShard: name)
        if FileManager.default.fileExists(atPath: path) { throw .unknownShard(path: path) }
        let id = try indexing("announcing \(name)", layout.index) {
            try index.write { db in
                try db.execute(
                    sql: """
                        INSERT INTO shards (name, split, series, number, bytes, samples, sealed) \
                        VALUES (?, ?, ?, ?, 0, 0, 0)
                        """,
                    arguments: [name, series.split.rawValue, series.name, number])
                return db.lastInsertedRowID
            }
        }
        let file = try files.open(path)
        let shard = OpenShard(
            id: id, name: name, number: number, samples: 0, length: 0, file: file, files: files)
        nextNumbers[series] = number + 1
        folderChanged = true
        shards[series] = shard
        return shard
    }

    /// Refuses keys that the store has, and assets that it has all samples of.
    ///
    /// - Returns: of an asset that lost samples, the keys of those that are left.
    private func presentSamples(_ outcome: AssetOutcome) throws(StoreError) -> Set<String> {
        let id = outcome.asset.id
        if pendingAssets.contains(id) { throw .assetExists(asset: id) }
        var keys: Set<String> = []
        for sample in outcome.samples {
            guard keys.insert(sample.key).inserted, !pendingKeys.contains(sample.key) else {
                throw .duplicateKey(key: sample.key)
            }
        }
        return try indexing("looking up the asset", layout.index) {
            try index.read { db in
                let rows = try Row.fetchAll(
                    db.cachedStatement(
                        sql: """
                            SELECT samples.key, assets.incomplete FROM assets \
                            JOIN samples ON samples.asset_id = assets.id WHERE assets.name = ?
                            """), arguments: [id])
                for row in rows where row["incomplete"] == false {
                    throw StoreError.assetExists(asset: id)
                }
                let present = Set(rows.map { $0["key"] as String })
                let known = try db.cachedStatement(sql: "SELECT 1 FROM samples WHERE key = ?")
                for key in keys.subtracting(present)
                where try Int.fetchOne(known, arguments: [key]) != nil {
                    throw StoreError.duplicateKey(key: key)
                }
                return present
            }
        }
    }

    private struct CommittedSample {
        var id: Int64
        var asset: String
        var clip: String?
        var split: Split
        var kept: Bool
    }

    /// The sample that an addition is for, which must not have fields of these names yet.
    private func committedSample(_ addition: Addition) throws(StoreError) -> CommittedSample {
        if pendingKeys.contains(addition.key) {
            throw .invalid(
                record: "sample \(addition.key)",
                what: "commit before adding further fields to the same sample")
        }
        return try indexing("looking up the sample", layout.index) {
            try index.read { db in
                let row = try Row.fetchOne(
                    db.cachedStatement(
                        sql: """
                            SELECT samples.id, assets.name AS asset, clips.name AS clip, \
                            samples.split, samples.kept FROM samples \
                            JOIN assets ON assets.id = samples.asset_id \
                            LEFT JOIN clips ON clips.id = samples.clip_id WHERE samples.key = ?
                            """), arguments: [addition.key])
                guard let row, let split = Split(rawValue: try row.value("split")) else {
                    throw StoreError.noSuchSample(key: addition.key)
                }
                let names = try String.fetchSet(
                    db.cachedStatement(sql: "SELECT name FROM fields WHERE sample_id = ?"),
                    arguments: [try row.value("id") as Int64])
                let record = SampleRecord.fieldName(series: addition.series)
                for name in addition.fields.map(\.name) + [record] where names.contains(name) {
                    throw StoreError.invalid(
                        record: "sample \(addition.key)", what: "already has a field \(name)")
                }
                return CommittedSample(
                    id: try row.value("id"), asset: try row.value("asset"),
                    clip: try row.value("clip"), split: split,
                    kept: try row.value("kept"))
            }
        }
    }
}
