/// What an array is made of. Elements lie in little-endian order.
public enum ElementType: String, Sendable, Codable, CaseIterable, Hashable {
    /// IEEE 754 half, single and double precision.
    case float16, float32, float64
    /// Signed integers.
    case int8, int16, int32, int64
    /// Unsigned integers.
    case uint8, uint16, uint32, uint64
    /// One byte, 0 or 1.
    case bool

    /// The bytes of one element.
    public var byteCount: Int {
        switch self {
        case .int8, .uint8, .bool: 1
        case .float16, .int16, .uint16: 2
        case .float32, .int32, .uint32: 4
        case .float64, .int64, .uint64: 8
        }
    }

    /// The type as a `.npy` header names it: `<f4`, `|u1`.
    public var descriptor: String {
        let order = byteCount == 1 ? "|" : "<"
        let kind: String =
            switch self {
            case .float16, .float32, .float64: "f"
            case .int8, .int16, .int32, .int64: "i"
            case .uint8, .uint16, .uint32, .uint64: "u"
            case .bool: "b"
            }
        return "\(order)\(kind)\(byteCount)"
    }

    /// The bytes of an array of this type and `shape`, or `nil` where a size is negative or the
    /// product does not fit `Int`.
    public func byteCount(ofShape shape: [Int]) -> Int? {
        var count = byteCount
        for size in shape {
            guard size >= 0 else { return nil }
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            if overflow { return nil }
            count = product
        }
        return count
    }
}

/// A Swift type that is one of the store's element types, bit for bit.
public protocol ArrayElement: BitwiseCopyable, Sendable {
    /// The element type that the Swift type is.
    static var elementType: ElementType { get }
}

#if !(os(macOS) && arch(x86_64))
    extension Float16: ArrayElement {
        /// `float16`.
        public static var elementType: ElementType { .float16 }
    }
#endif
extension Float: ArrayElement {
    /// `float32`.
    public static var elementType: ElementType { .float32 }
}
extension Double: ArrayElement {
    /// `float64`.
    public static var elementType: ElementType { .float64 }
}
extension Int8: ArrayElement {
    /// `int8`.
    public static var elementType: ElementType { .int8 }
}
extension Int16: ArrayElement {
    /// `int16`.
    public static var elementType: ElementType { .int16 }
}
extension Int32: ArrayElement {
    /// `int32`.
    public static var elementType: ElementType { .int32 }
}
extension Int64: ArrayElement {
    /// `int64`.
    public static var elementType: ElementType { .int64 }
}
extension UInt8: ArrayElement {
    /// `uint8`.
    public static var elementType: ElementType { .uint8 }
}
extension UInt16: ArrayElement {
    /// `uint16`.
    public static var elementType: ElementType { .uint16 }
}
extension UInt32: ArrayElement {
    /// `uint32`.
    public static var elementType: ElementType { .uint32 }
}
extension UInt64: ArrayElement {
    /// `uint64`.
    public static var elementType: ElementType { .uint64 }
}
