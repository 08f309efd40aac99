import Foundation

/// How many processes work on assets, and what each may take.
public struct WorkerOptions: Sendable, Equatable {
    /// How many assets are worked on at once.
    public var count: Int
    /// The most bytes of address space of a worker.
    public var memoryBytes: Int
    /// The longest that an asset may take.
    public var timeout: Duration
    /// How long assets in flight may go on after the run was asked to stop; what is not done by
    /// then is dropped, and left to the next run.
    public var stopGrace: Duration
    /// The program that is started as a worker: this one, as it was when it was started.
    public var executable: String

    /// The address space of a worker where nothing else is said: 4 GiB.
    public static let standardMemoryBytes = 4 << 30
    /// The least address space in which a worker can start.
    public static let leastMemoryBytes = 512 << 20
    /// The longest that an asset may take where nothing else is said: five minutes.
    public static let standardTimeout = Duration.seconds(300)

    /// Workers with their limits.
    public init(
        count: Int = ProcessInfo.processInfo.activeProcessorCount,
        memoryBytes: Int = standardMemoryBytes, timeout: Duration = standardTimeout,
        stopGrace: Duration = .seconds(10), executable: String = "/proc/self/exe"
    ) {
        self.count = count
        self.memoryBytes = memoryBytes
        self.timeout = timeout
        self.stopGrace = stopGrace
        self.executable = executable
    }
}
