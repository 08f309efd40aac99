/// The rules of a filter file.
public struct RuleSet: Sendable, Equatable {
    /// The set's name.
    public var name: String
    /// The rules in the order of the file.
    public var rules: [Rule]

    /// A set of rules.
    public init(name: String, rules: [Rule]) {
        self.name = name
        self.rules = rules
    }

    /// The rules in the order in which they are asked: by the cost of their measures, then as in
    /// the file.
    public var rulesByCost: [Rule] {
        rules.enumerated()
            .sorted { ($0.element.measure.cost, $0.offset) < ($1.element.measure.cost, $1.offset) }
            .map(\.element)
    }

    /// What the rules ask for, each measure once, in the order of asking. Nothing else need be
    /// measured.
    public var requiredMeasures: [MeasureID] {
        var seen: Set<MeasureID> = []
        return rulesByCost.map(\.measure).filter { seen.insert($0).inserted }
    }

    /// Judges one asset.
    ///
    /// Cheap measures are asked for first, each at most once, and nothing after the first
    /// rejection: an asset without clips is never rendered. Values that were stored with an asset
    /// are judged in the same way as fresh ones.
    ///
    /// - Parameters:
    ///   - exhaustive: whether to ask every rule even after a rejection.
    ///   - measure: gives the value of a measure.
    /// - Throws: what `measure` throws.
    public func judge<Failure: Error>(
        exhaustive: Bool = false, measure: (MeasureID) throws(Failure) -> MeasureValue
    ) throws(Failure) -> Verdict {
        var values: [MeasureID: MeasureValue] = [:]
        var findings: [Verdict.Finding] = []
        for rule in rulesByCost {
            let value: MeasureValue
            if let known = values[rule.measure] {
                value = known
            } else {
                value = try measure(rule.measure)
                values[rule.measure] = value
            }
            let finding = rule.finding(on: value)
            findings.append(finding)
            if !finding.isKept, !exhaustive { break }
        }
        return Verdict(findings: findings)
    }
}
