/// What a measure found on an asset.
public enum MeasureValue: Sendable, Equatable {
    /// Numbers, in the measure's own order: one, or one a frame.
    case numbers([Double])
    /// Texts, as a manifest's column holds them.
    case text([String])
    /// The asset, the recipe or the manifest has nothing to measure.
    case absent

    /// One number.
    public static func number(_ value: Double) -> MeasureValue { .numbers([value]) }

    /// One number, or nothing.
    public static func number(_ value: Double?) -> MeasureValue {
        value.map { .numbers([$0]) } ?? .absent
    }

    /// Whether there is nothing to judge: no value, an empty list, or only empty texts.
    public var isAbsent: Bool {
        switch self {
        case .numbers(let numbers): numbers.isEmpty
        case .text(let texts): texts.allSatisfy(\.isEmpty)
        case .absent: true
        }
    }
}

/// Values are kept as JSON: a list of numbers, a list of strings, or null.
extension MeasureValue: Codable {
    /// Reads null, a list of numbers (with null for what is no finite number), or a list of
    /// strings.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .absent
        } else if let texts = try? container.decode([String].self), !texts.isEmpty {
            self = .text(texts)
        } else {
            self = .numbers(try container.decode([Double?].self).map { $0 ?? .nan })
        }
    }

    /// Writes what ``init(from:)`` reads.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .numbers(let numbers):
            try container.encode(numbers.map { $0.isFinite ? $0 : nil })
        case .text(let texts): try container.encode(texts)
        case .absent: try container.encodeNil()
        }
    }
}
