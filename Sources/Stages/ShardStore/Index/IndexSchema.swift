import GRDB

/// The tables of `index.sqlite`, as Documentation/store.md describes them.
///
/// Migrations are only ever appended: one that has been released stays as it is. The statements
/// keep to what SQLite 3.26 reads, since clusters run old distributions.
enum IndexSchema {
    /// `MUYB`, which `file` shows as the database's application.
    static let applicationID = 0x4D55_5942

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 store") { db in
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: records)
            try db.execute(sql: shards)
            try db.execute(sql: findings)
            try db.execute(sql: views)
        }
        migrator.registerMigration("2 corpus") { db in
            try db.execute(sql: corpus)
        }
        return migrator
    }

    private static let records = """
        CREATE TABLE settings (
            name TEXT NOT NULL PRIMARY KEY,
            value TEXT NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            started_at TEXT NOT NULL,
            finished_at TEXT,
            tool_version TEXT NOT NULL,
            command_line TEXT NOT NULL,
            manifest TEXT,
            metadata TEXT NOT NULL
        );

        CREATE TABLE filters (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            text TEXT NOT NULL,
            judged_at TEXT NOT NULL
        );

        CREATE TABLE assets (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            split TEXT NOT NULL CHECK (split IN ('train', 'val', 'test')),
            path TEXT NOT NULL,
            sha256 TEXT,
            bytes INTEGER,
            format TEXT,
            licence TEXT,
            metadata TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            fate TEXT NOT NULL CHECK (fate IN ('kept', 'rejected', 'failed')),
            fate_stage TEXT,
            fate_rule TEXT,
            fate_reason TEXT,
            run_id INTEGER REFERENCES runs (id)
        );
        CREATE INDEX assets_by_sha256 ON assets (sha256);
        CREATE INDEX assets_by_fate ON assets (fate, fate_stage, fate_rule);

        CREATE TABLE clips (
            id INTEGER PRIMARY KEY,
            asset_id INTEGER NOT NULL REFERENCES assets (id),
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            duration_seconds REAL,
            metadata TEXT NOT NULL,
            fate TEXT NOT NULL CHECK (fate IN ('kept', 'rejected', 'failed')),
            fate_stage TEXT,
            fate_rule TEXT,
            fate_reason TEXT,
            UNIQUE (asset_id, name)
        );
        """

    private static let shards = """
        CREATE TABLE shards (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            split TEXT NOT NULL CHECK (split IN ('train', 'val', 'test')),
            series TEXT NOT NULL,
            number INTEGER NOT NULL,
            bytes INTEGER NOT NULL,
            samples INTEGER NOT NULL,
            sealed INTEGER NOT NULL CHECK (sealed IN (0, 1)),
            UNIQUE (split, series, number)
        );

        CREATE TABLE samples (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            asset_id INTEGER NOT NULL REFERENCES assets (id),
            clip_id INTEGER REFERENCES clips (id),
            split TEXT NOT NULL CHECK (split IN ('train', 'val', 'test')),
            shard_id INTEGER NOT NULL REFERENCES shards (id),
            kept INTEGER NOT NULL CHECK (kept IN (0, 1)),
            metadata TEXT NOT NULL,
            run_id INTEGER REFERENCES runs (id)
        );
        CREATE INDEX samples_by_asset ON samples (asset_id);
        CREATE INDEX samples_by_clip ON samples (clip_id);
        CREATE INDEX samples_by_split ON samples (split, kept);
        CREATE INDEX samples_by_shard ON samples (shard_id);

        CREATE TABLE fields (
            sample_id INTEGER NOT NULL REFERENCES samples (id),
            name TEXT NOT NULL,
            shard_id INTEGER NOT NULL REFERENCES shards (id),
            offset INTEGER NOT NULL,
            length INTEGER NOT NULL,
            header_bytes INTEGER NOT NULL,
            dtype TEXT,
            shape TEXT,
            crc32c INTEGER NOT NULL,
            PRIMARY KEY (sample_id, name)
        ) WITHOUT ROWID;
        CREATE UNIQUE INDEX fields_by_place ON fields (shard_id, offset);
        """

    private static let findings = """
        CREATE TABLE measures (
            id INTEGER PRIMARY KEY,
            asset_id INTEGER NOT NULL REFERENCES assets (id),
            clip_id INTEGER REFERENCES clips (id),
            name TEXT NOT NULL,
            value REAL,
            series TEXT
        );
        CREATE INDEX measures_by_asset ON measures (asset_id, clip_id, name);
        CREATE INDEX measures_by_clip ON measures (clip_id);

        CREATE TABLE decisions (
            id INTEGER PRIMARY KEY,
            filter_id INTEGER NOT NULL REFERENCES filters (id),
            asset_id INTEGER NOT NULL REFERENCES assets (id),
            clip_id INTEGER REFERENCES clips (id),
            position INTEGER NOT NULL,
            stage TEXT NOT NULL,
            rule TEXT NOT NULL,
            verdict TEXT NOT NULL CHECK (verdict IN ('kept', 'rejected')),
            reason TEXT NOT NULL
        );
        CREATE INDEX decisions_by_asset ON decisions (asset_id);
        CREATE INDEX decisions_by_clip ON decisions (clip_id);
        CREATE INDEX decisions_by_rule ON decisions (stage, rule, verdict);

        CREATE TABLE failures (
            id INTEGER PRIMARY KEY,
            asset_id INTEGER NOT NULL REFERENCES assets (id),
            clip TEXT,
            attempt INTEGER NOT NULL,
            stage TEXT NOT NULL,
            cause TEXT NOT NULL,
            message TEXT NOT NULL,
            replay_command TEXT NOT NULL,
            failed_at TEXT NOT NULL,
            run_id INTEGER REFERENCES runs (id)
        );
        CREATE INDEX failures_by_asset ON failures (asset_id);
        """

    private static let views = """
        CREATE VIEW kept_samples AS
            SELECT samples.id, samples.key, assets.name AS asset, clips.name AS clip,
                samples.split, shards.name AS shard, samples.metadata
            FROM samples
            JOIN assets ON assets.id = samples.asset_id
            LEFT JOIN clips ON clips.id = samples.clip_id
            JOIN shards ON shards.id = samples.shard_id
            WHERE samples.kept = 1;

        CREATE VIEW sample_fields AS
            SELECT samples.key, fields.name AS field, samples.split, samples.kept,
                shards.name AS shard, fields.offset, fields.length, fields.dtype, fields.shape,
                fields.crc32c
            FROM fields
            JOIN samples ON samples.id = fields.sample_id
            JOIN shards ON shards.id = fields.shard_id;

        CREATE VIEW asset_funnel AS
            SELECT fate, fate_stage AS stage, fate_rule AS rule, count(*) AS assets
            FROM assets GROUP BY fate, fate_stage, fate_rule;

        CREATE VIEW clip_funnel AS
            SELECT fate, fate_stage AS stage, fate_rule AS rule, count(*) AS clips
            FROM clips GROUP BY fate, fate_stage, fate_rule;
        """

    /// What a corpus of many machines and many runs asks for. A seed is text, since a SQLite
    /// integer has a sign.
    private static let corpus = """
        ALTER TABLE assets ADD COLUMN
            quarantined INTEGER NOT NULL DEFAULT 0 CHECK (quarantined IN (0, 1));
        ALTER TABLE assets ADD COLUMN
            incomplete INTEGER NOT NULL DEFAULT 0 CHECK (incomplete IN (0, 1));
        ALTER TABLE assets ADD COLUMN alias_of TEXT;
        ALTER TABLE assets ADD COLUMN timings TEXT NOT NULL DEFAULT '{}';
        ALTER TABLE runs ADD COLUMN manifest_sha256 TEXT;
        ALTER TABLE runs ADD COLUMN seed TEXT;
        ALTER TABLE runs ADD COLUMN part TEXT;
        CREATE TABLE lost (
            id INTEGER PRIMARY KEY,
            shard_id INTEGER NOT NULL REFERENCES shards (id),
            offset INTEGER NOT NULL,
            length INTEGER NOT NULL,
            key TEXT,
            reason TEXT NOT NULL
        );
        CREATE UNIQUE INDEX lost_by_place ON lost (shard_id, offset);

        CREATE INDEX assets_by_alias ON assets (alias_of) WHERE alias_of IS NOT NULL;

        CREATE VIEW sample_provenance AS
            SELECT samples.key, samples.split, samples.kept, assets.name AS asset,
                clips.name AS clip, runs.tool_version, runs.manifest_sha256,
                assets.path AS source_path, assets.sha256 AS source_sha256, assets.licence,
                runs.seed, runs.part, runs.command_line, runs.started_at, assets.timings
            FROM samples
            JOIN assets ON assets.id = samples.asset_id
            LEFT JOIN clips ON clips.id = samples.clip_id
            LEFT JOIN runs ON runs.id = samples.run_id;
        """
}
