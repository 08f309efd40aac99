import Curation
import Foundation
import Testing

@Suite struct RuleTests {
    private func rule(
        _ aggregate: Rule.Aggregate, _ bounds: [Rule.Bound], measure: MeasureID = .ssimFront
    ) -> Rule {
        Rule(name: "r", measure: measure, aggregate: aggregate, bounds: bounds, reason: "because")
    }

    @Test(arguments: [
        (Rule.Aggregate.min, 1.0), (.max, 9), (.mean, 4.5), (.median, 4), (.sum, 18), (.first, 3),
        (.last, 9),
    ])
    func aggregatesReduceToOneNumber(aggregate: Rule.Aggregate, expected: Double) {
        let value = MeasureValue.numbers([3, 5, 1, 9])
        let bounds: [(Rule.Bound, Bool)] = [
            (.equals(.init(expected)), true), (.equals(.init(expected + 1)), false),
            (.atLeast(expected), true), (.atLeast(expected + 0.01), false),
            (.atMost(expected), true), (.atMost(expected - 0.01), false),
        ]
        for (bound, isKept) in bounds {
            #expect(rule(aggregate, [bound]).finding(on: value).isKept == isKept)
        }
    }

    @Test func oddCountsHaveAMiddle() {
        let value = MeasureValue.numbers([7, 1, 100])
        #expect(rule(.median, [.equals(.init(7))]).finding(on: value).isKept)
    }

    @Test func anyAndAllQuantify() {
        let value = MeasureValue.numbers([1, 2, 3])
        #expect(rule(.any, [.atLeast(3)]).finding(on: value).isKept)
        #expect(!rule(.any, [.atLeast(4)]).finding(on: value).isKept)
        #expect(rule(.all, [.atLeast(1)]).finding(on: value).isKept)
        #expect(!rule(.all, [.atLeast(2)]).finding(on: value).isKept)
        // Both bounds must hold for the same value.
        #expect(!rule(.any, [.atLeast(3), .atMost(1)]).finding(on: value).isKept)
        #expect(rule(.any, [.atLeast(2), .atMost(2)]).finding(on: value).isKept)
    }

    @Test func whatIsNoNumberMeetsNoBound() {
        for bound in [Rule.Bound.atLeast(0), .atMost(0), .equals(.init(0)), .noneOf([.init(0)])] {
            #expect(!rule(.all, [bound]).finding(on: .numbers([.nan])).isKept)
        }
    }

    @Test func textsAreCompared() {
        let tags = MeasureValue.text(["animal", "low-poly"])
        let column = MeasureID.column("tags")
        let cases: [(Rule.Aggregate, Rule.Bound, Bool)] = [
            (.any, .equals(.init("animal")), true), (.all, .equals(.init("animal")), false),
            (.any, .oneOf([.init("human"), .init("low-poly")]), true),
            (.all, .noneOf([.init("test"), .init("broken")]), true),
            (.all, .noneOf([.init("animal")]), false), (.first, .matches("^ani"), true),
            (.last, .matches("^ani"), false), (.any, .matches("low.poly$"), true),
        ]
        for (aggregate, bound, isKept) in cases {
            let finding = rule(aggregate, [bound], measure: column).finding(on: tags)
            #expect(finding.isKept == isKept, "\(aggregate) \(bound)")
        }
    }

    @Test func textsThatSpellNumbersAreNumbers() {
        let rule = rule(.all, [.atLeast(5.5)], measure: .column("aesthetic_score"))
        #expect(rule.finding(on: .text([" 5.6 "])).isKept)
        #expect(!rule.finding(on: .text(["5.4"])).isKept)
        #expect(rule.finding(on: .number(5.5)).isKept)
        let finding = rule.finding(on: .text(["good"]))
        #expect(!finding.isKept && finding.reason?.contains("is no number: good") == true)
        let equals = self.rule(.all, [.equals(.init(3))], measure: .column("n"))
        #expect(equals.finding(on: .text(["3.0"])).isKept)
    }

    @Test func absentColumnsAreKeptAndAbsentMeasuresAreNot() {
        let column = rule(.all, [.atLeast(1)], measure: .column("score"))
        let measure = rule(.all, [.atLeast(1)], measure: .clipCount)
        for value in [MeasureValue.absent, .numbers([]), .text([]), .text([""])] {
            #expect(column.finding(on: value).isKept)
            let finding = measure.finding(on: value)
            #expect(!finding.isKept)
            #expect(finding.reason?.contains("clip.count is absent") == true)
        }
        var strict = column
        strict.whenAbsent = .reject
        #expect(!strict.finding(on: .absent).isKept)
    }

    @Test func reasonsSayWhatWasFound() {
        let finding = rule(.min, [.atMost(0.95)]).finding(on: .numbers([0.97312, 0.99]))
        #expect(
            finding.reason
                == "because (min of ssim.front is 0.9731; kept: at most 0.95)")
        var filled = rule(.max, [.atMost(4)], measure: .geometryGrowth)
        filled.reason = "it grows to {value} times its size"
        #expect(
            filled.finding(on: .numbers([1, 12])).reason == "it grows to 12 times its size")
        #expect(filled.finding(on: .numbers([1, 2])).reason == nil)
    }

    @Test func valuesSurviveTheirStorage() throws {
        let values: [MeasureValue] = [
            .numbers([0.1, -3, 1e300]), .numbers([]), .text(["a", "5"]), .absent,
        ]
        for value in values {
            let data = try JSONEncoder().encode(value)
            #expect(try JSONDecoder().decode(MeasureValue.self, from: data) == value)
        }
        let odd = try JSONEncoder().encode(MeasureValue.numbers([1, .nan, .infinity]))
        #expect(String(decoding: odd, as: UTF8.self) == "[1,null,null]")
    }
}
