import Geometry

/// The largest assets that are read. Every size is held against these as a file states it, before
/// anything of that size is decoded or set aside; what is larger ends in
/// ``AssetError/tooLarge(path:what:)``.
///
/// The numbers of ``init()`` are strict: they are meant for files of strangers, and a manifest
/// states its own. ``generous`` is for files that somebody asked for by name.
public struct AssetLimits: Sendable, Equatable {
    /// Bytes of any one file that is read: the asset, a buffer, a picture, a frame.
    public var fileBytes = 2 << 30
    /// Bytes of numbers that a glTF file's accessors may be decoded to, taken together: a few
    /// bytes of a file can ask for any amount.
    public var decodedBytes = 2 << 30
    /// Vertices of a frame, every mesh counted as often as it is shown.
    public var vertices = 2_000_000
    /// Triangles of a frame, counted alike.
    public var triangles = 2_000_000
    /// Pixels of one texture: 8192 squared.
    public var texturePixels = 1 << 26
    /// Pixels of all textures taken together: sixteen of 4096 squared, 1 GiB once decoded.
    public var totalTexturePixels = 1 << 28
    /// Nodes of a hierarchy.
    public var nodes = 65_536
    /// Joints of one skin.
    public var joints = 4096
    /// Frames that a file or folder holds as vertices.
    public var frames = 10_000

    /// Limits for files of strangers.
    public init() {}

    /// Limits that keep this machine alive, and no more.
    public static let generous = {
        var limits = AssetLimits()
        limits.fileBytes = 4 << 30
        limits.decodedBytes = 4 << 30
        limits.vertices = 100_000_000
        limits.triangles = 100_000_000
        limits.texturePixels = 1 << 28
        limits.totalTexturePixels = 1 << 30
        limits.nodes = 4_000_000
        limits.joints = 65_536
        limits.frames = 1_000_000
        return limits
    }()

    /// The limits by the names that a manifest gives them.
    public static let keys: [(name: String, limit: WritableKeyPath<AssetLimits, Int> & Sendable)] =
        [
            ("file-bytes", \.fileBytes), ("decoded-bytes", \.decodedBytes),
            ("vertices", \.vertices), ("triangles", \.triangles),
            ("texture-pixels", \.texturePixels), ("total-texture-pixels", \.totalTexturePixels),
            ("nodes", \.nodes), ("joints", \.joints), ("frames", \.frames),
        ]

    /// Why an asset with `count` of something is too large; nil where it is not.
    ///
    /// - Parameters:
    ///   - count: how many there are.
    ///   - what: what is counted, as the message says it: `vertices`.
    ///   - limit: the limit.
    func excess(
        _ count: Int, _ what: String, over limit: KeyPath<AssetLimits, Int>
    ) -> String? {
        let most = self[keyPath: limit]
        guard count > most else { return nil }
        let key = Self.keys.first { $0.limit == limit }?.name ?? ""
        return "\(count) \(what), more than the limit of \(most) (corpus.limits.\(key))"
    }

    /// Throws where a rig that was read is too large.
    func check(_ rig: Rig, path: String) throws(AssetError) {
        try check(rig.nodes.count, "nodes", \.nodes, path: path)
        try check(
            rig.skins.lazy.map(\.joints.count).max() ?? 0, "joints in a skin", \.joints, path: path)
        var vertexCount = 0
        var triangleCount = 0
        for instance in rig.instances {
            let primitive = rig.primitives[instance.primitive]
            vertexCount += primitive.positions.count
            triangleCount += primitive.triangles.count / 3
        }
        try check(vertexCount, "vertices", \.vertices, path: path)
        try check(triangleCount, "triangles", \.triangles, path: path)
    }

    /// Why a picture is too large, by itself or together with `others`, which is a number of
    /// pixels; nil where it is not.
    func pictureExcess(name: String, width: Int, height: Int, others: Int) -> String? {
        // Sizes in headers have 31 bits, so that the product cannot overflow.
        excess(width * height, "pixels in the texture \(name)", over: \.texturePixels)
            ?? excess(others + width * height, "pixels in all textures", over: \.totalTexturePixels)
    }

    /// Throws where an asset has too many of something.
    func check(_ count: Int, _ what: String, _ limit: KeyPath<AssetLimits, Int>, path: String)
        throws(AssetError)
    {
        if let excess = excess(count, what, over: limit) {
            throw .tooLarge(path: path, what: excess)
        }
    }
}
