/// Files whose bytes are written out by hand after the formats' specifications.
package enum PlainFiles {
    /// An uncompressed 8-bit RGB Photoshop document of the formula picture.
    package static let psd: [UInt8] = {
        var bytes = Array("8BPS".utf8)
        bytes += [0, 1] + [UInt8](repeating: 0, count: 6) + [0, 3]
        bytes += bigEndian(UInt32(Formula.height)) + bigEndian(UInt32(Formula.width))
        bytes += [0, 8, 0, 3]
        // No colour mode data, no resources, no layers; samples as they are.
        bytes += [UInt8](repeating: 0, count: 12) + [0, 0]
        for channel in 0..<3 {
            for y in 0..<Formula.height {
                for x in 0..<Formula.width { bytes.append(Formula.rgb(x, y)[channel]) }
            }
        }
        return bytes
    }()

    /// A PNG whose rows are given with their filter bytes, in stored blocks of deflate (PNG
    /// specification, third edition; RFC 1950, RFC 1951).
    package static func png(
        width: UInt32, height: UInt32, depth: UInt8, colorType: UInt8, interlaced: Bool = false,
        before: [(String, [UInt8])] = [], rows: [UInt8]
    ) -> [UInt8] {
        var bytes: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
        bytes += chunk(
            "IHDR",
            bigEndian(width) + bigEndian(height) + [depth, colorType, 0, 0, interlaced ? 1 : 0])
        for (name, data) in before { bytes += chunk(name, data) }
        var stream: [UInt8] = [0x78, 0x01]
        let blocks = stride(from: 0, to: max(rows.count, 1), by: 65535)
        for start in blocks {
            let block = rows[start..<min(start + 65535, rows.count)]
            let count = UInt16(block.count)
            stream.append(start + 65535 >= rows.count ? 1 : 0)
            stream += [UInt8(count & 255), UInt8(count >> 8)]
            stream += [UInt8(~count & 255), UInt8(~count >> 8)]
            stream += block
        }
        stream += bigEndian(adler32(rows))
        return bytes + chunk("IDAT", stream) + chunk("IEND", [])
    }

    /// A black PNG of one bit a pixel whose rows are deflated to a thousandth: the fixed Huffman
    /// code of a zero byte, then matches of 258 bytes, 13 bits each (RFC 1951, section 3.2.6).
    ///
    /// - Parameter byteCount: how many bytes the stream inflates to; nil for what the size needs.
    package static func blackPNG(
        width: Int, height: Int, inflatingTo byteCount: Int? = nil
    ) -> [UInt8] {
        let total = byteCount ?? height * (1 + (width + 7) / 8)
        var bits = BitList()
        // The last block, of fixed codes; each code stands with its first bit first.
        bits.append([1, 1, 0])
        let zero: [UInt8] = [0, 0, 1, 1, 0, 0, 0, 0]
        for _ in 0..<max(1, (total - 1) % 258 + 1) { bits.append(zero) }
        for _ in 0..<(total - 1) / 258 {
            bits.append([1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0])
        }
        bits.append([0, 0, 0, 0, 0, 0, 0])
        // Adler-32 of so many zeros.
        let checksum = UInt32(total % 65521) << 16 | 1
        let header =
            bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [1, 0, 0, 0, 0]
        return [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] + chunk("IHDR", header)
            + chunk("IDAT", [0x78, 0x01] + bits.bytes + bigEndian(checksum)) + chunk("IEND", [])
    }

    /// Bits, the first of each byte its lowest.
    private struct BitList {
        var bytes: [UInt8] = []
        private var count = 0

        mutating func append(_ bits: [UInt8]) {
            for bit in bits {
                if count % 8 == 0 { bytes.append(0) }
                bytes[count / 8] |= bit << UInt8(count % 8)
                count += 1
            }
        }
    }

    package static func bigEndian(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }

    private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + data
        return bigEndian(UInt32(data.count)) + body + bigEndian(crc32(body))
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var crc = UInt32.max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
        }
        return ~crc
    }

    private static func adler32(_ bytes: [UInt8]) -> UInt32 {
        var (a, b) = (UInt32(1), UInt32(0))
        for byte in bytes {
            a = (a + UInt32(byte)) % 65521
            b = (b + a) % 65521
        }
        return b << 16 | a
    }
}
