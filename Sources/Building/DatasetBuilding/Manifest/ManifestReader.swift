import Yams

/// A mapping of a YAML file that is read key by key; a key that nobody asked for is an error, so
/// that a slip of the pen never silently means the default.
struct ManifestReader {
    /// The file that messages name.
    let file: String
    /// Where in the file the mapping stands: `videos.orbit`, empty at the top.
    let path: String
    private let node: Node
    private let entries: [(key: Node, value: Node)]
    private var asked: [String] = []

    /// The top mapping of a YAML text.
    init(file: String, text: String) throws(ManifestError) {
        let parsed: Node?
        do {
            parsed = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw ManifestReader.located(error, file: file)
        } catch {
            throw ManifestError(file: file, message: "\(error)")
        }
        guard let parsed else {
            throw ManifestError(file: file, message: "is empty; it must hold a mapping")
        }
        try self.init(file: file, path: "", node: parsed)
    }

    private init(file: String, path: String, node: Node) throws(ManifestError) {
        self.file = file
        self.path = path
        self.node = node
        guard case .mapping(let mapping) = node else {
            throw ManifestReader.error(
                file, node, "\(path.isEmpty ? "the file" : path) must be a mapping (key: value)")
        }
        entries = mapping.map { ($0.key, $0.value) }
    }

    private static func located(_ error: YamlError, file: String) -> ManifestError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            ManifestError(
                file: file, line: mark.line, column: mark.column, message: "not YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            ManifestError(
                file: file, line: context.mark.line, column: context.mark.column,
                message: "the key "
                    + duplicates.sorted().joined(separator: ", ")
                    + " stands twice in one mapping")
        default:
            ManifestError(file: file, message: "not YAML: \(error)")
        }
    }

    private static func error(_ file: String, _ node: Node, _ message: String) -> ManifestError {
        ManifestError(
            file: file, line: node.mark?.line, column: node.mark?.column, message: message)
    }

    /// An error at the value of `key`, or at the mapping itself.
    func error(at key: String? = nil, _ message: String) -> ManifestError {
        let place = key.flatMap { key in entries.first { $0.key.string == key }?.value } ?? node
        return ManifestReader.error(file, place, message)
    }

    private func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    private mutating func node(_ key: String) -> Node? {
        asked.append(key)
        guard let value = entries.first(where: { $0.key.string == key })?.value else { return nil }
        return value.null == nil ? value : nil
    }

    /// Whether the mapping has the key.
    func has(_ key: String) -> Bool { entries.contains { $0.key.string == key } }

    /// The keys in the order of the file.
    var keys: [String] { entries.compactMap(\.key.string) }

    /// A text, or nil where the key is absent.
    mutating func string(_ key: String) throws(ManifestError) -> String? {
        guard let value = node(key) else { return nil }
        guard case .scalar(let scalar) = value else {
            throw error(at: key, "\(name(key)) must be a text")
        }
        return scalar.string
    }

    /// A whole number within `range`, or nil where the key is absent.
    mutating func integer(
        _ key: String, in range: ClosedRange<Int>
    ) throws(ManifestError) -> Int? {
        guard let value = node(key) else { return nil }
        guard let number = value.int else {
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
    mutating func number(
        _ key: String, in range: ClosedRange<Double> = -1e12...1e12
    ) throws(ManifestError) -> Double? {
        guard let value = node(key) else { return nil }
        guard let number = value.float, number.isFinite else {
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
    mutating func boolean(_ key: String) throws(ManifestError) -> Bool? {
        guard let value = node(key) else { return nil }
        guard let truth = value.bool else {
            throw error(at: key, "\(name(key)) must be true or false")
        }
        return truth
    }

    /// One of the named choices, or nil where the key is absent.
    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String, _: Choice.Type = Choice.self
    ) throws(ManifestError) -> Choice? {
        guard let text = try string(key) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw error(at: key, "\(name(key)) is \(text); it must be one of: \(choices)")
        }
        return choice
    }

    /// A list of texts (one text counts as a list of one), or nil where the key is absent.
    mutating func strings(_ key: String) throws(ManifestError) -> [String]? {
        guard let value = node(key) else { return nil }
        if case .scalar(let scalar) = value { return [scalar.string] }
        guard case .sequence(let items) = value else {
            throw error(at: key, "\(name(key)) must be a list")
        }
        var result: [String] = []
        for item in items {
            guard case .scalar(let scalar) = item else {
                throw ManifestReader.error(file, item, "\(name(key)) must be a list of texts")
            }
            result.append(scalar.string)
        }
        return result
    }

    /// A mapping below `key`, or nil where it is absent.
    mutating func mapping(_ key: String) throws(ManifestError) -> ManifestReader? {
        guard let value = node(key) else { return nil }
        return try ManifestReader(file: file, path: name(key), node: value)
    }

    /// A mapping below `key` where there is one, and nil for anything else.
    mutating func nested(_ key: String) -> ManifestReader? {
        guard let value = node(key), value.mapping != nil else { return nil }
        return try? ManifestReader(file: file, path: name(key), node: value)
    }

    /// Ends the reading: a key that was never asked for is an error.
    func finish() throws(ManifestError) {
        for (key, _) in entries {
            guard let text = key.string, asked.contains(text) else {
                let known = asked.sorted().joined(separator: ", ")
                throw ManifestReader.error(
                    file, key,
                    "unknown key \(key.string.map(name) ?? "?"); known here: \(known)")
            }
        }
    }
}
