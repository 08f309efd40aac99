/// A table that is filled once and read from then on, by any thread, through a plain pointer.
final class ConstantTable<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    /// The first element. Nothing writes through it after `init`.
    let base: UnsafePointer<Element>

    /// A table of `count` values.
    init(count: Int, _ value: (Int) -> Element) {
        let memory = UnsafeMutablePointer<Element>.allocate(capacity: count)
        for i in 0..<count { (memory + i).initialize(to: value(i)) }
        base = UnsafePointer(memory)
    }

    deinit { base.deallocate() }
}
