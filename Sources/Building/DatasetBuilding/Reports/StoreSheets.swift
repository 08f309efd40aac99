import Foundation
import Imaging
import ShardStore

/// Contact sheets of a store: `kept.png` and `rejected.png`, an entry a clip, with why.
public struct StoreSheets {
    private let reader: StoreReader
    private let previews: PreviewFolder

    /// Sheets of the store at a path.
    ///
    /// - Throws: `StoreError`.
    public init(store: String) throws {
        reader = try StoreReader(at: store)
        previews = PreviewFolder(store: store)
    }

    /// Writes both sheets and returns their paths.
    ///
    /// - Parameter maximumRows: entries of a sheet; later ones are left out, and the title says so.
    /// - Throws: `StoreError`, `ImageCodecError`, or the file system's error.
    public func write(to folder: String, maximumRows: Int) throws -> [String] {
        var kept: [ContactSheet.Entry] = []
        var lost: [ContactSheet.Entry] = []
        var counts = (kept: 0, lost: 0)
        try reader.forEachAsset { stored in
            // An asset that never got as far as its clips has one entry of its own.
            let clips =
                stored.clips.isEmpty
                ? [(nil, stored.fate)]
                : Array(
                    zip(stored.clips.map(Optional.some), stored.clipFates))
            for (clip, fate) in clips {
                let isKept = fate.outcome == .kept
                if isKept { counts.kept += 1 } else { counts.lost += 1 }
                guard (isKept ? kept.count : lost.count) < maximumRows else { continue }
                let entry = entry(stored, clip, fate)
                if isKept { kept.append(entry) } else { lost.append(entry) }
            }
        }
        let url = URL(fileURLWithPath: folder, isDirectory: true)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return [
            try write("kept", kept, of: counts.kept, to: url),
            try write("rejected", lost, of: counts.lost, to: url),
        ]
    }

    private func entry(_ stored: StoredAsset, _ clip: ClipRecord?, _ fate: Fate)
        -> ContactSheet.Entry
    {
        let name = clip.map { " / \($0.name)" } ?? ""
        let remark: String
        switch fate.outcome {
        case .kept: remark = ""
        case .rejected: remark = "\(fate.rule ?? "rejected"): \(fate.reason ?? "")"
        case .failed:
            // The message names the whole path; the heading has said which asset it is.
            let message = fate.reason ?? ""
            let path = message.range(of: "\(stored.asset.path): ")
            remark =
                "failed at \(fate.stage ?? "-"): \(message[(path?.upperBound ?? message.startIndex)...])"
        }
        var frames: [Image] = []
        if let clip, let png = previews.read(SampleKey.joined([stored.asset.id, clip.name])),
            let strip = try? Image(decoding: png)
        {
            frames = StoreSheets.frames(of: strip)
        }
        return ContactSheet.Entry(heading: stored.asset.id + name, remark: remark, frames: frames)
    }

    /// The square pictures that stand side by side in a strip.
    static func frames(of strip: Image) -> [Image] {
        let side = strip.height
        return (0..<strip.width / side).map { i in
            strip.cropped(x: i * side, y: 0, width: side, height: side)
        }
    }

    private func write(
        _ name: String, _ entries: [ContactSheet.Entry], of count: Int, to folder: URL
    ) throws -> String {
        let shown = entries.count < count ? " (first \(entries.count))" : ""
        let sheet = ContactSheet(columns: 6, cellSize: 96, entriesAcross: 2)
        let image = sheet.composed(title: "\(name): \(count) clips\(shown)", entries: entries)
        let file = folder.appending(path: "\(name).png")
        try Data(image.pngEncoded(.small)).write(to: file)
        return file.path
    }
}
