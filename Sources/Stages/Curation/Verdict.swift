/// What a rule set says of an asset.
public struct Verdict: Sendable, Equatable {
    /// What each rule that was asked said, in the order of asking.
    public var findings: [Finding]

    /// A verdict of the given findings.
    public init(findings: [Finding]) { self.findings = findings }

    /// Whether no rule rejects the asset.
    public var isKept: Bool { findings.allSatisfy(\.isKept) }

    /// The first finding that rejects the asset.
    public var rejection: Finding? { findings.first { !$0.isKept } }

    /// What one rule said.
    public struct Finding: Sendable, Equatable {
        /// The rule's name.
        public let rule: String
        /// What was measured.
        public let measure: MeasureID
        /// What was found, before aggregation.
        public let value: MeasureValue
        /// Whether the rule keeps the asset.
        public let isKept: Bool
        /// Why the asset is rejected: the rule's reason with what was found. Nil where it is kept.
        public let reason: String?

        /// What one rule said.
        public init(
            rule: String, measure: MeasureID, value: MeasureValue, isKept: Bool, reason: String?
        ) {
            self.rule = rule
            self.measure = measure
            self.value = value
            self.isKept = isKept
            self.reason = reason
        }
    }
}
