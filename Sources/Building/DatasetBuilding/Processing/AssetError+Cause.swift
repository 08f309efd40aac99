import Assets

extension AssetError {
    /// The kind of failure in a word or two, by which failures are counted.
    var cause: String {
        switch self {
        case .unreadable: "unreadable"
        case .unknownFormat: "unknown format"
        case .malformed: "malformed"
        case .unsupported: "unsupported"
        case .noGeometry: "no geometry"
        case .noSuchClip: "no such clip"
        case .tooLarge: "limit"
        }
    }
}
