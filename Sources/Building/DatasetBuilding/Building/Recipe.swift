import Assets
import Curation
import Foundation
import ShardStore

/// The texts that a recipe is made of, as they were read when a run began.
struct RecipeText: Sendable, Equatable {
    /// Where the manifest was read from, for messages and replay commands.
    var manifestPath: String
    var manifest: String
    /// Where the rules were read from; nil where everything is kept.
    var filterPath: String?
    var filter: String?
    /// The folder of assets.
    var corpus: String
    /// The words of the command that repeats one asset alone, but for `--only IDENTITY`.
    var replayWords: [String]
}

/// All that decides what becomes of an asset, besides the asset: the manifest and its rules.
struct Recipe: Sendable {
    /// What it was read from.
    let text: RecipeText
    let manifest: Manifest
    /// The rules; nil where everything is kept.
    let rules: JudgementRules?
    /// Measures that are stored although no rule asks for them.
    let extraMeasures: [MeasureID]
    /// Shares of the splits.
    let splits: Split.Fractions

    /// Reads a recipe.
    ///
    /// - Throws: ``ManifestError``, `RuleError`.
    init(_ text: RecipeText) throws {
        self.text = text
        let manifest = try Manifest(file: text.manifestPath, text: text.manifest)
        self.manifest = manifest
        if let filter = text.filter, let path = text.filterPath {
            rules = try JudgementRules(text: filter, file: path)
        } else {
            rules = nil
        }
        let named = try manifest.curation.measures.map { name in
            guard let measure = MeasureID(name) else {
                throw ManifestError(
                    file: text.manifestPath,
                    message: "curation.measures: there is no measure \(name)")
            }
            return measure
        }
        let signatures = manifest.curation.duplicates.policy == .off ? [] : MeasureID.signatures
        extraMeasures = named + signatures.filter { !named.contains($0) }
        splits = try Split.Fractions(
            train: manifest.store.train, validation: manifest.store.validation,
            test: manifest.store.test)
    }

    /// A loader for one asset.
    func loader(layout: AssetLayout) -> AssetLoader {
        AssetLoader(
            layout: layout, framesPerSecond: manifest.corpus.framesPerSecond,
            upAxis: manifest.corpus.upAxis, limits: manifest.corpus.limits.asset)
    }

    /// The split of an asset: by the SHA-256 of its file where there is one, so that the same bytes
    /// stand in the same split under any name and in any part of a corpus; else by its identity.
    func split(_ record: AssetRecord) -> Split {
        Split.assign(
            asset: record.sha256 ?? record.id, fractions: splits, seed: manifest.seed)
    }

    /// The command that repeats one asset alone, into a store of its own.
    func replayCommand(forAsset id: String) -> String {
        ShellWord.line(text.replayWords + ["--only", id])
    }
}
