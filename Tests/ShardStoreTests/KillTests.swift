import Foundation
import ShardStore
import TestSupport
import Testing

/// Processes that are killed at some hundreds of moments, from outside at any time and from inside
/// before, within and after each kind of operation on a file; `MUYBRIDGE_CRASH_FACTOR` times as
/// many where that is set.
@Suite(.serialized) struct KillTests {
    private func copy(_ store: String, _ target: String) throws {
        try FileManager.default.copyItem(atPath: store, toPath: target)
    }

    private func checkSound(_ store: String) throws {
        let problems = try StoreVerifier.verify(at: store).problems
        #expect(problems.isEmpty, "\(problems)")
    }

    @Test func aKilledBuildLosesNothingAndRepeatsNothing() throws {
        let calm = TemporaryFolder()
        let (ending, time) = try Crasher.measure(["write", calm.store])
        let reference = shardBytes(calm.store)
        #expect(reference.count > 5 && ending.operations > 60)
        let keys = try StoreReader(at: calm.store).keys()
        var random = SeededRandom(21)
        var kills = 0
        while kills < 170 * Crasher.factor {
            let folder = TemporaryFolder()
            var committed = 0
            try Crasher.runToTheEnd(
                ["write", folder.store], operations: ending.operations, microseconds: time,
                &random, kills: &kills
            ) { ending in
                committed = max(committed, ending.committed)
                guard exists("\(folder.store)/index.sqlite"),
                    let reader = try? StoreReader(at: folder.store)
                else { return #expect(committed == 0) }
                try checkSound(folder.store)
                let assets = try StoreSummary(of: reader).assets.total
                #expect(assets >= committed, "a committed asset was lost")
            }
            #expect(shardBytes(folder.store) == reference)
            #expect(try StoreReader(at: folder.store).keys() == keys)
            try checkSound(folder.store)
        }
    }

    @Test(arguments: StoreMerger.Placement.allCases)
    func aKilledMergeGoesOn(placement: StoreMerger.Placement) throws {
        let parts = TemporaryFolder()
        let names = (0..<3).map { "\(parts.path)/part-\($0)" }
        for (index, name) in names.enumerated() {
            _ = try Crasher.measure(["write", name, "part=\(index)/3"])
            try FileManager.default.createDirectory(
                atPath: "\(name)/previews", withIntermediateDirectories: true)
            try Data("png".utf8).write(to: URL(fileURLWithPath: "\(name)/previews/\(index).png"))
        }
        let calm = TemporaryFolder()
        let arguments = { (target: String, folder: String) in
            ["merge", target, "placement=\(placement.rawValue)"]
                + (0..<3).map { "\(folder)/part-\($0)" }
        }
        let before = names.map(shardBytes)
        try copy(parts.path, "\(calm.path)/parts")
        let (ending, time) = try Crasher.measure(arguments(calm.store, "\(calm.path)/parts"))
        let (shards, rows) = (shardBytes(calm.store), try indexDump(calm.store))
        try checkSound(calm.store)
        var random = SeededRandom(22)
        var kills = 0
        while kills < 35 * Crasher.factor {
            let folder = TemporaryFolder()
            try copy(parts.path, "\(folder.path)/parts")
            try Crasher.runToTheEnd(
                arguments(folder.store, "\(folder.path)/parts"), operations: ending.operations,
                microseconds: time, &random, kills: &kills
            ) { _ in
                // There is no store, or it is whole.
                if exists("\(folder.store)/index.sqlite") { try checkSound(folder.store) }
            }
            #expect(shardBytes(folder.store) == shards)
            #expect(try indexDump(folder.store) == rows)
            #expect(exists("\(folder.store)/manifest.yaml"))
            #expect(exists("\(folder.store)/previews/2.png"))
            try checkSound(folder.store)
            let again = try Crasher.measure(arguments(folder.store, "\(folder.path)/parts"))
            #expect(again.ending.lines.contains { $0.hasPrefix("merged") })
            #expect(try indexDump(folder.store) == rows)
            let after = (0..<3).map { shardBytes("\(folder.path)/parts/part-\($0)") }
            #expect(placement == .move ? after.allSatisfy(\.isEmpty) : after == before)
        }
    }

    @Test func aKilledRepairGoesOn() throws {
        let calm = TemporaryFolder()
        _ = try Crasher.measure(["write", calm.store])
        let keys = try Set(StoreReader(at: calm.store).keys())
        let damaged = TemporaryFolder()
        try copy(calm.store, damaged.store)
        let names = shardBytes(damaged.store).keys.sorted()
        let first = "\(damaged.store)/shards/\(names[0])"
        try Data(fileBytes(first).dropLast(3_000)).write(to: URL(fileURLWithPath: first))
        try FileManager.default.removeItem(atPath: "\(damaged.store)/shards/\(names[2])")
        let mended = TemporaryFolder()
        try copy(damaged.store, mended.store)
        let (ending, time) = try Crasher.measure(["repair", mended.store])
        try checkSound(mended.store)
        let rows = try indexDump(mended.store)
        let old = fileBytes("\(damaged.store)/index.sqlite")
        var random = SeededRandom(23)
        var kills = 0
        while kills < 35 * Crasher.factor {
            let folder = TemporaryFolder()
            try copy(damaged.store, folder.store)
            try Crasher.runToTheEnd(
                ["repair", folder.store], operations: ending.operations, microseconds: time,
                &random, kills: &kills
            ) { _ in
                let places = ["index.sqlite", "index.sqlite.replaced"]
                #expect(places.contains { fileBytes("\(folder.store)/\($0)") == old })
            }
            #expect(try indexDump(folder.store) == rows)
            #expect(fileBytes("\(folder.store)/index.sqlite.replaced") == old)
            // What was lost is made again.
            _ = try Crasher.measure(["write", folder.store])
            #expect(try Set(StoreReader(at: folder.store).keys()) == keys)
            try checkSound(folder.store)
        }
    }
}
