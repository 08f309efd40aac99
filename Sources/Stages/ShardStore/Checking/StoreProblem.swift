/// Something in a store that is not as it should be.
public struct StoreProblem: Sendable, Equatable, CustomStringConvertible {
    /// The kinds of problems.
    public enum Kind: String, Sendable, CaseIterable {
        /// The index is damaged, or contradicts itself.
        case index
        /// A shard that the index knows is not there.
        case shardMissing = "shard missing"
        /// A shard cannot be read.
        case shardUnreadable = "shard unreadable"
        /// A shard ends before what the index knows of it.
        case shardTruncated = "shard truncated"
        /// A tar file that the index does not know.
        case shardUnknown = "shard unknown"
        /// The bytes between the data of the fields are not those of the archive.
        case structure
        /// The bytes of a field are not those that were written.
        case checksum
        /// The record in the shard and the index say different things.
        case record
    }

    /// The kind.
    public let kind: Kind
    /// The shard's name in the index, where one is concerned.
    public let shard: String?
    /// The key of the sample that is concerned.
    public let sample: String?
    /// The field that is concerned.
    public let field: String?
    /// What is wrong, and where.
    public let detail: String

    init(
        _ kind: Kind, shard: String? = nil, sample: String? = nil, field: String? = nil,
        _ detail: String
    ) {
        self.kind = kind
        self.shard = shard
        self.sample = sample
        self.field = field
        self.detail = detail
    }

    /// The problem in a line.
    public var description: String {
        let place = [shard, sample.map { "sample \($0)" }, field.map { "field \($0)" }]
        return (place.compactMap { $0 } + [detail]).joined(separator: ": ")
    }
}
