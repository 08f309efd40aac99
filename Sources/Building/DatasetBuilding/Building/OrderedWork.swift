import Foundation

/// Works on many inputs at once and hands the results over in the inputs' order, so that what is
/// written does not depend on how many worked or who was faster.
///
/// At most `window` results wait or are being made: a slow consumer slows the workers and never
/// grows a queue.
package final class OrderedWork<Input: Sendable, Output: Sendable>: @unchecked Sendable {
    // Every property below `condition` is read and written with it locked.
    private let inputs: [Input]
    private let window: Int
    private let transform: @Sendable (Input) -> Output
    private let condition = NSCondition()
    private var ready: [Int: Output] = [:]
    private var nextToStart = 0
    private var nextToHandOver = 0
    private var isStopped = false

    /// Work on `inputs` by `transform`, whose results do not depend on each other.
    package init(
        _ inputs: [Input], window: Int, transform: @escaping @Sendable (Input) -> Output
    ) {
        self.inputs = inputs
        self.window = max(1, window)
        self.transform = transform
    }

    /// Runs `workers` threads and calls `consume` on this one with each result in order.
    ///
    /// - Parameter shouldStop: looked at before each input is begun; what was begun by then is
    ///   finished and handed over, as far as it is the next in order.
    /// - Throws: what `consume` throws; workers then finish what they hold and end.
    package func run(
        workers: Int, shouldStop: @escaping @Sendable () -> Bool,
        consume: (Input, Output) throws -> Void
    ) throws {
        let group = DispatchGroup()
        for _ in 0..<max(1, workers) {
            group.enter()
            let thread = Thread { [self] in
                work(shouldStop)
                group.leave()
            }
            // Deep node hierarchies recurse in foreign importers.
            thread.stackSize = 16 << 20
            thread.start()
        }
        defer {
            stop()
            group.wait()
        }
        while let (input, output) = next() { try consume(input, output) }
    }

    private func work(_ shouldStop: () -> Bool) {
        while let index = begin(shouldStop) {
            let output = transform(inputs[index])
            condition.lock()
            ready[index] = output
            condition.broadcast()
            condition.unlock()
        }
    }

    /// The next input to work on, once the window has room; nil where there is none.
    private func begin(_ shouldStop: () -> Bool) -> Int? {
        condition.lock()
        defer { condition.unlock() }
        while !isStopped, nextToStart < inputs.count, nextToStart >= nextToHandOver + window {
            condition.wait()
        }
        if shouldStop() { isStopped = true }
        guard !isStopped, nextToStart < inputs.count else {
            condition.broadcast()
            return nil
        }
        defer { nextToStart += 1 }
        return nextToStart
    }

    /// The next result in order; nil after the last that was begun.
    private func next() -> (Input, Output)? {
        condition.lock()
        defer { condition.unlock() }
        let index = nextToHandOver
        while ready[index] == nil {
            let isOver = index >= inputs.count || (isStopped && index >= nextToStart)
            if isOver { return nil }
            condition.wait()
        }
        nextToHandOver += 1
        condition.broadcast()
        return ready.removeValue(forKey: index).map { (inputs[index], $0) }
    }

    private func stop() {
        condition.lock()
        isStopped = true
        condition.broadcast()
        condition.unlock()
    }
}
