/// The order in which one pass over the samples of a table takes them.
public struct SampleOrder: Sendable, Equatable {
    /// Indices into the table.
    public let indices: [Int]

    /// An order of the caller's; samples may come more than once.
    public init(indices: [Int]) { self.indices = indices }

    /// The table's own order: as the samples were committed.
    public static func sequential(count: Int) -> SampleOrder {
        SampleOrder(indices: Array(0..<count))
    }

    /// A permutation of all samples, every one as likely as any other: a function of the seed and
    /// the epoch alone, the same on every machine.
    ///
    /// - Complexity: O(n) for n samples.
    public static func shuffled(count: Int, seed: UInt64, epoch: Int) -> SampleOrder {
        var numbers = SplitMix64(state: StableHash.of("\(seed)\0epoch\0\(epoch)"))
        var indices = Array(0..<count)
        // Fisher and Yates, as Durstenfeld wrote it down (1964).
        for i in indices.indices.reversed() {
            indices.swapAt(i, Int(numbers.next(below: UInt64(i) + 1)))
        }
        return SampleOrder(indices: indices)
    }

    /// Every `count`-th index from `part` on: what one of `count` processes takes that train
    /// together. All get the same number of samples, so that none waits for the others at the end
    /// of a pass: up to `count - 1` samples of the order are left out.
    public func part(_ part: Int, of count: Int) -> SampleOrder {
        precondition((0..<count).contains(part), "parts are counted from 0")
        let each = indices.count / count
        return SampleOrder(indices: (0..<each).map { indices[$0 * count + part] })
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
private struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// A number below `bound`, each as likely as any other (Lemire 2019).
    mutating func next(below bound: UInt64) -> UInt64 {
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let least = (0 &- bound) % bound
            while product.low < least { product = next().multipliedFullWidth(by: bound) }
        }
        return product.high
    }
}
