/// Why a filter file could not be read.
public enum RuleError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file is not there or is no text.
    case unreadable(file: String, reason: String)
    /// The file is no rule set; lines and columns count from 1.
    case malformed(file: String, line: Int, column: Int, what: String)

    /// The error in one sentence, beginning with its place in the form that editors jump to.
    public var description: String {
        switch self {
        case .unreadable(let file, let reason):
            "\(file): cannot be read: \(reason)"
        case .malformed(let file, let line, let column, let what):
            "\(file):\(line):\(column): \(what)"
        }
    }
}
