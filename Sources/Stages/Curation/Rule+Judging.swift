extension Rule {
    /// What the rule says of a measured value.
    ///
    /// A text is compared as a number where the rule needs one; a text that spells none is
    /// rejected, because no bound can be shown to hold.
    public func finding(on value: MeasureValue) -> Verdict.Finding {
        guard !value.isAbsent else {
            return finding(
                on: value, isKept: whenAbsent == .keep, found: "\(measure) is absent")
        }
        switch value {
        case .numbers(let numbers): return finding(on: value, numbers: numbers)
        case .text(let texts):
            let texts = texts.filter { !$0.isEmpty }
            guard needsNumbers else { return finding(on: value, texts: texts) }
            let numbers = texts.map { Double($0.trimmed) }
            if let i = numbers.firstIndex(of: nil) {
                return finding(
                    on: value, isKept: false, found: "\(measure) is no number: \(texts[i])")
            }
            return finding(on: value, numbers: numbers.compactMap(\.self))
        case .absent:
            return finding(on: value, isKept: whenAbsent == .keep, found: "\(measure) is absent")
        }
    }

    /// Whether bounds or aggregate make sense of numbers only.
    private var needsNumbers: Bool {
        aggregate.isNumeric || bounds.contains { $0.comparesNumbers == true }
    }

    private func finding(on value: MeasureValue, numbers: [Double]) -> Verdict.Finding {
        let candidates = aggregate.reduced(numbers)
        let holds = candidates.map { number in bounds.allSatisfy { $0.holds(number) } }
        return finding(on: value, candidates: candidates.map(formatted), holds: holds)
    }

    private func finding(on value: MeasureValue, texts: [String]) -> Verdict.Finding {
        let candidates = aggregate.picked(texts)
        let holds = candidates.map { text in bounds.allSatisfy { $0.holds(text) } }
        return finding(on: value, candidates: candidates, holds: holds)
    }

    private func finding(
        on value: MeasureValue, candidates: [String], holds: [Bool]
    ) -> Verdict.Finding {
        let isKept = aggregate == .any ? holds.contains(true) : !holds.contains(false)
        let failing = zip(candidates, holds).first { !$0.1 }?.0 ?? candidates.first ?? ""
        let name =
            switch aggregate {
            case .all, .any: "\(measure)"
            default:
                candidates.count == value.count
                    ? "\(measure)" : "\(aggregate.rawValue) of \(measure)"
            }
        return finding(on: value, isKept: isKept, found: "\(name) is \(failing)", shown: failing)
    }

    private func finding(
        on value: MeasureValue, isKept: Bool, found: String, shown: String? = nil
    ) -> Verdict.Finding {
        var text: String?
        if !isKept {
            let kept = bounds.map(\.description).joined(separator: " and ")
            text =
                reason.contains(Rule.placeholder)
                ? reason.replacing(Rule.placeholder, with: shown ?? "absent")
                : "\(reason) (\(found); kept: \(kept))"
        }
        return Verdict.Finding(
            rule: name, measure: measure, value: value, isKept: isKept, reason: text)
    }

    static let placeholder = "{value}"
}

extension Rule.Aggregate {
    /// The numbers that bounds are applied to; `numbers` is not empty.
    func reduced(_ numbers: [Double]) -> [Double] {
        let count = Double(numbers.count)
        switch self {
        case .min: return numbers.min().map { [$0] } ?? []
        case .max: return numbers.max().map { [$0] } ?? []
        case .sum: return [numbers.reduce(0, +)]
        case .mean: return [numbers.reduce(0, +) / count]
        case .median:
            let sorted = numbers.sorted()
            let upper = sorted.count / 2
            return [sorted.count % 2 == 1 ? sorted[upper] : (sorted[upper - 1] + sorted[upper]) / 2]
        case .first, .last, .any, .all: return picked(numbers)
        }
    }

    /// The values that bounds are applied to, where the aggregate chooses among them.
    func picked<Value>(_ values: [Value]) -> [Value] {
        switch self {
        case .first: Array(values.prefix(1))
        case .last: Array(values.suffix(1))
        default: values
        }
    }
}

extension Rule.Bound {
    /// Whether the bound holds for a number; no bound holds for what is no number.
    func holds(_ number: Double) -> Bool {
        guard !number.isNaN else { return false }
        switch self {
        case .atLeast(let bound): return number >= bound
        case .atMost(let bound): return number <= bound
        case .equals(let value): return value.equals(number)
        case .oneOf(let values): return values.contains { $0.equals(number) }
        case .noneOf(let values): return !values.contains { $0.equals(number) }
        case .matches(let pattern): return isFound(pattern, in: formatted(number))
        }
    }

    /// Whether the bound holds for a text.
    func holds(_ text: String) -> Bool {
        switch self {
        case .atLeast, .atMost: false
        case .equals(let value): value.equals(text)
        case .oneOf(let values): values.contains { $0.equals(text) }
        case .noneOf(let values): !values.contains { $0.equals(text) }
        case .matches(let pattern): isFound(pattern, in: text)
        }
    }

    private func isFound(_ pattern: String, in text: String) -> Bool {
        // Patterns of a parsed rule set compile; another one is found nowhere.
        guard let regex = try? Regex(pattern) else { return false }
        return text.contains(regex)
    }
}

extension Rule.Scalar {
    fileprivate func equals(_ other: Double) -> Bool {
        number.map { $0 == other } ?? (text == formatted(other))
    }

    fileprivate func equals(_ other: String) -> Bool {
        if let number, let otherNumber = Double(other.trimmed) { return number == otherNumber }
        return text == other
    }
}

extension MeasureValue {
    fileprivate var count: Int {
        switch self {
        case .numbers(let numbers): numbers.count
        case .text(let texts): texts.count
        case .absent: 0
        }
    }
}

extension String {
    fileprivate var trimmed: Substring {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
