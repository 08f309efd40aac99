import Dispatch
import Foundation
import Synchronization

/// Loops that are shared out over the processor's cores.
public enum Parallel {
    /// How many threads a loop of this process uses at once: `MUYBRIDGE_THREADS` where the
    /// environment has it, else one a core. Several processes that share a machine are given a
    /// number each, so that they do not start cores² threads together.
    public static let width: Int = {
        let asked = ProcessInfo.processInfo.environment["MUYBRIDGE_THREADS"].flatMap { Int($0) }
        return max(1, asked ?? ProcessInfo.processInfo.activeProcessorCount)
    }()

    /// Calls `body` for every index below `count`, on up to ``width`` threads, and returns when
    /// all calls have. Each thread takes the next index when it is done with one.
    public static func perform(_ count: Int, _ body: @Sendable (Int) -> Void) {
        let threads = min(count, width)
        guard threads > 1 else {
            for i in 0..<max(0, count) { body(i) }
            return
        }
        let next = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            while true {
                let i = next.withLock { next in
                    defer { next += 1 }
                    return next
                }
                guard i < count else { return }
                body(i)
            }
        }
    }
}
