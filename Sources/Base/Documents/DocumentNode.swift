import Yams

/// A value of a YAML document with its place, read by what is expected of it; anything else is an
/// error that names line and column.
public struct DocumentNode {
    /// The document's path, as errors name it.
    public let file: String
    let node: Node

    /// The root of a document.
    ///
    /// - Throws: `SyntaxFault` where the text is no YAML, or empty.
    public init(file: String, text: String) throws(SyntaxFault) {
        let parsed: Node?
        do {
            parsed = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw SyntaxFault(error)
        } catch {
            throw SyntaxFault(.other("\(error)"))
        }
        guard let parsed else { throw SyntaxFault(.empty) }
        self.init(file: file, node: parsed)
    }

    init(file: String, node: Node) {
        self.file = file
        self.node = node
    }

    /// An error at this value's place.
    public func error(_ message: String) -> DocumentError {
        DocumentError(
            file: file, line: node.mark?.line, column: node.mark?.column, message: message)
    }

    /// Keys and values in the order of the document; nil where this is no mapping.
    var pairs: [(key: DocumentNode, value: DocumentNode)]? {
        node.mapping?.map {
            (DocumentNode(file: file, node: $0.key), DocumentNode(file: file, node: $0.value))
        }
    }

    /// The elements; nil where this is no list.
    var elements: [DocumentNode]? {
        node.sequence?.map { DocumentNode(file: file, node: $0) }
    }

    /// The words of a scalar, whatever they stand for.
    var words: String? { node.scalar?.string }

    /// Whether this stands for nothing.
    var isNothing: Bool { node.null != nil }

    /// The values of a mapping whose keys are among `keys`.
    ///
    /// - Parameter name: what errors call the mapping.
    public func entries(
        named name: String, keys: [String]
    ) throws(DocumentError) -> [String: DocumentNode] {
        guard let pairs else { throw error("\(name) must be a mapping, not \(kind)") }
        var entries: [String: DocumentNode] = [:]
        for (key, value) in pairs {
            guard let text = key.words, keys.contains(text) else {
                throw key.error(
                    "\(name) has no key \(key.words ?? key.kind); "
                        + "its keys are \(keys.joined(separator: ", "))")
            }
            entries[text] = value
        }
        return entries
    }

    /// The elements of a list.
    ///
    /// - Parameter name: what errors call the list, and so below.
    public func list(named name: String) throws(DocumentError) -> [DocumentNode] {
        guard let elements else { throw error("\(name) must be a list, not \(kind)") }
        return elements
    }

    /// A text that is not empty.
    public func text(named name: String) throws(DocumentError) -> String {
        guard let scalar = node.scalar, !scalar.isLiteral else {
            throw error("\(name) must be text, not \(kind)")
        }
        guard !scalar.string.isEmpty else { throw error("\(name) is empty") }
        return scalar.string
    }

    /// A finite number.
    public func number(named name: String) throws(DocumentError) -> Double {
        guard let number = plainNumber else {
            throw error("\(name) must be a number, not \(kind)")
        }
        return number
    }

    /// One of the cases of an enumeration by its name.
    public func choice<Choice>(
        named name: String, of type: Choice.Type
    ) throws(DocumentError) -> Choice
    where Choice: CaseIterable & RawRepresentable, Choice.RawValue == String {
        let text = try text(named: name)
        guard let choice = Choice(rawValue: text) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw error("\(name) must be one of \(known), not \(text)")
        }
        return choice
    }

    /// The text of a scalar that stands for something; a number's as it is written.
    public func scalarText(named name: String) throws(DocumentError) -> String {
        guard let scalar = node.scalar, !scalar.isNull else {
            throw error("\(name) must be a number or text, not \(kind)")
        }
        return scalar.string
    }

    /// The number that an unquoted scalar is.
    public var plainNumber: Double? { node.scalar?.plainNumber }

    /// What this is, in words: `a list`, `the number 3`.
    private var kind: String {
        switch node {
        case .mapping: return "a mapping"
        case .sequence: return "a list"
        case .alias: return "an alias"
        case .scalar(let scalar):
            if scalar.isNull { return "nothing" }
            if scalar.isBoolean { return "the boolean \(scalar.string)" }
            if scalar.plainNumber != nil { return "the number \(scalar.string)" }
            return "the text \(scalar.string)"
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

    /// The number that it is, unless it is quoted.
    fileprivate var plainNumber: Double? {
        guard style == .plain, let number = Double(string), number.isFinite else { return nil }
        return number
    }

    /// Whether it is unquoted and something else than text.
    fileprivate var isLiteral: Bool { isNull || isBoolean || plainNumber != nil }
}
