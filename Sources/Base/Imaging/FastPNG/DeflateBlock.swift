/// One block of deflate with its own codes (RFC 1951, section 3.2.7): the rows' sequences, how often
/// each symbol occurs in them, and how they are written.
struct DeflateBlock: ~Copyable {
    private static let endOfBlock = 256
    /// Four literals and what is pending fit into 64 bits.
    private static let maximumLength = 14

    private let sequences: UnsafeMutableBufferPointer<PixelSequence>
    private var sequenceCount = 0
    private var literalCounts: [UInt32] = []
    private var distanceCounts: [UInt32] = []

    init(rowsPerBlock: Int, width: Int) {
        sequences = .allocate(capacity: rowsPerBlock * PixelMatcher.sequenceLimit(width: width))
    }

    deinit { sequences.deallocate() }

    /// Finds the sequences of some rows and counts their symbols.
    mutating func collect(
        _ rows: Range<Int>, of filtered: borrowing FilteredPixels, _ matcher: borrowing PixelMatcher
    ) {
        sequenceCount = 0
        for row in rows {
            let output = UnsafeMutableBufferPointer(rebasing: sequences[sequenceCount...])
            sequenceCount += matcher.findSequences(
                ofRow: row, output.baseAddress.unsafelyUnwrapped)
        }
        literalCounts = [UInt32](repeating: 0, count: 286)
        distanceCounts = [UInt32](repeating: 0, count: 30)
        literalCounts[DeflateBlock.endOfBlock] = 1
        for row in rows { literalCounts[Int(filtered.filters[row])] += 1 }
        countLiterals(from: filtered.pixels + rows.lowerBound * filtered.width)
        let lengthCodes = LengthCode.all
        for sequence in sequences[..<sequenceCount] where sequence.length > 0 {
            literalCounts[lengthCodes[Int(sequence.length)].symbol] &+= 1
            distanceCounts[DistanceCode(lessOne: sequence.distanceLessOne).symbol] &+= 1
        }
    }

    /// Counts the bytes of the literal pixels: each channel by itself, because a counter that is
    /// raised twice in a row makes the processor wait.
    private mutating func countLiterals(from first: UnsafePointer<UInt32>) {
        var counts = [UInt32](repeating: 0, count: 4 * 256)
        counts.withUnsafeMutableBufferPointer { counts in
            var pixel = first
            for sequence in sequences[..<sequenceCount] {
                for _ in 0..<sequence.literals {
                    let bytes = pixel.pointee.littleEndian
                    counts[Int(bytes & 255)] &+= 1
                    counts[256 + Int(bytes >> 8 & 255)] &+= 1
                    counts[512 + Int(bytes >> 16 & 255)] &+= 1
                    counts[768 + Int(bytes >> 24)] &+= 1
                    pixel += 1
                }
                pixel += Int(sequence.length)
            }
        }
        for (i, count) in counts.enumerated() { literalCounts[i % 256] += count }
    }

    /// Writes the sequences that were collected last.
    func write(
        _ rows: Range<Int>, of filtered: borrowing FilteredPixels, isLast: Bool,
        to writer: inout BitWriter
    ) {
        let literals = HuffmanCode(
            counts: literalCounts, maximumLength: DeflateBlock.maximumLength)
        let distances = HuffmanCode(counts: distanceCounts, maximumLength: 15)
        writer.reserve(bitCount: 4096 * 8)
        writer.put(isLast ? 1 : 0, 1)
        writer.put(2, 2)
        DeflateBlock.describe(literals, distances, to: &writer)
        var next = 0
        let codes = Codes(literals: literals, distances: distances)
        for row in rows {
            // No pixel takes more than four codes, nor a match, of two pixels, more than 48 bits.
            writer.reserve(bitCount: filtered.width * 60 + 128)
            writer.put(literals.entries[Int(filtered.filters[row])])
            next = writeRow(
                from: next, filtered.pixels + row * filtered.width, codes, to: &writer)
        }
        writer.put(literals.entries[DeflateBlock.endOfBlock])
        writer.flush()
    }

    /// What writing takes; the matches' lengths with their extra bits already behind their codes.
    private struct Codes {
        let literals: [UInt32]
        let lengths: [(bits: UInt64, count: UInt64)]
        let distances: [UInt32]

        init(literals: HuffmanCode, distances: HuffmanCode) {
            self.literals = literals.entries
            self.distances = distances.entries
            lengths = LengthCode.all.map { length in
                let entry = literals.entries[length.symbol]
                let count = UInt64(entry >> 16)
                return (
                    bits: UInt64(entry & 0xffff) | length.extraBits << count,
                    count: count + length.extraCount
                )
            }
        }
    }

    /// Writes the sequences of one row, up to the one that ends it; returns the next one's index.
    private func writeRow(
        from first: Int, _ pixels: UnsafePointer<UInt32>, _ codes: Codes, to writer: inout BitWriter
    ) -> Int {
        var next = first
        var pixel = pixels
        while true {
            let sequence = sequences[next]
            next += 1
            for _ in 0..<sequence.literals {
                writer.flush()
                let bytes = pixel.pointee.littleEndian
                writer.put(codes.literals[Int(bytes & 255)])
                writer.put(codes.literals[Int(bytes >> 8 & 255)])
                writer.put(codes.literals[Int(bytes >> 16 & 255)])
                writer.put(codes.literals[Int(bytes >> 24)])
                pixel += 1
            }
            writer.flush()
            guard sequence.length > 0 else { return next }
            let length = codes.lengths[Int(sequence.length)]
            writer.put(length.bits, length.count)
            let distance = DistanceCode(lessOne: sequence.distanceLessOne)
            writer.put(codes.distances[distance.symbol])
            writer.put(distance.extraBits, distance.extraCount)
            pixel += Int(sequence.length)
        }
    }

    /// The two codes' lengths, themselves under a Huffman code; runs are not shortened, which
    /// would save some 50 bytes a block.
    private static func describe(
        _ literals: HuffmanCode, _ distances: HuffmanCode, to writer: inout BitWriter
    ) {
        let lengths =
            (0..<286).map { literals.length(of: $0) } + (0..<30).map { distances.length(of: $0) }
        var counts = [UInt32](repeating: 0, count: 19)
        for length in lengths { counts[length] += 1 }
        let code = HuffmanCode(counts: counts, maximumLength: 7)
        writer.put(286 - 257, 5)
        writer.put(30 - 1, 5)
        writer.put(19 - 4, 4)
        for symbol in [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15] {
            writer.flush()
            writer.put(UInt64(code.length(of: symbol)), 3)
        }
        for length in lengths {
            writer.flush()
            writer.put(code.entries[length])
        }
        writer.flush()
    }
}

/// How deflate writes a match's length (RFC 1951, section 3.2.5).
struct LengthCode {
    let symbol: Int
    let extraBits: UInt64
    let extraCount: UInt64

    /// For 0 to 64 pixels of four bytes; the first is never used.
    static let all = (0...PixelMatcher.maximumLength).map { LengthCode(byteCount: max(4 * $0, 4)) }

    /// - Parameter byteCount: 3 to 257.
    private init(byteCount: Int) {
        // Four symbols to each power of two from 8 on; one symbol a length below.
        let offset = byteCount - 3
        guard offset >= 8 else {
            (symbol, extraBits, extraCount) = (257 + offset, 0, 0)
            return
        }
        let extra = Int.bitWidth - 1 - offset.leadingZeroBitCount - 2
        symbol = 257 + 4 * extra + offset >> extra
        extraBits = UInt64(offset & (1 << extra - 1))
        extraCount = UInt64(extra)
    }
}

/// How deflate writes a match's distance (RFC 1951, section 3.2.5).
struct DistanceCode {
    let symbol: Int
    let extraBits: UInt64
    let extraCount: UInt64

    /// - Parameter lessOne: the distance in bytes, 1 to 32768, less one.
    @inline(__always)
    init(lessOne: UInt16) {
        // Two symbols to each power of two from 2 on; one symbol a distance below.
        guard lessOne >= 2 else {
            (symbol, extraBits, extraCount) = (Int(lessOne), 0, 0)
            return
        }
        let extra = 14 - UInt16(truncatingIfNeeded: lessOne.leadingZeroBitCount)
        symbol = Int(2 * extra + lessOne >> extra)
        extraBits = UInt64(lessOne & (1 &<< extra &- 1))
        extraCount = UInt64(extra)
    }
}
