/// A canonical prefix code of deflate (RFC 1951, section 3.2.2).
struct HuffmanCode {
    /// For each symbol its code, first bit lowest, and in the upper half its length in bits; zero
    /// where the symbol does not occur.
    private(set) var entries: [UInt32]

    /// Bits of a symbol's code.
    func length(of symbol: Int) -> Int { Int(entries[symbol] >> 16) }

    /// The shortest code for symbols that occur as often as `counts` says, none of them longer
    /// than `maximumLength`.
    ///
    /// At least two symbols get a code: decoders are right to refuse an incomplete one.
    init(counts: [UInt32], maximumLength: Int) {
        var symbols = counts.indices.filter { counts[$0] > 0 }
        for symbol in counts.indices where symbols.count < 2 && counts[symbol] == 0 {
            symbols.append(symbol)
        }
        symbols.sort { (counts[$0], $0) < (counts[$1], $1) }
        let depths = HuffmanCode.leafDepths(of: symbols.map { max(counts[$0], 1) })
        let perLength = HuffmanCode.limited(depths, to: maximumLength)
        var lengths = [Int](repeating: 0, count: counts.count)
        // The rarest symbols stand first and get the longest codes.
        var next = 0
        for length in stride(from: maximumLength, through: 1, by: -1) {
            for symbol in symbols[next..<next + perLength[length]] { lengths[symbol] = length }
            next += perLength[length]
        }
        entries = HuffmanCode.canonicalEntries(lengths: lengths, perLength: perLength)
    }

    /// How deep the leaves of a Huffman tree lie, for weights in ascending order, two or more.
    private static func leafDepths(of weights: [UInt32]) -> [Int] {
        let leafCount = weights.count
        var sums = weights.map(UInt64.init)
        var parents = [Int](repeating: 0, count: 2 * leafCount - 1)
        // Inner nodes arise in ascending order too, so the two lightest are at two heads.
        var (leaf, inner) = (0, leafCount)
        func takeLightest() -> Int {
            if leaf < leafCount, inner == sums.count || sums[leaf] <= sums[inner] {
                leaf += 1
                return leaf - 1
            }
            inner += 1
            return inner - 1
        }
        while sums.count < 2 * leafCount - 1 {
            let (first, second) = (takeLightest(), takeLightest())
            parents[first] = sums.count
            parents[second] = sums.count
            sums.append(sums[first] + sums[second])
        }
        var depths = [Int](repeating: 0, count: 2 * leafCount - 1)
        for node in stride(from: 2 * leafCount - 3, through: 0, by: -1) {
            depths[node] = depths[parents[node]] + 1
        }
        return Array(depths[..<leafCount])
    }

    /// How many codes of each length there are when none is longer than `maximum`: leaves that lie
    /// deeper are lifted, and others sunk until the code is complete again (Kraft's sum is 1).
    private static func limited(_ depths: [Int], to maximum: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: maximum + 1)
        for depth in depths { counts[min(depth, maximum)] += 1 }
        // In units of 2^-maximum.
        var sum = (1...maximum).reduce(0) { $0 + counts[$1] << (maximum - $1) }
        while sum > 1 << maximum {
            // One of the longest codes moves next to a shorter one that becomes longer by a bit.
            guard let shorter = (1..<maximum).last(where: { counts[$0] > 0 }) else { break }
            counts[maximum] -= 1
            counts[shorter] -= 1
            counts[shorter + 1] += 2
            sum -= 1
        }
        return counts
    }

    private static func canonicalEntries(lengths: [Int], perLength: [Int]) -> [UInt32] {
        var next = [UInt32](repeating: 0, count: perLength.count + 1)
        for length in 1..<perLength.count {
            next[length + 1] = (next[length] + UInt32(perLength[length])) << 1
        }
        return lengths.map { length in
            guard length > 0 else { return 0 }
            var (code, reversed) = (next[length], UInt32(0))
            next[length] += 1
            for _ in 0..<length {
                reversed = reversed << 1 | code & 1
                code >>= 1
            }
            return reversed | UInt32(length) << 16
        }
    }
}
