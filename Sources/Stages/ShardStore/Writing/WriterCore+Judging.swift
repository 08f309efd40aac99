import GRDB

extension WriterCore {
    func completedAssets() throws(StoreError) -> Set<String> {
        try assetNames("SELECT name FROM assets WHERE incomplete = 0")
    }

    func assetsToRetry(includingQuarantined: Bool) throws(StoreError) -> Set<String> {
        let condition = includingQuarantined ? "" : "AND quarantined = 0 "
        return try assetNames(
            """
            SELECT name FROM assets WHERE fate = 'failed' \(condition)AND NOT EXISTS \
            (SELECT 1 FROM samples WHERE samples.asset_id = assets.id)
            """)
    }

    func absentAssets() throws(StoreError) -> Set<String> {
        try assetNames(
            """
            SELECT name FROM assets WHERE fate = 'failed' AND fate_stage = 'find' \
            AND fate_rule = 'missing' OR fate = 'rejected' AND fate_rule = 'unlisted' \
            AND fate_stage = 'list'
            """)
    }

    private func assetNames(_ sql: String) throws(StoreError) -> Set<String> {
        try indexing("listing the assets", layout.index) {
            try index.read { db in try String.fetchSet(db, sql: sql) }
        }
    }

    func fate(ofAsset id: String) throws(StoreError) -> Fate? {
        try indexing("looking up the asset", layout.index) {
            try index.read { db in
                try Row.fetchOne(
                    db.cachedStatement(sql: "SELECT * FROM assets WHERE name = ?"),
                    arguments: [id]
                ).map { try Fate($0) }
            }
        }
    }

    func rejudge(
        under filter: FilterRecord, _ judge: (StoredAsset) throws(StoreError) -> [Decision]
    ) throws(StoreError) {
        filterID = try indexing("judging again", layout.index) {
            try index.write { db in
                let filterID = try WriterCore.insert(filter, db)
                let rows = IndexRows(db: db, run: nil, filter: filterID, time: IndexRows.now())
                try AssetRows.forEach(db) { id, asset in
                    try rows.replaceDecisions(of: id, asset, by: try judge(asset))
                }
                return filterID
            }
        }
        self.filter = filter
    }
}

extension IndexRows {
    /// Replaces what the rules said of an asset, and what follows from it.
    func replaceDecisions(
        of asset: Int64, _ stored: StoredAsset, by decisions: [Decision]
    ) throws {
        let clips = try AssetRows.clipIDs(db, asset: asset)
        for case let clip? in decisions.map(\.clip) where clips[clip] == nil {
            throw StoreError.invalid(
                record: "asset \(stored.asset.id)",
                what: "a decision names the clip \(clip), which is not among its clips")
        }
        try db.cachedStatement(sql: "DELETE FROM decisions WHERE asset_id = ?")
            .execute(arguments: [asset])
        for decision in decisions {
            try insert(decision, asset: asset, clip: decision.clip.flatMap { clips[$0] })
        }
        let fates = AssetFates(
            clips: stored.clips.map(\.name), decisions: decisions, failures: stored.failures,
            aliasOf: stored.asset.aliasOf)
        try setFate(fates.asset, in: "assets", id: asset)
        try setKept(fates.asset, samplesWhere: "asset_id = ? AND clip_id IS NULL", id: asset)
        for (clip, fate) in zip(stored.clips, fates.clips) {
            guard let id = clips[clip.name] else { continue }
            try setFate(fate, in: "clips", id: id)
            try setKept(fate, samplesWhere: "clip_id = ?", id: id)
        }
    }

    private func setFate(_ fate: Fate, in table: String, id: Int64) throws {
        try db.cachedStatement(
            sql: """
                UPDATE \(table) SET fate = ?, fate_stage = ?, fate_rule = ?, fate_reason = ? \
                WHERE id = ?
                """
        ).execute(arguments: Self.values(of: fate) + [id])
    }

    private func setKept(_ fate: Fate, samplesWhere condition: String, id: Int64) throws {
        try db.cachedStatement(sql: "UPDATE samples SET kept = ? WHERE \(condition)")
            .execute(arguments: [fate.outcome == .kept, id])
    }
}
