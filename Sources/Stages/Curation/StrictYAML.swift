import Yams

/// A YAML document that is read by what is expected of it; everything else is an error that names
/// its line and column.
struct StrictYAML {
    let file: String

    /// The document's root.
    func root(of text: String) throws(RuleError) -> Node {
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw syntaxError(error)
        } catch {
            throw .malformed(file: file, line: 1, column: 1, what: "\(error)")
        }
        guard let node else {
            throw .malformed(file: file, line: 1, column: 1, what: "the file is empty")
        }
        return node
    }

    /// An error at a node's place.
    func error(_ what: String, at node: Node) -> RuleError {
        .malformed(
            file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1, what: what)
    }

    /// The entries of a mapping whose keys are among `keys`.
    func entries(
        of node: Node, named name: String, keys: [String]
    ) throws(RuleError) -> [String: Node] {
        guard let mapping = node.mapping else {
            throw error("\(name) must be a mapping, not \(kind(of: node))", at: node)
        }
        var entries: [String: Node] = [:]
        for (key, value) in mapping {
            guard let text = key.scalar?.string, keys.contains(text) else {
                throw error(
                    "\(name) has no key \(key.scalar?.string ?? kind(of: key)); "
                        + "its keys are \(keys.joined(separator: ", "))", at: key)
            }
            entries[text] = value
        }
        return entries
    }

    /// The entry of a key that must be there.
    func required(
        _ key: String, in entries: [String: Node], of node: Node, named name: String
    ) throws(RuleError) -> Node {
        guard let value = entries[key] else {
            throw error("\(name) lacks the key \(key)", at: node)
        }
        return value
    }

    /// The elements of a list.
    func list(_ node: Node, named name: String) throws(RuleError) -> [Node] {
        guard let sequence = node.sequence else {
            throw error("\(name) must be a list, not \(kind(of: node))", at: node)
        }
        return Array(sequence)
    }

    /// A text that is not empty.
    func text(_ node: Node, named name: String) throws(RuleError) -> String {
        guard let scalar = node.scalar, !isLiteral(scalar) else {
            throw error("\(name) must be text, not \(kind(of: node))", at: node)
        }
        guard !scalar.string.isEmpty else { throw error("\(name) is empty", at: node) }
        return scalar.string
    }

    /// A finite number.
    func number(_ node: Node, named name: String) throws(RuleError) -> Double {
        guard let scalar = node.scalar, let number = plainNumber(scalar) else {
            throw error("\(name) must be a number, not \(kind(of: node))", at: node)
        }
        return number
    }

    /// A number or a text.
    func scalar(_ node: Node, named name: String) throws(RuleError) -> Rule.Scalar {
        guard let scalar = node.scalar, !scalar.isNull else {
            throw error("\(name) must be a number or text, not \(kind(of: node))", at: node)
        }
        return plainNumber(scalar).map { Rule.Scalar($0) } ?? Rule.Scalar(scalar.string)
    }

    /// One of the cases of an enumeration by its name.
    func choice<Choice>(
        _ node: Node, named name: String, of type: Choice.Type
    ) throws(RuleError) -> Choice
    where Choice: CaseIterable & RawRepresentable, Choice.RawValue == String {
        let text = try text(node, named: name)
        guard let choice = Choice(rawValue: text) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw error("\(name) must be one of \(known), not \(text)", at: node)
        }
        return choice
    }

    private func plainNumber(_ scalar: Node.Scalar) -> Double? {
        guard scalar.style == .plain, let number = Double(scalar.string), number.isFinite else {
            return nil
        }
        return number
    }

    /// Whether an unquoted scalar is something else than text.
    private func isLiteral(_ scalar: Node.Scalar) -> Bool {
        scalar.isNull || scalar.isBoolean || plainNumber(scalar) != nil
    }

    private func kind(of node: Node) -> String {
        switch node {
        case .mapping: return "a mapping"
        case .sequence: return "a list"
        case .alias: return "an alias"
        case .scalar(let scalar):
            if scalar.isNull { return "nothing" }
            if scalar.isBoolean { return "the boolean \(scalar.string)" }
            if plainNumber(scalar) != nil { return "the number \(scalar.string)" }
            return "the text \(scalar.string)"
        }
    }

    private func syntaxError(_ failure: YamlError) -> RuleError {
        switch failure {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let prefix = context.map { "\($0.text) " } ?? ""
            return .malformed(
                file: file, line: mark.line, column: mark.column, what: prefix + problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            return .malformed(
                file: file, line: context.mark.line, column: context.mark.column,
                what: "the key \(duplicates.joined(separator: ", ")) is there more than once")
        default:
            return .malformed(file: file, line: 1, column: 1, what: "\(failure)")
        }
    }
}

extension Node.Scalar {
    /// Whether it stands for nothing, in YAML's core schema.
    fileprivate var isNull: Bool {
        style == .plain && ["", "~", "null", "Null", "NULL"].contains(string)
    }

    /// Whether it is a boolean in YAML's core schema.
    fileprivate var isBoolean: Bool {
        style == .plain && ["true", "True", "TRUE", "false", "False", "FALSE"].contains(string)
    }
}
