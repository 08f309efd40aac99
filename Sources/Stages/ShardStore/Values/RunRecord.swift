/// Where a run's rows come from.
public struct RunRecord: Sendable, Equatable {
    /// The version of the tool.
    public var toolVersion: String
    /// The command as it was given.
    public var commandLine: String
    /// The recipe's text, stored as `manifest.yaml` too; `nil` for a run that follows none.
    public var manifest: String?
    /// The SHA-256 of the recipe's text, 64 hexadecimal digits.
    public var manifestSHA256: String?
    /// The seed that every draw of the run follows from.
    public var seed: UInt64?
    /// The part of the corpus that the run builds; `nil` for the whole.
    public var part: Partition?
    /// An object of what else is known: host, hashes.
    public var metadata: JSONValue

    /// Where a run's rows come from.
    public init(
        toolVersion: String, commandLine: String, manifest: String? = nil,
        manifestSHA256: String? = nil, seed: UInt64? = nil, part: Partition? = nil,
        metadata: JSONValue = .object([:])
    ) {
        self.toolVersion = toolVersion
        self.commandLine = commandLine
        self.manifest = manifest
        self.manifestSHA256 = manifestSHA256
        self.seed = seed
        self.part = part
        self.metadata = metadata
    }
}

/// The rules that judge a store's assets. A store has one at a time.
public struct FilterRecord: Sendable, Equatable {
    /// The name: `diffusion4d`.
    public var name: String
    /// The rules as they were read, such as the filter file's text.
    public var text: String

    /// The rules that judge a store's assets.
    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

/// When a shard is full. The limits belong to the store: they are fixed when it is begun.
public struct ShardLimits: Sendable, Equatable {
    /// The most bytes of a shard; only a sample that is larger by itself makes a larger one.
    public var maximumBytes: Int
    /// The most samples of a shard.
    public var maximumSamples: Int

    /// Shards of a gibibyte, of any number of samples.
    public static let standard = ShardLimits(bytes: 1 << 30, samples: .max)

    /// When a shard is full; both limits are at least 1.
    ///
    /// - Throws: `StoreError.invalid`.
    public init(maximumBytes: Int = 1 << 30, maximumSamples: Int = .max) throws(StoreError) {
        guard maximumBytes >= 1, maximumSamples >= 1 else {
            throw .invalid(
                record: "shard limits of \(maximumBytes) bytes and \(maximumSamples) samples",
                what: "a shard holds at least one byte and one sample")
        }
        self.init(bytes: maximumBytes, samples: maximumSamples)
    }

    private init(bytes: Int, samples: Int) {
        maximumBytes = bytes
        maximumSamples = samples
    }
}
