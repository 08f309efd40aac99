/// What the index says of a field.
public struct FieldEntry: Sendable, Equatable {
    /// The name without the sample's key.
    public let name: String
    /// The shard's name: `shards/train-000000.tar`.
    public let shard: String
    /// Where the data lies in the shard; of an array, after the `.npy` header.
    public let offset: Int
    /// The bytes of the data.
    public let length: Int
    /// The bytes of the `.npy` header before the data; 0 for other files.
    public let headerByteCount: Int
    /// An array's element type; `nil` for other files.
    public let type: ElementType?
    /// An array's sizes, slowest first; `nil` for other files.
    public let shape: [Int]?
    /// The CRC-32C of the file as `tar x` would write it, the `.npy` header included.
    public let checksum: UInt32

    var dataRange: Range<Int> { offset..<offset + length }
    var fileRange: Range<Int> { offset - headerByteCount..<offset + length }
}

/// A sample as the index has it.
public struct StoredSample: Sendable, Equatable {
    /// The key.
    public let key: String
    /// The identity of the asset that it shows.
    public let asset: String
    /// The clip; `nil` for the asset as a whole.
    public let clip: String?
    /// The split.
    public let split: Split
    /// The name of the shard that its first fields lie in.
    public let shard: String
    /// Whether the store's filter keeps it.
    public let isKept: Bool
    /// What else is known, as JSON text.
    public let metadata: String
    /// The fields, by their names; those of later stages and the store's own records included.
    public let fields: [FieldEntry]

    /// What the index says of the field of a name.
    ///
    /// - Throws: `StoreError.noSuchField`.
    public func entry(_ name: String) throws(StoreError) -> FieldEntry {
        guard let entry = fields.first(where: { $0.name == name }) else {
            throw .noSuchField(key: key, field: name, available: fields.map(\.name))
        }
        return entry
    }
}

/// What the index says of a shard.
public struct StoredShard: Sendable, Equatable {
    /// The name, which is the path in the store: `shards/train-000000.tar`.
    public let name: String
    /// The split of its samples.
    public let split: Split
    /// The later stage that wrote it; empty for the samples themselves.
    public let series: String
    /// The bytes that are committed.
    public let byteCount: Int
    /// The samples that have members in it.
    public let sampleCount: Int
    /// Whether it is ended and takes no more.
    public let isSealed: Bool

    init(_ row: ShardRow) {
        name = row.name
        split = row.series.split
        series = row.series.name
        byteCount = row.bytes
        sampleCount = row.samples
        isSealed = row.isSealed
    }
}

/// Which samples are asked for; every condition that is given must hold.
public struct SampleQuery: Sendable, Equatable {
    /// Of this split.
    public var split: Split?
    /// Of the asset of this identity.
    public var asset: String?
    /// Kept by the store's filter, or not.
    public var isKept: Bool?
    /// In this shard, by name.
    public var shard: String?
    /// Without a field of this name: what a later stage has still to do.
    public var lackingField: String?

    /// Which samples are asked for; all by default.
    public init(
        split: Split? = nil, asset: String? = nil, isKept: Bool? = nil, shard: String? = nil,
        lackingField: String? = nil
    ) {
        self.split = split
        self.asset = asset
        self.isKept = isKept
        self.shard = shard
        self.lackingField = lackingField
    }
}
