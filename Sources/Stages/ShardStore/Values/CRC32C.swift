import CChecksum

/// The CRC-32C checksum (Castagnoli, polynomial 0x1EDC6F41 reflected), as in RFC 3720, ext4 and
/// most object stores.
///
/// `CRC32C.checksum` of the ASCII digits `123456789` is `0xE3069283`. Where the processor has an
/// instruction for it, three runs of bytes are taken at once, since each instruction waits for the
/// one before (Gopal et al. 2011); else slicing by 16 (Kounavis and Berry 2005) takes sixteen bytes
/// a step.
public struct CRC32C: Sendable, Equatable {
    private var register: UInt32 = ~0

    /// The checksum of no bytes.
    public init() {}

    /// The checksum of the bytes taken so far.
    public var value: UInt32 { ~register }

    /// Takes more bytes.
    ///
    /// - Complexity: O(n) for n bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        let done = checksum_has_instruction() ? advance(over: base, count: bytes.count) : 0
        register = CRC32C.tables.withUnsafeBufferPointer { tables in
            guard let table = tables.baseAddress else { return register }
            return CRC32C.advance(
                register, over: base + done, count: bytes.count - done, table: table)
        }
    }

    /// Bytes of one of three runs.
    private static let run = 2048

    /// Takes bytes by the processor's instruction; how many, all but the last seven or fewer.
    private mutating func advance(over base: UnsafeRawPointer, count: Int) -> Int {
        func word(_ offset: Int) -> UInt64 {
            base.loadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian
        }
        let run = CRC32C.run
        var at = 0
        while count - at >= 3 * run {
            var (first, second, third) = (register, UInt32(0), UInt32(0))
            for offset in stride(from: at, to: at + run, by: 8) {
                first = checksum_eight_bytes(first, word(offset))
                second = checksum_eight_bytes(second, word(offset + run))
                third = checksum_eight_bytes(third, word(offset + 2 * run))
            }
            // A register is linear in its bits: what stands before a run is moved past it.
            register = CRC32C.pastRun(CRC32C.pastRun(first) ^ second) ^ third
            at += 3 * run
        }
        while count - at >= 8 {
            register = checksum_eight_bytes(register, word(at))
            at += 8
        }
        return at
    }

    /// The register after as many zero bytes as a run has.
    private static func pastRun(_ register: UInt32) -> UInt32 {
        var past: UInt32 = 0
        for byte in 0..<4 {
            let value = Int(truncatingIfNeeded: register >> UInt32(8 * byte)) & 0xFF
            past ^= shifts[byte * 256 + value]
        }
        return past
    }

    /// `[4, 256]`: what each value of each byte of the register becomes past a run of zeros.
    private static let shifts: [UInt32] = {
        // First of single bits, by zeros one after another; other values are their sums.
        var shifts = [UInt32](repeating: 0, count: 4 * 256)
        for byte in 0..<4 {
            for value in 1..<256 {
                let lowest = value & -value
                if value != lowest {
                    shifts[byte * 256 + value] =
                        shifts[byte * 256 + lowest] ^ shifts[byte * 256 + value - lowest]
                    continue
                }
                var crc = UInt32(value) << UInt32(8 * byte)
                for _ in 0..<run { crc = (crc >> 8) ^ tables[Int(crc & 0xFF)] }
                shifts[byte * 256 + value] = crc
            }
        }
        return shifts
    }()

    /// The checksum of `bytes`.
    public static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var crc = CRC32C()
        crc.update(bytes)
        return crc.value
    }

    /// The checksum of `bytes`.
    public static func checksum(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBytes { checksum($0) }
    }

    /// Row k of the 16 rows of 256 is the effect of a byte that k more bytes follow.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 16 * 256)
        for byte in 0..<256 {
            var remainder = UInt32(byte)
            for _ in 0..<8 {
                remainder = (remainder >> 1) ^ (remainder & 1 == 1 ? 0x82F6_3B78 : 0)
            }
            tables[byte] = remainder
        }
        for row in 1..<16 {
            for byte in 0..<256 {
                let before = tables[(row - 1) * 256 + byte]
                tables[row * 256 + byte] = (before >> 8) ^ tables[Int(before & 0xFF)]
            }
        }
        return tables
    }()

    /// Reads `count` bytes at `base` and the 4,096 entries at `table`; both must stay valid.
    private static func advance(
        _ register: UInt32, over base: UnsafeRawPointer, count: Int, table: UnsafePointer<UInt32>
    ) -> UInt32 {
        var crc = register
        var at = base
        let end = base + count
        while end - at >= 16 {
            let low = at.loadUnaligned(as: UInt64.self).littleEndian ^ UInt64(crc)
            let high = at.loadUnaligned(fromByteOffset: 8, as: UInt64.self).littleEndian
            crc = eight(low, table + 8 * 256) ^ eight(high, table)
            at += 16
        }
        while at < end {
            let byte = at.load(as: UInt8.self)
            crc = (crc >> 8) ^ table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)]
            at += 1
        }
        return crc
    }

    /// Eight look-ups of the eight bytes of `word`, of which the lowest is the first in memory and
    /// so belongs to the eighth of the rows at `rows`.
    @inline(__always)
    private static func eight(_ word: UInt64, _ rows: UnsafePointer<UInt32>) -> UInt32 {
        let a = rows[7 * 256 + Int(word & 0xFF)] ^ rows[6 * 256 + Int((word >> 8) & 0xFF)]
        let b = rows[5 * 256 + Int((word >> 16) & 0xFF)] ^ rows[4 * 256 + Int((word >> 24) & 0xFF)]
        let c = rows[3 * 256 + Int((word >> 32) & 0xFF)] ^ rows[2 * 256 + Int((word >> 40) & 0xFF)]
        let d = rows[256 + Int((word >> 48) & 0xFF)] ^ rows[Int(word >> 56)]
        return a ^ b ^ c ^ d
    }
}
