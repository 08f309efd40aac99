import Foundation

/// Works on many inputs at once and hands the results over in the inputs' order, so that what is
/// written does not depend on how many worked or who was faster.
///
/// At most `window` results wait or are being made, and none is begun while those that wait weigh
/// more than `budget`: a slow consumer slows the workers and never grows a queue. The next in
/// order is always among those that were begun, so the bounds hold nobody up for good.
package final class OrderedWork<Input: Sendable, Output: Sendable>: @unchecked Sendable {
    /// Makes a result; nil where it was dropped because the run is to stop.
    package typealias Transform = @Sendable (_ input: Input, _ thread: Int) throws -> Output?

    // Every property below `condition` is read and written with it locked.
    private let inputs: [Input]
    private let window: Int
    private let budget: Int
    private let weigh: @Sendable (Output) -> Int
    private let transform: Transform
    private let condition = NSCondition()
    private var ready: [Int: Output] = [:]
    private var readyWeight = 0
    private var nextToStart = 0
    private var nextToHandOver = 0
    /// The first input that will not be handed over.
    private var end: Int
    private var isStopped = false
    private var failure: (any Error)?

    /// Work on `inputs` by `transform`, whose results do not depend on each other.
    ///
    /// - Parameters:
    ///   - window: the most results that wait or are being made.
    ///   - budget: the weight of waiting results from which on none is begun.
    ///   - weigh: the weight of a result, such as its bytes.
    package init(
        _ inputs: [Input], window: Int, budget: Int = .max,
        weigh: @escaping @Sendable (Output) -> Int = { _ in 0 }, transform: @escaping Transform
    ) {
        self.inputs = inputs
        self.window = max(1, window)
        self.budget = budget
        self.weigh = weigh
        self.transform = transform
        end = inputs.count
    }

    /// Runs `workers` threads and calls `consume` on this one with each result in order.
    ///
    /// - Parameter shouldStop: looked at before each input is begun; what was begun by then is
    ///   finished and handed over, as far as it is the next in order and was not dropped.
    /// - Throws: what `consume` or the transform throws; workers then finish what they hold and
    ///   end.
    package func run(
        workers: Int, shouldStop: @escaping @Sendable () -> Bool,
        consume: (Input, Output) throws -> Void
    ) throws {
        let group = DispatchGroup()
        for number in 0..<max(1, workers) {
            group.enter()
            let thread = Thread { [self] in
                work(number, shouldStop)
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
        if let failure = condition.withLock({ failure }) { throw failure }
    }

    private func work(_ number: Int, _ shouldStop: () -> Bool) {
        while let index = begin(shouldStop) {
            let result = Result { try transform(inputs[index], number) }
            condition.withLock {
                switch result {
                case .success(let output?):
                    ready[index] = output
                    readyWeight += weigh(output)
                case .success(nil):
                    end = min(end, index)
                    isStopped = true
                case .failure(let error):
                    failure = failure ?? error
                    end = min(end, index)
                    isStopped = true
                }
                condition.broadcast()
            }
        }
    }

    /// The next input to work on, once there is room; nil where there is none.
    private func begin(_ shouldStop: () -> Bool) -> Int? {
        condition.lock()
        defer { condition.unlock() }
        while !isStopped, nextToStart < inputs.count, isFull { condition.wait() }
        if shouldStop() { isStopped = true }
        guard !isStopped, nextToStart < inputs.count else {
            condition.broadcast()
            return nil
        }
        defer { nextToStart += 1 }
        return nextToStart
    }

    private var isFull: Bool {
        nextToStart >= nextToHandOver + window
            || (nextToStart > nextToHandOver && readyWeight > budget)
    }

    /// The next result in order; nil after the last that was begun.
    private func next() -> (Input, Output)? {
        condition.lock()
        defer { condition.unlock() }
        let index = nextToHandOver
        while ready[index] == nil {
            let isOver = index >= end || (isStopped && index >= nextToStart)
            if isOver { return nil }
            condition.wait()
        }
        nextToHandOver += 1
        guard let output = ready.removeValue(forKey: index) else { return nil }
        readyWeight -= weigh(output)
        condition.broadcast()
        return (inputs[index], output)
    }

    private func stop() {
        condition.withLock {
            isStopped = true
            condition.broadcast()
        }
    }
}
