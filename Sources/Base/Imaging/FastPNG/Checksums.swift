/// The checksum of PNG's chunks: CRC-32 of ISO 3309, eight bytes at a time by table.
enum CRC32 {
    /// `[8, 256]`: what a byte does to the checksum, with 0 to 7 more bytes behind it.
    private static let table: [UInt32] = {
        var table: [UInt32] = []
        for byte in UInt32(0)..<256 {
            var crc = byte
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
            table.append(crc)
        }
        for i in 256..<2048 {
            let shorter = table[i - 256]
            table.append(shorter >> 8 ^ table[Int(shorter & 255)])
        }
        return table
    }()

    /// The checksum of some bytes.
    static func checksum(of bytes: UnsafeRawBufferPointer) -> UInt32 {
        table.withUnsafeBufferPointer { table in
            var crc = UInt32.max
            var i = 0
            while i + 8 <= bytes.count {
                let word = UInt64(
                    littleEndian: bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self))
                let mixed = word ^ UInt64(crc)
                crc = 0
                for k in 0..<8 {
                    let byte = Int(truncatingIfNeeded: mixed >> UInt64(8 * k) & 255)
                    crc ^= table[(7 - k) * 256 + byte]
                }
                i += 8
            }
            while i < bytes.count {
                crc = crc >> 8 ^ table[Int(crc & 255 ^ UInt32(bytes[i]))]
                i += 1
            }
            return ~crc
        }
    }
}

/// The checksum of a zlib stream (RFC 1950, section 9).
struct Adler32 {
    private var a: UInt32 = 1
    private var b: UInt32 = 0

    var value: UInt32 { b << 16 | a }

    mutating func append(_ byte: UInt8) {
        a = (a + UInt32(byte)) % 65521
        b = (b + a) % 65521
    }

    /// Sixteen lanes sum every sixteenth byte. A byte in lane k of a block counts 16 - k times for
    /// its own block and 16 times for each one that follows.
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        var i = 0
        // Lanes of 2048 blocks stay below 2^32.
        while bytes.count - i >= 16 {
            let blocks = min(2048, (bytes.count - i) / 16)
            var sums = SIMD16<UInt32>.zero
            var sumsOfSums = SIMD16<UInt32>.zero
            for _ in 0..<blocks {
                let block = bytes.loadUnaligned(fromByteOffset: i, as: SIMD16<UInt8>.self)
                sumsOfSums &+= sums
                sums &+= SIMD16<UInt32>(truncatingIfNeeded: block)
                i += 16
            }
            var total = UInt64(b) + UInt64(16 * blocks) * UInt64(a)
            for lane in 0..<16 {
                total += 16 * UInt64(sumsOfSums[lane]) + UInt64(16 - lane) * UInt64(sums[lane])
            }
            b = UInt32(total % 65521)
            a = (a + sums.wrappedSum()) % 65521
        }
        while i < bytes.count {
            append(bytes[i])
            i += 1
        }
    }
}
