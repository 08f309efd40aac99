/// Why an asset could not be read or sampled.
public enum AssetError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file or folder is not there or cannot be opened.
    case unreadable(path: String, reason: String)
    /// No loader knows the file's kind.
    case unknownFormat(path: String)
    /// The bytes contradict the format; `what` says where and how.
    case malformed(path: String, what: String)
    /// The file is right, but needs something that is not supported (Draco compression, ...).
    case unsupported(path: String, what: String)
    /// The file holds no triangles.
    case noGeometry(path: String)
    /// A clip was asked for that the asset does not have.
    case noSuchClip(asset: String, clip: String, available: [String])
    /// The asset is larger than the limits allow.
    case tooLarge(path: String, what: String)

    /// The error in one sentence, with what to do about it.
    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "\(path): cannot be read: \(reason)"
        case .unknownFormat(let path):
            "\(path): no loader knows this kind of file; convert it to glb, or name its layout in "
                + "the manifest"
        case .malformed(let path, let what):
            "\(path): malformed: \(what); export or download it again"
        case .unsupported(let path, let what):
            "\(path): not supported: \(what)"
        case .noGeometry(let path):
            "\(path): holds no triangles"
        case .noSuchClip(let asset, let clip, let available):
            "\(asset): has no clip \(clip); it has "
                + (available.isEmpty ? "none" : available.joined(separator: ", "))
        case .tooLarge(let path, let what):
            "\(path): too large: \(what)"
        }
    }
}
