import Curation
import Foundation
import Geometry
import Testing

/// A filter file with a mistake, where it is, and a word of what must be said.
struct Mistake: Sendable, CustomTestStringConvertible {
    let text: String
    let line: Int
    let column: Int
    let word: String

    var testDescription: String { word }

    private static func rule(_ lines: String...) -> String {
        "name: f\nrules:\n  - " + lines.joined(separator: "\n    ") + "\n"
    }

    static let all: [Mistake] = [
        Mistake(text: "", line: 1, column: 1, word: "empty"),
        Mistake(text: "- a\n- b\n", line: 1, column: 1, word: "mapping"),
        Mistake(text: "name: f\nrulse: []\n", line: 2, column: 1, word: "rulse"),
        Mistake(text: "rules: []\n", line: 1, column: 1, word: "lacks the key name"),
        Mistake(text: "name: f\n", line: 1, column: 1, word: "lacks the key rules"),
        Mistake(text: "name: 12\nrules: []\n", line: 1, column: 7, word: "number 12"),
        Mistake(text: "name: f\nrules: all\n", line: 2, column: 8, word: "list"),
        Mistake(text: "name: f\nrules:\n  - static\n", line: 3, column: 5, word: "mapping"),
        Mistake(text: "name: f\nname: g\nrules: []\n", line: 1, column: 1, word: "more than once"),
        Mistake(text: "name: f\nrules: [\n", line: 3, column: 1, word: "flow"),
        Mistake(text: "name: f\n\trules: []\n", line: 2, column: 1, word: "tab"),
        Mistake(
            text: "name: f\nrules: []\n---\nname: g\n", line: 3, column: 1, word: "document"),
        Mistake(
            text: rule("name: a", "measure: clip.count", "atleast: 1", "reason: r"),
            line: 5, column: 5, word: "atleast"),
        Mistake(
            text: rule("name: a", "measure: clip.cuont", "at-least: 1", "reason: r"),
            line: 4, column: 14, word: "clip.cuont"),
        Mistake(
            text: rule("name: a", "measure: clip.count", "at-least: few", "reason: r"),
            line: 5, column: 15, word: "the text few"),
        Mistake(
            text: rule("name: a", "measure: clip.count", "at-least: \"1\"", "reason: r"),
            line: 5, column: 15, word: "number"),
        Mistake(
            text: rule("name: a", "measure: clip.count", "at-least: .nan", "reason: r"),
            line: 5, column: 15, word: "number"),
        Mistake(
            text: rule("name: a", "measure: clip.count", "at-least: [1]", "reason: r"),
            line: 5, column: 15, word: "a list"),
        Mistake(
            text: rule("name: a", "measure: clip.count", "reason: r"),
            line: 3, column: 5, word: "bounds nothing"),
        Mistake(
            text: rule("name: a", "at-least: 1", "reason: r"),
            line: 3, column: 5, word: "lacks the key measure"),
        Mistake(
            text: rule("name: a", "measure: clip.count", "at-least: 1"),
            line: 3, column: 5, word: "lacks the key reason"),
        Mistake(
            text: rule("name: a", "measure: clip.count", "at-least: 1", "reason:"),
            line: 6, column: 12, word: "nothing"),
        Mistake(
            text: rule("name: a", "measure: clip.count", "at-least: 1", "reason: true"),
            line: 6, column: 13, word: "boolean"),
        Mistake(
            text: rule(
                "name: a", "measure: clip.count", "aggregate: average", "at-least: 1", "reason: r"),
            line: 5, column: 16, word: "median"),
        Mistake(
            text: rule(
                "name: a", "measure: clip.count", "at-least: 1", "when-absent: drop", "reason: r"),
            line: 6, column: 18, word: "keep, reject"),
        Mistake(
            text: rule(
                "name: a", "measure: clip.count", "at-least: 3", "at-most: 2", "reason: r"),
            line: 5, column: 15, word: "nothing could be kept"),
        Mistake(
            text: rule("name: a", "measure: column.x", "one-of: []", "reason: r"),
            line: 5, column: 13, word: "empty list"),
        Mistake(
            text: rule("name: a", "measure: column.x", "one-of: [b, {c: d}]", "reason: r"),
            line: 5, column: 17, word: "an element of one-of"),
        Mistake(
            text: rule("name: a", "measure: column.x", "matches: \"a(b\"", "reason: r"),
            line: 5, column: 14, word: "regular expression"),
        Mistake(
            text: rule("name: a", "measure: clip.count", "matches: b", "reason: r"),
            line: 5, column: 14, word: "texts"),
        Mistake(
            text: rule("name: a", "measure: clip.count", "equals: b", "reason: r"),
            line: 5, column: 13, word: "texts"),
        Mistake(
            text: rule("name: a", "measure: column.x", "at-least: 1", "matches: b", "reason: r"),
            line: 6, column: 14, word: "texts"),
        Mistake(
            text: rule("name: a", "measure: column.x", "aggregate: mean", "equals: b", "reason: r"),
            line: 6, column: 13, word: "texts"),
        Mistake(
            text: rule("name: a", "measure: triangles", "at-least: 1", "reason: r")
                + "  - name: a\n    measure: vertices\n    at-least: 1\n    reason: r\n",
            line: 7, column: 5, word: "two rules"),
    ]
}

@Suite struct RuleErrorTests {
    @Test(arguments: Mistake.all)
    func mistakesAreFoundWhereTheyAre(mistake: Mistake) throws {
        let error = try #require(throws: RuleError.self) {
            try RuleSet(yaml: mistake.text, file: "dir/f.yaml")
        }
        guard case .malformed(_, let line, let column, let what) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(line == mistake.line && column == mistake.column, "\(error)")
        #expect(what.contains(mistake.word), "\(error)")
        #expect(error.description.hasPrefix("dir/f.yaml:\(line):\(column): "))
    }

    @Test func missingFilesAreNamed() {
        #expect {
            try RuleSet(contentsOfFile: "/nowhere/f.yaml")
        } throws: { error in
            "\(error)".hasPrefix("/nowhere/f.yaml: cannot be read")
        }
    }

    @Test func mutantsDoNoHarm() {
        var numbers = KeyedRandom(seed: 17, asset: "", purpose: "test")
        let letters = Array("\n\t :-[]{}\"'#&*!|>%@`,.0a~\u{0}\u{feff}\u{2028}")
        for _ in 0..<1500 {
            var text = Array(RuleSetTests.text)
            for _ in 0..<Int.random(in: 1...5, using: &numbers) {
                let at = Int.random(in: 0..<text.count, using: &numbers)
                switch Int.random(in: 0..<3, using: &numbers) {
                case 0: text.remove(at: at)
                case 1: text.insert(letters.randomElement(using: &numbers) ?? " ", at: at)
                default: text[at] = letters.randomElement(using: &numbers) ?? " "
                }
            }
            do {
                let set = try RuleSet(yaml: String(text), file: "m.yaml")
                _ = set.judge(exhaustive: true) { _ in .absent }
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
    }
}
