import Curation
import ShardStore

/// The assets of a store that are the same bytes, or look alike, in groups.
public struct DuplicateGroups: Sendable, Equatable, Encodable {
    /// Why an asset is in a group.
    public enum Reason: Sendable, Equatable {
        /// Its file has the same bytes as another's.
        case sameBytes(asset: String)
        /// One of its clips looks like one of another's.
        case looksLike(asset: String, clip: String, ownClip: String, distance: Signature.Distance)
    }

    /// An asset of a group.
    public struct Member: Sendable, Equatable {
        /// The asset's identity.
        public var asset: String
        /// The split of its samples.
        public var split: Split
        /// Whether it has samples.
        public var hasSamples: Bool
        /// What ties it to an earlier asset of the group, closest first; none for the first.
        public var reason: Reason?
    }

    /// Assets that are tied to each other, directly or through others.
    public struct Group: Sendable, Equatable, Encodable {
        /// In the order in which they entered the store.
        public var members: [Member]

        /// The splits in which samples of the group stand.
        public var splits: [Split] {
            let splits = Set(members.filter(\.hasSamples).map(\.split))
            return Split.allCases.filter(splits.contains)
        }
    }

    /// The groups of two and more, by their first members.
    public let groups: [Group]
    /// Assets that were looked at, and clips that have signatures.
    public let assetCount, signatureCount: Int

    /// The groups whose samples stand in several splits.
    public var leaks: [Group] { groups.filter { $0.splits.count > 1 } }

    /// Finds the groups of a store, from the digests and signatures that it holds.
    ///
    /// - Parameter limits: up to which distances clips look alike; motions are not asked.
    /// - Throws: `StoreError`.
    /// - Complexity: that of a look-up in a ``SignatureIndex`` for each clip.
    public init(store: String, limits: Signature.Limits = .standard) throws(StoreError) {
        let reader = try StoreReader(at: store)
        var finder = Finder(limits: limits)
        try reader.forEachIdentity { finder.add($0) }
        try reader.forEachClip(measuring: MeasureID.signatures.map(\.name)) { finder.add($0) }
        groups = finder.groups
        assetCount = finder.assetCount
        signatureCount = finder.signatureCount
    }
}

/// Assets, and what ties them.
private struct Finder {
    private typealias Reason = DuplicateGroups.Reason
    private typealias Member = DuplicateGroups.Member

    private var members: [Member] = []
    private var numbers: [String: Int] = [:]
    /// For each asset, another of its group that came before it, or itself.
    private var leaders: [Int] = []
    private var firstOfDigest: [String: Int] = [:]
    private var index: SignatureIndex
    private var clips: [(asset: Int, name: String)] = []

    init(limits: Signature.Limits) { index = SignatureIndex(limits: limits) }

    var assetCount: Int { members.count }
    var signatureCount: Int { clips.count }

    var groups: [DuplicateGroups.Group] {
        var byLeader: [Int: [Member]] = [:]
        for number in members.indices {
            byLeader[leader(number), default: []].append(members[number])
        }
        return byLeader.filter { $1.count > 1 }.sorted { $0.key < $1.key }
            .map { DuplicateGroups.Group(members: $1) }
    }

    mutating func add(_ identity: StoredIdentity) {
        let number = number(
            identity.asset, split: identity.split, hasSamples: identity.hasSamples)
        if let first = identity.aliasOf.flatMap({ numbers[$0] }) ?? firstOfDigest[identity.sha256] {
            tie(number, to: first, because: .sameBytes(asset: members[first].asset))
        } else {
            firstOfDigest[identity.sha256] = number
        }
    }

    mutating func add(_ measures: ClipMeasures) {
        guard let signature = Signature(numbers: { measures.numbers[$0.name] }) else { return }
        // An asset without a digest comes in here.
        let number = number(
            measures.asset, split: measures.split, hasSamples: measures.hasSample)
        for match in index.matches(signature) where clips[match.number].asset != number {
            let other = clips[match.number]
            tie(
                number, to: other.asset,
                because: .looksLike(
                    asset: members[other.asset].asset, clip: other.name, ownClip: measures.clip,
                    distance: match.distance))
        }
        index.insert(signature)
        clips.append((number, measures.clip))
    }

    private mutating func number(_ asset: String, split: Split, hasSamples: Bool) -> Int {
        if let number = numbers[asset] {
            if hasSamples { members[number].hasSamples = true }
            return number
        }
        numbers[asset] = members.count
        leaders.append(members.count)
        members.append(Member(asset: asset, split: split, hasSamples: hasSamples))
        return members.count - 1
    }

    private mutating func tie(_ number: Int, to other: Int, because reason: Reason) {
        // The later one says why: assets come in order, but for those without a digest.
        if members[number].reason.map({ reason.isCloser(than: $0) }) ?? true {
            members[number].reason = reason
        }
        let (a, b) = (leader(number), leader(other))
        leaders[max(a, b)] = min(a, b)
    }

    private func leader(_ number: Int) -> Int {
        var number = number
        while leaders[number] != number { number = leaders[number] }
        return number
    }
}

extension DuplicateGroups.Reason {
    fileprivate func isCloser(than other: Self) -> Bool {
        switch (self, other) {
        case (_, .sameBytes): false
        case (.sameBytes, .looksLike): true
        case (.looksLike(_, _, _, let a), .looksLike(_, _, _, let b)):
            (a.views, a.shape) < (b.views, b.shape)
        }
    }
}
