import Foundation
import ShardStore
import TestSupport
import Testing

/// An index that was damaged is refused or read as far as it goes; it never ends the program.
@Suite struct IndexMutantTests {
    @Test func damagedIndexesDoNoHarm() throws {
        let folder = TemporaryFolder()
        try Corpus.build(folder.store, Corpus.outcomes(12))
        let path = folder.store + "/index.sqlite"
        let sound = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        var refused = 0
        for index in 0..<250 {
            var mutator = Mutator(seed: 5, name: "index-\(index)")
            let mutant = mutator.mutant(of: sound, syntax: .binary)
            // What SQLite keeps beside the file belongs to the mutant before.
            for suffix in ["-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: path + suffix)
            }
            try Data(mutant).write(to: URL(fileURLWithPath: path))
            let report = try? StoreVerifier.verify(at: folder.store)
            do {
                try readAll(folder.store)
            } catch let error as StoreError {
                refused += 1
                #expect(!error.description.isEmpty)
                // What a reader refuses, the verifier names, or refuses too.
                #expect(report?.problems.isEmpty != true, "\(error)")
            }
        }
        #expect(refused > 10 && refused < 250, "\(refused) of 250 are refused")
    }

    private func readAll(_ store: String) throws {
        let reader = try StoreReader(at: store)
        try reader.forEachAsset { _ in }
        _ = try reader.runs()
        _ = try reader.filter()
        try reader.forEachSample(SampleQuery()) { sample in
            for entry in sample.fields {
                _ = try? reader.data(of: entry, of: sample.key, checked: true)
            }
        }
    }
}
