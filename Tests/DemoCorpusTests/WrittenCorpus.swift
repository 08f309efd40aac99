import DemoCorpus
import Foundation

/// The corpus's sound glTF files, made and read back once for all tests.
enum WrittenCorpus {
    /// The IDs of the files that must follow the specification.
    static let soundIDs = DemoCorpus.assets.filter { asset in
        guard asset.layout == .gltf else { return false }
        if case .fails = asset.expectation { return false }
        return true
    }.map(\.id)

    struct Entry: @unchecked Sendable {
        // JSON objects are only read.
        let file: GLTFFile
        /// Files by their names in the asset's folder.
        let files: [String: Data]
    }

    private static let entries: [String: Result<Entry, any Error>] = Dictionary(
        uniqueKeysWithValues: soundIDs.map { id in (id, Result { try read(id) }) })

    /// A file as it was written, read back.
    static func entry(_ id: String) throws -> Entry {
        guard let entry = entries[id] else { throw GLTFFile.Fault("no asset \(id)") }
        return try entry.get()
    }

    static func file(_ id: String) throws -> GLTFFile { try entry(id).file }

    private static func read(_ id: String) throws -> Entry {
        let written = try DemoCorpus.files(of: id)
        let files = Dictionary(
            uniqueKeysWithValues: written.map { path, data in
                (String(path.split(separator: "/").last ?? ""), data)
            })
        for (name, data) in files {
            if name.hasSuffix(".glb") {
                return Entry(file: try GLTFFile(glb: data), files: files)
            }
            if name.hasSuffix(".gltf") {
                return Entry(file: try GLTFFile(gltf: data, files: files), files: files)
            }
        }
        throw GLTFFile.Fault("no glTF file in \(id)")
    }
}
