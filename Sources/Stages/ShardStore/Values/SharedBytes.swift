/// Bytes to be stored, where they already lie: those of an array of numbers are lent and not copied,
/// so that storing the positions of a large animation takes no memory of its own.
public struct SharedBytes: Sendable, Equatable {
    /// How many bytes there are.
    public let count: Int
    /// Lends the bytes of the array that it holds.
    private let lend: @Sendable ((UnsafeRawBufferPointer) -> Void) -> Void

    /// The bytes of an array's elements, which the value holds on to.
    public init<Element: BitwiseCopyable & Sendable>(_ elements: [Element]) {
        count = elements.count * MemoryLayout<Element>.stride
        lend = { body in elements.withUnsafeBytes(body) }
    }

    /// Lends the bytes, which must not leave `body`.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var result: Swift.Result<Result, Failure>?
        lend { bytes in
            result = Swift.Result { () throws(Failure) in try body(bytes) }
        }
        guard let result else { preconditionFailure("the bytes are lent once") }
        return try result.get()
    }

    /// A copy of the bytes.
    public var array: [UInt8] { withUnsafeBytes { Array($0) } }

    /// Whether the bytes are equal.
    public static func == (a: SharedBytes, b: SharedBytes) -> Bool {
        a.count == b.count
            && a.withUnsafeBytes { first in b.withUnsafeBytes { first.elementsEqual($0) } }
    }
}
