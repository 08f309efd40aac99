import Foundation

/// The scalar product of two vectors.
@inlinable
public func dot<S: BinaryFloatingPoint & SIMDScalar>(_ a: SIMD3<S>, _ b: SIMD3<S>) -> S {
    a.x * b.x + a.y * b.y + a.z * b.z
}

/// The vector product of two vectors, right-handed.
@inlinable
public func cross<S: BinaryFloatingPoint & SIMDScalar>(_ a: SIMD3<S>, _ b: SIMD3<S>) -> SIMD3<S> {
    SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}

/// The Euclidean length of a vector.
@inlinable
public func length<S: BinaryFloatingPoint & SIMDScalar>(_ v: SIMD3<S>) -> S {
    dot(v, v).squareRoot()
}

/// `v` scaled to length one; the zero vector where `v` is zero, infinite or not a number.
@inlinable
public func normalize<S: BinaryFloatingPoint & SIMDScalar>(_ v: SIMD3<S>) -> SIMD3<S> {
    let squared = dot(v, v)
    return squared > 0 && squared.isFinite ? v / squared.squareRoot() : .zero
}

/// The angle in radians whose cosine is `c`, which rounding may have brought just beyond ±1.
@inlinable
public func arcCosine(_ c: Double) -> Double { acos(max(-1, min(1, c))) }
