/// A parsed JSON document (RFC 8259).
///
/// A rig with many clips has megabytes of JSON in tens of thousands of small objects, which take
/// Foundation's decoders longer than everything else in the file. Objects are therefore short
/// lists here, searched one by one.
package enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// A name and its value in an object.
    package struct Member: Sendable {
        package var name: String
        package var value: JSONValue
    }

    /// The value of a member; nil where this is no object or has none of the name. Of two members
    /// of one name the later counts.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// The elements of an array, or nil where this is none.
    package var array: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The members of an object, or nil where this is none.
    package var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }

    /// The text of a string, or nil where this is none.
    package var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// A number, or nil where this is none.
    package var number: Double? {
        if case .number(let number) = self { number } else { nil }
    }

    /// Whether this is `true`; nil where it is no truth value.
    package var bool: Bool? {
        if case .bool(let bool) = self { bool } else { nil }
    }

    /// A whole number, or nil where this is none or beyond `Int`.
    package var integer: Int? {
        if case .number(let number) = self { Int(exactly: number) } else { nil }
    }
}
