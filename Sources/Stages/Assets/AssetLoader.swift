import Foundation

/// Reads an asset of any layout.
public struct AssetLoader: Sendable, Equatable {
    /// How the asset is kept.
    public var layout: AssetLayout
    /// The frame rate of layouts that hold frames without times (`anime`, `3dbicar`,
    /// `obj-sequence`); nil for their default, 24.
    public var framesPerSecond: Double?
    /// Which axis points up in files that do not say; nil for the format's custom. glTF, Collada,
    /// FBX and 3DBiCar say, and are not asked.
    public var upAxis: UpAxis?
    /// The largest assets that are read.
    public var limits: AssetLimits

    /// A loader of one layout, or of all.
    public init(
        layout: AssetLayout = .automatic, framesPerSecond: Double? = nil, upAxis: UpAxis? = nil,
        limits: AssetLimits = .generous
    ) {
        precondition(framesPerSecond.map { $0 > 0 } ?? true, "a frame rate is positive")
        self.layout = layout
        self.framesPerSecond = framesPerSecond
        self.upAxis = upAxis
        self.limits = limits
    }

    /// Reads the asset at `path`: a file, or a folder where the layout's assets are folders.
    ///
    /// - Throws: ``AssetError``; ``AssetError/unknownFormat(path:)`` where the layout is automatic
    ///   and none fits.
    public func load(path: String) throws(AssetError) -> AnimatedAsset {
        let kind = AssetFile.kind(of: path)
        guard kind != .absent else {
            throw .unreadable(path: path, reason: String(cString: strerror(ENOENT)))
        }
        switch try layout(of: path, isFolder: kind == .folder) {
        case .gltf: return try GLTFLoader.load(path: path, limits: limits)
        case .assimp: return try AssimpLoader.load(path: path, upAxis: upAxis, limits: limits)
        case .anime:
            return try AnimeLoader.load(
                path: path,
                framesPerSecond: framesPerSecond ?? AnimeLoader.defaultFramesPerSecond,
                upAxis: upAxis ?? .z, limits: limits)
        case .threeDBiCar:
            return try ThreeDBiCarLoader.load(
                path: path,
                framesPerSecond: framesPerSecond ?? ThreeDBiCarLoader.defaultFramesPerSecond,
                limits: limits)
        case .objSequence:
            return try OBJSequenceLoader.load(
                path: path,
                framesPerSecond: framesPerSecond ?? OBJSequenceLoader.defaultFramesPerSecond,
                upAxis: upAxis ?? .y, limits: limits)
        case .automatic: throw .unknownFormat(path: path)
        }
    }

    /// The layout of the asset at `path`: the loader's own, or, where that is automatic, the one
    /// that the extension, the first bytes or the folder's shape tell.
    private func layout(of path: String, isFolder: Bool) throws(AssetError) -> AssetLayout {
        guard layout == .automatic else { return layout }
        if isFolder {
            guard let layout = AssetLayout.ofFolder(path) else { throw .unknownFormat(path: path) }
            return layout
        }
        if let layout = AssetLayout.ofFile(path) { return layout }
        let head = FileHandle(forReadingAtPath: path).flatMap { try? $0.read(upToCount: 4) }
        guard head.map(Array.init) == Array("glTF".utf8) else { throw .unknownFormat(path: path) }
        return .gltf
    }
}
