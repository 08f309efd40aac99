/// Eight numbers that are worked on at once: one AVX register, or two of SSE and NEON.
///
/// The operations below are spelled so that the compiler emits single vector instructions for them;
/// the standard library's `pointwiseMax`, `squareRoot` and conversions go lane by lane.
typealias FloatLanes = SIMD8<Float>
/// Eight 32-bit integers.
typealias IntLanes = SIMD8<Int32>

/// The bit patterns of eight floats.
@inline(__always)
func bits(_ v: FloatLanes) -> IntLanes { unsafeBitCast(v, to: IntLanes.self) }

/// The floats of eight bit patterns.
@inline(__always)
func floats(bits v: IntLanes) -> FloatLanes { unsafeBitCast(v, to: FloatLanes.self) }

/// Whether a mask is true in some lane. (The standard library's `any` is not always inlined.)
@inline(__always)
func anyLane(_ mask: SIMDMask<IntLanes>) -> Bool {
    let pairs = unsafeBitCast(mask, to: SIMD4<Int64>.self)
    return (pairs[0] | pairs[1] | pairs[2] | pairs[3]) != 0
}

/// The larger of two numbers in every lane; `a` where `b` is not a number.
@inline(__always)
func larger(_ a: FloatLanes, _ b: FloatLanes) -> FloatLanes {
    a.replacing(with: b, where: b .> a)
}

/// The smaller of two numbers in every lane; `a` where `b` is not a number.
@inline(__always)
func smaller(_ a: FloatLanes, _ b: FloatLanes) -> FloatLanes {
    a.replacing(with: b, where: b .< a)
}

/// `v` limited to `low...high`, where numbers are negative or `low` is positive, and `high` where it
/// is not a number.
///
/// The bits of positive floats have the order of integers, whose minimum and maximum the compiler
/// knows as one instruction each whatever the operands.
@inline(__always)
func limited(_ v: FloatLanes, low: IntLanes, high: IntLanes) -> IntLanes {
    let b = bits(v)
    let below = b.replacing(with: high, where: high .< b)
    return below.replacing(with: low, where: below .< low)
}

/// `v` limited to 0...1; 0 where it is not a number.
@inline(__always)
func saturated(_ v: FloatLanes) -> FloatLanes {
    smaller(larger(.zero, v), .one)
}

/// The absolute value of every lane.
@inline(__always)
func magnitude(_ v: FloatLanes) -> FloatLanes {
    floats(bits: bits(v) & IntLanes(repeating: 0x7fff_ffff))
}

/// `1 / sqrt(v)` for positive normal numbers, within two units in the last place: an estimate by
/// the exponent, then Newton's method three times (each doubles the correct digits).
@inline(__always)
func inverseSquareRoot(_ v: FloatLanes) -> FloatLanes {
    var y = floats(bits: IntLanes(repeating: 0x5f37_59df) &- (bits(v) &>> 1))
    let half = v * 0.5
    y = y * (1.5 - half * y * y)
    y = y * (1.5 - half * y * y)
    return y * (1.5 - half * y * y)
}

/// `1 / sqrt(v)` for positive normal numbers, within 5e-6: one step less than
/// ``inverseSquareRoot(_:)``, for light.
@inline(__always)
func roughInverseSquareRoot(_ v: FloatLanes) -> FloatLanes {
    var y = floats(bits: IntLanes(repeating: 0x5f37_59df) &- (bits(v) &>> 1))
    let half = v * 0.5
    y = y * (1.5 - half * y * y)
    return y * (1.5 - half * y * y)
}

/// The base-2 logarithm of positive normal numbers, within 2e-5: the exponent, plus the area
/// hyperbolic tangent's series for the mantissa.
@inline(__always)
func logarithm2(_ v: FloatLanes) -> FloatLanes {
    let pattern = bits(v)
    let exponent = numbers((pattern &>> 23) &- IntLanes(repeating: 127))
    let mantissa = floats(
        bits: (pattern & IntLanes(repeating: 0x007f_ffff)) | IntLanes(repeating: 0x3f80_0000))
    let s = (mantissa - 1) / (mantissa + 1)
    let q = s * s
    // 2 / ln 2 times 1, 1/3, 1/5, 1/7.
    return exponent + s * (2.885_390 + q * (0.961_797 + q * (0.577_078 + q * 0.412_199)))
}

/// Eight whole numbers between -2^22 and 2^22 as integers.
@inline(__always)
func integers(_ v: FloatLanes) -> IntLanes {
    bits(v + 12_582_912) &- IntLanes(repeating: 0x4b40_0000)
}

/// Eight integers between -2^22 and 2^22 as numbers.
@inline(__always)
func numbers(_ v: IntLanes) -> FloatLanes {
    floats(bits: v &+ IntLanes(repeating: 0x4b40_0000)) - 12_582_912
}

/// The integers nearest to numbers between -2^22 and 2^22. Adding 1.5 * 2^23 leaves the integer in
/// the low bits of the float.
@inline(__always)
func nearestIntegers(_ v: SIMD4<Float>) -> SIMD4<Int32> {
    unsafeBitCast(v + SIMD4(repeating: 12_582_912), to: SIMD4<Int32>.self)
        &- SIMD4(repeating: 0x4b40_0000)
}

/// Three components of eight vectors.
struct VectorLanes {
    var x: FloatLanes
    var y: FloatLanes
    var z: FloatLanes

    @inline(__always)
    init(_ x: FloatLanes, _ y: FloatLanes, _ z: FloatLanes) {
        self.x = x
        self.y = y
        self.z = z
    }

    /// One vector in every lane.
    @inline(__always)
    init(_ v: SIMD3<Float>) {
        self.init(
            FloatLanes(repeating: v.x), FloatLanes(repeating: v.y), FloatLanes(repeating: v.z))
    }

    @inline(__always)
    static func + (a: VectorLanes, b: VectorLanes) -> VectorLanes {
        VectorLanes(a.x + b.x, a.y + b.y, a.z + b.z)
    }

    @inline(__always)
    static func - (a: VectorLanes, b: VectorLanes) -> VectorLanes {
        VectorLanes(a.x - b.x, a.y - b.y, a.z - b.z)
    }

    @inline(__always)
    static func * (a: VectorLanes, s: FloatLanes) -> VectorLanes {
        VectorLanes(a.x * s, a.y * s, a.z * s)
    }

    @inline(__always)
    static func + (a: VectorLanes, s: FloatLanes) -> VectorLanes {
        VectorLanes(a.x + s, a.y + s, a.z + s)
    }

    /// This vector where `mask` is false, `other` where it is true.
    @inline(__always)
    func replacing(with other: VectorLanes, where mask: SIMDMask<IntLanes>) -> VectorLanes {
        VectorLanes(
            x.replacing(with: other.x, where: mask), y.replacing(with: other.y, where: mask),
            z.replacing(with: other.z, where: mask))
    }

    /// At length one; zero where the length is zero.
    @inline(__always)
    var normalized: VectorLanes {
        self * inverseSquareRoot(larger(dot(self, self), FloatLanes(repeating: 1e-30)))
    }
}

/// The scalar products of eight pairs of vectors.
@inline(__always)
func dot(_ a: VectorLanes, _ b: VectorLanes) -> FloatLanes {
    a.x * b.x + a.y * b.y + a.z * b.z
}

/// The vector products of eight pairs of vectors.
@inline(__always)
func cross(_ a: VectorLanes, _ b: VectorLanes) -> VectorLanes {
    VectorLanes(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}
