/// One of the parts into which a corpus is split for machines that share nothing.
///
/// An asset's part depends on its identity and on the number of parts alone, so every machine
/// splits a corpus alike, and each asset belongs to exactly one part.
public struct Partition: Sendable, Equatable, Hashable, CustomStringConvertible {
    /// Which part this is, counted from 0.
    public let index: Int
    /// How many parts there are; at least 1.
    public let count: Int

    /// Part `index` of `count`, or `nil` unless 0 ≤ index < count.
    public init?(index: Int, count: Int) {
        guard count >= 1, (0..<count).contains(index) else { return nil }
        self.index = index
        self.count = count
    }

    /// The part that a text such as `3/8` names, or `nil` where it names none.
    public init?(_ text: String) {
        let words = text.split(separator: "/", omittingEmptySubsequences: false)
        guard words.count == 2, words.allSatisfy({ $0.utf8.allSatisfy(ASCII.isDigit) }),
            let index = Int(words[0]), let count = Int(words[1])
        else { return nil }
        self.init(index: index, count: count)
    }

    /// Whether the asset of an identity belongs to this part.
    public func contains(asset: String) -> Bool {
        StableHash.of("partition\0\(asset)") % UInt64(count) == UInt64(index)
    }

    /// `3/8`.
    public var description: String { "\(index)/\(count)" }
}
