import Foundation

/// Whether a file's bytes say all of an asset, so that equal bytes make equal assets.
extension AssetLoader {
    /// Whether the two files, whose bytes are equal, are one asset.
    ///
    /// Formats that cannot name further files, and glTF files that name none, are told by their
    /// bytes alone. Others name their pictures, buffers or material libraries relative to their own
    /// folder: there equal bytes make equal assets only in the same folder, and only where no file
    /// beside them goes by either one's name, since readers also look for companions by the
    /// asset's own name (`a.md5anim` beside `a.md5mesh`). Folders are never told by this.
    ///
    /// - Complexity: O(n) for n bytes of a glTF's JSON, or n names in the folder.
    public static func isSameAsset(_ a: String, as b: String) -> Bool {
        let suffix = AssetFile.pathExtension(of: a)
        guard suffix == AssetFile.pathExtension(of: b) else { return false }
        if isWhole(a, suffix) { return true }
        let folder = AssetFile.folder(of: a)
        guard folder == AssetFile.folder(of: b) else { return false }
        let names = AssetFile.names(in: folder)
        return [a, b].allSatisfy { path in
            let stem = AssetFile.stem(of: path)
            let companions = names.filter { AssetFile.stem(of: $0) == stem }
            return companions == [AssetFile.name(of: path)]
        }
    }

    private static func isWhole(_ path: String, _ suffix: String) -> Bool {
        switch suffix {
        case "anime", "stl", "off": true
        case "ply": !mentions("TextureFile", path)
        case "glb", "gltf": namesNoFiles(gltf: path)
        default: false
        }
    }

    /// Whether the header of a PLY file, which is short, holds a word.
    private static func mentions(_ word: String, _ path: String) -> Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { return true }
        defer { try? file.close() }
        guard let head = try? file.read(upToCount: 1 << 16) else { return true }
        return head.range(of: Data(word.utf8)) != nil
    }

    /// Whether all buffers and pictures of a glTF file are in the file itself.
    private static func namesNoFiles(gltf path: String) -> Bool {
        guard let bytes = try? AssetFile.bytes(of: path) else { return false }
        // What the reader cannot make out names nothing to it, and fails anywhere.
        guard let container = try? GLTFContainer(bytes),
            let root = try? JSONParser.parse(container.bytes, in: container.json)
        else { return true }
        let entries = ["buffers", "images"].flatMap { root[$0]?.array ?? [] }
        return entries.allSatisfy { entry in
            entry["uri"]?.string.map { $0.utf8.starts(with: "data:".utf8) } ?? true
        }
    }
}
