import GRDB

/// Where a sample comes from: all that is needed to make it again, and to be allowed to use it.
public struct SampleProvenance: Sendable, Equatable {
    /// The identity of its asset.
    public let asset: String
    /// The clip; `nil` for the asset as a whole.
    public let clip: String?
    /// The version of the tool that made it; `nil` where the index was made from the shards.
    public let toolVersion: String?
    /// The SHA-256 of the recipe that it was made by.
    public let manifestSHA256: String?
    /// The file that it was made from, relative to the corpus.
    public let sourcePath: String
    /// The SHA-256 of that file.
    public let sourceSHA256: String?
    /// The licence, as its source names it.
    public let licence: String?
    /// The seed that every draw follows from.
    public let seed: UInt64?
    /// The part of the corpus that the run built; `nil` for the whole.
    public let part: Partition?
    /// The command that made it.
    public let commandLine: String?
    /// When that began, ISO 8601, UTC.
    public let startedAt: String?
    /// The seconds that each stage took on the asset.
    public let timings: JSONValue
}

extension StoreReader {
    /// Where the sample of a key comes from: its row of the view `sample_provenance`.
    ///
    /// - Throws: `StoreError.noSuchSample` or `index`.
    public func provenance(of key: String) throws(StoreError) -> SampleProvenance {
        let found = try reading("looking up where the sample comes from") { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM sample_provenance WHERE key = ?", arguments: [key]
            ).map { row in
                SampleProvenance(
                    asset: try row.value("asset"), clip: try row.value("clip"),
                    toolVersion: try row.value("tool_version"),
                    manifestSHA256: try row.value("manifest_sha256"),
                    sourcePath: try row.value("source_path"),
                    sourceSHA256: try row.value("source_sha256"), licence: try row.value("licence"),
                    seed: (try row.value("seed") as String?).flatMap { UInt64($0) },
                    part: (try row.value("part") as String?).flatMap { Partition($0) },
                    commandLine: try row.value("command_line"),
                    startedAt: try row.value("started_at"),
                    timings: try JSONValue(text: try row.value("timings")))
            }
        }
        guard let found else { throw .noSuchSample(key: key) }
        return found
    }
}
