import Foundation
import ShardStore

/// A manifest with everything that it names, read and checked: a run that begins with one ends
/// only for reasons that lie outside its recipe.
public struct BuildPlan: Sendable {
    /// All that decides what becomes of an asset.
    let recipe: Recipe
    /// What tables say of the assets.
    let tables: CorpusTables
    /// The identities that the run is about; nil for all.
    let ids: [String]?
    /// The files that tables and identities were read from.
    let tablePaths: [String]

    /// The manifest.
    public var manifest: Manifest { recipe.manifest }
    /// Its text, which the store keeps.
    public var manifestText: String { recipe.text.manifest }
    /// Where it was read from.
    public var manifestPath: String { recipe.text.manifestPath }
    /// The folder of assets.
    public var corpus: String { recipe.text.corpus }

    /// Reads a manifest and all that it names.
    ///
    /// - Parameters:
    ///   - manifest: the manifest's path.
    ///   - corpus: the folder of assets.
    ///   - store: the store's folder, for the commands that replay a failed asset.
    ///   - replayOptions: options of this run that those commands repeat.
    /// - Throws: ``ManifestError``, `RuleError`.
    public init(
        manifest path: String, corpus: String, store: String, replayOptions: [String] = []
    ) throws {
        let manifestText = try BuildPlan.text(path)
        let manifest = try Manifest(file: path, text: manifestText)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: corpus, isDirectory: &isFolder),
            isFolder.boolValue
        else {
            throw ManifestError(file: path, message: "the corpus \(corpus) is no folder")
        }
        let filterPath = try manifest.curation.filter.map {
            try BuildPlan.find(filter: $0, manifest: path)
        }
        recipe = try Recipe(
            RecipeText(
                manifestPath: path, manifest: manifestText, filterPath: filterPath,
                filter: try filterPath.map(BuildPlan.text), corpus: corpus,
                replayWords: [
                    "muybridge", "build", path, "--corpus", corpus, "--out", store + "-replay",
                ] + replayOptions))
        let finder = TableFinder(manifest: path, corpus: corpus)
        var tables = CorpusTables()
        var tablePaths: [String] = []
        if let file = try finder.find(manifest.corpus.annotations, as: "corpus.annotations") {
            try tables.addAnnotations(path: file)
            tablePaths.append(file)
        }
        if let file = try finder.find(manifest.corpus.columns, as: "corpus.columns") {
            try tables.addTable(path: file, identityColumn: manifest.corpus.identityColumn)
            tablePaths.append(file)
        }
        var ids: [String]?
        if let file = try finder.find(manifest.corpus.ids, as: "corpus.ids") {
            ids = try BuildPlan.identities(path: file)
            tablePaths.append(file)
        }
        self.tables = tables
        self.ids = ids
        self.tablePaths = tablePaths
    }

    /// The filter as the store records it. A store always has one, since what the ID list leaves
    /// out is a decision too.
    var filterRecord: FilterRecord {
        FilterRecord(name: recipe.rules?.name ?? "keep-all", text: recipe.rules?.text ?? "")
    }

    /// An asset's path within the corpus.
    ///
    /// A walk gives paths without links, however the corpus was named.
    func relativePath(of entry: CatalogueEntry) -> String {
        let real = URL(fileURLWithPath: corpus).resolvingSymlinksInPath().path
        let root = real.hasSuffix("/") ? real : real + "/"
        return entry.path.hasPrefix(root) ? String(entry.path.dropFirst(root.count)) : entry.path
    }

    /// A file's UTF-8 text.
    private static func text(_ path: String) throws(ManifestError) -> String {
        let data = try CorpusTables.contents(path)
        guard let text = String(data: data, encoding: .utf8) else {
            throw ManifestError(file: path, message: "is not UTF-8 text")
        }
        return text
    }

    /// A rule file: in `Filters` next to the manifest's folder, in `Filters` of the current folder,
    /// or beside the manifest (last, since manifests and filters like to share names).
    private static func find(filter: String, manifest: String) throws(ManifestError) -> String {
        let folder = URL(fileURLWithPath: manifest).deletingLastPathComponent()
        let places = [
            filter,
            folder.deletingLastPathComponent().appending(path: "Filters/\(filter)").path,
            "Filters/\(filter)", folder.appending(path: filter).path,
        ].dropFirst(filter.hasPrefix("/") ? 0 : 1)
        guard let found = places.first(where: { FileManager.default.fileExists(atPath: $0) })
        else {
            throw ManifestError(
                file: manifest,
                message: "curation.filter: no rule file \(filter); looked for "
                    + places.joined(separator: ", "))
        }
        return found
    }

    /// One identity a line; blank lines and comments (#) are passed over.
    private static func identities(path: String) throws(ManifestError) -> [String] {
        try text(path).split(whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
    }
}

/// Finds the tables that a manifest names: beside the manifest, then in the corpus.
private struct TableFinder {
    let manifest: String
    let corpus: String

    func find(_ name: String?, as key: String) throws(ManifestError) -> String? {
        guard let name else { return nil }
        let folder = URL(fileURLWithPath: manifest).deletingLastPathComponent()
        let places =
            name.hasPrefix("/")
            ? [name]
            : [
                folder.appending(path: name).path,
                URL(fileURLWithPath: corpus).appending(path: name).path,
            ]
        guard let found = places.first(where: { FileManager.default.fileExists(atPath: $0) })
        else {
            throw ManifestError(
                file: manifest,
                message: "\(key): no file \(name); looked for " + places.joined(separator: ", "))
        }
        return found
    }
}
