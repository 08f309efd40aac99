import Foundation
import Imaging
import ShardStore

/// A contact sheet of a store's duplicates: a row a clip, group by group, with why.
public struct DuplicateSheet {
    private let reader: StoreReader
    private let previews: PreviewFolder

    /// A sheet of the store at a path.
    ///
    /// - Throws: `StoreError`.
    public init(store: String) throws {
        reader = try StoreReader(at: store)
        previews = PreviewFolder(store: store)
    }

    /// Writes the sheet to a PNG file.
    ///
    /// - Parameter maximumRows: assets that are shown; the title says how many there are.
    /// - Throws: `StoreError`, `ImageCodecError`, or the file system's error.
    public func write(_ groups: DuplicateGroups, to file: String, maximumRows: Int) throws {
        var entries: [ContactSheet.Entry] = []
        for (i, group) in groups.groups.enumerated() where entries.count < maximumRows {
            for member in group.members {
                entries.append(
                    ContactSheet.Entry(
                        heading: "\(i + 1): \(member.asset)",
                        remark: DuplicateSheet.remark(member), frames: try frames(of: member)))
            }
        }
        let count = groups.groups.reduce(0) { $0 + $1.members.count }
        let shown = entries.count < count ? " (first \(entries.count))" : ""
        let sheet = ContactSheet(columns: 6, cellSize: 96, entriesAcross: 2)
        let image = sheet.composed(
            title: "\(groups.groups.count) groups of duplicates: \(count) assets\(shown)",
            entries: entries)
        try Data(image.pngEncoded(.small)).write(to: URL(fileURLWithPath: file))
    }

    private static func remark(_ member: DuplicateGroups.Member) -> String {
        let state = member.hasSamples ? member.split.rawValue : "no sample"
        return member.reason.map { "\(state), \($0.text)" } ?? state
    }

    /// The pictures of the clip that ties an asset to its group, else of its first.
    private func frames(of member: DuplicateGroups.Member) throws -> [Image] {
        guard let stored = try reader.asset(member.asset) else { return [] }
        var clip = stored.clips.first?.name
        if case .looksLike(_, _, let ownClip, _) = member.reason { clip = ownClip }
        guard let clip, let png = previews.read(SampleKey.joined([member.asset, clip])),
            let strip = try? Image(decoding: png)
        else { return [] }
        return StoreSheets.frames(of: strip)
    }
}
