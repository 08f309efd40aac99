import Imaging

/// Spreads independent work over the processor's cores.
public enum ParallelRanges {
    /// Calls `body` on consecutive ranges that cover `0..<count`, concurrently, and returns when
    /// all have ended. Which range falls to which core is open: results must not depend on it.
    ///
    /// - Parameters:
    ///   - count: items of work; none calls nothing.
    ///   - grain: items of a range, but for the last.
    ///   - body: the work; ranges do not overlap.
    public static func run(
        count: Int, grain: Int, _ body: @Sendable (Range<Int>) -> Void
    ) {
        precondition(grain > 0, "a range holds something")
        Parallel.perform((max(0, count) + grain - 1) / grain) { range in
            body(range * grain..<min(count, (range + 1) * grain))
        }
    }

    /// The results of `body` for `0..<count`, in order, computed concurrently.
    public static func map<Result: Sendable>(
        count: Int, _ body: @Sendable (Int) -> Result
    ) -> [Result] {
        var results = [Result?](repeating: nil, count: count)
        results.withUnsafeMutableBufferPointer { buffer in
            let places = SharedPointer(buffer)
            run(count: count, grain: 1) { range in
                for i in range { places[i] = body(i) }
            }
        }
        return results.map { $0! }
    }
}

/// Memory that several threads write to at different places, or only read; whoever makes one sees
/// to it that they do, and that it does not outlive the memory.
public struct SharedPointer<Element>: @unchecked Sendable {
    /// The memory; nil where there is none.
    public let base: UnsafeMutablePointer<Element>?

    /// The memory of a buffer.
    @inlinable
    public init(_ buffer: UnsafeMutableBufferPointer<Element>) { base = buffer.baseAddress }

    /// The element at a position, which is not checked.
    @inlinable
    public subscript(i: Int) -> Element {
        get { base.unsafelyUnwrapped[i] }
        nonmutating set { base.unsafelyUnwrapped[i] = newValue }
    }
}

/// Memory that several threads only read.
struct SharedReading<Element>: @unchecked Sendable {
    let base: UnsafePointer<Element>?

    init(_ buffer: UnsafeBufferPointer<Element>) { base = buffer.baseAddress }

    @inline(__always)
    subscript(i: Int) -> Element { base.unsafelyUnwrapped[i] }
}
