#if _endian(big)
    #error("arrays are stored little-endian, and this code copies them as they lie in memory")
#endif

/// An array to be stored: row-major bytes with their type and shape.
public struct ArrayPayload: Sendable, Equatable {
    /// What the array is made of.
    public let type: ElementType
    /// The sizes, slowest first; empty for a single number.
    public let shape: [Int]
    /// The elements, row-major and little-endian.
    public let bytes: [UInt8]

    /// An array of bytes that are already in order.
    ///
    /// - Throws: `StoreError.invalid` where the bytes are not as many as the shape asks for.
    public init(type: ElementType, shape: [Int], bytes: [UInt8]) throws(StoreError) {
        guard type.byteCount(ofShape: shape) == bytes.count else {
            throw .invalid(
                record: "array of \(type.rawValue) \(shape)",
                what: "\(bytes.count) bytes do not fill the shape")
        }
        self.type = type
        self.shape = shape
        self.bytes = bytes
    }

    /// An array of numbers.
    ///
    /// - Parameters:
    ///   - elements: the numbers, row-major.
    ///   - shape: the sizes, slowest first; their product is the count of `elements`.
    /// - Throws: `StoreError.invalid` where the numbers are not as many as the shape asks for.
    public init<Element: ArrayElement>(_ elements: [Element], shape: [Int]) throws(StoreError) {
        try self.init(
            type: Element.elementType, shape: shape,
            bytes: elements.withUnsafeBytes { Array($0) })
    }
}
