/// What became of an asset or a clip: every one has exactly one fate, so counts by fate add up.
public struct Fate: Sendable, Equatable, Hashable {
    /// The three ways to end.
    public enum Outcome: String, Sendable, Codable, CaseIterable {
        /// It passed every rule.
        case kept
        /// A rule dropped it.
        case rejected
        /// A stage failed on it.
        case failed
    }

    /// How it ended.
    public var outcome: Outcome
    /// The stage that failed or rejected it; `nil` where kept.
    public var stage: String?
    /// The rule that rejected it, or the cause of the failure; `nil` where kept.
    public var rule: String?
    /// Why, for a reader; `nil` where kept.
    public var reason: String?

    /// Passed every rule.
    public static let kept = Fate(outcome: .kept)

    /// How something ended.
    public init(
        outcome: Outcome, stage: String? = nil, rule: String? = nil, reason: String? = nil
    ) {
        self.outcome = outcome
        self.stage = stage
        self.rule = rule
        self.reason = reason
    }

    /// The fate of an alias: its file has the bytes of another asset's.
    static func duplicate(of asset: String) -> Fate {
        Fate(
            outcome: .rejected, stage: duplicateStage, rule: duplicateRule,
            reason: "the same bytes as \(asset)")
    }

    static let duplicateStage = "identify"
    static let duplicateRule = "duplicate"

    init(_ failure: FailureRecord) {
        self.init(
            outcome: .failed, stage: failure.stage, rule: failure.cause, reason: failure.message)
    }

    init(_ decision: Decision) {
        self.init(
            outcome: .rejected, stage: decision.stage, rule: decision.rule,
            reason: decision.reason)
    }
}

/// The fates of an asset and its clips, from what the rules said and what failed.
///
/// A clip failed if it or its asset failed; else that of an alias is rejected as a duplicate; else
/// the first rule by position that rejects it or its asset decides; else it is kept. An asset is kept if any of its clips is; else it shares
/// the fate of its first clip. Without clips, its own failures and decisions hold.
struct AssetFates: Equatable {
    var asset: Fate
    /// In the order of the clips.
    var clips: [Fate]

    init(
        clips: [String], decisions: [Decision], failures: [FailureRecord], aliasOf: String? = nil
    ) {
        let rejections = decisions.filter { $0.verdict == .rejected }
        func fate(_ clip: String?) -> Fate {
            if let failure = failures.first(where: { $0.clip == nil || $0.clip == clip }) {
                return Fate(failure)
            }
            if let aliasOf { return .duplicate(of: aliasOf) }
            let own = rejections.filter { $0.clip == nil || $0.clip == clip }
            return own.min { $0.position < $1.position }.map { Fate($0) } ?? .kept
        }
        self.clips = clips.map { fate($0) }
        let kept = self.clips.first { $0.outcome == .kept }
        asset = kept ?? self.clips.first ?? fate(nil)
    }
}
