import GRDB

/// Leaves one of the assets that have the same bytes.
enum MergeDuplicates {
    /// Makes every asset that has the bytes of another an alias, and marks its samples as not
    /// kept.
    ///
    /// Of each group the first by identity of those that are kept stays, or the first where none
    /// is. What failed is no part of a group: it shows nothing.
    static func mark(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TEMP TABLE twins AS SELECT id, first, name FROM ( \
                SELECT id, name, first_value(name) OVER (PARTITION BY sha256 ORDER BY \
                fate <> 'kept', alias_of IS NOT NULL, name) AS first \
                FROM assets WHERE sha256 IS NOT NULL AND fate <> 'failed') WHERE first <> name;
                CREATE UNIQUE INDEX temp.twins_by_id ON twins (id);
                """)
        let fate = Fate.duplicate(of: "")
        let columns = """
            fate = 'rejected', fate_stage = '\(Fate.duplicateStage)', \
            fate_rule = '\(Fate.duplicateRule)'
            """
        let reason = "fate_reason = '\(fate.reason ?? "")' || (SELECT first FROM twins WHERE id ="
        try db.execute(
            sql: """
                UPDATE assets SET \(columns), \(reason) assets.id), \
                alias_of = (SELECT first FROM twins WHERE id = assets.id) \
                WHERE id IN (SELECT id FROM twins);
                UPDATE clips SET \(columns), \(reason) clips.asset_id) \
                WHERE asset_id IN (SELECT id FROM twins) AND fate <> 'failed';
                UPDATE samples SET kept = 0 WHERE asset_id IN (SELECT id FROM twins);
                DROP TABLE twins;
                """)
    }
}
