/// Why a part could not be told, or a job could not be submitted.
public enum SchedulingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// `--part auto` finds no task of a scheduler, or one that could mean several parts.
    case noTask(String)
    /// A setting that the scheduler cannot be given.
    case unusable(setting: String, value: String, reason: String)
    /// A script could not be written.
    case file(path: String, reason: String)
    /// The scheduler's command could not be run, or refused.
    case command(line: String, reason: String)

    /// The error in a sentence or two, with what to do about it.
    public var description: String {
        switch self {
        case .noTask(let what):
            "--part auto: \(what); give the number of parts (--part auto/8), or the part itself "
                + "(--part 3/8)"
        case .unusable(let setting, let value, let reason):
            "\(setting) \(value): \(reason)"
        case .file(let path, let reason):
            "\(path): cannot be written: \(reason)"
        case .command(let line, let reason):
            "\(line): \(reason)"
        }
    }
}
