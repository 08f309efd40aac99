import Foundation
import ShardStore
import TestSupport

extension ParserTarget {
    /// A store one file of which is damaged: it is verified, read, rebuilt from its shards and
    /// verified again.
    static func stores(_ seeds: SeedFiles) -> [ParserTarget] {
        let names = ((try? FileManager.default.subpathsOfDirectory(atPath: seeds.store)) ?? [])
            .sorted()
        func target(_ name: String, _ path: String?) -> [ParserTarget] {
            guard let path,
                let bytes = try? Data(contentsOf: URL(fileURLWithPath: "\(seeds.store)/\(path)"))
            else { return [] }
            return [
                ParserTarget(store: name, [UInt8](bytes)) { mutant in
                    try TemporaryFolder.using { folder in
                        let store = folder.path + "/store"
                        try FileManager.default.copyItem(atPath: seeds.store, toPath: store)
                        try Data(mutant).write(to: URL(fileURLWithPath: "\(store)/\(path)"))
                        let outcome = examine(store)
                        // What lies behind a shard's end is nobody's.
                        let isSound = mutant.starts(with: bytes)
                        return path.hasSuffix(".tar") && !isSound && outcome.hasPrefix("sound")
                            ? "MISSED damage" : outcome
                    }
                }
            ]
        }
        return target("store-shard", names.first { $0.hasSuffix(".tar") })
            + target("store-index", names.first { $0 == "index.sqlite" })
    }

    /// What a damaged store comes to. Its readers must name what is wrong and go on.
    private static func examine(_ store: String) -> String {
        var words: [String] = []
        do {
            let report = try StoreVerifier.verify(at: store)
            words.append(report.problems.isEmpty ? "sound" : "damage named")
        } catch {
            words.append("verify refused")
        }
        do {
            let reader = try StoreReader(at: store)
            try reader.forEachSample(SampleQuery()) { sample in
                for entry in sample.fields {
                    let data = try? reader.data(of: entry, of: sample.key, checked: true)
                    data?.withUnsafeBytes { precondition($0.count >= 0) }
                }
            }
            try reader.forEachAsset { _ in }
            _ = try reader.runs()
        } catch {
            words.append("reader refused")
        }
        do {
            let rebuilt = try StoreRebuilder.rebuild(at: store, replacing: true)
            let again = try StoreVerifier.verify(at: store)
            words.append(
                "rebuilt" + (rebuilt.problems.isEmpty && again.problems.isEmpty ? "" : " in part"))
        } catch {
            words.append("rebuild refused")
        }
        return words.joined(separator: ", ")
    }
}
