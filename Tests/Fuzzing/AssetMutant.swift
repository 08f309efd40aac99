import Foundation
import Geometry
import TestSupport

/// One damaged asset: a function of the seed, the index and the seed files.
struct AssetMutant {
    /// The folder's name in a corpus: index, reader and the asset that it was made of.
    let name: String
    /// Which reader it is for.
    let kind: String
    let files: [String: [UInt8]]

    init(seed: UInt64, index: Int, seeds: SeedFiles) {
        var mutator = Mutator(seed: seed, name: "asset-\(index)")
        // Half of the mutants are for this package's own readers.
        let wantsOwn = index % 2 == 0
        let candidates = seeds.assets.filter { $0.kind.hasPrefix("assimp-") != wantsOwn }
        let kinds = Set(candidates.map(\.kind)).sorted()
        let kind = mutator.pick(kinds)
        let alike = candidates.filter { $0.kind == kind }
        let asset = mutator.pick(alike)
        let paths = asset.files.keys.sorted()
        let path = mutator.pick(paths)
        let donors = alike.flatMap { other in
            other.files.filter {
                ($0.key as NSString).pathExtension == (path as NSString).pathExtension
            }
            .sorted { $0.key < $1.key }.map(\.value)
        }
        var files = asset.files
        let bytes = files[path] ?? []
        files[path] = mutator.mutant(
            of: bytes, donors: donors, syntax: Mutator.Syntax(ofFile: path, bytes: bytes))
        self.kind = kind
        self.files = files
        name = "\(index)-\(kind)-\(asset.name)"
    }

    /// glTF files are assimp's where a manifest says so.
    var layout: String { kind == "assimp-glb" ? "assimp" : "automatic" }

    /// Whether its reader is this package's own.
    var isOwn: Bool { !kind.hasPrefix("assimp-") }

    func write(to folder: String) throws {
        for (path, bytes) in files {
            let url = URL(fileURLWithPath: "\(folder)/\(path)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: url)
        }
    }
}
