import Foundation

/// Brings files of parts into the merged store. A file that is there already is passed over, so a
/// placing that was stopped can be done again.
struct FilePlacer {
    let files: any StoreFiles
    let placement: StoreMerger.Placement

    private static let chunkSize = 4 << 20

    /// Brings a shard of `bytes` bytes to `target`.
    func place(_ source: String, at target: String, bytes: Int) throws(StoreError) {
        if let length = try ShardFile.length(target) {
            guard length == bytes else {
                throw .unmergeable(
                    path: target, what: "has \(length) bytes, but the shard has \(bytes)")
            }
            // Moved to another file system, and stopped before the last step.
            if placement == .move { try files.remove(source) }
            return
        }
        switch placement {
        case .link: try link(source, target)
        case .copy: try copy(source, target)
        case .move where FilePlacer.shareFileSystem(source, target):
            try files.rename(source, to: target)
        case .move:
            try copy(source, target)
            try files.synchroniseFolder((target as NSString).deletingLastPathComponent)
            try files.remove(source)
        }
    }

    /// Brings the pictures of the parts along. They can be made again, and are not waited for.
    func placePreviews(of parts: [StoreLayout], in target: StoreLayout) throws(StoreError) {
        for part in parts {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: part.previews)) ?? []
            guard !names.isEmpty else { continue }
            try makeFolder(target.previews)
            for name in names {
                let source = "\(part.previews)/\(name)"
                let place = "\(target.previews)/\(name)"
                if FileManager.default.fileExists(atPath: place) { continue }
                if Foundation.link(source, place) == 0 {
                    if placement == .move { try files.remove(source) }
                    continue
                }
                do {
                    try FileManager.default.copyItem(atPath: source, toPath: place)
                } catch {
                    throw .file(
                        doing: "copying to \(place)", path: source,
                        reason: error.localizedDescription)
                }
            }
        }
    }

    private func makeFolder(_ path: String) throws(StoreError) {
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw systemFailure("making the folder", path)
        }
    }

    private func link(_ source: String, _ target: String) throws(StoreError) {
        guard FilePlacer.shareFileSystem(source, target) else {
            throw .file(
                doing: "linking to \(target)", path: source,
                reason: "the part is on another file system; merge with --copy or --move")
        }
        try files.link(source, to: target)
    }

    /// The target gets its name when its bytes are durable, so a file of that name is whole.
    private func copy(_ source: String, _ target: String) throws(StoreError) {
        let temporary = target + ".new"
        let input = try ShardFile(source)
        let output = try files.open(temporary)
        defer { files.close(output) }
        try files.truncate(output, to: 0)
        var at = 0
        while at < input.length {
            let chunk = try input.read(at: at, count: FilePlacer.chunkSize)
            guard !chunk.isEmpty else {
                throw .file(doing: "copying", path: source, reason: "it became shorter")
            }
            let result = chunk.withUnsafeBytes { bytes in
                Result { () throws(StoreError) in
                    try files.write(bytes, at: at, to: output)
                }
            }
            try result.get()
            at += chunk.count
        }
        try files.synchronise(output)
        try files.rename(temporary, to: target)
    }

    private static func shareFileSystem(_ source: String, _ target: String) -> Bool {
        var from = stat()
        var folder = stat()
        return stat(source, &from) == 0
            && stat((target as NSString).deletingLastPathComponent, &folder) == 0
            && from.st_dev == folder.st_dev
    }
}
