/// A mapping of a YAML document that is read key by key; a key that nobody asked for is an error,
/// so that a slip of the pen never silently means the default.
///
/// Every method names the file, line and column of what is wrong in a `DocumentError`.
public struct DocumentReader {
    /// The file that messages name.
    public let file: String
    /// Where in the file the mapping stands: `videos.orbit`, empty at the top.
    public let path: String
    private let node: DocumentNode
    private let entries: [(key: DocumentNode, value: DocumentNode)]
    private var asked: [String] = []

    /// The top mapping of a YAML text.
    public init(file: String, text: String) throws(DocumentError) {
        let root: DocumentNode
        do throws(SyntaxFault) {
            root = try DocumentNode(file: file, text: text)
        } catch {
            throw DocumentReader.located(error, file: file)
        }
        try self.init(path: "", node: root)
    }

    private init(path: String, node: DocumentNode) throws(DocumentError) {
        file = node.file
        self.path = path
        self.node = node
        guard let pairs = node.pairs else {
            throw node.error("\(path.isEmpty ? "the file" : path) must be a mapping (key: value)")
        }
        entries = pairs
    }

    private static func located(_ fault: SyntaxFault, file: String) -> DocumentError {
        let message =
            switch fault.kind {
            case .empty: "is empty; it must hold a mapping"
            case .grammar(_, let problem): "not YAML: \(problem)"
            case .repeatedKeys(let keys):
                "the key \(keys.sorted().joined(separator: ", ")) stands twice in one mapping"
            case .other(let words): "not YAML: \(words)"
            }
        return DocumentError(
            file: file, line: fault.line, column: fault.column, message: message)
    }

    /// An error at the value of `key`, or at the mapping itself.
    public func error(at key: String? = nil, _ message: String) -> DocumentError {
        (key.flatMap { key in entries.first { $0.key.words == key }?.value } ?? node)
            .error(message)
    }

    private func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    private mutating func node(_ key: String) -> DocumentNode? {
        asked.append(key)
        guard let value = entries.first(where: { $0.key.words == key })?.value else { return nil }
        return value.isNothing ? nil : value
    }

    /// Whether the mapping has the key.
    public func has(_ key: String) -> Bool { entries.contains { $0.key.words == key } }

    /// The keys in the order of the file.
    public var keys: [String] { entries.compactMap(\.key.words) }

    /// A text, or nil where the key is absent.
    public mutating func string(_ key: String) throws(DocumentError) -> String? {
        guard let value = node(key) else { return nil }
        guard let words = value.words else {
            throw error(at: key, "\(name(key)) must be a text")
        }
        return words
    }

    /// A whole number within `range`, or nil where the key is absent.
    public mutating func integer(
        _ key: String, in range: ClosedRange<Int>
    ) throws(DocumentError) -> Int? {
        guard let value = node(key) else { return nil }
        guard let number = value.node.int else {
            throw error(at: key, "\(name(key)) must be a whole number")
        }
        guard range.contains(number) else {
            throw error(
                at: key,
                "\(name(key)) is \(number); it must be from \(range.lowerBound) to "
                    + "\(range.upperBound)")
        }
        return number
    }

    /// A number within `range`, or nil where the key is absent.
    public mutating func number(
        _ key: String, in range: ClosedRange<Double> = -1e12...1e12
    ) throws(DocumentError) -> Double? {
        guard let value = node(key) else { return nil }
        guard let number = value.node.float, number.isFinite else {
            throw error(at: key, "\(name(key)) must be a number")
        }
        guard range.contains(number) else {
            throw error(
                at: key,
                "\(name(key)) is \(number); it must be from \(range.lowerBound) to "
                    + "\(range.upperBound)")
        }
        return number
    }

    /// True or false, or nil where the key is absent.
    public mutating func boolean(_ key: String) throws(DocumentError) -> Bool? {
        guard let value = node(key) else { return nil }
        guard let truth = value.node.bool else {
            throw error(at: key, "\(name(key)) must be true or false")
        }
        return truth
    }

    /// One of the named choices, or nil where the key is absent.
    public mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String, _: Choice.Type = Choice.self
    ) throws(DocumentError) -> Choice? {
        guard let text = try string(key) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw error(at: key, "\(name(key)) is \(text); it must be one of: \(choices)")
        }
        return choice
    }

    /// A list of texts (one text counts as a list of one), or nil where the key is absent.
    public mutating func strings(_ key: String) throws(DocumentError) -> [String]? {
        guard let value = node(key) else { return nil }
        if let words = value.words { return [words] }
        guard let items = value.elements else {
            throw error(at: key, "\(name(key)) must be a list")
        }
        var result: [String] = []
        for item in items {
            guard let words = item.words else {
                throw item.error("\(name(key)) must be a list of texts")
            }
            result.append(words)
        }
        return result
    }

    /// A mapping below `key`, or nil where it is absent.
    public mutating func mapping(_ key: String) throws(DocumentError) -> DocumentReader? {
        guard let value = node(key) else { return nil }
        return try DocumentReader(path: name(key), node: value)
    }

    /// A mapping below `key` where there is one, and nil for anything else.
    public mutating func nested(_ key: String) -> DocumentReader? {
        guard let value = node(key), value.pairs != nil else { return nil }
        return try? DocumentReader(path: name(key), node: value)
    }

    /// Ends the reading: a key that was never asked for is an error.
    public func finish() throws(DocumentError) {
        for (key, _) in entries {
            guard let text = key.words, asked.contains(text) else {
                let known = asked.sorted().joined(separator: ", ")
                throw key.error("unknown key \(key.words.map(name) ?? "?"); known here: \(known)")
            }
        }
    }
}
