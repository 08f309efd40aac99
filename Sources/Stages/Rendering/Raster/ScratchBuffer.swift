/// Memory that a renderer's worker keeps from frame to frame, so that no frame, triangle or pixel
/// allocates. Only trivial types (numbers, vectors and structures of them) are stored.
final class ScratchBuffer<Element: BitwiseCopyable> {
    /// The first element, aligned to a cache line. Changes when the buffer grows.
    private(set) var base: UnsafeMutablePointer<Element>
    /// Elements that there is room for.
    private(set) var capacity: Int

    /// Room for `capacity` elements, not initialised.
    init(capacity: Int = 0) {
        self.capacity = capacity
        base = ScratchBuffer.allocate(capacity)
    }

    deinit { UnsafeMutableRawPointer(base).deallocate() }

    /// Makes room for at least `count` elements; what was stored is lost if that takes new memory.
    func reserve(_ count: Int) {
        guard count > capacity else { return }
        UnsafeMutableRawPointer(base).deallocate()
        capacity = max(count, capacity + capacity / 2)
        base = ScratchBuffer.allocate(capacity)
    }

    /// Makes room for at least `count` elements and keeps the first `kept`.
    ///
    /// - Complexity: amortised constant time per element that is added one after the other.
    func grow(_ count: Int, keeping kept: Int) {
        guard count > capacity else { return }
        let larger = max(count, 2 * capacity)
        let memory = ScratchBuffer.allocate(larger)
        memory.update(from: base, count: kept)
        UnsafeMutableRawPointer(base).deallocate()
        base = memory
        capacity = larger
    }

    private static func allocate(_ count: Int) -> UnsafeMutablePointer<Element> {
        UnsafeMutableRawPointer.allocate(
            byteCount: max(1, count) * MemoryLayout<Element>.stride, alignment: 64
        ).assumingMemoryBound(to: Element.self)
    }
}
