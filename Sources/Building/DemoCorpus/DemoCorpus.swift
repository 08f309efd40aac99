import Foundation
import MeshFiles

/// A corpus of small animated assets that exercises every loader and every rule, made from nothing
/// but a seed.
///
/// ``write(to:seed:)`` writes all of it; ``files(of:seed:)`` and ``document(named:seed:)`` make
/// single assets. The same seed makes the same bytes.
public struct DemoCorpus {
    /// The seed of the corpus that the documentation shows.
    public static let standardSeed: UInt64 = 1878

    /// The assets, in the order in which they are written.
    public static var assets: [DemoAsset] { Recipe.all.map(\.asset) }

    /// Writes the corpus: the assets, `annotations.json`, `scores.csv` and `ids.txt`.
    ///
    /// - Parameters:
    ///   - folder: made where it does not exist; files of the same names are replaced.
    ///   - seed: chooses the random details of textures and shapes.
    ///   - copies: how often every asset is made, each time from the next seed; several copies
    ///     lie in folders `0000`, `0001`, ... Assets without random details are the same in all.
    ///   - progress: told how many copies are written.
    /// - Returns: what was written of a copy, and what should become of it.
    /// - Throws: ``DemoCorpusError``.
    @discardableResult
    public static func write(
        to folder: URL, seed: UInt64 = standardSeed, copies: Int = 1,
        progress: (Int) -> Void = { _ in }
    ) throws(DemoCorpusError) -> [DemoAsset] {
        var tables = Tables()
        for copy in 0..<copies {
            let seed = seed &+ UInt64(copy)
            let prefix = copies > 1 ? String(format: "%04d/", copy) : ""
            let made = try Recipe.makeAll(Recipe.all, seed: seed)
            for (recipe, asset) in zip(Recipe.all, made) {
                for (path, data) in asset.files {
                    try write(
                        data, to: folder.appending(path: prefix + path), asset: recipe.asset.id)
                }
            }
            tables.add(Recipe.all, made, seed: seed, prefix: prefix)
            progress(copy + 1)
        }
        for (name, data) in tables.files {
            try write(data, to: folder.appending(path: name), asset: name)
        }
        return assets
    }

    /// The files of one asset by their paths relative to the corpus.
    ///
    /// - Throws: ``DemoCorpusError``.
    public static func files(
        of id: String, seed: UInt64 = standardSeed
    ) throws(DemoCorpusError) -> [String: Data] {
        guard let recipe = Recipe.all.first(where: { $0.asset.id == id }) else {
            throw .noSuchAsset(id: id)
        }
        return try recipe.make(seed: seed).files
    }

    /// What a .glb or .gltf asset holds, before it is written; nil where the asset is no such
    /// file, or was damaged after it was written.
    public static func document(
        named id: String, seed: UInt64 = standardSeed
    ) -> GLTFDocument? {
        Recipe.all.first { $0.asset.id == id }?.document(seed: seed)
    }

    private static func write(
        _ data: Data, to file: URL, asset: String
    ) throws(DemoCorpusError) {
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try data.write(to: file)
        } catch {
            throw .cannotWrite(path: file.path, asset: asset, reason: error.localizedDescription)
        }
    }
}

/// Why the demo corpus could not be made.
public enum DemoCorpusError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A file could not be written.
    case cannotWrite(path: String, asset: String, reason: String)
    /// A picture could not be encoded.
    case cannotEncode(asset: String, reason: String)
    /// The corpus has no asset of the name.
    case noSuchAsset(id: String)

    /// The error in one sentence, with what to do about it.
    public var description: String {
        switch self {
        case .cannotWrite(let path, let asset, let reason):
            "\(path): cannot be written for \(asset): \(reason); choose a folder with room and "
                + "write permission"
        case .cannotEncode(let asset, let reason):
            "\(asset): a texture cannot be encoded: \(reason)"
        case .noSuchAsset(let id):
            "the demo corpus has no asset \(id)"
        }
    }
}
