import CTorch

// Functions of each element. Every one throws `TensorError` where memory is not enough or the
// element type is none that the function takes.

extension Tensor {
    /// |x|.
    public final func abs() throws -> Tensor { try made("abs", torch_abs) }

    /// eˣ.
    public final func exp() throws -> Tensor { try made("exp", torch_exp) }

    /// eˣ − 1, exact near 0.
    public final func expm1() throws -> Tensor { try made("expm1", torch_expm1) }

    /// The natural logarithm.
    public final func log() throws -> Tensor { try made("log", torch_log) }

    /// ln(1 + x), exact near 0.
    public final func log1p() throws -> Tensor { try made("log1p", torch_log1p) }

    /// The logarithm to base 2.
    public final func log2() throws -> Tensor { try made("log2", torch_log2) }

    /// √x.
    public final func sqrt() throws -> Tensor { try made("sqrt", torch_sqrt) }

    /// 1/√x.
    public final func rsqrt() throws -> Tensor { try made("rsqrt", torch_rsqrt) }

    /// x².
    public final func square() throws -> Tensor { try made("square", torch_square) }

    /// 1/x.
    public final func reciprocal() throws -> Tensor { try made("reciprocal", torch_reciprocal) }

    /// The sine of radians.
    public final func sin() throws -> Tensor { try made("sin", torch_sin) }

    /// The cosine of radians.
    public final func cos() throws -> Tensor { try made("cos", torch_cos) }

    /// The tangent of radians.
    public final func tan() throws -> Tensor { try made("tan", torch_tan) }

    /// The arc sine in radians.
    public final func asin() throws -> Tensor { try made("asin", torch_asin) }

    /// The arc cosine in radians.
    public final func acos() throws -> Tensor { try made("acos", torch_acos) }

    /// The arc tangent in radians.
    public final func atan() throws -> Tensor { try made("atan", torch_atan) }

    /// The hyperbolic sine.
    public final func sinh() throws -> Tensor { try made("sinh", torch_sinh) }

    /// The hyperbolic cosine.
    public final func cosh() throws -> Tensor { try made("cosh", torch_cosh) }

    /// The hyperbolic tangent.
    public final func tanh() throws -> Tensor { try made("tanh", torch_tanh) }

    /// The error function.
    public final func erf() throws -> Tensor { try made("erf", torch_erf) }

    /// The inverse of the error function.
    public final func erfinv() throws -> Tensor { try made("erfinv", torch_erfinv) }

    /// −1, 0 or 1.
    public final func sign() throws -> Tensor { try made("sign", torch_sign) }

    /// The whole number below.
    public final func floor() throws -> Tensor { try made("floor", torch_floor) }

    /// The whole number above.
    public final func ceil() throws -> Tensor { try made("ceil", torch_ceil) }

    /// The nearest whole number, halves to even.
    public final func round() throws -> Tensor { try made("round", torch_round) }

    /// The whole number toward 0.
    public final func trunc() throws -> Tensor { try made("trunc", torch_trunc) }

    /// Whether each element is finite (`bool`).
    public final func isFinite() throws -> Tensor { try made("isFinite", torch_isfinite) }

    /// Whether each element is not a number (`bool`).
    public final func isNaN() throws -> Tensor { try made("isNaN", torch_isnan) }

    /// Whether each element is zero or false (`bool`).
    public final func logicalNot() throws -> Tensor { try made("logicalNot", torch_logical_not) }

    /// 1/(1 + e⁻ˣ).
    public final func sigmoid() throws -> Tensor { try made("sigmoid", torch_sigmoid) }

    /// ln(1/(1 + e⁻ˣ)), exact far from 0.
    public final func logSigmoid() throws -> Tensor { try made("logSigmoid", torch_log_sigmoid) }

    /// max(x, 0).
    public final func relu() throws -> Tensor { try made("relu", torch_relu) }

    /// x/(1 + e⁻ˣ), also called swish.
    public final func silu() throws -> Tensor { try made("silu", torch_silu) }

    /// The scaled exponential linear unit (Klambauer et al. 2017).
    public final func selu() throws -> Tensor { try made("selu", torch_selu) }

    /// x Φ(x), with Φ the normal distribution function (Hendrycks and Gimpel 2016).
    ///
    /// - Parameter approximate: uses their formula with tanh instead of erf.
    public final func gelu(approximate: Bool = false) throws -> Tensor {
        try made("gelu") { torch_gelu($0, approximate) }
    }

    /// ln(1 + e^(βx))/β; x itself where βx is above the threshold.
    public final func softplus(beta: Double = 1, threshold: Double = 20) throws -> Tensor {
        try made("softplus") { torch_softplus($0, beta, threshold) }
    }

    /// x above 0, else `slope` x.
    public final func leakyReLU(slope: Double = 0.01) throws -> Tensor {
        try made("leakyReLU") { torch_leaky_relu_scalar($0, slope.scalar.value) }
    }

    /// x above 0, else α(eˣ − 1).
    public final func elu(alpha: Double = 1) throws -> Tensor {
        try made("elu") { torch_elu_scalar($0, alpha.scalar.value) }
    }

    /// Each element, or the bound it is beyond.
    public final func clamp(
        min: (any TensorScalar)? = nil, max: (any TensorScalar)? = nil
    ) throws -> Tensor {
        try made("clamp") { handle in
            switch (min, max) {
            case (nil, nil): return torch_clamp(handle, nil, nil)
            case (let low?, nil):
                return withUnsafePointer(to: low.scalar.value) { torch_clamp(handle, $0, nil) }
            case (nil, let high?):
                return withUnsafePointer(to: high.scalar.value) { torch_clamp(handle, nil, $0) }
            case (let low?, let high?):
                return withUnsafePointer(to: low.scalar.value) { low in
                    withUnsafePointer(to: high.scalar.value) { torch_clamp(handle, low, $0) }
                }
            }
        }
    }

    /// `a` where the condition (`bool`) holds, else `b`; all three broadcast.
    public static func `where`(
        _ condition: Tensor, _ a: Tensor, _ b: Tensor
    ) throws -> Tensor {
        try condition.made("where", with: a, b, torch_where)
    }

    /// `value` where the mask (`bool`) holds, else this tensor.
    public final func maskedFill(_ mask: Tensor, _ value: some TensorScalar) throws -> Tensor {
        try made("maskedFill", with: mask) { torch_masked_fill($0, $1, value.scalar.value) }
    }

    /// (1 − weight) self + weight end.
    public final func lerp(to end: Tensor, weight: Tensor) throws -> Tensor {
        try made("lerp", with: end, weight, torch_lerp)
    }

    /// (1 − weight) self + weight end.
    public final func lerp(to end: Tensor, weight: Double) throws -> Tensor {
        try made("lerp", with: end) { torch_lerp_scalar($0, $1, weight) }
    }

    /// self + factor a b, in one pass over memory.
    public final func addProduct(
        _ a: Tensor, _ b: Tensor, factor: Double = 1
    ) throws -> Tensor {
        try made("addProduct", with: a, b) { torch_addcmul($0, $1, $2, factor) }
    }
}
