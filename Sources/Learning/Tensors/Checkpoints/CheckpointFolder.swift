import Foundation

/// A folder of checkpoints, `step-00001000.safetensors` and so on.
public struct CheckpointFolder: Sendable {
    /// The folder.
    public let url: URL

    /// The folder of a path; it need not be there yet.
    public init(_ url: URL) { self.url = url }

    /// Where the checkpoint of a step lies.
    public func file(step: Int) -> URL {
        url.appending(path: "step-\(String(format: "%08d", step)).safetensors")
    }

    /// Steps of which there are checkpoints, in order; none where there is no folder.
    public func steps() -> [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        return names.compactMap { name in
            guard name.hasPrefix("step-"), name.hasSuffix(".safetensors") else { return nil }
            return Int(name.dropFirst(5).dropLast(12))
        }.sorted()
    }

    /// Makes the folder, and removes what a run that was killed while writing left.
    public func prepare() throws {
        let manager = FileManager.default
        try manager.createDirectory(at: url, withIntermediateDirectories: true)
        for name in try manager.contentsOfDirectory(atPath: url.path)
        where name.hasPrefix(".step-") { try manager.removeItem(at: url.appending(path: name)) }
    }

    /// Removes checkpoints but for the last ones and those of steps that are kept for good.
    ///
    /// - Parameters:
    ///   - last: how many of the newest stay; at least 1.
    ///   - every: a checkpoint of a step that divides by this stays; nil for none.
    public func prune(last: Int, every: Int?) throws {
        for step in steps().dropLast(max(1, last)) {
            if let every, step % every == 0 { continue }
            try FileManager.default.removeItem(at: file(step: step))
        }
    }
}
