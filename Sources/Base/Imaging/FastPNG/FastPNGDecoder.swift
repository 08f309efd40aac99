import CImageCodecs

/// Reads plain PNG files (``PNGStream``) several times as fast as libpng does: the whole stream is
/// inflated at once by libdeflate, where zlib, which libpng is built on, takes it row by row.
///
/// Whatever is not plain, or not right, is left to libpng, so that a file means the same by either
/// way, and is refused in libpng's words.
enum FastPNGDecoder {
    /// Writes the pixels of a file; false where libpng must see to it, and the pixels then hold
    /// anything.
    ///
    /// - Parameters:
    ///   - stream: what ``PNGStream`` found in `file`.
    ///   - pixels: `[height, width, 4]`.
    static func decode(
        _ stream: PNGStream, of file: UnsafeRawBufferPointer,
        into pixels: UnsafeMutableRawBufferPointer
    ) -> Bool {
        let count = stream.height * stream.rowByteCount
        let filtered = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
        defer { filtered.deallocate() }
        let isWhole = stream.withBytes(of: file) { deflated in
            codec_zlib_decompress(
                deflated.assumingMemoryBound(to: UInt8.self).baseAddress, deflated.count,
                filtered.assumingMemoryBound(to: UInt8.self).baseAddress, count)
        }
        guard isWhole else { return false }
        return RowFilters(
            width: stream.width, height: stream.height, channels: stream.channels
        ).undo(UnsafeRawBufferPointer(filtered), into: pixels)
    }
}
