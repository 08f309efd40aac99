/// An asset that a corpus holds.
public struct DiscoveredAsset: Sendable, Equatable {
    /// The asset's name in the corpus: its path relative to the corpus without the extension, with
    /// `/` between folders. Where two assets would share one, their extensions stay.
    public var identity: String
    /// The file or folder to load.
    public var path: String
    /// How it is kept; never automatic.
    public var layout: AssetLayout

    /// An asset at a path.
    public init(identity: String, path: String, layout: AssetLayout) {
        self.identity = identity
        self.path = path
        self.layout = layout
    }
}

/// What a search of a corpus found: every visible file is an asset, part of one, or listed.
public struct AssetDiscovery: Sendable, Equatable {
    /// The assets, by identity in the order of UTF-8 bytes.
    public var assets: [DiscoveredAsset] = []
    /// Files that belong to no asset of the layout, relative to the corpus, sorted.
    public var otherFiles: [String] = []
    /// Links that lead out of the corpus or nowhere, relative to it, sorted; they are not followed.
    public var unfollowedLinks: [String] = []
}

extension AssetLoader {
    /// Looks for the assets below a folder.
    ///
    /// A character's folder and a folder of numbered OBJ files are one asset each, with all that
    /// they hold. Pictures, material libraries, `.bin` buffers, `.npy` arrays and the `.md5anim`
    /// files beside an `.md5mesh` belong to the assets around them. Names that begin with a dot
    /// are passed over.
    ///
    /// - Parameters:
    ///   - folder: the corpus.
    ///   - layout: which assets to look for; automatic for all.
    /// - Throws: ``AssetError/unreadable(path:reason:)`` where there is no such folder.
    /// - Complexity: O(*n* log *n*) in the number of files; none is opened.
    public static func discover(
        in folder: String, layout: AssetLayout = .automatic
    ) throws(AssetError) -> AssetDiscovery {
        guard let corpus = AssetFolder(folder) else {
            throw .unreadable(path: folder, reason: "it is no folder")
        }
        var search = CorpusSearch(corpus: corpus, layout: layout)
        search.visit(corpus.path, as: "")
        return search.result
    }
}

/// A walk over a corpus.
private struct CorpusSearch {
    let corpus: AssetFolder
    let layout: AssetLayout
    private var found = AssetDiscovery()
    /// Folders on the way that were seen, without links: a link must not lead in circles.
    private var visited: Set<String> = []

    /// Extensions of files that belong to the assets around them.
    private static let companions: Set<String> = [
        "mtl", "bin", "npy", "png", "jpg", "jpeg", "bmp", "tga", "gif", "webp", "psd", "tif",
        "tiff", "dds", "ktx", "ktx2", "hdr", "exr", "pnm", "ppm", "pgm",
    ]

    init(corpus: AssetFolder, layout: AssetLayout) {
        self.corpus = corpus
        self.layout = layout
    }

    /// The assets with identities of their own, everything sorted.
    var result: AssetDiscovery {
        var result = found
        let counts = Dictionary(found.assets.map { ($0.identity, 1) }, uniquingKeysWith: +)
        for i in result.assets.indices where counts[result.assets[i].identity, default: 0] > 1 {
            let suffix = AssetFile.pathExtension(of: result.assets[i].path)
            if !suffix.isEmpty { result.assets[i].identity += "." + suffix }
        }
        result.assets.sort { $0.identity.utf8.lexicographicallyPrecedes($1.identity.utf8) }
        result.otherFiles.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        result.unfollowedLinks.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return result
    }

    /// Looks at what a folder holds; `name` is its path relative to the corpus.
    mutating func visit(_ path: String, as name: String) {
        guard visited.insert(path).inserted else { return }
        if let kind = AssetLayout.ofFolder(path), layout == .automatic || layout == kind {
            let identity = name.isEmpty ? AssetFile.name(of: path) : name
            found.assets.append(DiscoveredAsset(identity: identity, path: path, layout: kind))
            return
        }
        let names = AssetFile.names(in: path).filter { !$0.hasPrefix(".") }
        let hasMD5Mesh = names.contains { AssetFile.pathExtension(of: $0) == "md5mesh" }
        for entry in names {
            let relative = name.isEmpty ? entry : name + "/" + entry
            guard let real = AssetFile.realPath(path + "/" + entry),
                corpus.contains(realPath: real)
            else {
                found.unfollowedLinks.append(relative)
                continue
            }
            switch AssetFile.kind(of: real) {
            case .folder: visit(real, as: relative)
            case .file: add(file: path + "/" + entry, as: relative, besideMD5Mesh: hasMD5Mesh)
            case .other, .absent: found.otherFiles.append(relative)
            }
        }
    }

    private mutating func add(file path: String, as name: String, besideMD5Mesh: Bool) {
        let suffix = AssetFile.pathExtension(of: path)
        if suffix == "md5anim", besideMD5Mesh { return }
        if let kind = AssetLayout.ofFile(path, among: layout) {
            found.assets.append(
                DiscoveredAsset(
                    identity: String(name.dropLast(suffix.count + 1)), path: path, layout: kind))
        } else if !Self.companions.contains(suffix) {
            found.otherFiles.append(name)
        }
    }
}
