import Imaging
import Synchronization

/// The results of `body` for `0 ..< count`, in order, worked out on all cores.
///
/// - Throws: the error of the lowest index that threw.
func concurrentMap<Result: Sendable>(
    _ count: Int, _ body: @Sendable (Int) throws -> Result
) throws -> [Result] {
    let slots = Mutex([Swift.Result<Result, any Error>?](repeating: nil, count: count))
    Parallel.perform(count) { i in
        let result = Swift.Result { try body(i) }
        slots.withLock { $0[i] = result }
    }
    return try slots.withLock { $0 }.map { try $0!.get() }
}
