import Foundation
import Synchronization

/// How one asset of the corpus is made.
struct Recipe: Sendable {
    var asset: DemoAsset
    var content: Content

    /// What the asset's files are made from.
    enum Content: Sendable {
        case glb(@Sendable (UInt64) -> GLTFDocument)
        case gltf(GLTFDocument.Embedding, @Sendable (UInt64) -> GLTFDocument)
        /// Files by their paths relative to the asset's own folder.
        case files(@Sendable (UInt64) throws -> [String: Data])
    }

    /// The document of a .glb or .gltf asset.
    func document(seed: UInt64) -> GLTFDocument? {
        switch content {
        case .glb(let make), .gltf(_, let make): make(seed)
        case .files: nil
        }
    }

    /// The asset's files by their paths relative to the corpus.
    func files(seed: UInt64) throws(DemoCorpusError) -> [String: Data] {
        let parts = asset.path.split(separator: "/").map(String.init)
        let name = parts[parts.count - 1]
        let folder = parts.dropLast().joined(separator: "/")
        do {
            switch content {
            case .glb(let make):
                return [asset.path: try make(seed).glb()]
            case .gltf(let embedding, let make):
                let base = name.split(separator: ".").first.map(String.init) ?? name
                return Recipe.prefixed(
                    try make(seed).gltf(baseName: base, embedding: embedding), by: folder)
            case .files(let make):
                return Recipe.prefixed(
                    try make(seed), by: asset.path.contains(".") ? folder : asset.path)
            }
        } catch {
            throw .cannotEncode(asset: asset.id, reason: "\(error)")
        }
    }

    private static func prefixed(_ files: [String: Data], by folder: String) -> [String: Data] {
        folder.isEmpty
            ? files
            : Dictionary(uniqueKeysWithValues: files.map { ("\(folder)/\($0.key)", $0.value) })
    }
}

extension DemoCorpus {
    /// Makes the files of all recipes, several at once.
    static func makeAll(
        _ recipes: [Recipe], seed: UInt64
    ) throws(DemoCorpusError) -> [[String: Data]] {
        let results = Mutex([Result<[String: Data], DemoCorpusError>?](
            repeating: nil, count: recipes.count))
        DispatchQueue.concurrentPerform(iterations: recipes.count) { i in
            let result = Result { () throws(DemoCorpusError) in try recipes[i].files(seed: seed) }
            results.withLock { $0[i] = result }
        }
        var files: [[String: Data]] = []
        for result in results.withLock({ $0 }) {
            if let result { files.append(try result.get()) }
        }
        return files
    }
}
