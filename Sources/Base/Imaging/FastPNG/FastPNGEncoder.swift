/// Writes 8-bit RGBA pictures as PNG files, made for rendered frames: several times as fast as
/// zlib's quickest levels, and no larger.
///
/// Each row is filtered as suits it (``FilteredPixels``), repetitions are found by whole pixels
/// (``PixelMatcher``), and blocks of rows are written with their own Huffman codes (RFC 1951). The
/// file depends on the picture alone.
enum FastPNGEncoder {
    /// Pixels of a picture at most; above, the single IDAT chunk could pass PNG's 2³¹ - 1 bytes.
    static let maximumPixelCount = 1 << 28

    /// The PNG file of a picture of at most ``maximumPixelCount`` pixels.
    static func encode(_ image: Image) -> [UInt8] {
        let filtered = FilteredPixels(image)
        var writer = BitWriter(capacity: image.pixels.count / 3 + 1024)
        writer.append(PNGStream.signature)
        appendChunk("IHDR", to: &writer) { writer in
            writer.append(bigEndian(UInt32(image.width)) + bigEndian(UInt32(image.height)))
            // Depth 8, colour type 6 (RGBA), no interlacing.
            writer.append([8, 6, 0, 0, 0])
        }
        appendChunk("IDAT", to: &writer) { writer in
            // A window of 32 KiB, quickest algorithm.
            writer.append([0x78, 0x01])
            appendDeflated(filtered, to: &writer)
            writer.append(bigEndian(filtered.checksum))
        }
        appendChunk("IEND", to: &writer) { _ in }
        return writer.withBytes { Array($0) }
    }

    private static func appendDeflated(
        _ filtered: borrowing FilteredPixels, to writer: inout BitWriter
    ) {
        let matcher = PixelMatcher(width: filtered.width, pixels: filtered.pixels)
        // Codes follow the picture, and their descriptions cost little beside 64 Ki pixels.
        let rowsPerBlock = max(1, (1 << 16) / filtered.width)
        var block = DeflateBlock(rowsPerBlock: rowsPerBlock, width: filtered.width)
        for start in stride(from: 0, to: filtered.height, by: rowsPerBlock) {
            let rows = start..<min(start + rowsPerBlock, filtered.height)
            block.collect(rows, of: filtered, matcher)
            block.write(
                rows, of: filtered, isLast: rows.upperBound == filtered.height, to: &writer)
        }
        writer.alignToByte()
    }

    private static func appendChunk(
        _ name: String, to writer: inout BitWriter, _ appendData: (inout BitWriter) -> Void
    ) {
        let start = writer.count
        writer.append([0, 0, 0, 0] + Array(name.utf8))
        appendData(&writer)
        let length = writer.count - start - 8
        writer.overwrite(at: start, with: bigEndian(UInt32(length)))
        let checksum = writer.withBytes { bytes in
            UnsafeRawBufferPointer(rebasing: bytes[(start + 4)...]).crc32
        }
        writer.append(bigEndian(checksum))
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }
}
