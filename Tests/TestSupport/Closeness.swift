import Geometry

/// The largest absolute difference between two lists; infinite where their counts differ or a
/// difference is not a number.
public func maximumDifference<Number: BinaryFloatingPoint>(
    _ a: some Collection<Number>, _ b: some Collection<Number>
) -> Number {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).reduce(0) { largest, pair in
        let difference = abs(pair.0 - pair.1)
        return difference.isNaN ? .infinity : max(largest, difference)
    }
}

/// The largest distance between vectors of the same index; infinite where the counts differ.
public func maximumDistance(_ a: Vector3Array, _ b: Vector3Array) -> Float {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).reduce(0) { max($0, length($1.0 - $1.1)) }
}

/// Whether two numbers differ by no more than `tolerance`; false where either is not a number.
public func isClose<Number: BinaryFloatingPoint>(
    _ a: Number, _ b: Number, within tolerance: Number
) -> Bool {
    abs(a - b) <= tolerance
}

/// Whether two numbers differ by no more than `tolerance` times the larger one's magnitude.
public func isClose<Number: BinaryFloatingPoint>(
    _ a: Number, _ b: Number, relative tolerance: Number
) -> Bool {
    abs(a - b) <= tolerance * max(abs(a), abs(b))
}
