import Assets
import Curation
import Foundation
import ShardStore

/// A manifest with everything that it names, read and checked: a run that begins with one ends
/// only for reasons that lie outside its recipe.
public struct BuildPlan: Sendable {
    /// The recipe.
    public let manifest: Manifest
    /// Its text, which the store keeps.
    public let manifestText: String
    /// Where it was read from.
    public let manifestPath: String
    /// The folder of assets.
    public let corpus: String
    /// The rules, with their file's text; nil where everything is kept.
    let rules: JudgementRules?
    /// What tables say of the assets.
    let tables: CorpusTables
    /// The identities that the run is about; nil for all.
    let ids: [String]?
    /// The files that tables and identities were read from.
    let tablePaths: [String]
    /// Shares of the splits.
    let splits: Split.Fractions
    /// Measures that are stored although no rule asks for them.
    let extraMeasures: [MeasureID]
    /// Tries imports by foreign libraries in a process of its own first; nil trusts them.
    let probe: ImportProbe?
    private let store: String

    /// Reads a manifest and all that it names.
    ///
    /// - Parameters:
    ///   - manifest: the manifest's path.
    ///   - corpus: the folder of assets.
    ///   - store: the store's folder, for the commands that replay a failed asset.
    ///   - probe: tries imports by foreign libraries in a process of its own first; nil trusts
    ///     them.
    /// - Throws: ``ManifestError``, `RuleError`.
    public init(
        manifest path: String, corpus: String, store: String, probe: ImportProbe? = nil
    ) throws {
        self.probe = probe
        manifestPath = path
        self.corpus = corpus
        self.store = store
        let data = try CorpusTables.contents(path)
        guard let text = String(data: data, encoding: .utf8) else {
            throw ManifestError(file: path, message: "is not UTF-8 text")
        }
        manifestText = text
        let manifest = try Manifest(file: path, text: text)
        self.manifest = manifest
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: corpus, isDirectory: &isFolder),
            isFolder.boolValue
        else {
            throw ManifestError(file: path, message: "the corpus \(corpus) is no folder")
        }
        rules = try manifest.curation.filter.map {
            try JudgementRules(path: BuildPlan.find(filter: $0, manifest: path))
        }
        extraMeasures = try manifest.curation.measures.map { name in
            guard let measure = MeasureID(name) else {
                throw ManifestError(
                    file: path, message: "curation.measures: there is no measure \(name)")
            }
            return measure
        }
        splits = try Split.Fractions(
            train: manifest.store.train, validation: manifest.store.validation,
            test: manifest.store.test)
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
        FilterRecord(name: rules?.name ?? "keep-all", text: rules?.text ?? "")
    }

    /// A loader for one asset.
    func loader(layout: AssetLayout) -> AssetLoader {
        AssetLoader(
            layout: layout, framesPerSecond: manifest.corpus.framesPerSecond,
            upAxis: manifest.corpus.upAxis, limits: manifest.corpus.limits.asset)
    }

    /// An asset's path within the corpus.
    func relativePath(of entry: CatalogueEntry) -> String {
        let root = corpus.hasSuffix("/") ? corpus : corpus + "/"
        return entry.path.hasPrefix(root) ? String(entry.path.dropFirst(root.count)) : entry.path
    }

    /// The command that repeats one asset alone, into a store of its own.
    func replayCommand(for entry: CatalogueEntry) -> String {
        let words = [
            "muybridge", "build", manifestPath, "--corpus", corpus, "--out", store + "-replay",
            "--only", entry.id,
        ]
        return words.map(BuildPlan.quoted).joined(separator: " ")
    }

    /// A word as a shell takes it.
    private static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { byte in
            Character(UnicodeScalar(byte)).isLetter || Character(UnicodeScalar(byte)).isNumber
                || "/._-+=:@%".utf8.contains(byte)
        }
        if isPlain, !word.isEmpty { return word }
        return "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
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
        let data = try CorpusTables.contents(path)
        guard let text = String(data: data, encoding: .utf8) else {
            throw ManifestError(file: path, message: "is not UTF-8 text")
        }
        return text.split(whereSeparator: \.isNewline)
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
