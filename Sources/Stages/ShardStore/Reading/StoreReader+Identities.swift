import GRDB

/// What is known of an asset's bytes.
public struct StoredIdentity: Sendable, Equatable {
    /// The asset's identity.
    public let asset: String
    /// Where it was read from, relative to the corpus.
    public let path: String
    /// The SHA-256 of its file.
    public let sha256: String
    /// The split of its samples.
    public let split: Split
    /// The asset that it is an alias of; `nil` where it stands for itself.
    public let aliasOf: String?
    /// Whether a run got as far as opening it: it has clips, or failed. What was rejected by a
    /// table's row alone was not opened.
    public let wasOpened: Bool
    /// Whether it has samples.
    public let hasSamples: Bool
}

/// Measured numbers of a clip.
public struct ClipMeasures: Sendable, Equatable {
    /// The asset's identity.
    public let asset: String
    /// The split of its samples.
    public let split: Split
    /// The clip.
    public let clip: String
    /// Whether the clip has a sample.
    public let hasSample: Bool
    /// The numbers of each measure that was asked for and taken; missing ones read as NaN.
    public let numbers: [String: [Double]]
}

extension StoreReader {
    /// Calls `body` with every asset whose bytes were digested, in the order in which they were
    /// first committed.
    ///
    /// - Throws: `StoreError.index`.
    /// - Complexity: O(n) for n assets; one is in memory at a time.
    public func forEachIdentity(_ body: (StoredIdentity) -> Void) throws(StoreError) {
        try reading("listing what is known of the assets' bytes") { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT name, path, sha256, split, alias_of, (fate = 'failed' OR EXISTS \
                    (SELECT 1 FROM clips WHERE clips.asset_id = assets.id)) AS opened, EXISTS \
                    (SELECT 1 FROM samples WHERE samples.asset_id = assets.id) AS sampled \
                    FROM assets WHERE sha256 IS NOT NULL ORDER BY id
                    """)
            while let row = try rows.next() {
                body(
                    StoredIdentity(
                        asset: try row.value("name"), path: try row.value("path"),
                        sha256: try row.value("sha256"),
                        split: try decoded(row.value("split")), aliasOf: try row.value("alias_of"),
                        wasOpened: try row.value("opened"), hasSamples: try row.value("sampled")))
            }
        }
    }

    /// Calls `body` with every clip of which one of the named measures was taken, in the order in
    /// which assets were first committed.
    ///
    /// - Throws: `StoreError.index`.
    /// - Complexity: O(n) for n measures; those of one clip are in memory at a time.
    public func forEachClip(
        measuring names: [String], _ body: (ClipMeasures) -> Void
    ) throws(StoreError) {
        let marks = names.map { _ in "?" }.joined(separator: ", ")
        try reading("listing the clips' measures") { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT clips.id, assets.name AS asset, assets.split, clips.name AS clip, \
                    measures.name, measures.value, measures.series, \
                    EXISTS (SELECT 1 FROM samples WHERE samples.clip_id = clips.id) AS sampled \
                    FROM assets JOIN clips ON clips.asset_id = assets.id \
                    JOIN measures ON measures.clip_id = clips.id \
                    WHERE measures.name IN (\(marks)) ORDER BY assets.id, clips.position, clips.id
                    """, arguments: StatementArguments(names))
            var pending: (id: Int64, row: Row, numbers: [String: [Double]])?
            func finish() throws {
                guard let (_, row, numbers) = pending else { return }
                body(
                    ClipMeasures(
                        asset: try row.value("asset"), split: try decoded(row.value("split")),
                        clip: try row.value("clip"),
                        hasSample: try row.value("sampled"), numbers: numbers))
            }
            while let row = try rows.next() {
                let id: Int64 = try row.value("id")
                if pending?.id != id {
                    try finish()
                    pending = (id, row.copy(), [:])
                }
                let name: String = try row.value("name")
                pending?.numbers[name] = try AssetRows.numbers(row)
            }
            try finish()
        }
    }
}
