/// What is known of an asset.
public struct AssetRecord: Sendable, Equatable {
    /// The asset's identity: unique in the store, any text.
    public var id: String
    /// The split that all of its samples belong to.
    public var split: Split
    /// Where it was read from, relative to the corpus.
    public var path: String
    /// The SHA-256 of its bytes, 64 hexadecimal digits.
    public var sha256: String?
    /// The bytes that it takes.
    public var byteCount: Int?
    /// Its kind: `glb`, `fbx`, `anime`.
    public var format: String?
    /// Its licence, as its source names it.
    public var licence: String?
    /// An object of what else is known: source address, tags, scores, warnings.
    public var metadata: JSONValue
    /// The identity of the asset in the same store that has the same bytes, and that this one
    /// stands behind: an alias is rejected, and has no samples of its own.
    public var aliasOf: String?
    /// An object of the processor seconds that each stage took, by its name. It goes into the index
    /// and never into a shard, whose bytes must not depend on it.
    public var timings: JSONValue

    /// What is known of an asset.
    public init(
        id: String, split: Split, path: String, sha256: String? = nil, byteCount: Int? = nil,
        format: String? = nil, licence: String? = nil, metadata: JSONValue = .object([:]),
        aliasOf: String? = nil, timings: JSONValue = .object([:])
    ) {
        self.id = id
        self.split = split
        self.path = path
        self.sha256 = sha256
        self.byteCount = byteCount
        self.format = format
        self.licence = licence
        self.metadata = metadata
        self.aliasOf = aliasOf
        self.timings = timings
    }
}

/// One animation of an asset, which is judged on its own.
public struct ClipRecord: Sendable, Equatable {
    /// The name, unique in the asset.
    public var name: String
    /// How long it plays.
    public var durationSeconds: Double?
    /// An object of what else is known.
    public var metadata: JSONValue

    /// What is known of a clip.
    public init(
        name: String, durationSeconds: Double? = nil, metadata: JSONValue = .object([:])
    ) {
        self.name = name
        self.durationSeconds = durationSeconds
        self.metadata = metadata
    }
}

/// A measured number, or a series of them. What is not finite is stored as missing.
public struct Measure: Sendable, Equatable {
    /// The numbers.
    public enum Value: Sendable, Equatable {
        /// One number.
        case scalar(Double)
        /// Several, such as one a frame.
        case series([Double])
    }

    /// What was measured: `ssim.front`, `motion.magnitude`. Unique in its clip.
    public var name: String
    /// The clip; `nil` for the asset as a whole.
    public var clip: String?
    /// The numbers.
    public var value: Value

    /// A measured number, or a series of them.
    public init(name: String, clip: String? = nil, value: Value) {
        self.name = name
        self.clip = clip
        self.value = value
    }
}

/// What one rule said of a clip or an asset.
public struct Decision: Sendable, Equatable {
    /// What a rule can say.
    public enum Verdict: String, Sendable, Codable {
        /// The rule lets it pass.
        case kept
        /// The rule drops it.
        case rejected
    }

    /// The stage that asked the rule: `import`, `measure`, `judge`.
    public var stage: String
    /// The rule's name in the filter.
    public var rule: String
    /// The rule's place in the order in which rules are asked; the first that rejects decides.
    public var position: Int
    /// The clip; `nil` for the asset as a whole, and so for all of its clips.
    public var clip: String?
    /// What the rule said.
    public var verdict: Verdict
    /// Why, for a reader.
    public var reason: String

    /// What one rule said.
    public init(
        stage: String, rule: String, position: Int, clip: String? = nil, verdict: Verdict,
        reason: String = ""
    ) {
        self.stage = stage
        self.rule = rule
        self.position = position
        self.clip = clip
        self.verdict = verdict
        self.reason = reason
    }
}

/// Why an asset, or a clip of it, could not be built.
public struct FailureRecord: Sendable, Equatable {
    /// The stage that failed: `import`, `render`.
    public var stage: String
    /// The clip; `nil` for the asset as a whole, which then has no samples.
    public var clip: String?
    /// The kind of failure in a word or two, the same for like failures: `malformed`, `signal 11`.
    public var cause: String
    /// The error's text.
    public var message: String
    /// The command that repeats this asset alone.
    public var replayCommand: String

    /// Why an asset could not be built.
    public init(
        stage: String, clip: String? = nil, cause: String, message: String,
        replayCommand: String = ""
    ) {
        self.stage = stage
        self.clip = clip
        self.cause = cause
        self.message = message
        self.replayCommand = replayCommand
    }
}

/// All that a run found out about one asset; it enters the store as a whole or not at all.
public struct AssetOutcome: Sendable, Equatable {
    /// The asset.
    public var asset: AssetRecord
    /// The clips that were looked at, in the asset's order.
    public var clips: [ClipRecord]
    /// What was built.
    public var samples: [Sample]
    /// What was measured.
    public var measures: [Measure]
    /// What the rules said.
    public var decisions: [Decision]
    /// What failed.
    public var failures: [FailureRecord]

    /// All that a run found out about one asset.
    public init(
        asset: AssetRecord, clips: [ClipRecord] = [], samples: [Sample] = [],
        measures: [Measure] = [], decisions: [Decision] = [], failures: [FailureRecord] = []
    ) {
        self.asset = asset
        self.clips = clips
        self.samples = samples
        self.measures = measures
        self.decisions = decisions
        self.failures = failures
    }

    /// What became of the asset and of its clips.
    var fates: AssetFates {
        AssetFates(
            clips: clips.map(\.name), decisions: decisions, failures: failures,
            aliasOf: asset.aliasOf)
    }
}
