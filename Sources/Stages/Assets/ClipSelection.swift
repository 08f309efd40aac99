/// Which of an asset's clips are sampled.
public enum ClipSelection: Sendable, Equatable {
    /// The file's first clip.
    case first
    /// The clip of the longest duration; the first of several.
    case longest
    /// Each clip, as a sample of its own.
    case all
    /// The first clip of that name.
    case named(String)

    /// Indices into the asset's clips, ascending; empty where the asset has no clip at all.
    ///
    /// - Throws: ``AssetError/noSuchClip(asset:clip:available:)`` where no clip has the name asked
    ///   for.
    public func indices(in asset: AnimatedAsset) throws(AssetError) -> [Int] {
        let clips = asset.clips
        switch self {
        case .first: return clips.isEmpty ? [] : [0]
        case .longest:
            guard var longest = clips.indices.first else { return [] }
            for i in clips.indices where clips[i].duration > clips[longest].duration { longest = i }
            return [longest]
        case .all: return Array(clips.indices)
        case .named(let name):
            guard let index = clips.firstIndex(where: { $0.name == name }) else {
                throw .noSuchClip(
                    asset: asset.name, clip: name, available: clips.map(\.name))
            }
            return [index]
        }
    }
}

extension ClipSelection: CustomStringConvertible {
    /// `first`, `longest`, `all`, or the clip's name.
    public init(_ text: String) {
        switch text {
        case "first": self = .first
        case "longest": self = .longest
        case "all": self = .all
        default: self = .named(text)
        }
    }

    /// What ``init(_:)`` reads back.
    public var description: String {
        switch self {
        case .first: "first"
        case .longest: "longest"
        case .all: "all"
        case .named(let name): name
        }
    }
}
