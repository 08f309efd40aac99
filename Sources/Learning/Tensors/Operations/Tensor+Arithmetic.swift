import CTorch

// Operators broadcast as in NumPy: axes are matched from the last, and an axis of length 1 repeats.
// Every one throws `TensorError` where shapes do not match.

extension Tensor {
    /// Sum.
    public static func + (a: Tensor, b: Tensor) throws -> Tensor {
        try a.made("+", with: b, torch_add)
    }

    /// Sum.
    public static func + (a: Tensor, b: Double) throws -> Tensor {
        try a.made("+") { torch_add_scalar($0, b.scalar.value) }
    }

    /// Sum.
    public static func + (a: Tensor, b: Int) throws -> Tensor {
        try a.made("+") { torch_add_scalar($0, b.scalar.value) }
    }

    /// Difference.
    public static func - (a: Tensor, b: Tensor) throws -> Tensor {
        try a.made("-", with: b, torch_sub)
    }

    /// Difference.
    public static func - (a: Tensor, b: Double) throws -> Tensor {
        try a.made("-") { torch_sub_scalar($0, b.scalar.value) }
    }

    /// Difference.
    public static func - (a: Tensor, b: Int) throws -> Tensor {
        try a.made("-") { torch_sub_scalar($0, b.scalar.value) }
    }

    /// Product, element by element.
    public static func * (a: Tensor, b: Tensor) throws -> Tensor {
        try a.made("*", with: b, torch_mul)
    }

    /// Product, element by element.
    public static func * (a: Tensor, b: Double) throws -> Tensor {
        try a.made("*") { torch_mul_scalar($0, b.scalar.value) }
    }

    /// Product, element by element.
    public static func * (a: Tensor, b: Int) throws -> Tensor {
        try a.made("*") { torch_mul_scalar($0, b.scalar.value) }
    }

    /// Quotient; of whole numbers, a real number.
    public static func / (a: Tensor, b: Tensor) throws -> Tensor {
        try a.made("/", with: b, torch_div)
    }

    /// Quotient; of whole numbers, a real number.
    public static func / (a: Tensor, b: Double) throws -> Tensor {
        try a.made("/") { torch_div_scalar($0, b.scalar.value) }
    }

    /// Quotient; of whole numbers, a real number.
    public static func / (a: Tensor, b: Int) throws -> Tensor {
        try a.made("/") { torch_div_scalar($0, b.scalar.value) }
    }

    /// Sum.
    public static func + (a: Double, b: Tensor) throws -> Tensor {
        try b.made("+") { torch_add_scalar($0, a.scalar.value) }
    }

    /// Sum.
    public static func + (a: Int, b: Tensor) throws -> Tensor {
        try b.made("+") { torch_add_scalar($0, a.scalar.value) }
    }

    /// Difference.
    public static func - (a: Double, b: Tensor) throws -> Tensor {
        try b.made("-") { torch_rsub_scalar($0, a.scalar.value) }
    }

    /// Difference.
    public static func - (a: Int, b: Tensor) throws -> Tensor {
        try b.made("-") { torch_rsub_scalar($0, a.scalar.value) }
    }

    /// Product.
    public static func * (a: Double, b: Tensor) throws -> Tensor {
        try b.made("*") { torch_mul_scalar($0, a.scalar.value) }
    }

    /// Product.
    public static func * (a: Int, b: Tensor) throws -> Tensor {
        try b.made("*") { torch_mul_scalar($0, a.scalar.value) }
    }

    /// Quotient.
    public static func / (a: Double, b: Tensor) throws -> Tensor {
        try b.reciprocal() * a
    }

    /// Quotient.
    public static func / (a: Int, b: Tensor) throws -> Tensor {
        try b.reciprocal() * a
    }

    /// Negation.
    public static prefix func - (a: Tensor) throws -> Tensor { try a.made("-", torch_neg) }

    /// Power.
    public final func pow(_ exponent: Tensor) throws -> Tensor {
        try made("pow", with: exponent, torch_pow)
    }

    /// Power.
    public final func pow(_ exponent: some TensorScalar) throws -> Tensor {
        try made("pow") { torch_pow_scalar($0, exponent.scalar.value) }
    }

    /// `base` to the power of each element.
    public static func pow(_ base: some TensorScalar, _ exponent: Tensor) throws -> Tensor {
        try exponent.made("pow") { torch_scalar_pow(base.scalar.value, $0) }
    }

    /// The remainder, with the divisor's sign.
    public final func remainder(_ divisor: some TensorScalar) throws -> Tensor {
        try made("remainder") { torch_remainder_scalar($0, divisor.scalar.value) }
    }

    /// The larger of two elements.
    public final func maximum(_ other: Tensor) throws -> Tensor {
        try made("maximum", with: other, torch_maximum)
    }

    /// The smaller of two elements.
    public final func minimum(_ other: Tensor) throws -> Tensor {
        try made("minimum", with: other, torch_minimum)
    }

    /// The angle of (`x`, self) in radians, in −π...π.
    public final func atan2(_ x: Tensor) throws -> Tensor {
        try made("atan2", with: x, torch_atan2)
    }
}

// Comparisons make `bool` tensors. They have names of their own: `==` between references keeps
// its usual meanings out of this.
extension Tensor {
    /// Where elements are equal.
    public final func equal(_ other: Tensor) throws -> Tensor {
        try made("equal", with: other, torch_eq)
    }

    /// Where elements are equal.
    public final func equal(_ value: some TensorScalar) throws -> Tensor {
        try made("equal") { torch_eq_scalar($0, value.scalar.value) }
    }

    /// Where elements differ.
    public final func notEqual(_ other: Tensor) throws -> Tensor {
        try made("notEqual", with: other, torch_ne)
    }

    /// Where elements differ.
    public final func notEqual(_ value: some TensorScalar) throws -> Tensor {
        try made("notEqual") { torch_ne_scalar($0, value.scalar.value) }
    }

    /// Where this is less.
    public final func less(_ other: Tensor) throws -> Tensor {
        try made("less", with: other, torch_lt)
    }

    /// Where this is less.
    public final func less(_ value: some TensorScalar) throws -> Tensor {
        try made("less") { torch_lt_scalar($0, value.scalar.value) }
    }

    /// Where this is less or equal.
    public final func lessOrEqual(_ other: Tensor) throws -> Tensor {
        try made("lessOrEqual", with: other, torch_le)
    }

    /// Where this is less or equal.
    public final func lessOrEqual(_ value: some TensorScalar) throws -> Tensor {
        try made("lessOrEqual") { torch_le_scalar($0, value.scalar.value) }
    }

    /// Where this is greater.
    public final func greater(_ other: Tensor) throws -> Tensor {
        try made("greater", with: other, torch_gt)
    }

    /// Where this is greater.
    public final func greater(_ value: some TensorScalar) throws -> Tensor {
        try made("greater") { torch_gt_scalar($0, value.scalar.value) }
    }

    /// Where this is greater or equal.
    public final func greaterOrEqual(_ other: Tensor) throws -> Tensor {
        try made("greaterOrEqual", with: other, torch_ge)
    }

    /// Where this is greater or equal.
    public final func greaterOrEqual(_ value: some TensorScalar) throws -> Tensor {
        try made("greaterOrEqual") { torch_ge_scalar($0, value.scalar.value) }
    }

    /// Where both are true or not zero.
    public final func logicalAnd(_ other: Tensor) throws -> Tensor {
        try made("logicalAnd", with: other, torch_logical_and)
    }

    /// Where one is true or not zero.
    public final func logicalOr(_ other: Tensor) throws -> Tensor {
        try made("logicalOr", with: other, torch_logical_or)
    }
}
