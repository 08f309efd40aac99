/// Three-component vectors packed into twelve bytes each, as `.npy` files and BLAS expect them
/// (a Swift `SIMD3<Float>` takes sixteen).
public struct Vector3Array: Sendable, Equatable, RandomAccessCollection, MutableCollection {
    /// `[count, 3]`, row-major.
    public var scalars: [Float]

    /// No vectors.
    @inlinable
    public init() { scalars = [] }

    /// `count` zero vectors.
    @inlinable
    public init(count: Int) { scalars = [Float](repeating: 0, count: count * 3) }

    /// The vectors in `scalars`, whose count must be a multiple of three.
    @inlinable
    public init(scalars: [Float]) {
        precondition(scalars.count % 3 == 0, "three scalars make a vector")
        self.scalars = scalars
    }

    /// The vectors of a sequence.
    @inlinable
    public init(_ vectors: some Sequence<SIMD3<Float>>) {
        scalars = []
        scalars.reserveCapacity(vectors.underestimatedCount * 3)
        for v in vectors {
            scalars.append(v.x)
            scalars.append(v.y)
            scalars.append(v.z)
        }
    }

    /// Position of the first vector.
    @inlinable public var startIndex: Int { 0 }
    /// One past the position of the last vector.
    @inlinable public var endIndex: Int { scalars.count / 3 }

    /// The vector at position `i`.
    @inlinable
    public subscript(i: Int) -> SIMD3<Float> {
        get { SIMD3(scalars[3 * i], scalars[3 * i + 1], scalars[3 * i + 2]) }
        set {
            scalars[3 * i] = newValue.x
            scalars[3 * i + 1] = newValue.y
            scalars[3 * i + 2] = newValue.z
        }
    }

    /// Adds one vector at the end. Amortised constant time.
    @inlinable
    public mutating func append(_ v: SIMD3<Float>) {
        scalars.append(v.x)
        scalars.append(v.y)
        scalars.append(v.z)
    }

    /// Adds all vectors of another array at the end.
    @inlinable
    public mutating func append(contentsOf other: Vector3Array) {
        scalars.append(contentsOf: other.scalars)
    }

    /// Makes room for `count` vectors in all.
    @inlinable
    public mutating func reserveCapacity(_ count: Int) { scalars.reserveCapacity(count * 3) }
}
