import CAssimp
import DemoCorpus
import Foundation
import MeshFiles

/// The sound files that mutants are made of, in a folder of the run.
struct SeedFiles {
    /// An asset: its files by their paths relative to it, and the one that is loaded.
    struct Asset {
        /// Which reader it is for: `gltf`, `anime`, `obj-sequence`, `3dbicar`, `assimp-fbx`.
        var kind: String
        var name: String
        var files: [String: [UInt8]]
    }

    let folder: String
    let assets: [Asset]
    /// A small store.
    var store: String { folder + "/store" }

    /// The seeds, made where the folder does not have them yet.
    static func prepared(in work: String, muybridge: String) throws -> SeedFiles {
        let done = work + "/seeds/done"
        if !FileManager.default.fileExists(atPath: done) {
            try make(in: work + "/seeds", muybridge: muybridge)
            try write(Data(), to: done)
        }
        return try SeedFiles(in: work)
    }

    /// Reads what ``prepared(in:muybridge:)`` made.
    init(in work: String) throws {
        folder = work + "/seeds"
        var assets = try SeedFiles.readAssets(folder + "/assets")
        if let extra = ProcessInfo.processInfo.environment["MUYBRIDGE_CORPUS"] {
            for name in try FileManager.default.contentsOfDirectory(atPath: extra).sorted() {
                let suffix = (name as NSString).pathExtension.lowercased()
                guard !["", "md", "txt"].contains(suffix) else { continue }
                let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: extra + "/" + name)))
                guard bytes.count < 1 << 20 else { continue }
                let isGLTF = ["glb", "gltf"].contains(suffix)
                assets.append(
                    Asset(
                        kind: isGLTF ? "gltf" : "assimp-" + suffix, name: name,
                        files: [name: bytes]))
            }
        }
        self.assets = assets
    }

    /// Assets lie in folders `KIND/NAME/`.
    private static func readAssets(_ folder: String) throws -> [Asset] {
        let files = FileManager.default
        var assets: [Asset] = []
        for kind in try files.contentsOfDirectory(atPath: folder).sorted() {
            for name in try files.contentsOfDirectory(atPath: "\(folder)/\(kind)").sorted() {
                let root = "\(folder)/\(kind)/\(name)"
                var asset = Asset(kind: kind, name: name, files: [:])
                for path in try files.subpathsOfDirectory(atPath: root) {
                    let url = URL(fileURLWithPath: "\(root)/\(path)")
                    // Folders are among the paths, and have no contents.
                    if let data = try? Data(contentsOf: url) { asset.files[path] = [UInt8](data) }
                }
                assets.append(asset)
            }
        }
        return assets
    }

    private static func make(in folder: String, muybridge: String) throws {
        try? FileManager.default.removeItem(atPath: folder)
        for (kind, ids) in demoAssets {
            for id in ids { try writeDemo(id, to: "\(folder)/assets/\(kind)") }
        }
        let tiny: [(String, GLTFDocument)] = [
            ("turning-box", TinyAssets.turningBox()), ("bending-strip", TinyAssets.bendingStrip()),
            ("swelling-ball", TinyAssets.swellingBall()),
        ]
        for (name, document) in tiny {
            let data = try document.glb()
            try write(data, to: "\(folder)/assets/gltf/\(name)/\(name).glb")
            try write(data, to: "\(folder)/assets/assimp-glb/\(name)/\(name).glb")
            for (path, data) in try document.gltf(baseName: name, embedding: .externalFiles) {
                try write(data, to: "\(folder)/assets/gltf/\(name)-files/\(path)")
            }
            for (path, data) in try document.gltf(baseName: name, embedding: .dataURIs) {
                try write(data, to: "\(folder)/assets/gltf/\(name)-embedded/\(path)")
            }
        }
        try write(
            TinyAssets.anime(), to: "\(folder)/assets/anime/stretching/stretching.anime")
        try export(tiny, to: folder)
        for (name, text) in TextSeeds.files {
            let suffix = (name as NSString).pathExtension
            try write(
                Data(text.utf8), to: "\(folder)/assets/assimp-\(suffix)/hand-written/\(name)")
        }
        try makeStore(in: folder, muybridge: muybridge)
    }

    /// The demo's assets by the reader that they are for.
    private static let demoAssets: [(kind: String, ids: [String])] = [
        (
            "gltf",
            [
                "objects/windmill", "objects/flag", "objects/toy-car/toy-car",
                "objects/lighthouse", "creatures/butterfly", "rules/gray-boxes",
            ]
        ),
        ("assimp-glb", ["objects/windmill", "creatures/butterfly"]),
        ("obj-sequence", ["flame"]), ("3dbicar", ["bicar/0001"]),
    ]

    private static func writeDemo(_ id: String, to folder: String) throws {
        guard let asset = DemoCorpus.assets.first(where: { $0.id == id }) else {
            throw DemoCorpusError.noSuchAsset(id: id)
        }
        // An asset that is a folder keeps its own paths; a file goes with what lies beside it.
        let isFolder = asset.layout == .objSequence || asset.layout == .character
        let root = isFolder ? asset.path : (asset.path as NSString).deletingLastPathComponent
        for (path, data) in try DemoCorpus.files(of: id) {
            let relative = path.hasPrefix(root + "/") ? path.dropFirst(root.count + 1) : path[...]
            let name = (id as NSString).lastPathComponent
            try write(data, to: "\(folder)/\(name)/\(relative)")
        }
    }

    private static func write(_ data: Data, to path: String) throws {
        let url = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
    }

    /// Writes the small assets in the formats that assimp writes, too.
    private static func export(_ tiny: [(String, GLTFDocument)], to folder: String) throws {
        let formats = [
            ("collada", "dae"), ("x", "x"), ("obj", "obj"), ("stl", "stl"), ("stlb", "stl"),
            ("ply", "ply"), ("plyb", "ply"), ("3ds", "3ds"), ("fbx", "fbx"), ("fbxa", "fbx"),
            ("x3d", "x3d"), ("3mf", "3mf"), ("assbin", "assbin"), ("m3d", "m3d"),
        ]
        for (name, _) in tiny {
            let source = "\(folder)/assets/gltf/\(name)/\(name).glb"
            guard let scene = aiImportFile(source, aiProcess_Triangulate.rawValue) else { continue }
            defer { aiReleaseImport(scene) }
            for (id, suffix) in formats {
                let target = "\(folder)/assets/assimp-\(suffix)/\(name)-\(id)"
                try FileManager.default.createDirectory(
                    atPath: target, withIntermediateDirectories: true)
                let written = aiExportScene(scene, id, "\(target)/\(name).\(suffix)", 0)
                if written != aiReturn_SUCCESS {
                    try FileManager.default.removeItem(atPath: target)
                }
            }
        }
    }

    /// A store of two small assets.
    private static func makeStore(in folder: String, muybridge: String) throws {
        let manifest = folder + "/store.yaml"
        try write(Data(AssetRun.manifest(layout: "automatic").utf8), to: manifest)
        try write(Data(AssetRun.filter.utf8), to: folder + "/filter.yaml")
        let corpus = folder + "/store-corpus"
        try write(try TinyAssets.turningBox().glb(), to: corpus + "/box.glb")
        try write(try TinyAssets.swellingBall().glb(), to: corpus + "/ball.glb")
        let ending = try Subprocess.run(
            muybridge, ["build", manifest, "--corpus", corpus, "--out", folder + "/store"],
            output: folder + "/store.log", seconds: 300)
        guard ending == .exit(0) else {
            throw FuzzError("the seed store could not be built: see \(folder)/store.log")
        }
    }
}

/// Why a run cannot go on.
struct FuzzError: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
