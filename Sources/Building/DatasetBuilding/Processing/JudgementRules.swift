import Curation
import Foundation
import ShardStore

/// The rules of a run, with the text that the store records.
struct JudgementRules: Sendable {
    /// The file's text.
    let text: String
    private let all: RuleSet

    /// Reads a rule file.
    init(path: String) throws {
        let data = try CorpusTables.contents(path)
        guard let text = String(data: data, encoding: .utf8) else {
            throw ManifestError(file: path, message: "is not UTF-8 text")
        }
        try self.init(text: text, file: path)
    }

    /// Reads rules from a text that came from `file`.
    init(text: String, file: String) throws {
        self.text = text
        all = try RuleSet(yaml: text, file: file)
    }

    /// The rule set's name.
    var name: String { all.name }

    /// All rules.
    var every: RuleSet { all }

    /// The rules that need no more than the tables; judged before an asset is opened.
    var tableRules: RuleSet? { subset { $0.measure.cost == .manifest } }

    /// The rules that need the asset.
    var assetRules: RuleSet? { subset { $0.measure.cost != .manifest } }

    private func subset(_ belongs: (Rule) -> Bool) -> RuleSet? {
        let rules = all.rules.filter(belongs)
        return rules.isEmpty ? nil : RuleSet(name: all.name, rules: rules)
    }

    /// Where each rule stands in the order of asking.
    var positions: [String: Int] {
        Dictionary(
            all.rulesByCost.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { a, _ in a })
    }

    /// What the store records of a verdict.
    func decisions(_ verdict: Verdict, clip: String?) -> [Decision] {
        let positions = positions
        return verdict.findings.map { finding in
            Decision(
                stage: "judge", rule: finding.rule, position: positions[finding.rule] ?? 0,
                clip: clip, verdict: finding.isKept ? .kept : .rejected,
                reason: finding.reason ?? "")
        }
    }
}
