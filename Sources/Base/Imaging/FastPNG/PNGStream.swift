import CImageCodecs

/// What a plain PNG file holds: its header, and the one zlib stream of its rows.
///
/// Plain is what nearly every PNG is: 8-bit RGB or RGBA, not interlaced, no chunk that matters but
/// the header, the data and the end. Of anything else, and of anything that is not quite right,
/// there is no such value, and libpng has the word: it knows what may be overlooked.
struct PNGStream {
    let width: Int
    let height: Int
    /// Bytes a pixel: 3 or 4.
    let channels: Int
    /// Where the chunks of the stream lie in the file.
    private var pieces: [Range<Int>] = []

    /// Bytes of a row with its filter's number.
    var rowByteCount: Int { width * channels + 1 }

    /// Reads the chunks of a file; nil where it is not plain.
    ///
    /// - Complexity: O(n) for n bytes, which checksums are taken of.
    init?(_ file: UnsafeRawBufferPointer) {
        guard file.count >= 33, file.starts(with: PNGStream.signature),
            PNGStream.kind(in: file, at: 8) == Self.header,
            PNGStream.word(in: file, at: 8) == 13, PNGStream.isWhole(file, 8, length: 13)
        else { return nil }
        width = Int(PNGStream.word(in: file, at: 16))
        height = Int(PNGStream.word(in: file, at: 20))
        // Depth 8; RGB or RGBA; deflate, the five filters, no interlacing.
        guard file[24] == 8, file[25] == 2 || file[25] == 6, file[26] == 0, file[27] == 0,
            file[28] == 0, width > 0, height > 0, width < 1 << 24, height < 1 << 24
        else { return nil }
        channels = file[25] == 2 ? 3 : 4
        guard readChunks(file) else { return nil }
    }

    /// Reads what follows the header, up to the end; false where anything is unusual.
    private mutating func readChunks(_ file: UnsafeRawBufferPointer) -> Bool {
        var at = 33
        var lastKind: UInt32 = 0
        while file.count - at >= 12 {
            let length = Int(PNGStream.word(in: file, at: at))
            let kind = PNGStream.kind(in: file, at: at)
            guard length <= file.count - at - 12 else { return false }
            switch kind {
            case Self.data:
                guard pieces.isEmpty || lastKind == Self.data,
                    PNGStream.isWhole(file, at, length: length)
                else { return false }
                pieces.append(at + 8..<at + 8 + length)
            case Self.end:
                return length == 0 && !pieces.isEmpty && PNGStream.isWhole(file, at, length: 0)
            case Self.transparency:
                return false
            default:
                guard PNGStream.isAncillary(kind) else { return false }
            }
            lastKind = kind
            at += length + 12
        }
        return false
    }

    /// Lends the zlib stream, in one piece.
    func withBytes<Result>(
        of file: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        if pieces.count == 1 { return body(UnsafeRawBufferPointer(rebasing: file[pieces[0]])) }
        let count = pieces.reduce(0) { $0 + $1.count }
        return withUnsafeTemporaryAllocation(byteCount: count, alignment: 1) { joined in
            var at = 0
            for piece in pieces {
                UnsafeMutableRawBufferPointer(rebasing: joined[at..<at + piece.count])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: file[piece]))
                at += piece.count
            }
            return body(UnsafeRawBufferPointer(joined))
        }
    }

    // MARK: Chunks

    /// The first bytes of every PNG file.
    static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
    private static let header: UInt32 = 0x4948_4452  // IHDR
    private static let data: UInt32 = 0x4944_4154  // IDAT
    private static let end: UInt32 = 0x4945_4e44  // IEND
    private static let transparency: UInt32 = 0x7452_4e53  // tRNS

    private static func word(in file: UnsafeRawBufferPointer, at offset: Int) -> UInt32 {
        UInt32(bigEndian: file.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    private static func kind(in file: UnsafeRawBufferPointer, at chunk: Int) -> UInt32 {
        word(in: file, at: chunk + 4)
    }

    /// Whether the checksum of the chunk at an offset is right.
    private static func isWhole(
        _ file: UnsafeRawBufferPointer, _ chunk: Int, length: Int
    ) -> Bool {
        let covered = UnsafeRawBufferPointer(rebasing: file[chunk + 4..<chunk + 8 + length])
        return covered.crc32 == word(in: file, at: chunk + 8 + length)
    }

    /// Whether a kind is four letters, the first of them small: what readers may pass over.
    private static func isAncillary(_ kind: UInt32) -> Bool {
        let areLetters = (0..<4).allSatisfy { i in
            let letter = UInt8(truncatingIfNeeded: kind >> (8 * i)) | 0x20
            return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter)
        }
        return areLetters && kind & 0x2000_0000 != 0
    }
}
