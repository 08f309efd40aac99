import CTorch

/// What a tensor's elements are.
public enum TensorType: Int32, Sendable, CaseIterable, CustomStringConvertible {
    case uint8, bool, int32, int64, float16, bfloat16, float32, float64

    /// Bytes of an element.
    public var byteCount: Int {
        switch self {
        case .uint8, .bool: 1
        case .float16, .bfloat16: 2
        case .int32, .float32: 4
        case .int64, .float64: 8
        }
    }

    /// Whether elements are real numbers, of which there are gradients.
    public var isFloatingPoint: Bool { rawValue >= TensorType.float16.rawValue }

    /// The name that NumPy and PyTorch use.
    public var description: String {
        switch self {
        case .uint8: "uint8"
        case .bool: "bool"
        case .int32: "int32"
        case .int64: "int64"
        case .float16: "float16"
        case .bfloat16: "bfloat16"
        case .float32: "float32"
        case .float64: "float64"
        }
    }
}

/// A Swift type whose values are a tensor's elements, bit for bit.
public protocol TensorElement {
    /// The tensor type with the same bits.
    static var tensorType: TensorType { get }
}

extension UInt8: TensorElement {
    /// `uint8`.
    public static var tensorType: TensorType { .uint8 }
}
extension Bool: TensorElement {
    /// `bool`.
    public static var tensorType: TensorType { .bool }
}
extension Int32: TensorElement {
    /// `int32`.
    public static var tensorType: TensorType { .int32 }
}
extension Int64: TensorElement {
    /// `int64`.
    public static var tensorType: TensorType { .int64 }
}
extension Int: TensorElement {
    /// `int64`.
    public static var tensorType: TensorType { .int64 }
}
extension Float16: TensorElement {
    /// `float16`.
    public static var tensorType: TensorType { .float16 }
}
extension Float: TensorElement {
    /// `float32`.
    public static var tensorType: TensorType { .float32 }
}
extension Double: TensorElement {
    /// `float64`.
    public static var tensorType: TensorType { .float64 }
}

/// A number beside a tensor in an expression. Whole numbers stay whole: an `int64` tensor times 2
/// is `int64`, times 2.0 it is `float32`.
public protocol TensorScalar: Sendable {
    /// The number as the library takes it.
    var scalar: Scalar { get }
}

/// A number as the library takes it.
public struct Scalar: Sendable {
    let value: TorchScalar

    /// A real number.
    public init(_ value: Double) {
        self.value = TorchScalar(real: value, integer: 0, is_integer: false)
    }

    /// A whole number.
    public init(_ value: Int) {
        self.value = TorchScalar(real: 0, integer: Int64(value), is_integer: true)
    }
}

extension Int: TensorScalar {
    /// The whole number.
    public var scalar: Scalar { Scalar(self) }
}
extension Float: TensorScalar {
    /// The real number.
    public var scalar: Scalar { Scalar(Double(self)) }
}
extension Double: TensorScalar {
    /// The real number.
    public var scalar: Scalar { Scalar(self) }
}
