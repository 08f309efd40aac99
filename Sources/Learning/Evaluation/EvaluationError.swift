/// Why results cannot be compared.
public struct EvaluationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was being compared: a file, a sample, a set.
    public let subject: String
    /// What was wrong, and what to do.
    public let message: String

    /// An error about `subject`.
    public init(_ subject: String, _ message: String) {
        self.subject = subject
        self.message = message
    }

    /// One line: `robot: 16 frames against 24; ...`.
    public var description: String { "\(subject): \(message)" }
}
