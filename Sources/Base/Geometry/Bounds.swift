/// An axis-aligned box; empty until a point is added.
public struct Bounds: Sendable, Equatable {
    /// The smallest corner; +infinity in an empty box.
    public var minimum: SIMD3<Float>
    /// The largest corner; -infinity in an empty box.
    public var maximum: SIMD3<Float>

    /// A box that holds nothing.
    @inlinable
    public init() {
        minimum = SIMD3(repeating: .infinity)
        maximum = SIMD3(repeating: -.infinity)
    }

    /// The smallest box around some points; points with a component that is no finite number are
    /// passed over.
    ///
    /// - Complexity: O(*n*) in the number of points.
    public init(_ points: Vector3Array, range: Range<Int>? = nil) {
        self.init()
        let range = range ?? 0..<points.count
        points.scalars.withUnsafeBufferPointer { s in
            var low = minimum
            var high = maximum
            for i in range {
                let p = SIMD3(s[3 * i], s[3 * i + 1], s[3 * i + 2])
                // A difference with itself is zero exactly for finite numbers.
                guard p - p == .zero else { continue }
                low = pointwiseMin(low, p)
                high = pointwiseMax(high, p)
            }
            minimum = low
            maximum = high
        }
    }

    /// Whether nothing was added yet.
    @inlinable public var isEmpty: Bool { minimum.x > maximum.x }
    /// The middle; zero for an empty box.
    @inlinable
    public var center: SIMD3<Float> {
        isEmpty ? .zero : minimum * 0.5 + maximum * 0.5
    }
    /// The three side lengths; zero for an empty box.
    @inlinable public var size: SIMD3<Float> { isEmpty ? .zero : maximum - minimum }
    /// The length of the longest side.
    @inlinable public var longestSide: Float { size.max() }

    /// Grows the box to hold `p`.
    @inlinable
    public mutating func formUnion(_ p: SIMD3<Float>) {
        minimum = pointwiseMin(minimum, p)
        maximum = pointwiseMax(maximum, p)
    }

    /// Grows the box to hold another.
    @inlinable
    public mutating func formUnion(_ other: Bounds) {
        minimum = pointwiseMin(minimum, other.minimum)
        maximum = pointwiseMax(maximum, other.maximum)
    }
}
