/// A number at every node of a regular grid.
public struct ScalarGrid: Sendable, Equatable {
    /// Nodes along x, y, z.
    public let size: SIMD3<Int>
    /// Where node (0, 0, 0) is.
    public let origin: SIMD3<Float>
    /// The distance of neighbouring nodes, along every axis the same.
    public let spacing: Float
    /// `[z, y, x]`: x varies fastest.
    public var values: [Float]

    /// A grid of one number.
    public init(
        size: SIMD3<Int>, origin: SIMD3<Float> = .zero, spacing: Float = 1,
        repeating value: Float = 0
    ) {
        self.init(
            size: size, origin: origin, spacing: spacing,
            values: [Float](repeating: value, count: size.x * size.y * size.z))
    }

    /// A grid of the given numbers, x varying fastest.
    public init(size: SIMD3<Int>, origin: SIMD3<Float>, spacing: Float, values: [Float]) {
        precondition(size.min() >= 0, "a grid has no negative size")
        precondition(values.count == size.x * size.y * size.z, "one number a node")
        self.size = size
        self.origin = origin
        self.spacing = spacing
        self.values = values
    }

    /// The number at a node.
    @inlinable
    public subscript(x: Int, y: Int, z: Int) -> Float {
        get { values[(z * size.y + y) * size.x + x] }
        set { values[(z * size.y + y) * size.x + x] = newValue }
    }

    /// The number at a place, linear along each axis between nodes; nil beyond the grid.
    public func value(at place: SIMD3<Float>) -> Float? {
        let p = (place - origin) / spacing
        let last = SIMD3<Float>(Float(size.x - 1), Float(size.y - 1), Float(size.z - 1))
        guard size.min() > 1, all(p .>= 0), all(p .<= last) else { return nil }
        let low = pointwiseMin(p.rounded(.down), last - 1)
        let t = p - low
        let (x, y, z) = (Int(low.x), Int(low.y), Int(low.z))
        func along(_ y: Int, _ z: Int) -> Float {
            self[x, y, z] * (1 - t.x) + self[x + 1, y, z] * t.x
        }
        let near = along(y, z) * (1 - t.y) + along(y + 1, z) * t.y
        let far = along(y, z + 1) * (1 - t.y) + along(y + 1, z + 1) * t.y
        return near * (1 - t.z) + far * t.z
    }

    /// Where a node is.
    @inlinable
    public func position(_ x: Int, _ y: Int, _ z: Int) -> SIMD3<Float> {
        origin + SIMD3(Float(x), Float(y), Float(z)) * spacing
    }

    /// Where all nodes are, in the order of `values`.
    public var positions: Vector3Array {
        var result = Vector3Array()
        result.reserveCapacity(values.count)
        for z in 0..<size.z {
            for y in 0..<size.y { for x in 0..<size.x { result.append(position(x, y, z)) } }
        }
        return result
    }

    /// The nodes whose number is below a level; those that hold no number are not.
    public func nodes(below level: Float) -> BitGrid {
        var bits = BitGrid(size: size)
        let (columns, stride) = (size.x, bits.wordsPerRow)
        let rows = size.y * size.z
        values.withUnsafeBufferPointer { values in
            bits.words.withUnsafeMutableBufferPointer { words in
                let source = SharedReading(values)
                let target = SharedPointer(words)
                ParallelRanges.run(count: rows, grain: 256) { range in
                    for row in range {
                        for w in 0..<stride {
                            target[row * stride + w] = Self.word(
                                source, row * columns + 64 * w, min(64, columns - 64 * w), level)
                        }
                    }
                }
            }
        }
        return bits
    }

    /// The bits of up to sixty-four numbers in a row.
    @inline(__always)
    private static func word(
        _ values: SharedReading<Float>, _ start: Int, _ count: Int, _ level: Float
    ) -> UInt64 {
        var word: UInt64 = 0
        let limit = FloatLanes(repeating: level)
        let base = values.base.unsafelyUnwrapped + start
        var i = 0
        while i + 8 <= count {
            let eight = UnsafeRawPointer(base + i).loadUnaligned(as: FloatLanes.self)
            word |= UInt64(laneBits(eight .< limit)) << UInt64(i)
            i += 8
        }
        while i < count {
            if base[i] < level { word |= 1 << UInt64(i) }
            i += 1
        }
        return word
    }
}
