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
    public let data: SharedBytes

    /// A copy of the elements' bytes.
    public var bytes: [UInt8] { data.array }

    /// An array of bytes that are already in order.
    ///
    /// - Throws: `StoreError.invalid` where the bytes are not as many as the shape asks for.
    public init(type: ElementType, shape: [Int], bytes: [UInt8]) throws(StoreError) {
        try self.init(type: type, shape: shape, data: SharedBytes(bytes))
    }

    /// An array of numbers, which the value holds on to and does not copy.
    ///
    /// - Parameters:
    ///   - elements: the numbers, row-major.
    ///   - shape: the sizes, slowest first; their product is the count of `elements`.
    /// - Throws: `StoreError.invalid` where the numbers are not as many as the shape asks for.
    public init<Element: ArrayElement>(_ elements: [Element], shape: [Int]) throws(StoreError) {
        try self.init(type: Element.elementType, shape: shape, data: SharedBytes(elements))
    }

    private init(type: ElementType, shape: [Int], data: SharedBytes) throws(StoreError) {
        guard type.byteCount(ofShape: shape) == data.count else {
            throw .invalid(
                record: "array of \(type.rawValue) \(shape)",
                what: "\(data.count) bytes do not fill the shape")
        }
        self.type = type
        self.shape = shape
        self.data = data
    }
}
