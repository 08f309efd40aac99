/// What goes into one member of a shard.
public enum Payload: Sendable, Equatable {
    /// A file as it is: a PNG, JSON text, anything but a `.npy`.
    case bytes([UInt8])
    /// An array, written as a `.npy` whose data is aligned to 64 bytes in the shard.
    case array(ArrayPayload)
}

/// One named part of a sample.
public struct Field: Sendable, Equatable {
    /// The name without the sample's key, as `FieldName` has it: `orbit.000.png`, `queries.npy`.
    /// It ends in `.npy`, or is `npy`, where and only where the payload is an array.
    public var name: String
    /// What the member holds.
    public var payload: Payload

    /// A field of any payload.
    public init(name: String, payload: Payload) {
        self.name = name
        self.payload = payload
    }

    /// A field that is a file as it is.
    public init(_ name: String, bytes: [UInt8]) {
        self.init(name: name, payload: .bytes(bytes))
    }

    /// A field that is an array of numbers, row-major, of `shape`.
    ///
    /// - Throws: `StoreError.invalid` where the numbers are not as many as the shape asks for.
    public init<Element: ArrayElement>(
        _ name: String, _ elements: [Element], shape: [Int]
    ) throws(StoreError) {
        self.init(name: name, payload: .array(try ArrayPayload(elements, shape: shape)))
    }
}

/// A sample: the members of a shard that share a key.
public struct Sample: Sendable, Equatable {
    /// The key, as `SampleKey` has it, unique in the store.
    public var key: String
    /// The clip of the asset that the sample shows; `nil` for the asset as a whole.
    public var clip: String?
    /// The parts. Their order does not matter: members are written in the order of their names.
    public var fields: [Field]
    /// An object of what else is known, written to the shard and the index. Nothing that differs
    /// from run to run belongs here, or equal runs have unequal shards.
    public var metadata: JSONValue

    /// A sample of its parts.
    public init(
        key: String, clip: String? = nil, fields: [Field], metadata: JSONValue = .object([:])
    ) {
        self.key = key
        self.clip = clip
        self.fields = fields
        self.metadata = metadata
    }
}

/// Fields that a later stage adds to a sample that is already in the store.
public struct Addition: Sendable, Equatable {
    /// The sample's key.
    public var key: String
    /// The stage, `[a-z0-9]+`: it names the shards (`train-latents-000000.tar`).
    public var series: String
    /// The parts; the sample must not have fields of these names.
    public var fields: [Field]
    /// An object of what else is known, as in `Sample`.
    public var metadata: JSONValue

    /// Fields for a sample.
    public init(
        key: String, series: String, fields: [Field], metadata: JSONValue = .object([:])
    ) {
        self.key = key
        self.series = series
        self.fields = fields
        self.metadata = metadata
    }
}
