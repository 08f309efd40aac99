import Synchronization

/// Hands out 0, 1, 2, ... to whoever asks, each number once.
final class Counter: Sendable {
    private let next = Atomic<Int>(0)

    /// The next number.
    func take() -> Int { next.wrappingAdd(1, ordering: .relaxed).oldValue }
}
