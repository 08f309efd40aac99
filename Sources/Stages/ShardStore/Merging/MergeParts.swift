import Foundation
import GRDB

/// A part that is to be merged.
struct MergePart: Sendable {
    let layout: StoreLayout
    let part: Partition
    /// Whether its last build came to its end.
    let isFinished: Bool
    /// Whether a shard of it waits for more samples.
    let hasOpenShards: Bool
    let manifest: String?
    let filter: FilterRecord?
    /// The versions of the tool that its assets were built with.
    let versions: [String]
    /// The settings that all parts must share.
    let settings: [String]
    /// Its rows and bytes, which tell whether it has changed.
    let counts: [Int]

    /// Reads what must be known of the part at `layout`.
    init(_ layout: StoreLayout) throws(StoreError) {
        let reader = try StoreReader(at: layout.folder)
        guard let part = try reader.part() else {
            throw .unmergeable(
                path: layout.folder,
                what: "is no part of a corpus: parts are built with `muybridge build --part`")
        }
        self.layout = layout
        self.part = part
        manifest = FileManager.default.contents(atPath: layout.manifest)
            .map { String(decoding: $0, as: UTF8.self) }
        filter = try reader.filter()
        let facts = try reader.reading("looking at the part") { db in try Facts(db) }
        isFinished = facts.isFinished && !facts.hasOpenShards
        hasOpenShards = facts.hasOpenShards
        versions = facts.versions
        settings = facts.settings
        counts = facts.counts
    }

    private struct Facts {
        var isFinished: Bool
        var hasOpenShards: Bool
        var versions: [String]
        var settings: [String]
        var counts: [Int]

        init(_ db: Database) throws {
            func count(_ sql: String) throws -> Int {
                try Int.fetchOne(db, sql: "SELECT count(*) FROM \(sql)") ?? 0
            }
            let isEnded = try StoreSettings.value(StoreSettings.finished, db) != nil
            let incomplete = try count("assets WHERE incomplete = 1")
            isFinished = isEnded && incomplete == 0
            hasOpenShards = try count("shards WHERE sealed = 0") > 0
            versions = try String.fetchAll(
                db,
                sql: """
                    SELECT DISTINCT tool_version FROM runs \
                    WHERE id IN (SELECT run_id FROM assets) ORDER BY tool_version
                    """)
            settings = []
            for name in ["format", "shard_bytes", "shard_samples"] {
                settings.append("\(name) \(try StoreSettings.value(name, db) ?? "none")")
            }
            counts = []
            for table in ["assets", "samples", "shards", "failures"] {
                counts.append(try count(table))
            }
            counts.append(try Int.fetchOne(db, sql: "SELECT total(bytes) FROM shards") ?? 0)
        }
    }

    /// What differs between the recipes of two parts, or `nil`.
    func difference(from other: MergePart) -> String? {
        func texts(_ left: String, _ right: String, _ what: String) -> String? {
            left == right ? nil : "\(what) \(left), the other \(right)"
        }
        if manifest != other.manifest { return "another manifest.yaml" }
        // A part without assets was judged by none.
        if filter != other.filter, counts[0] > 0, other.counts[0] > 0 {
            return filter?.name == other.filter?.name
                ? "another text of the filter \(filter?.name ?? "")"
                : texts(filter?.name ?? "none", other.filter?.name ?? "none", "the filter")
        }
        if part.count != other.part.count {
            return "the part \(part), the other \(other.part)"
        }
        return zip(settings, other.settings).lazy.compactMap { texts($0, $1, "the setting") }.first
    }
}

/// All parts of a merge, by their index.
struct MergeParts: Sendable {
    let parts: [MergePart]
    let missing: [Partition]
    let unfinished: [Partition]

    /// How many parts the corpus has.
    var count: Int { parts[0].part.count }

    /// Says of which parts, in which state, the merge is.
    var fingerprint: String {
        let entries = parts.map { part in
            (part.part.description, JSONValue.array(part.counts.map { .integer($0) }))
        }
        return JSONValue.object(Dictionary(entries) { $1 }).text
    }

    /// Opens parts and holds them against one another.
    ///
    /// - Throws: `StoreError.unmergeable`, and what opening a store throws.
    static func open(
        _ paths: [String], into target: StoreLayout, allowsUnfinished: Bool, run: RunRecord
    ) throws(StoreError) -> MergeParts {
        var parts: [MergePart] = []
        for path in paths {
            let layout = StoreLayout(path)
            guard !isSame(layout.folder, target.folder) else {
                throw .unmergeable(path: path, what: "cannot be merged into itself")
            }
            parts.append(try MergePart(layout))
        }
        parts.sort { ($0.part.index, $0.layout.folder) < ($1.part.index, $1.layout.folder) }
        guard let first = parts.first else {
            throw .unmergeable(path: target.folder, what: "there are no parts to merge")
        }
        try checkRecipes(parts, first)
        let present = Set(parts.map(\.part))
        let missing = (0..<first.part.count).compactMap {
            Partition(index: $0, count: first.part.count)
        }.filter { !present.contains($0) }
        let unfinished = parts.filter { !$0.isFinished }
        guard allowsUnfinished || (missing.isEmpty && unfinished.isEmpty) else {
            throw .unmergeable(path: target.folder, what: waiting(missing, unfinished))
        }
        for index in parts.indices where parts[index].hasOpenShards {
            try StoreWriter(
                at: parts[index].layout.folder,
                run: RunRecord(toolVersion: run.toolVersion, commandLine: run.commandLine)
            ).finish()
            parts[index] = try MergePart(parts[index].layout)
        }
        return MergeParts(parts: parts, missing: missing, unfinished: unfinished.map(\.part))
    }

    private static func checkRecipes(
        _ parts: [MergePart], _ first: MergePart
    ) throws(StoreError) {
        let version = parts.lazy.flatMap(\.versions).first
        for (position, part) in parts.enumerated() {
            if let difference = part.difference(from: first) {
                throw .unmergeable(
                    path: part.layout.folder,
                    what: "is of another recipe than \(first.layout.folder): it has \(difference)")
            }
            if position > 0, parts[position - 1].part == part.part {
                throw .unmergeable(
                    path: part.layout.folder,
                    what: "is part \(part.part), and so is \(parts[position - 1].layout.folder)")
            }
            if let other = part.versions.first(where: { $0 != version }) {
                throw .unmergeable(
                    path: part.layout.folder,
                    what: "has assets built with version \(other), others are built with "
                        + "\(version ?? ""); build all parts with one version")
            }
        }
    }

    private static func waiting(_ missing: [Partition], _ unfinished: [MergePart]) -> String {
        var texts: [String] = []
        if !missing.isEmpty {
            let names = missing.prefix(20).map(\.description).joined(separator: ", ")
            let more = missing.count > 20 ? ", ..." : ""
            texts.append("parts that are not there: \(names)\(more)")
        }
        if !unfinished.isEmpty {
            let names = unfinished.prefix(20).map { "\($0.part) (\($0.layout.folder))" }
                .joined(separator: ", ")
            let more = unfinished.count > 20 ? ", ..." : ""
            texts.append("parts that are not finished: \(names)\(more)")
        }
        return texts.joined(separator: "; ")
            + "; build them, or merge what there is with --allow-unfinished"
    }

    private static func isSame(_ left: String, _ right: String) -> Bool {
        var first = stat()
        var second = stat()
        return stat(left, &first) == 0 && stat(right, &second) == 0
            && first.st_ino == second.st_ino && first.st_dev == second.st_dev
    }
}
