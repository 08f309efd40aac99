/// What is asked of Slurm for each task, in Slurm's own words.
public struct SlurmResources: Sendable, Equatable {
    /// The partition (queue); the cluster's default where nil. So with the others.
    public var partition: String?
    /// The account that pays.
    public var account: String?
    /// The time limit: `04:00:00`, `2-00:00:00`.
    public var time: String?
    /// The memory of a task: `32G`.
    public var memory: String?
    /// The cores of a task.
    public var cpusPerTask: Int?
    /// The most tasks that run at once.
    public var throttle: Int?
    /// More options of sbatch, one a text: `--qos=low`, `--constraint=avx2`.
    public var options: [String] = []

    /// The cluster's defaults.
    public init() {}

    /// Options that the job of any script takes.
    var common: [String] {
        [
            partition.map { "--partition=\($0)" }, account.map { "--account=\($0)" },
            time.map { "--time=\($0)" },
        ].compactMap { $0 } + options
    }

    /// Options of a task that builds.
    var perTask: [String] {
        [memory.map { "--mem=\($0)" }, cpusPerTask.map { "--cpus-per-task=\($0)" }]
            .compactMap { $0 }
    }
}
