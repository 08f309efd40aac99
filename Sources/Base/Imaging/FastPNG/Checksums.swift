import CImageCodecs

extension UnsafeRawBufferPointer {
    /// The checksum of PNG's chunks: CRC-32 of ISO 3309.
    var crc32: UInt32 {
        codec_crc32(assumingMemoryBound(to: UInt8.self).baseAddress, count)
    }
}

/// The checksum of a zlib stream (RFC 1950, section 9).
struct Adler32 {
    private(set) var value: UInt32 = 1

    mutating func append(_ byte: UInt8) {
        withUnsafeBytes(of: byte) { append($0) }
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        value = codec_adler32(
            value, bytes.assumingMemoryBound(to: UInt8.self).baseAddress, bytes.count)
    }
}
