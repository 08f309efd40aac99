import Foundation

/// Tells which stage an asset is in, and how much processor time each took.
///
/// Time is that of all threads of this process: in a worker, which has one asset at a time, the
/// asset's own, however busy the machine is. Threads of one process that work on several assets
/// (`--in-process`) count each other's.
struct StageClock {
    private let onStage: (_ stage: String, _ clip: String?) -> Void
    private var current: (stage: String, since: Double)?
    private var seconds: [String: Double] = [:]

    init(onStage: @escaping (_ stage: String, _ clip: String?) -> Void) {
        self.onStage = onStage
    }

    /// Ends the stage before, and enters one.
    mutating func enter(_ stage: String, clip: String?) {
        settle()
        current = (stage, StageClock.processorSeconds)
        onStage(stage, clip)
    }

    /// Ends the last stage; the processor seconds of each.
    mutating func finish() -> [String: Double] {
        settle()
        return seconds
    }

    private mutating func settle() {
        guard let (stage, since) = current else { return }
        seconds[stage, default: 0] += StageClock.processorSeconds - since
        current = nil
    }

    /// What this process has used so far.
    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
