import ShardStore

/// Which part of a corpus a run is asked to build, as `--part` takes it.
public enum PartRequest: Sendable, Equatable {
    /// This part: `3/8`.
    case part(Partition)
    /// The part that the scheduler's environment names: `auto`, or `auto/8` where the number of
    /// parts is given.
    case environment(count: Int?)

    /// Reads `3/8`, `auto` or `auto/8`; `nil` for anything else.
    public init?(_ text: String) {
        if text == "auto" {
            self = .environment(count: nil)
        } else if text.hasPrefix("auto/") {
            // As in `3/8`, without signs or spaces; a count is one that has a part 0.
            guard let first = Partition("0/" + text.dropFirst(5)) else { return nil }
            self = .environment(count: first.count)
        } else {
            guard let partition = Partition(text) else { return nil }
            self = .part(partition)
        }
    }

    /// The part that is meant.
    ///
    /// With a count, the scheduler's index is taken as it stands and counts from 0, so that any
    /// selection of tasks can be run again. Without one, the index is one of a whole Slurm array,
    /// which may count from 0 or from 1.
    ///
    /// - Parameter environment: the process's environment.
    /// - Throws: ``SchedulingError`` where it names no part, or could mean several.
    public func partition(environment: [String: String]) throws(SchedulingError) -> Partition {
        switch self {
        case .part(let partition): partition
        case .environment(let count?): try PartRequest.task(environment).partition(of: count)
        case .environment(nil): try PartRequest.task(environment).partition()
        }
    }

    /// The variables in which schedulers number their tasks.
    private static let variables = ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"]

    private static func task(
        _ environment: [String: String]
    ) throws(SchedulingError) -> SchedulerTask {
        let set = variables.filter { environment[$0] != nil }
        guard let variable = set.first else {
            throw .noTask("neither \(variables.joined(separator: " nor ")) is set")
        }
        guard set.count == 1 else {
            throw .noTask("\(set.joined(separator: " and ")) are both set")
        }
        return try SchedulerTask(variable: variable, environment: environment)
    }
}

/// A task as its scheduler numbers it.
private struct SchedulerTask {
    let variable: String
    let index: Int
    let environment: [String: String]

    init(variable: String, environment: [String: String]) throws(SchedulingError) {
        self.variable = variable
        self.environment = environment
        index = try SchedulerTask.number(variable, environment)
    }

    private static func number(
        _ variable: String, _ environment: [String: String]
    ) throws(SchedulingError) -> Int {
        guard let text = environment[variable] else { throw .noTask("\(variable) is not set") }
        guard let number = Int(text), number >= 0 else {
            throw .noTask("\(variable) is \(text), which is no index")
        }
        return number
    }

    func partition(of count: Int) throws(SchedulingError) -> Partition {
        guard let partition = Partition(index: index, count: count) else {
            throw .noTask(
                "\(variable) is \(index), and of \(count) parts the last is \(count - 1): number "
                    + "the tasks from 0 to \(count - 1)")
        }
        return partition
    }

    /// The part of a whole array, whose size Slurm tells. A selection of an array has the size of
    /// the selection, so what could be one is refused: it would split the corpus otherwise than
    /// the array did.
    func partition() throws(SchedulingError) -> Partition {
        guard variable == "SLURM_ARRAY_TASK_ID" else {
            throw .noTask("\(variable) comes without the number of tasks")
        }
        let first = try SchedulerTask.number("SLURM_ARRAY_TASK_MIN", environment)
        let last = try SchedulerTask.number("SLURM_ARRAY_TASK_MAX", environment)
        let count = try SchedulerTask.number("SLURM_ARRAY_TASK_COUNT", environment)
        guard first <= 1, last - first + 1 == count else {
            throw .noTask(
                "the Slurm array has \(count) tasks from \(first) to \(last), which may be a "
                    + "selection of a larger one")
        }
        guard let partition = Partition(index: index - first, count: count) else {
            throw .noTask("\(variable) is \(index), outside of \(first) to \(last)")
        }
        return partition
    }
}
