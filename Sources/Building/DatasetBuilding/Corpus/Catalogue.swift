import Assets
import Foundation
import ShardStore

/// One asset that a run is to process, or to account for.
public struct CatalogueEntry: Sendable, Equatable {
    /// Why an asset is accounted for without being processed.
    public enum Absence: Sendable, Equatable {
        /// The ID list names it, and the corpus has no such file.
        case missing
        /// The corpus has it, and the ID list does not name it.
        case unlisted
    }

    /// The path within the corpus without extension, `/` between folders.
    public var id: String
    /// Where it lies; empty where it is missing.
    public var path: String
    /// How it is to be read.
    public var layout: AssetLayout
    /// Why it is not processed; nil where it is.
    public var absence: Absence?
}

/// What a corpus holds, held against the list of what it should hold.
public struct Catalogue: Sendable, CustomStringConvertible {
    /// Every asset, in the order of identities: those to process, those that are missing, those
    /// that no list names. Each becomes a row of the store, so that its counts add up.
    public private(set) var entries: [CatalogueEntry] = []
    /// Files of kinds that no loader reads, relative to the corpus.
    public private(set) var unknownFiles: [String] = []
    /// Links that lead out of the corpus or nowhere, relative to it; they are not followed.
    public private(set) var unfollowedLinks: [String] = []
    /// The part of the corpus that the entries are; nil where they are all of it.
    public let part: Partition?

    /// Walks the corpus of a plan.
    ///
    /// - Parameters:
    ///   - only: identities; empty for all. One that is neither in the corpus nor in the ID list
    ///     is an error.
    ///   - part: the part of the corpus that is wanted; nil for all of it. What the ID list names
    ///     and the corpus lacks belongs to a part as well.
    /// - Throws: `ManifestError`, `AssetError`.
    public init(plan: BuildPlan, only: [String] = [], part: Partition? = nil) throws {
        self.part = part
        let found = try AssetLoader.discover(
            in: plan.corpus, layout: plan.manifest.corpus.layout)
        let tables = plan.tablePaths.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
        let corpus = URL(fileURLWithPath: plan.corpus).standardizedFileURL
        unknownFiles = found.otherFiles.filter {
            !tables.contains(corpus.appending(path: $0).standardizedFileURL.path)
        }
        unfollowedLinks = found.unfollowedLinks
        entries = found.assets.map {
            CatalogueEntry(id: $0.identity, path: $0.path, layout: $0.layout)
        }
        if let ids = plan.ids { apply(ids) }
        if !only.isEmpty {
            let wanted = Set(only)
            entries.removeAll { !wanted.contains($0.id) }
            if let stranger = only.first(where: { id in !entries.contains { $0.id == id } }) {
                throw ManifestError(
                    file: plan.manifestPath,
                    message: "--only \(stranger): no asset of this identity")
            }
        }
        if let part { entries.removeAll { !part.contains(asset: $0.id) } }
        entries.sort { $0.id < $1.id }
    }

    /// Marks what the list does not name, and adds what the corpus lacks.
    private mutating func apply(_ ids: [String]) {
        var byName: [String: [Int]] = [:]
        for (i, entry) in entries.enumerated() {
            byName[entry.id, default: []].append(i)
            if let last = entry.id.split(separator: "/").last.map(String.init), last != entry.id {
                byName[last, default: []].append(i)
            }
        }
        var listed = Set<Int>()
        var missing: [String] = []
        for id in ids {
            if let indices = byName[id] { listed.formUnion(indices) } else { missing.append(id) }
        }
        for i in entries.indices where !listed.contains(i) { entries[i].absence = .unlisted }
        let known = Set(entries.map(\.id))
        entries += Set(missing).subtracting(known).map {
            CatalogueEntry(
                id: $0, path: "", layout: .automatic, absence: .missing)
        }
    }

    /// The entries that are accounted for in one way.
    public func count(_ absence: CatalogueEntry.Absence?) -> Int {
        entries.count { $0.absence == absence }
    }

    /// What the corpus holds, in a line or two.
    public var description: String {
        var text = part.map { "part \($0) of the corpus" } ?? "corpus"
        text += ": \(count(nil)) assets"
        if count(.missing) > 0 {
            text += ", \(count(.missing)) that the ID list names and no file has"
        }
        if count(.unlisted) > 0 { text += ", \(count(.unlisted)) that the ID list does not name" }
        if !unknownFiles.isEmpty {
            text += ", \(unknownFiles.count) files of unknown kinds ("
            text += unknownFiles.prefix(3).joined(separator: ", ")
            text += unknownFiles.count > 3 ? ", ...)" : ")"
        }
        if !unfollowedLinks.isEmpty {
            text += ", \(unfollowedLinks.count) links that lead out of it (not followed)"
        }
        return text
    }

    /// What the store's provenance says of the corpus.
    var provenance: JSONValue {
        .object([
            "assets": .integer(count(nil)), "missing": .integer(count(.missing)),
            "unlisted": .integer(count(.unlisted)),
            "unknown_files": .array(unknownFiles.prefix(10_000).map(JSONValue.string)),
            "unknown_file_count": .integer(unknownFiles.count),
            "unfollowed_links": .array(unfollowedLinks.prefix(10_000).map(JSONValue.string)),
        ])
    }
}
