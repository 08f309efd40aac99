/// Edits that know nothing of what bytes mean.
extension Mutator {
    mutating func editBytes(_ bytes: inout [UInt8], donors: [[UInt8]]) {
        guard !bytes.isEmpty else {
            bytes = (0..<below(64)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            return
        }
        switch below(11) {
        case 0: flipBits(&bytes)
        case 1: bytes[below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
        case 2: fill(&bytes)
        case 3: bytes.removeLast(length(atMost: bytes.count))
        case 4: bytes.removeSubrange(piece(of: bytes.count))
        case 5: duplicate(&bytes)
        case 6: splice(&bytes, donors: donors)
        case 7: inflateLength(&bytes)
        case 8: swapPieces(&bytes)
        case 9: append(&bytes)
        default: putExtremeNumber(&bytes)
        }
    }

    private mutating func flipBits(_ bytes: inout [UInt8]) {
        for _ in 0..<length(atMost: 64) { bytes[below(bytes.count)] ^= 1 << UInt8(below(8)) }
    }

    private mutating func fill(_ bytes: inout [UInt8]) {
        let value = pick([0, 0xff, 0x7f, 0x80, 0x20, UInt8(truncatingIfNeeded: random.next())])
        for i in piece(of: bytes.count) { bytes[i] = value }
    }

    private mutating func duplicate(_ bytes: inout [UInt8]) {
        let piece = Array(bytes[piece(of: bytes.count)])
        let place = below(bytes.count)
        for _ in 0..<1 + geometric(atMost: 6)
        where bytes.count + piece.count <= largestSize {
            bytes.insert(contentsOf: piece, at: place)
        }
    }

    private mutating func swapPieces(_ bytes: inout [UInt8]) {
        let a = piece(of: bytes.count)
        let b = piece(of: bytes.count)
        for (i, j) in zip(a, b) { bytes.swapAt(i, j) }
    }

    private mutating func append(_ bytes: inout [UInt8]) {
        for _ in 0..<length(atMost: 4096) { bytes.append(UInt8(truncatingIfNeeded: random.next())) }
    }

    /// Puts a piece of another file in the place of one of this file, or this file's start before
    /// another one's end.
    private mutating func splice(_ bytes: inout [UInt8], donors: [[UInt8]]) {
        let sources = donors.filter { !$0.isEmpty }
        let donor = sources.isEmpty ? bytes : pick(sources)
        if below(2) == 0 {
            bytes.replaceSubrange(piece(of: bytes.count), with: donor[piece(of: donor.count)])
        } else {
            let cut = below(bytes.count)
            bytes = Array(bytes[..<cut]) + donor[min(cut, donor.count)...]
        }
    }
}

/// Edits of numbers in binary files.
extension Mutator {
    /// Numbers at which sums overflow, comparisons fail and loops do not end.
    private static let extremes: [UInt64] = [
        0, 1, 2, 3, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000,
        0xffff_ffff, 0xffff_fffe, 0x4000_0000, 0x5555_5556, 0x1000_0001,
        0x7fff_ffff_ffff_ffff, 0x8000_0000_0000_0000, 0xffff_ffff_ffff_ffff,
    ]
    private static let floats: [Float] = [
        .nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
        .leastNonzeroMagnitude, -0.0, 1e30, -1e30, 1e-30, 0, -1,
    ]

    /// Writes an extreme number of one to eight bytes anywhere, in either byte order.
    mutating func putExtremeNumber(_ bytes: inout [UInt8]) {
        if below(3) == 0 {
            let double = Double(pick(Self.floats))
            write(double.bitPattern, size: 8, to: &bytes, at: below(bytes.count))
        } else if below(2) == 0 {
            let float = pick(Self.floats)
            write(UInt64(float.bitPattern), size: 4, to: &bytes, at: below(bytes.count) & ~3)
        } else {
            let size = pick([1, 2, 4, 8])
            write(pick(Self.extremes), size: size, to: &bytes, at: below(bytes.count))
        }
    }

    /// Finds a field that could be a length or a count, and makes it larger.
    mutating func inflateLength(_ bytes: inout [UInt8]) {
        let size = pick([2, 4, 4, 4])
        let isBigEndian = below(2) == 0
        // Most formats keep their sizes near the start.
        let window = below(2) == 0 ? min(bytes.count, 256) : bytes.count
        for _ in 0..<64 {
            let at = below(window)
            guard at + size <= bytes.count else { continue }
            var value: UInt64 = 0
            for k in 0..<size {
                value = value << 8 | UInt64(bytes[at + (isBigEndian ? k : size - 1 - k)])
            }
            guard value > 0, value <= UInt64(bytes.count) else { continue }
            let inflated = pick([
                value + 1, value * 2, value * 256, value + UInt64(bytes.count), 0x7fff_ffff,
                0xffff_ffff, value &- 1,
            ])
            write(inflated, size: size, to: &bytes, at: at, isBigEndian: isBigEndian)
            return
        }
    }

    private mutating func write(_ value: UInt64, size: Int, to bytes: inout [UInt8], at: Int) {
        write(value, size: size, to: &bytes, at: at, isBigEndian: below(4) == 0)
    }

    private func write(
        _ value: UInt64, size: Int, to bytes: inout [UInt8], at: Int, isBigEndian: Bool
    ) {
        for k in 0..<size where at + k < bytes.count {
            let shift = 8 * (isBigEndian ? size - 1 - k : k)
            bytes[at + k] = UInt8(truncatingIfNeeded: value >> UInt64(shift))
        }
    }
}
