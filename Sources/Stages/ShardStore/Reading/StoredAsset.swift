/// An asset as the index has it, with what its latest attempt found out.
public struct StoredAsset: Sendable, Equatable {
    /// The asset.
    public let asset: AssetRecord
    /// How many times it was tried.
    public let attempts: Int
    /// Whether its last two attempts failed at the same stage from the same cause.
    public let isQuarantined: Bool
    /// What became of it under the store's filter.
    public let fate: Fate
    /// Its clips, in its order.
    public let clips: [ClipRecord]
    /// The fates of the clips, in the same order.
    public let clipFates: [Fate]
    /// What was measured. What was not finite, and so is missing, reads as NaN.
    public let measures: [Measure]
    /// What the rules said, in the order in which they were recorded.
    public let decisions: [Decision]
    /// What failed in the latest attempt.
    public let failures: [FailureRecord]
    /// The keys of its samples, in the order in which they were written.
    public let sampleKeys: [String]
}
