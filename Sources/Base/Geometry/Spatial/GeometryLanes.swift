/// Eight numbers that are worked on at once: one AVX register, or two of SSE and NEON.
typealias FloatLanes = SIMD8<Float>
/// Eight 32-bit integers.
typealias IntLanes = SIMD8<Int32>
/// Eight truth values.
typealias LaneMask = SIMDMask<IntLanes>

/// The larger of two numbers in every lane; `a` where `b` is not a number. (The standard library's
/// `pointwiseMax` goes lane by lane.)
@inline(__always)
func larger(_ a: FloatLanes, _ b: FloatLanes) -> FloatLanes {
    a.replacing(with: b, where: b .> a)
}

/// The smaller of two numbers in every lane; `a` where `b` is not a number.
@inline(__always)
func smaller(_ a: FloatLanes, _ b: FloatLanes) -> FloatLanes {
    a.replacing(with: b, where: b .< a)
}

/// `v` limited to 0...1; 0 where it is not a number.
@inline(__always)
func saturated(_ v: FloatLanes) -> FloatLanes {
    smaller(larger(.zero, v), FloatLanes(repeating: 1))
}

/// The bit patterns of eight floats.
@inline(__always)
func bits(_ v: FloatLanes) -> IntLanes { unsafeBitCast(v, to: IntLanes.self) }

/// The floats of eight bit patterns.
@inline(__always)
func floats(bits v: IntLanes) -> FloatLanes { unsafeBitCast(v, to: FloatLanes.self) }

/// The absolute value of every lane.
@inline(__always)
func magnitude(_ v: FloatLanes) -> FloatLanes {
    floats(bits: bits(v) & IntLanes(repeating: 0x7fff_ffff))
}

/// Whether a mask is true in some lane.
@inline(__always)
func anyLane(_ mask: LaneMask) -> Bool {
    let pairs = unsafeBitCast(mask, to: SIMD4<Int64>.self)
    return (pairs[0] | pairs[1] | pairs[2] | pairs[3]) != 0
}

/// Bit i of the result is lane i of the mask.
@inline(__always)
func laneBits(_ mask: LaneMask) -> UInt32 {
    let weights = IntLanes(1, 2, 4, 8, 16, 32, 64, 128)
    let selected = IntLanes.zero.replacing(with: weights, where: mask)
    let four = selected.lowHalf | selected.highHalf
    let two = four.lowHalf | four.highHalf
    return UInt32(truncatingIfNeeded: two[0] | two[1])
}

/// The sum of the eight lanes.
@inline(__always)
func laneSum(_ v: FloatLanes) -> Float {
    let four = v.lowHalf + v.highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
}

/// The largest of the eight lanes.
@inline(__always)
func laneMaximum(_ v: FloatLanes) -> Float {
    let four = v.lowHalf.replacing(with: v.highHalf, where: v.highHalf .> v.lowHalf)
    let two = four.lowHalf.replacing(with: four.highHalf, where: four.highHalf .> four.lowHalf)
    return max(two[0], two[1])
}

/// The smallest of the eight lanes.
@inline(__always)
func laneMinimum(_ v: FloatLanes) -> Float {
    let four = v.lowHalf.replacing(with: v.highHalf, where: v.highHalf .< v.lowHalf)
    let two = four.lowHalf.replacing(with: four.highHalf, where: four.highHalf .< four.lowHalf)
    return min(two[0], two[1])
}

/// `sqrt(v)` within two units in the last place for zero and for positive normal numbers: an
/// estimate of the inverse root by the exponent, then Newton's method three times. (The standard
/// library's `squareRoot` goes lane by lane.)
@inline(__always)
func roots(_ v: FloatLanes) -> FloatLanes {
    var y = floats(bits: IntLanes(repeating: 0x5f37_59df) &- (bits(v) &>> 1))
    let half = v * 0.5
    y = y * (1.5 - half * y * y)
    y = y * (1.5 - half * y * y)
    y = y * (1.5 - half * y * y)
    return v * y
}

/// The angle of (x, y) in radians, within 4e-7; zero for the origin.
///
/// The quotient of the smaller over the larger is brought to 0...1, where an odd polynomial of
/// degree 15 (Chebyshev fit, error below 8e-8) stands for the arc tangent.
@inline(__always)
func angles(y: FloatLanes, x: FloatLanes) -> FloatLanes {
    let ax = magnitude(x), ay = magnitude(y)
    let big = larger(larger(ax, ay), FloatLanes(repeating: .leastNormalMagnitude))
    let q = smaller(ax, ay) / big
    let s = q * q
    var p = FloatLanes(repeating: -0.00466877315)
    p = p * s + Float(0.0241661891)
    p = p * s - Float(0.0593671016)
    p = p * s + Float(0.0990609676)
    p = p * s - Float(0.140165851)
    p = p * s + Float(0.199692354)
    p = p * s - Float(0.333319604)
    p = p * s + Float(0.999999881)
    var angle = p * q
    angle = angle.replacing(with: (Float.pi / 2) - angle, where: ay .> ax)
    angle = angle.replacing(with: Float.pi - angle, where: x .< 0)
    return angle.replacing(with: -angle, where: y .< 0)
}
