import Documents
import Foundation

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
        do throws(DocumentError) {
            try self.init(root: RuleSet.root(of: text, file: file))
        } catch {
            throw RuleError(error)
        }
    }

    private init(root: DocumentNode) throws(DocumentError) {
        let entries = try root.entries(named: "a filter", keys: ["name", "rules"])
        guard let name = entries["name"] else { throw root.error("the filter lacks the key name") }
        self.init(name: try name.text(named: "name"), rules: [])
        guard let list = entries["rules"] else {
            throw root.error("the filter lacks the key rules")
        }
        for node in try list.list(named: "rules") {
            let rule = try RuleReader(node: node).rule()
            guard !rules.contains(where: { $0.name == rule.name }) else {
                throw node.error("two rules have the name \(rule.name)")
            }
            rules.append(rule)
        }
    }

    private static func root(of text: String, file: String) throws(DocumentError) -> DocumentNode {
        do throws(SyntaxFault) {
            return try DocumentNode(file: file, text: text)
        } catch {
            let message =
                switch error.kind {
                case .empty: "the file is empty"
                case .grammar(let context, let problem):
                    (context.map { "\($0) " } ?? "") + problem
                case .repeatedKeys(let keys):
                    "the key \(keys.joined(separator: ", ")) is there more than once"
                case .other(let words): words
                }
            throw DocumentError(
                file: file, line: error.line, column: error.column, message: message)
        }
    }
}

extension RuleError {
    init(_ error: DocumentError) {
        self = .malformed(
            file: error.file, line: error.line ?? 1, column: error.column ?? 1,
            what: error.message)
    }
}

/// Reads one rule.
private struct RuleReader {
    let node: DocumentNode
    let entries: [String: DocumentNode]

    static let boundKeys = ["at-least", "at-most", "equals", "one-of", "none-of", "matches"]
    static let keys =
        ["name", "measure", "aggregate"] + boundKeys + ["when-absent", "reason"]

    init(node: DocumentNode) throws(DocumentError) {
        self.node = node
        entries = try node.entries(named: "a rule", keys: RuleReader.keys)
    }

    func rule() throws(DocumentError) -> Rule {
        let name = try text("name")
        let measureNode = try required("measure")
        let measureName = try measureNode.text(named: "measure")
        guard let measure = MeasureID(measureName) else {
            let known = MeasureID.definitions.map(\.id.name).joined(separator: ", ")
            throw measureNode.error(
                "there is no measure \(measureName); there are \(known), and column.NAME for the "
                    + "manifest's columns")
        }
        var aggregate = Rule.Aggregate.all
        if let node = entries["aggregate"] {
            aggregate = try node.choice(named: "aggregate", of: Rule.Aggregate.self)
        }
        var whenAbsent: Rule.Decision?
        if let node = entries["when-absent"] {
            whenAbsent = try node.choice(named: "when-absent", of: Rule.Decision.self)
        }
        return Rule(
            name: name, measure: measure, aggregate: aggregate,
            bounds: try bounds(measure: measure, aggregate: aggregate), whenAbsent: whenAbsent,
            reason: try text("reason"))
    }

    private func bounds(
        measure: MeasureID, aggregate: Rule.Aggregate
    ) throws(DocumentError) -> [Rule.Bound] {
        var bounds: [Rule.Bound] = []
        var isNumeric = measure.column == nil || aggregate.isNumeric ? true : nil
        for key in RuleReader.boundKeys {
            guard let node = entries[key] else { continue }
            let bound = try bound(key, node)
            if let comparesNumbers = bound.comparesNumbers {
                guard isNumeric ?? comparesNumbers == comparesNumbers else {
                    throw node.error(
                        "\(key) compares \(comparesNumbers ? "numbers" : "texts"), but the rest of "
                            + "the rule makes sense of \(comparesNumbers ? "texts" : "numbers") only"
                    )
                }
                isNumeric = comparesNumbers
            }
            bounds.append(bound)
        }
        guard !bounds.isEmpty else {
            throw node.error(
                "the rule bounds nothing; it needs one of "
                    + RuleReader.boundKeys.joined(separator: ", "))
        }
        if let lower = entries["at-least"], let upper = entries["at-most"],
            try lower.number(named: "at-least") > upper.number(named: "at-most")
        {
            throw lower.error("at-least is larger than at-most: nothing could be kept")
        }
        return bounds
    }

    private func bound(_ key: String, _ node: DocumentNode) throws(DocumentError) -> Rule.Bound {
        switch key {
        case "at-least": return .atLeast(try node.number(named: key))
        case "at-most": return .atMost(try node.number(named: key))
        case "equals": return .equals(try scalar(node, named: key))
        case "one-of": return .oneOf(try scalars(node, named: key))
        case "none-of": return .noneOf(try scalars(node, named: key))
        default:
            let pattern = try node.text(named: key)
            do {
                _ = try Regex(pattern)
            } catch {
                throw node.error("\(pattern) is no regular expression: \(error)")
            }
            return .matches(pattern)
        }
    }

    /// A number or a text.
    private func scalar(
        _ node: DocumentNode, named name: String
    ) throws(DocumentError) -> Rule.Scalar {
        let text = try node.scalarText(named: name)
        return node.plainNumber.map { Rule.Scalar($0) } ?? Rule.Scalar(text)
    }

    private func scalars(_ node: DocumentNode, named key: String) throws(DocumentError) -> [Rule
        .Scalar]
    {
        var scalars: [Rule.Scalar] = []
        for element in try node.list(named: key) {
            scalars.append(try scalar(element, named: "an element of \(key)"))
        }
        guard !scalars.isEmpty else { throw node.error("\(key) is an empty list") }
        return scalars
    }

    private func required(_ key: String) throws(DocumentError) -> DocumentNode {
        guard let value = entries[key] else { throw node.error("the rule lacks the key \(key)") }
        return value
    }

    private func text(_ key: String) throws(DocumentError) -> String {
        try required(key).text(named: key)
    }
}
