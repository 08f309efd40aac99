import CTorch

// Changes in place, which all references see. Gradients flow through them as through other
// operations, but a leaf that needs gradients changes only inside `withoutGradients`.

extension Tensor {
    /// self ← self + other.
    public final func addInPlace(_ other: Tensor) throws {
        try change("addInPlace", by: other, torch_add_)
    }

    /// self ← self + other.
    public final func addInPlace(_ other: some TensorScalar) throws {
        try change("addInPlace") { torch_add_number($0, other.scalar.value) }
    }

    /// self ← self − other.
    public final func subtractInPlace(_ other: Tensor) throws {
        try change("subtractInPlace", by: other, torch_sub_)
    }

    /// self ← self − other.
    public final func subtractInPlace(_ other: some TensorScalar) throws {
        try change("subtractInPlace") { torch_sub_number($0, other.scalar.value) }
    }

    /// self ← self · other.
    public final func multiplyInPlace(_ other: Tensor) throws {
        try change("multiplyInPlace", by: other, torch_mul_)
    }

    /// self ← self · other.
    public final func multiplyInPlace(_ other: some TensorScalar) throws {
        try change("multiplyInPlace") { torch_mul_number($0, other.scalar.value) }
    }

    /// self ← self / other.
    public final func divideInPlace(_ other: Tensor) throws {
        try change("divideInPlace", by: other, torch_div_)
    }

    /// self ← self / other.
    public final func divideInPlace(_ other: some TensorScalar) throws {
        try change("divideInPlace") { torch_div_number($0, other.scalar.value) }
    }

    /// self ← value.
    public final func fillInPlace(_ value: some TensorScalar) throws {
        try change("fillInPlace") { torch_fill_number($0, value.scalar.value) }
    }

    /// self ← self + weight (end − self).
    public final func lerpInPlace(to end: Tensor, weight: Double) throws {
        try change("lerpInPlace", by: end) { torch_lerp_($0, $1, weight) }
    }

    /// self ← self + factor a b.
    public final func addProductInPlace(_ a: Tensor, _ b: Tensor, factor: Double = 1) throws {
        let succeeded = withExtendedLifetime((self, a, b)) {
            torch_addcmul_(handle, a.handle, b.handle, factor)
        }
        guard succeeded else { throw TensorError.last("addProductInPlace", [self, a, b]) }
    }
}
