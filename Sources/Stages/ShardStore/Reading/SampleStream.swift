import Foundation

/// The samples of an order, made ready by threads of its own a few ahead of whoever takes them, and
/// handed over in the order, whichever was ready first.
///
/// What making ready is, such as decoding pictures into a batch, is the caller's: the store knows
/// bytes. The stream ends its threads when it is let go of.
public final class SampleStream<Value: Sendable> {
    private let work: ReadAhead<Value>

    /// A stream over an order's samples.
    ///
    /// - Parameters:
    ///   - table: where the samples lie.
    ///   - order: which samples, in which order.
    ///   - threads: how many are made ready at once; 0 for one thread a core.
    ///   - ahead: how many may wait to be taken, or be in the making: memory for so many values.
    ///   - make: makes a value of a sample; called from several threads.
    public convenience init(
        of table: SampleTable, _ order: SampleOrder, threads: Int = 0, ahead: Int = 16,
        make: @escaping @Sendable (SampleView) throws -> Value
    ) {
        self.init(of: table, order, threads: threads, ahead: ahead) { sample, _ in
            try make(sample)
        }
    }

    /// A stream over an order's samples whose values depend on their place in the order, too.
    ///
    /// - Parameter make: makes a value of a sample and its place; called from several threads.
    public init(
        of table: SampleTable, _ order: SampleOrder, threads: Int = 0, ahead: Int = 16,
        make: @escaping @Sendable (_ sample: SampleView, _ place: Int) throws -> Value
    ) {
        let threads = threads > 0 ? threads : ProcessInfo.processInfo.activeProcessorCount
        work = ReadAhead(table, order.indices, window: max(ahead, threads), make)
        for _ in 0..<threads {
            Thread.detachNewThread { [work] in work.run() }
        }
    }

    deinit { work.stop() }

    /// The next value, once it is ready; nil at the end of the order.
    ///
    /// - Throws: what `make` threw for the sample whose turn it is. The next call goes on with the
    ///   sample after it.
    public func next() throws -> Value? { try work.take() }
}

/// What a stream and its threads share. The threads hold it, and not the stream, so that a stream
/// that is dropped half-way ends them.
private final class ReadAhead<Value: Sendable>: @unchecked Sendable {
    private let table: SampleTable
    private let order: [Int]
    private let window: Int
    private let make: @Sendable (SampleView, Int) throws -> Value
    private let condition = NSCondition()
    // What follows is read and written with the condition locked.
    /// A ring: the value of number k of the order waits at k modulo the window.
    private var ready: [Result<Value, any Error>?]
    private var nextToMake = 0
    private var nextToTake = 0
    private var isStopped = false

    init(
        _ table: SampleTable, _ order: [Int], window: Int,
        _ make: @escaping @Sendable (SampleView, Int) throws -> Value
    ) {
        self.table = table
        self.order = order
        self.window = window
        self.make = make
        ready = [Result<Value, any Error>?](repeating: nil, count: window)
        // The first samples are on their way while the threads start.
        for index in order.prefix(window) { table.prefetch(index) }
    }

    /// Makes values until there are no more to make; a thread's work.
    func run() {
        while let number = begin() {
            if number + window < order.count { table.prefetch(order[number + window]) }
            let result = Result { try make(table[order[number]], number) }
            condition.withLock {
                ready[number % window] = result
                condition.broadcast()
            }
        }
    }

    private func begin() -> Int? {
        condition.withLock {
            while !isStopped, nextToMake < order.count, nextToMake >= nextToTake + window {
                condition.wait()
            }
            guard !isStopped, nextToMake < order.count else { return nil }
            defer { nextToMake += 1 }
            return nextToMake
        }
    }

    func take() throws -> Value? {
        let result: Result<Value, any Error>? = condition.withLock {
            guard nextToTake < order.count else { return nil }
            while ready[nextToTake % window] == nil { condition.wait() }
            defer {
                ready[nextToTake % window] = nil
                nextToTake += 1
                condition.broadcast()
            }
            return ready[nextToTake % window]
        }
        return try result?.get()
    }

    func stop() {
        condition.withLock {
            isStopped = true
            condition.broadcast()
        }
    }
}
