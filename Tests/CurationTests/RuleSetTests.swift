import Curation
import Foundation
import Testing

@Suite struct RuleSetTests {
    static let text = """
        name: example
        rules:
          - name: static
            measure: ssim.front
            aggregate: min
            at-most: 0.95
            reason: it hardly moves
          - name: distorted
            measure: ssim.front
            aggregate: min
            at-least: 0.4
            reason: it comes apart
          - name: licence
            measure: column.license
            one-of: [by, cc0]
            when-absent: reject
            reason: the licence is not known
          - name: no-clip
            measure: clip.count
            at-least: 1
            reason: nothing moves
          - name: inside
            measure: alpha.border
            aggregate: max
            equals: 0
            reason: it leaves the frame
        """

    private func example() throws -> RuleSet {
        try RuleSet(yaml: RuleSetTests.text, file: "e.yaml")
    }

    @Test func rulesAreRead() throws {
        let set = try example()
        #expect(set.name == "example")
        #expect(
            set.rules[0]
                == Rule(
                    name: "static", measure: .ssimFront, aggregate: .min, bounds: [.atMost(0.95)],
                    whenAbsent: .reject, reason: "it hardly moves"))
        #expect(
            set.rules[2]
                == Rule(
                    name: "licence", measure: .column("license"), aggregate: .all,
                    bounds: [.oneOf([.init("by"), .init("cc0")])], whenAbsent: .reject,
                    reason: "the licence is not known"))
        #expect(set.rules[4].bounds == [.equals(.init(0))])
    }

    @Test func cheapRulesComeFirst() throws {
        let set = try example()
        #expect(
            set.rulesByCost.map(\.name) == ["licence", "no-clip", "static", "distorted", "inside"])
        #expect(
            set.requiredMeasures
                == [.column("license"), .clipCount, .ssimFront, .alphaBorder])
    }

    @Test func judgingStopsAtTheFirstRejection() throws {
        var asked: [MeasureID] = []
        let verdict = try example().judge { id in
            asked.append(id)
            return id == .clipCount ? .number(0) : .text(["by"])
        }
        #expect(asked == [.column("license"), .clipCount])
        #expect(!verdict.isKept)
        #expect(verdict.rejection?.rule == "no-clip")
        #expect(verdict.findings.map(\.rule) == ["licence", "no-clip"])
    }

    @Test func exhaustiveJudgingAsksEveryMeasureOnce() throws {
        var asked: [MeasureID] = []
        let verdict = try example().judge(exhaustive: true) { id in
            asked.append(id)
            return id == .ssimFront ? .numbers([0.3, 0.99]) : .number(0)
        }
        #expect(asked == [.column("license"), .clipCount, .ssimFront, .alphaBorder])
        #expect(verdict.findings.map(\.isKept) == [false, false, true, false, true])
    }

    @Test func storedValuesAreJudgedAlike() throws {
        let set = try example()
        let values: [MeasureID: MeasureValue] = [
            .column("license"): .text(["cc0"]), .clipCount: .number(2),
            .ssimFront: .numbers([0.9, 0.8]), .alphaBorder: .numbers([0, 0]),
        ]
        let fresh = set.judge { values[$0] ?? .absent }
        #expect(fresh.isKept && fresh.rejection == nil && fresh.findings.count == 5)
        let stored = try JSONDecoder().decode(
            [String: MeasureValue].self,
            from: JSONEncoder().encode(
                Dictionary(uniqueKeysWithValues: values.map { ($0.key.name, $0.value) })))
        #expect(set.judge { stored[$0.name] ?? .absent } == fresh)
    }

    @Test func errorsOfMeasuresPassThrough() throws {
        struct NoGeometry: Error {}
        let set = try example()
        #expect(throws: NoGeometry.self) {
            try set.judge { (_: MeasureID) throws(NoGeometry) in throw NoGeometry() }
        }
    }

    @Test func everyMeasureIsDefinedOnce() {
        let names = MeasureID.definitions.map(\.id.name)
        #expect(Set(names).count == names.count)
        for definition in MeasureID.definitions {
            #expect(MeasureID(definition.id.name) == definition.id)
            #expect(definition.id.cost == definition.cost)
            #expect(!definition.summary.isEmpty)
        }
        #expect(MeasureID("ssim") == nil && MeasureID("column.") == nil && MeasureID("") == nil)
        #expect(MeasureID("column.a b")?.column == "a b")
        #expect(MeasureID.column("x").cost == .manifest && MeasureID.ssimFront.column == nil)
        let costs = MeasureID.definitions.map(\.cost)
        #expect(costs == costs.sorted())
    }
}
