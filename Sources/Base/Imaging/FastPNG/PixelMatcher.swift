/// Some pixels as they are, and then some that repeat earlier ones.
struct PixelSequence {
    /// Pixels without a match.
    var literals: UInt32
    /// Pixels that repeat; 0 at the end of a row.
    var length: UInt16
    /// How many bytes of the stream back they are found, less one.
    var distanceLessOne: UInt16
}

/// Finds repetitions among the filtered pixels of a picture, whole pixels at a time.
///
/// Deflate looks for repeated bytes anywhere. In a picture they begin at pixels, and comparing four
/// bytes at once is what makes this quick. A table holds, for a hash of two neighbouring pixels,
/// where they were seen last; a match has two pixels or more and stays within a row, so that the
/// filter byte at the head of each row is never part of it.
struct PixelMatcher: ~Copyable {
    /// Pixels of a match at most: 256 bytes; deflate's limit is 258.
    static let maximumLength = 64
    private static let tableBits: UInt32 = 13
    /// How far back deflate can reach, in bytes.
    private static let window = 32768

    private let width: Int
    private let pixels: UnsafePointer<UInt32>
    private let table: UnsafeMutablePointer<Int32>
    /// 2⁶⁴ / width, rounded up: the upper half of its product with a 32-bit number is the quotient
    /// by the width, exactly (Lemire, Kaser and Kurz 2019).
    private let reciprocalOfWidth: UInt64

    /// - Parameter pixels: `[height, width]` filtered pixels; they must outlive the matcher.
    init(width: Int, pixels: UnsafePointer<UInt32>) {
        self.width = width
        self.pixels = pixels
        // It wraps to 0 for a width of 1, where there are no matches.
        reciprocalOfWidth = UInt64.max / UInt64(width) &+ 1
        table = .allocate(capacity: 1 << PixelMatcher.tableBits)
        table.initialize(repeating: -1, count: 1 << PixelMatcher.tableBits)
    }

    deinit { table.deallocate() }

    /// Sequences of a row at most: each but the last takes two pixels or more.
    static func sequenceLimit(width: Int) -> Int { width / 2 + 1 }

    /// Writes the sequences of a row, in order, whose pixels add up to the row; returns how many
    /// there are, at most ``sequenceLimit(width:)``.
    func findSequences(ofRow row: Int, _ output: UnsafeMutablePointer<PixelSequence>) -> Int {
        var count = 0
        let end = (row + 1) * width
        var i = row * width
        var literalStart = i
        while i < end - 1 {
            let candidate = replaceCandidate(at: i)
            guard candidate >= 0, pixels[candidate] == pixels[i],
                pixels[candidate + 1] == pixels[i + 1]
            else {
                i &+= 1
                continue
            }
            // Each row of the stream begins with its filter byte.
            let candidateRow = self.row(of: candidate)
            let distance = 4 &* (i &- candidate) &+ row &- candidateRow
            // Neither the match nor what it repeats may reach over the end of its row.
            let limit = min(
                PixelMatcher.maximumLength, end &- i, (candidateRow &+ 1) &* width &- candidate)
            let length = matchLength(candidate, i, limit: limit)
            guard length >= 2, distance <= PixelMatcher.window else {
                i &+= 1
                continue
            }
            output[count] = PixelSequence(
                literals: UInt32(truncatingIfNeeded: i &- literalStart),
                length: UInt16(truncatingIfNeeded: length),
                distanceLessOne: UInt16(truncatingIfNeeded: distance &- 1))
            count &+= 1
            for k in i &+ 1..<min(i &+ length, end &- 1) { _ = replaceCandidate(at: k) }
            i &+= length
            literalStart = i
        }
        output[count] = PixelSequence(
            literals: UInt32(truncatingIfNeeded: end &- literalStart), length: 0,
            distanceLessOne: 0)
        return count + 1
    }

    /// Where the pixels at `i` and `i + 1` may have been seen last, or -1; from now on it is `i`.
    @inline(__always)
    private func replaceCandidate(at i: Int) -> Int {
        let mixed = pixels[i] &* 0x9e37_79b1 ^ pixels[i + 1] &* 0x85eb_ca77
        let slot = Int(mixed &>> (32 - PixelMatcher.tableBits))
        let candidate = table[slot]
        table[slot] = Int32(truncatingIfNeeded: i)
        return Int(candidate)
    }

    @inline(__always)
    private func row(of i: Int) -> Int {
        Int(truncatingIfNeeded: reciprocalOfWidth.multipliedFullWidth(by: UInt64(i)).high)
    }

    /// How many pixels from `candidate` on are those from `i` on; two at a time.
    @inline(__always)
    private func matchLength(_ candidate: Int, _ i: Int, limit: Int) -> Int {
        let earlier = UnsafeRawPointer(pixels + candidate)
        let later = UnsafeRawPointer(pixels + i)
        var length = 0
        while length &+ 2 <= limit {
            let a = earlier.loadUnaligned(fromByteOffset: 4 &* length, as: SIMD2<UInt32>.self)
            let b = later.loadUnaligned(fromByteOffset: 4 &* length, as: SIMD2<UInt32>.self)
            guard a == b else { return a.x == b.x ? length + 1 : length }
            length &+= 2
        }
        return length < limit && pixels[candidate + length] == pixels[i + length]
            ? length + 1 : length
    }
}
