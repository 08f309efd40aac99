/// One condition that an asset must meet to be kept.
public struct Rule: Sendable, Equatable {
    /// The rule's name, under which rejections are counted.
    public var name: String
    /// What is measured.
    public var measure: MeasureID
    /// What is made of a measure's values before the bounds are applied.
    public var aggregate: Aggregate
    /// What must hold for the asset to be kept; all of them.
    public var bounds: [Bound]
    /// What happens to an asset on which the measure is absent.
    public var whenAbsent: Decision
    /// What a rejected asset is told. `{value}` stands for what was found.
    public var reason: String

    /// A rule.
    ///
    /// - Parameter whenAbsent: nil keeps assets that lack a column of the manifest (not every
    ///   corpus has it), and rejects what cannot be measured otherwise.
    public init(
        name: String, measure: MeasureID, aggregate: Aggregate = .all, bounds: [Bound],
        whenAbsent: Decision? = nil, reason: String
    ) {
        self.name = name
        self.measure = measure
        self.aggregate = aggregate
        self.bounds = bounds
        self.whenAbsent = whenAbsent ?? (measure.column == nil ? .reject : .keep)
        self.reason = reason
    }

    /// What becomes of an asset.
    public enum Decision: String, Sendable, CaseIterable {
        /// It stays in the dataset.
        case keep
        /// It is left out.
        case reject
    }

    /// What is made of several values.
    public enum Aggregate: String, Sendable, CaseIterable {
        /// The smallest number.
        case min
        /// The largest number.
        case max
        /// The mean of the numbers.
        case mean
        /// The median of the numbers; of an even count, the mean of the middle two.
        case median
        /// The sum of the numbers.
        case sum
        /// The first value.
        case first
        /// The last value.
        case last
        /// The bounds must hold for one value at least.
        case any
        /// The bounds must hold for every value.
        case all

        /// Whether it makes sense of numbers only.
        var isNumeric: Bool {
            switch self {
            case .min, .max, .mean, .median, .sum: true
            case .first, .last, .any, .all: false
            }
        }
    }

    /// What must hold for a value.
    public enum Bound: Sendable, Equatable {
        /// The number is not smaller.
        case atLeast(Double)
        /// The number is not larger.
        case atMost(Double)
        /// The value is this one.
        case equals(Scalar)
        /// The value is one of these.
        case oneOf([Scalar])
        /// The value is none of these.
        case noneOf([Scalar])
        /// The regular expression is found in the text (in Swift's syntax, much like Perl's;
        /// anchor it with `^` and `$` to match all of it).
        case matches(String)
    }

    /// A value to compare with: a text, and the number that it spells, if it was written as one.
    public struct Scalar: Sendable, Equatable, CustomStringConvertible {
        /// The value as it was written.
        public let text: String
        /// The number, where the value is one.
        public let number: Double?

        /// A text.
        public init(_ text: String) {
            self.text = text
            number = nil
        }

        /// A number.
        public init(_ number: Double) {
            text = formatted(number)
            self.number = number
        }

        /// The value as it was written.
        public var description: String { text }
    }
}

extension Rule.Bound: CustomStringConvertible {
    /// The bound as rules write it.
    public var description: String {
        switch self {
        case .atLeast(let bound): "at least \(formatted(bound))"
        case .atMost(let bound): "at most \(formatted(bound))"
        case .equals(let value): "equal to \(value)"
        case .oneOf(let values): "one of \(values.map(\.text).joined(separator: ", "))"
        case .noneOf(let values): "none of \(values.map(\.text).joined(separator: ", "))"
        case .matches(let pattern): "matching \(pattern)"
        }
    }

    /// Whether it compares numbers, texts, or either (nil).
    var comparesNumbers: Bool? {
        switch self {
        case .atLeast, .atMost: true
        case .matches: false
        case .equals(let value): value.number == nil ? false : nil
        case .oneOf(let values), .noneOf(let values):
            values.contains { $0.number == nil } ? false : nil
        }
    }
}
