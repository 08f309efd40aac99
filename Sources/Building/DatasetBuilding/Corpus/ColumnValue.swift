import Foundation

/// What a table says of an asset in one column.
public enum ColumnValue: Sendable, Equatable, Codable {
    /// A number; truth values are 0 and 1.
    case number(Double)
    /// One or more texts: a name, or a list of tags.
    case texts([String])

    /// A CSV cell: a number where it reads as one, nil where it is empty.
    init?(cell: String) {
        let trimmed = cell.trimmingCharacters(in: .whitespaces)
        if trimmed.isEmpty { return nil }
        self = Double(trimmed).map(ColumnValue.number) ?? .texts([trimmed])
    }

    /// Writes a number or a list of texts.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number): try container.encode(number)
        case .texts(let texts): try container.encode(texts)
        }
    }

    /// Reads what ``encode(to:)`` wrote.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else {
            self = .texts(try container.decode([String].self))
        }
    }

    /// Adds a JSON value under `name`: objects are flattened with dots (`user.username`), lists of
    /// objects become the list of their names (Objaverse's tags), nulls are left out.
    static func add(_ value: Any, as name: String, to columns: inout [String: ColumnValue]) {
        switch value {
        case let text as String:
            columns[name] = .texts([text])
        case let number as NSNumber:
            columns[name] = .number(number.doubleValue)
        case let object as [String: Any]:
            for (key, inner) in object { add(inner, as: "\(name).\(key)", to: &columns) }
        case let list as [Any]:
            columns[name] = .texts(
                list.compactMap { item in
                    switch item {
                    case let text as String: text
                    case let object as [String: Any]: object["name"] as? String
                    case let number as NSNumber: number.stringValue
                    default: nil
                    }
                })
        default:
            break
        }
    }
}
