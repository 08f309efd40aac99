import Foundation

/// What a group of members in a shard says of itself, in its last member: `KEY.meta.json`, or
/// `KEY.SERIES.meta.json` for the fields of a later stage. The index is rebuilt from it.
struct SampleRecord: Equatable {
    /// One of the fields.
    struct FieldEntry: Equatable, Codable {
        var name: String
        /// The element type and shape of an array.
        var dtype: String?
        var shape: [Int]?
        var crc32c: UInt32
    }

    /// The version of the format that the members follow.
    static let format = 1

    var key: String
    var asset: String
    var clip: String?
    var split: Split
    /// The later stage that wrote the fields; empty for the sample itself.
    var series: String
    /// How many samples the asset's outcome has, and which of them this is, from 0: tells an
    /// outcome that lost its end. Of a later stage, 1 and 0.
    var assetSamples: Int
    var assetPosition: Int
    /// Whether the filter of the build kept the sample.
    var kept: Bool
    var fields: [FieldEntry]
    var metadata: JSONValue

    /// The name of the member that holds the record of a series' group.
    static func fieldName(series: String) -> String {
        series.isEmpty ? FieldName.record : "\(series).\(FieldName.record)"
    }

    /// The record as JSON text.
    var text: String {
        let entries = fields.map { field -> JSONValue in
            var entry: [String: JSONValue] = [
                "name": .string(field.name), "crc32c": .integer(Int(field.crc32c)),
            ]
            if let dtype = field.dtype { entry["dtype"] = .string(dtype) }
            if let shape = field.shape { entry["shape"] = .array(shape.map { .integer($0) }) }
            return .object(entry)
        }
        return JSONValue.object([
            "format": .integer(SampleRecord.format), "key": .string(key),
            "asset": .string(asset), "clip": clip.map { .string($0) } ?? .null,
            "asset_samples": .integer(assetSamples), "asset_position": .integer(assetPosition),
            "split": .string(split.rawValue), "series": .string(series), "kept": .bool(kept),
            "fields": .array(entries), "metadata": metadata,
        ]).text
    }

    /// Reads a record; `nil` for what is none.
    init?(json: [UInt8]) {
        guard let coded = try? JSONDecoder().decode(Coded.self, from: Data(json)),
            coded.format == SampleRecord.format
        else { return nil }
        self.init(
            key: coded.key, asset: coded.asset, clip: coded.clip, split: coded.split,
            series: coded.series, assetSamples: coded.assetSamples,
            assetPosition: coded.assetPosition, kept: coded.kept, fields: coded.fields,
            metadata: coded.metadata)
    }

    init(
        key: String, asset: String, clip: String?, split: Split, series: String,
        assetSamples: Int = 1, assetPosition: Int = 0, kept: Bool, fields: [FieldEntry],
        metadata: JSONValue
    ) {
        self.key = key
        self.asset = asset
        self.clip = clip
        self.split = split
        self.series = series
        self.assetSamples = assetSamples
        self.assetPosition = assetPosition
        self.kept = kept
        self.fields = fields
        self.metadata = metadata
    }

    private struct Coded: Decodable {
        var format: Int
        var key: String
        var asset: String
        var clip: String?
        var split: Split
        var series: String
        var assetSamples: Int
        var assetPosition: Int
        var kept: Bool
        var fields: [FieldEntry]
        var metadata: JSONValue

        enum CodingKeys: String, CodingKey {
            case format, key, asset, clip, split, series, kept, fields, metadata
            case assetSamples = "asset_samples"
            case assetPosition = "asset_position"
        }
    }
}
