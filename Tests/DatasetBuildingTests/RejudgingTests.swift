import DatasetBuilding
import Foundation
import ShardStore
import Testing

@Suite struct RejudgingTests {
    private func filter(_ rules: String, _ fixture: BuildFixture) throws -> String {
        let url = fixture.folder.url.appending(path: "other-\(UUID().uuidString).yaml")
        try Data("name: other\nrules:\n\(rules)\n".utf8).write(to: url)
        return url.path
    }

    @Test func otherRulesChangeMarksAndNoShard() throws {
        let fixture = try BuildFixture(assets: ["objects/clock", "creatures/penguin"])
        try fixture.build("s")
        let store = fixture.storePath("s")
        let shards = try fixture.shards("s")
        let kept = try fixture.reader("s").keys(SampleQuery(isKept: true))
        #expect(kept.count == 3)

        // The clock has more triangles than the penguin, or the other way round: find the border.
        var triangles: [String: Double] = [:]
        try fixture.reader("s").forEachAsset { stored in
            let measure = stored.measures.first { $0.name == "triangles" }
            if case .scalar(let number)? = measure?.value { triangles[stored.asset.id] = number }
        }
        let clock = try #require(triangles["objects/clock"])
        let strict = try filter(
            "  - {name: clock, measure: triangles, none-of: [\(Int(clock))], reason: a clock}",
            fixture)
        let preview = try Rejudging(store: store, filter: strict).run(dryRun: true)
        #expect(preview.dropped == 1 && preview.stayed == 2 && !preview.isApplied)
        #expect(try fixture.reader("s").keys(SampleQuery(isKept: true)) == kept)

        let applied = try Rejudging(store: store, filter: strict).run(dryRun: false)
        #expect(applied.dropped == 1 && applied.isApplied)
        let left = try fixture.reader("s").keys(SampleQuery(isKept: true))
        #expect(left == kept.filter { !$0.contains("clock") })
        #expect(try fixture.fates("s")["objects/clock"]?.rule == "clock")

        let lax = try filter(
            "  - {name: any, measure: vertices, at-least: 1, reason: none}", fixture)
        let regained = try Rejudging(store: store, filter: lax).run(dryRun: false)
        #expect(regained.regained == 1 && regained.stayed == 2)
        #expect(try fixture.reader("s").keys(SampleQuery(isKept: true)) == kept)
        #expect(try fixture.shards("s") == shards)
    }

    /// Measures that were not stored are taken from the stored videos and arrays, and come out as
    /// they do when a build takes them.
    @Test func missingMeasuresAreTakenFromTheShards() throws {
        let fixture = try BuildFixture(assets: ["creatures/penguin"])
        try fixture.build("plain")
        let all =
            "  - {name: a, measure: ssim.front, aggregate: min, at-most: 2, reason: r}\n"
            + "  - {name: b, measure: alpha.border, aggregate: max, at-most: 2, reason: r}\n"
            + "  - {name: c, measure: displacement.mean, at-least: 0, reason: r}\n"
        try Data("name: test\nrules:\n\(all)".utf8).write(
            to: fixture.folder.url.appending(path: "filter.yaml"))
        try fixture.build("measured")
        var measured: [String: Measure.Value] = [:]
        try fixture.reader("measured").forEachAsset { stored in
            for m in stored.measures { measured["\(m.clip ?? "")/\(m.name)"] = m.value }
        }
        // Bounds at the measured values themselves: any other value would be rejected.
        for name in ["ssim.front", "displacement.mean"] {
            for (clip, value) in measured where clip.hasSuffix(name) {
                let number: Double
                switch value {
                case .scalar(let n): number = n
                case .series(let n): number = n.min() ?? .nan
                }
                let rule =
                    "  - {name: a, measure: \(name), aggregate: min, at-least: \(number - 1e-6), "
                    + "at-most: \(number + 1e-6), reason: r}"
                let outcome = try Rejudging(
                    store: fixture.storePath("plain"), filter: filter(rule, fixture)
                ).run(dryRun: true)
                #expect(outcome.stayed >= 1, "\(clip) \(number)")
            }
        }
    }

    @Test func measuresThatCannotBeHadAreNamed() throws {
        let fixture = try BuildFixture(assets: ["objects/clock"])
        try fixture.writeManifest()
        try fixture.build("s")
        let rule = try filter(
            "  - {name: a, measure: column.aesthetic, at-least: 5, reason: r}", fixture)
        // Columns that no table has keep the asset.
        #expect(
            try Rejudging(store: fixture.storePath("s"), filter: rule).run(dryRun: true).stayed == 1
        )
    }
}
