import Foundation

/// What stands before the data of a safetensors file: a JSON object of each tensor's element type,
/// shape and place.
struct SafetensorsHeader: Decodable {
    struct Entry: Decodable {
        let dtype: String
        let shape: [Int]
        let dataOffsets: [Int]

        enum CodingKeys: String, CodingKey {
            case dtype, shape
            case dataOffsets = "data_offsets"
        }
    }

    /// The format's own limit.
    static let largestByteCount = 100_000_000

    private(set) var metadata: [String: String] = [:]
    private(set) var entries: [String: Entry] = [:]

    private struct Name: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        for name in container.allKeys {
            if name.stringValue == "__metadata__" {
                metadata = try container.decode([String: String].self, forKey: name)
            } else {
                entries[name.stringValue] = try container.decode(Entry.self, forKey: name)
            }
        }
    }

    /// Bytes of an element of a type that the format knows.
    static func byteCount(of type: String) -> Int? {
        switch type {
        case "BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3": 1
        case "I16", "U16", "F16", "BF16": 2
        case "I32", "U32", "F32": 4
        case "I64", "U64", "F64": 8
        default: nil
        }
    }

    /// What is wrong with the entries of a file with so many bytes of data; nil where nothing is.
    /// The tensors must lie one after another without gaps, as the format asks.
    func problem(dataByteCount: Int) -> String? {
        var end = 0
        let sorted = entries.sorted {
            ($0.value.dataOffsets.first ?? 0, $0.value.dataOffsets.last ?? 0, $0.key)
                < ($1.value.dataOffsets.first ?? 0, $1.value.dataOffsets.last ?? 0, $1.key)
        }
        for (name, entry) in sorted {
            guard let size = Self.byteCount(of: entry.dtype) else {
                return "\(name) has elements of type \(entry.dtype), which the format does not have"
            }
            guard entry.dataOffsets.count == 2, entry.dataOffsets[0] == end,
                entry.dataOffsets[1] >= end
            else { return "the data of \(name) does not begin where that before it ends" }
            var expected = size
            for length in entry.shape {
                let (product, overflow) = expected.multipliedReportingOverflow(by: length)
                guard !overflow, length >= 0 else { return "\(name) has the shape \(entry.shape)" }
                expected = product
            }
            guard entry.dataOffsets[1] - end == expected else {
                return "\(name) has \(entry.dataOffsets[1] - end) bytes, but \(entry.dtype)"
                    + "\(entry.shape) is \(expected)"
            }
            end = entry.dataOffsets[1]
        }
        return end == dataByteCount
            ? nil : "the header speaks of \(end) bytes of data, the file has \(dataByteCount)"
    }
}

extension TensorType {
    /// The format's name of this type.
    var safetensorsName: String {
        switch self {
        case .uint8: "U8"
        case .bool: "BOOL"
        case .int32: "I32"
        case .int64: "I64"
        case .float16: "F16"
        case .bfloat16: "BF16"
        case .float32: "F32"
        case .float64: "F64"
        }
    }

    init?(safetensorsName name: String) {
        guard let type = TensorType.allCases.first(where: { $0.safetensorsName == name }) else {
            return nil
        }
        self = type
    }
}
