import Dispatch
import Imaging

/// Work that is shared out over threads.
enum ParallelWork {
    /// The threads that work at once where `requested` are asked for; 0 asks for one a core.
    static func threadCount(_ requested: Int) -> Int {
        requested > 0 ? requested : Parallel.width
    }

    /// Calls `body` for every index, on up to `threads` threads. Each thread takes the next index
    /// when it is done with one.
    ///
    /// - Parameter body: takes the index and the number of the thread, below `threads`.
    static func forEach(
        count: Int, threads: Int, _ body: @Sendable (_ index: Int, _ thread: Int) -> Void
    ) {
        let workers = min(count, threads)
        guard workers > 1 else {
            for i in 0..<count { body(i, 0) }
            return
        }
        let next = Counter()
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
            while case let i = next.take(), i < count { body(i, worker) }
        }
    }

    /// The values of `transform` for every index, in order, computed on up to `threads` threads.
    static func map<Value>(
        count: Int, threads: Int, _ transform: @Sendable (Int) -> Value
    ) -> [Value] {
        var values = [Value?](repeating: nil, count: count)
        values.withUnsafeMutableBufferPointer { buffer in
            // Every element is written by one thread, once.
            nonisolated(unsafe) let slots = buffer
            forEach(count: count, threads: threads) { i, _ in slots[i] = transform(i) }
        }
        return values.compactMap { $0 }
    }
}
