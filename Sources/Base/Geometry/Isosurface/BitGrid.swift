/// One bit for every node of a grid, sixty-four along x to a word.
public struct BitGrid: Sendable, Equatable {
    /// Nodes along x, y, z.
    public let size: SIMD3<Int>
    /// Words of a row along x.
    public let wordsPerRow: Int
    /// `[z, y, word]`; bits beyond the last node of a row are zero.
    public var words: [UInt64]

    /// A grid of zeros.
    public init(size: SIMD3<Int>) {
        precondition(size.min() >= 0, "a grid has no negative size")
        self.size = size
        wordsPerRow = (size.x + 63) / 64
        words = [UInt64](repeating: 0, count: wordsPerRow * size.y * size.z)
    }

    /// Where the row at (y, z) begins in `words`.
    @inlinable
    public func row(_ y: Int, _ z: Int) -> Int { (z * size.y + y) * wordsPerRow }

    /// The bit of a node.
    @inlinable
    public subscript(x: Int, y: Int, z: Int) -> Bool {
        get { words[row(y, z) + (x >> 6)] >> UInt64(x & 63) & 1 != 0 }
        set {
            let bit: UInt64 = 1 << UInt64(x & 63)
            if newValue {
                words[row(y, z) + (x >> 6)] |= bit
            } else {
                words[row(y, z) + (x >> 6)] &= ~bit
            }
        }
    }

    /// The word of ones for the nodes of word `i` of a row.
    @inlinable
    public func validBits(_ i: Int) -> UInt64 {
        let nodes = size.x - 64 * i
        return nodes >= 64 ? .max : (1 << UInt64(nodes)) - 1
    }

    /// The number of ones.
    public var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
}
