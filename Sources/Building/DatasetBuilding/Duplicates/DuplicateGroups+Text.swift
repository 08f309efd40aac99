import Curation
import Foundation
import ShardStore

extension DuplicateGroups {
    /// The groups, for people.
    public var text: String {
        var lines: [String] = []
        for (i, group) in groups.enumerated() {
            let splits = group.splits.map(\.rawValue).joined(separator: ", ")
            let note = group.splits.count > 1 ? ", in several splits: \(splits)" : ""
            lines.append("group \(i + 1): \(group.members.count) assets\(note)")
            let width = group.members.map(\.asset.count).max() ?? 0
            for member in group.members {
                let name = BuildReport.padded(member.asset, width)
                let state = member.hasSamples ? member.split.rawValue : "-"
                lines.append(
                    "  \(name)  \(BuildReport.padded(state, 5))  \(member.reason?.text ?? "")")
            }
        }
        lines.append(
            "\(groups.count) groups among \(assetCount) assets; "
                + "\(signatureCount) clips have signatures")
        if signatureCount == 0 {
            lines.append(
                "Near-duplicates are told by signatures: build with curation.duplicates, or with "
                    + "the measures \(MeasureID.signatures.map(\.name).joined(separator: ", ")).")
        }
        if !leaks.isEmpty {
            lines.append(
                "\(leaks.count) of them stand in several splits: what a model is tested on would "
                    + "be in what it was trained on.")
        }
        return lines.joined(separator: "\n")
    }

    /// The groups as JSON.
    ///
    /// - Throws: what the encoder throws.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

extension DuplicateGroups.Reason {
    var text: String {
        switch self {
        case .sameBytes(let asset): "the same bytes as \(asset)"
        case .looksLike(let asset, let clip, let ownClip, let distance):
            "\(ownClip) looks like \(asset), \(clip): \(distance)"
        }
    }
}

extension DuplicateGroups.Member: Encodable {
    private enum CodingKeys: String, CodingKey {
        case asset, split, samples, like, reason, clip, views, shape, motion
        case ownClip = "own_clip"
    }

    /// Writes `asset`, `split`, `samples`, and what ties it to an earlier one: `like`, `reason`
    /// (`same-bytes` or `looks-like`), and of the latter the clips and the distances.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(asset, forKey: .asset)
        try container.encode(split, forKey: .split)
        try container.encode(hasSamples, forKey: .samples)
        switch reason {
        case .sameBytes(let other):
            try container.encode(other, forKey: .like)
            try container.encode("same-bytes", forKey: .reason)
        case .looksLike(let other, let clip, let ownClip, let distance):
            try container.encode(other, forKey: .like)
            try container.encode("looks-like", forKey: .reason)
            try container.encode(clip, forKey: .clip)
            try container.encode(ownClip, forKey: .ownClip)
            try container.encode(distance.views, forKey: .views)
            try container.encode(distance.shape, forKey: .shape)
            try container.encode(distance.motion, forKey: .motion)
        case nil: break
        }
    }
}
