import Foundation
import Yams

/// Filter files:
///
/// ```yaml
/// name: diffusion4d
/// rules:
///   - name: static                # under which rejections are counted
///     measure: ssim.front         # see MeasureID.definitions; column.NAME for the manifest's
///     aggregate: min              # min, max, mean, median, sum, first, last, any, all (default)
///     at-most: 0.95               # what is kept; also at-least, equals, one-of, none-of, matches
///     when-absent: reject         # or keep, the default for columns
///     reason: "the front view hardly changes"
/// ```
extension RuleSet {
    /// Reads a filter file.
    ///
    /// - Throws: ``RuleError`` with the line and column of what is wrong.
    public init(contentsOfFile path: String) throws(RuleError) {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw .unreadable(file: path, reason: error.localizedDescription)
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw .unreadable(file: path, reason: "it is no UTF-8 text")
        }
        try self.init(yaml: text, file: path)
    }

    /// Reads the text of a filter file.
    ///
    /// - Parameter file: the name by which errors call it.
    /// - Throws: ``RuleError`` with the line and column of what is wrong: an unknown key, a value
    ///   of the wrong type, a measure that does not exist, bounds that cannot be met.
    public init(yaml text: String, file: String) throws(RuleError) {
        let yaml = StrictYAML(file: file)
        let root = try yaml.root(of: text)
        let entries = try yaml.entries(of: root, named: "a filter", keys: ["name", "rules"])
        name = try yaml.text(
            yaml.required("name", in: entries, of: root, named: "the filter"), named: "name")
        let list = try yaml.list(
            yaml.required("rules", in: entries, of: root, named: "the filter"), named: "rules")
        rules = []
        for node in list {
            let rule = try RuleReader(yaml: yaml, node: node).rule()
            guard !rules.contains(where: { $0.name == rule.name }) else {
                throw yaml.error("two rules have the name \(rule.name)", at: node)
            }
            rules.append(rule)
        }
    }
}

/// Reads one rule.
private struct RuleReader {
    let yaml: StrictYAML
    let node: Node
    let entries: [String: Node]

    static let boundKeys = ["at-least", "at-most", "equals", "one-of", "none-of", "matches"]
    static let keys =
        ["name", "measure", "aggregate"] + boundKeys + ["when-absent", "reason"]

    init(yaml: StrictYAML, node: Node) throws(RuleError) {
        self.yaml = yaml
        self.node = node
        entries = try yaml.entries(of: node, named: "a rule", keys: RuleReader.keys)
    }

    func rule() throws(RuleError) -> Rule {
        let name = try text("name")
        let measureNode = try required("measure")
        let measureName = try yaml.text(measureNode, named: "measure")
        guard let measure = MeasureID(measureName) else {
            let known = MeasureID.definitions.map(\.id.name).joined(separator: ", ")
            throw yaml.error(
                "there is no measure \(measureName); there are \(known), and column.NAME for the "
                    + "manifest's columns", at: measureNode)
        }
        var aggregate = Rule.Aggregate.all
        if let node = entries["aggregate"] {
            aggregate = try yaml.choice(node, named: "aggregate", of: Rule.Aggregate.self)
        }
        var whenAbsent: Rule.Decision?
        if let node = entries["when-absent"] {
            whenAbsent = try yaml.choice(node, named: "when-absent", of: Rule.Decision.self)
        }
        return Rule(
            name: name, measure: measure, aggregate: aggregate,
            bounds: try bounds(measure: measure, aggregate: aggregate), whenAbsent: whenAbsent,
            reason: try text("reason"))
    }

    private func bounds(
        measure: MeasureID, aggregate: Rule.Aggregate
    ) throws(RuleError) -> [Rule.Bound] {
        var bounds: [Rule.Bound] = []
        var isNumeric = measure.column == nil || aggregate.isNumeric ? true : nil
        for key in RuleReader.boundKeys {
            guard let node = entries[key] else { continue }
            let bound = try bound(key, node)
            if let comparesNumbers = bound.comparesNumbers {
                guard isNumeric ?? comparesNumbers == comparesNumbers else {
                    throw yaml.error(
                        "\(key) compares \(comparesNumbers ? "numbers" : "texts"), but the rest of "
                            + "the rule makes sense of \(comparesNumbers ? "texts" : "numbers") only",
                        at: node)
                }
                isNumeric = comparesNumbers
            }
            bounds.append(bound)
        }
        guard !bounds.isEmpty else {
            throw yaml.error(
                "the rule bounds nothing; it needs one of "
                    + RuleReader.boundKeys.joined(separator: ", "), at: node)
        }
        if let lower = entries["at-least"], let upper = entries["at-most"],
            try yaml.number(lower, named: "at-least") > yaml.number(upper, named: "at-most")
        {
            throw yaml.error("at-least is larger than at-most: nothing could be kept", at: lower)
        }
        return bounds
    }

    private func bound(_ key: String, _ node: Node) throws(RuleError) -> Rule.Bound {
        switch key {
        case "at-least": return .atLeast(try yaml.number(node, named: key))
        case "at-most": return .atMost(try yaml.number(node, named: key))
        case "equals": return .equals(try yaml.scalar(node, named: key))
        case "one-of": return .oneOf(try scalars(node, named: key))
        case "none-of": return .noneOf(try scalars(node, named: key))
        default:
            let pattern = try yaml.text(node, named: key)
            do {
                _ = try Regex(pattern)
            } catch {
                throw yaml.error("\(pattern) is no regular expression: \(error)", at: node)
            }
            return .matches(pattern)
        }
    }

    private func scalars(_ node: Node, named key: String) throws(RuleError) -> [Rule.Scalar] {
        var scalars: [Rule.Scalar] = []
        for element in try yaml.list(node, named: key) {
            scalars.append(try yaml.scalar(element, named: "an element of \(key)"))
        }
        guard !scalars.isEmpty else { throw yaml.error("\(key) is an empty list", at: node) }
        return scalars
    }

    private func required(_ key: String) throws(RuleError) -> Node {
        try yaml.required(key, in: entries, of: node, named: "the rule")
    }

    private func text(_ key: String) throws(RuleError) -> String {
        try yaml.text(required(key), named: key)
    }
}
