import Foundation

/// Where a store's files lie.
struct StoreLayout: Sendable {
    /// The store's folder, without a slash at its end.
    let folder: String

    init(_ path: String) {
        var folder = path
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        self.folder = folder
    }

    static let shardFolder = "shards"
    /// The ends of the names of SQLite's files.
    static let indexSuffixes = ["", "-wal", "-shm", "-journal"]

    var index: String { "\(folder)/index.sqlite" }
    /// The index of a merge that is not done.
    var merging: String { "\(index).merging" }
    /// The index of a repair, whole, that is to take the index's place.
    var repaired: String { "\(index).repaired" }
    /// The index that a repair put aside.
    var replaced: String { "\(index).replaced" }
    var previews: String { "\(folder)/previews" }
    var manifest: String { "\(folder)/manifest.yaml" }
    var lock: String { "\(folder)/.writer.lock" }
    var shards: String { "\(folder)/\(StoreLayout.shardFolder)" }

    /// The path of a shard of the index's name, such as `shards/train-000000.tar`.
    func path(ofShard name: String) -> String { "\(folder)/\(name)" }

    /// Refuses a store in which a merge or a repair was stopped.
    ///
    /// - Throws: `StoreError.interrupted`.
    func checkUninterrupted() throws(StoreError) {
        if FileManager.default.fileExists(atPath: merging) {
            throw .interrupted(
                path: folder,
                what: "a merge into it was stopped; run the same `muybridge merge` again to go on")
        }
        if FileManager.default.fileExists(atPath: repaired) {
            throw .interrupted(
                path: folder,
                what: "a repair was stopped; run `muybridge verify --repair` again to go on")
        }
    }

    /// The tar files in the shard folder, named as in the index, in order.
    func shardNames() throws(StoreError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: shards)
                .filter { $0.hasSuffix(".tar") }.sorted()
                .map { "\(StoreLayout.shardFolder)/\($0)" }
        } catch {
            throw .file(doing: "listing", path: shards, reason: error.localizedDescription)
        }
    }
}

/// A run of shards that fill one after another: those of one split and one stage.
struct ShardSeries: Hashable, Sendable {
    var split: Split
    /// The later stage that writes them; empty for the samples themselves.
    var name: String

    /// The name of a shard in the index: `shards/train-000000.tar`,
    /// `shards/train-latents-000000.tar`.
    func shardName(number: Int) -> String {
        let digits = String(number)
        let padded = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
        let stem = name.isEmpty ? split.rawValue : "\(split.rawValue)-\(name)"
        return "\(StoreLayout.shardFolder)/\(stem)-\(padded).tar"
    }

    /// Whether `name` may name a later stage: `[a-z0-9]+`, at most 40 bytes.
    static func isValid(name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 40
            && name.utf8.allSatisfy { byte in
                ASCII.isLowercase(byte) || ASCII.isDigit(byte)
            }
    }

    /// The series and number of a shard's file name, or `nil` for a file of another kind.
    static func parse(fileName: String) -> (series: ShardSeries, number: Int)? {
        guard fileName.hasSuffix(".tar") else { return nil }
        let parts = fileName.dropLast(4).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, let split = Split(rawValue: String(parts[0])),
            let digits = parts.last, digits.count >= 6, let number = Int(digits), number >= 0
        else { return nil }
        let name = parts.count == 3 ? String(parts[1]) : ""
        let series = ShardSeries(split: split, name: name)
        guard name.isEmpty ? parts.count == 2 : isValid(name: name),
            series.shardName(number: number) == "\(StoreLayout.shardFolder)/\(fileName)"
        else { return nil }
        return (series, number)
    }
}
