import Foundation

/// The folder that an asset may read from: its own, with what lies below it.
///
/// Assets name their textures by paths of the machine that they were made on, in any case, with
/// either kind of slash. They are looked for as they are written and by their last component, but
/// never outside the folder, whatever `..` or links say.
struct AssetFolder: Sendable {
    /// The folder's path without links.
    let path: String

    /// The folder around a file, or nil where it is absent.
    init?(containing file: String) {
        self.init(AssetFile.folder(of: file))
    }

    /// The folder at `path`, or nil where it is absent.
    init?(_ path: String) {
        guard let real = AssetFile.realPath(path), AssetFile.kind(of: real) == .folder else {
            return nil
        }
        self.path = real
    }

    /// Whether a path without links lies in the folder.
    func contains(realPath: String) -> Bool {
        // Bytes are compared: two spellings of a letter are equal to Swift, and two folders.
        realPath.utf8.elementsEqual(path.utf8)
            || realPath.utf8.starts(with: (path == "/" ? "/" : path + "/").utf8)
    }

    /// The file that an asset means by `reference`: as it is written, relative to the folder, then
    /// by its last component in the folder and in its `textures` subfolder. Names that differ in
    /// case alone are taken where none fits exactly.
    func file(named reference: String) -> String? {
        var spellings = [reference]
        if let decoded = reference.removingPercentEncoding, decoded != reference {
            spellings.append(decoded)
        }
        for spelling in spellings {
            var relative = spelling.replacing("\\", with: "/")
            for scheme in ["file://", "file:"] where relative.lowercased().hasPrefix(scheme) {
                relative = String(relative.dropFirst(scheme.count))
            }
            let components = relative.split(separator: "/").map(String.init)
            guard let last = components.last else { continue }
            if !relative.hasPrefix("/"), let found = file(at: components) { return found }
            if let found = file(at: [last]) ?? file(at: ["textures", last]) { return found }
        }
        return nil
    }

    /// The regular file in the folder that the components lead to.
    func file(at components: [String]) -> String? {
        var current = path
        for component in components where component != "." {
            guard component != ".." else {
                // Leaving the folder is caught below, by the path without links.
                current = AssetFile.folder(of: current)
                continue
            }
            guard let entry = AssetFolder.entry(component, in: current) else { return nil }
            current = entry
        }
        guard let real = AssetFile.realPath(current), contains(realPath: real),
            AssetFile.kind(of: real) == .file
        else { return nil }
        return real
    }

    /// The path of the entry of that name in `folder`, or of one that differs in case alone.
    static func entry(_ name: String, in folder: String) -> String? {
        let exact = folder + "/" + name
        if AssetFile.kind(of: exact) != .absent { return exact }
        let wanted = name.lowercased()
        return AssetFile.names(in: folder).first { $0.lowercased() == wanted }
            .map { folder + "/" + $0 }
    }
}
