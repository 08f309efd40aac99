import Foundation
import MeshFiles
import Synchronization

/// How one asset of the corpus is made, and what the corpus's tables say of it.
struct Recipe: Sendable {
    var asset: DemoAsset
    /// The name that people read.
    var title: String
    var tags: [String]
    /// A licence as Objaverse abbreviates it.
    var license = "cc0"
    /// The aesthetic score, or nil where the score table has no row.
    var score: Double?
    var content: Content

    /// What the asset's files are made from.
    enum Content: Sendable {
        case glb(@Sendable (UInt64) -> GLTFDocument)
        case gltf(GLTFDocument.Embedding, @Sendable (UInt64) -> GLTFDocument)
        /// One file.
        case file(@Sendable (UInt64) throws -> Data)
        /// Files by their paths relative to the asset's own folder.
        case folder(@Sendable (UInt64) throws -> [String: Data])
    }

    /// The document of a .glb or .gltf asset.
    func document(seed: UInt64) -> GLTFDocument? {
        switch content {
        case .glb(let make), .gltf(_, let make): make(seed)
        case .file, .folder: nil
        }
    }
}

/// The files of an asset, with its counts where its annotations give them.
struct MadeAsset: Sendable {
    /// By their paths relative to the corpus.
    var files: [String: Data]
    var counts: Counts?

    struct Counts: Sendable {
        var animations: Int
        var vertices: Int
        var faces: Int

        init(_ document: GLTFDocument) {
            let primitives = document.meshes.flatMap(\.primitives)
            animations = document.animations.count
            vertices = primitives.reduce(0) { $0 + $1.positions.count }
            faces = primitives.reduce(0) {
                $0 + ($1.triangles?.count ?? $1.positions.count) / 3
            }
        }
    }
}

extension Recipe {
    /// Makes the asset's files.
    func make(seed: UInt64) throws(DemoCorpusError) -> MadeAsset {
        let parts = asset.path.split(separator: "/").map(String.init)
        let name = parts[parts.count - 1]
        let folder = parts.dropLast().joined(separator: "/")
        do {
            switch content {
            case .glb(let make):
                let document = make(seed)
                return MadeAsset(
                    files: [asset.path: try document.glb()], counts: MadeAsset.Counts(document))
            case .gltf(let embedding, let make):
                let document = make(seed)
                let base = name.split(separator: ".").first.map(String.init) ?? name
                return MadeAsset(
                    files: Recipe.prefixed(
                        try document.gltf(baseName: base, embedding: embedding), by: folder),
                    counts: MadeAsset.Counts(document))
            case .file(let make):
                return MadeAsset(files: [asset.path: try make(seed)])
            case .folder(let make):
                return MadeAsset(files: Recipe.prefixed(try make(seed), by: asset.path))
            }
        } catch {
            throw .cannotEncode(asset: asset.id, reason: "\(error)")
        }
    }

    private static func prefixed(_ files: [String: Data], by folder: String) -> [String: Data] {
        Dictionary(uniqueKeysWithValues: files.map { ("\(folder)/\($0.key)", $0.value) })
    }

    /// Makes the files of all recipes, several at once.
    static func makeAll(
        _ recipes: [Recipe], seed: UInt64
    ) throws(DemoCorpusError) -> [MadeAsset] {
        let results = Mutex(
            [Result<MadeAsset, DemoCorpusError>?](
                repeating: nil, count: recipes.count))
        DispatchQueue.concurrentPerform(iterations: recipes.count) { i in
            let result = Result { () throws(DemoCorpusError) in try recipes[i].make(seed: seed) }
            results.withLock { $0[i] = result }
        }
        var made: [MadeAsset] = []
        for result in results.withLock({ $0 }) {
            if let result { made.append(try result.get()) }
        }
        return made
    }
}

extension Recipe {
    /// An asset that is one .glb file.
    static func glb(
        _ id: String, _ title: String, tags: [String], license: String = "cc0", score: Double?,
        expectation: DemoAsset.Expectation = .kept, _ description: String,
        _ make: @escaping @Sendable (UInt64) -> GLTFDocument
    ) -> Recipe {
        Recipe(
            asset: DemoAsset(
                id: id, path: "\(id).glb", layout: .gltf, expectation: expectation,
                description: description),
            title: title, tags: tags, license: license, score: score, content: .glb(make))
    }

    /// An asset that is a .gltf file.
    static func gltf(
        _ id: String, _ title: String, tags: [String], score: Double?, _ description: String,
        embedding: GLTFDocument.Embedding, _ make: @escaping @Sendable (UInt64) -> GLTFDocument
    ) -> Recipe {
        Recipe(
            asset: DemoAsset(
                id: id, path: "\(id).gltf", layout: .gltf, expectation: .kept,
                description: description),
            title: title, tags: tags, score: score, content: .gltf(embedding, make))
    }

    /// A .glb or .anime file that is made byte by byte.
    static func file(
        _ path: String, _ layout: DemoAsset.Layout, _ title: String, tags: [String] = [],
        score: Double? = nil, _ expectation: DemoAsset.Expectation, _ description: String,
        _ make: @escaping @Sendable (UInt64) throws -> Data
    ) -> Recipe {
        let stem = path.split(separator: ".").first.map(String.init) ?? path
        return Recipe(
            asset: DemoAsset(
                id: stem, path: path, layout: layout, expectation: expectation,
                description: description),
            title: title, tags: tags, score: score, content: .file(make))
    }

    /// An asset that is a folder.
    static func folder(
        _ path: String, _ layout: DemoAsset.Layout, _ title: String, tags: [String],
        score: Double?, _ description: String,
        _ make: @escaping @Sendable (UInt64) throws -> [String: Data]
    ) -> Recipe {
        Recipe(
            asset: DemoAsset(
                id: path, path: path, layout: layout, expectation: .kept, description: description),
            title: title, tags: tags, score: score, content: .folder(make))
    }
}
