/// The header of a `.npy` file, version 1.0, as NEP 1 defines it.
///
/// The bytes are those that `numpy.save` writes (NumPy 1.24 and later): six magic bytes, the
/// version, the length of the text as two little-endian bytes, and the text, padded by spaces and
/// ended by a line feed such that the whole is a multiple of 64. A member's data starts at a
/// multiple of 512 in a shard, so the array's data starts at a multiple of 64.
struct NumpyHeader: Equatable {
    var type: ElementType
    var shape: [Int]

    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    /// Magic, version and length.
    private static let preambleLength = 10
    private static let alignment = 64
    /// More sizes than NumPy takes.
    static let maximumRank = 32

    /// The header's bytes.
    var bytes: [UInt8] {
        var text =
            "{'descr': '\(type.descriptor)', 'fortran_order': False, 'shape': \(shapeText), }"
        // numpy.save leaves room for the first size to grow to 21 digits in place.
        if let first = shape.first {
            text += String(repeating: " ", count: max(0, 21 - String(first).utf8.count))
        }
        let bare = NumpyHeader.preambleLength + text.utf8.count + 1
        // One space at least, and so 64 where none is needed: numpy.save does the same.
        let padding = NumpyHeader.alignment - bare % NumpyHeader.alignment
        text += String(repeating: " ", count: padding) + "\n"
        let length = text.utf8.count
        return NumpyHeader.magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)]
            + Array(text.utf8)
    }

    /// The shape as Python writes a tuple.
    private var shapeText: String {
        switch shape.count {
        case 0: "()"
        case 1: "(\(shape[0]),)"
        default: "(" + shape.map(String.init).joined(separator: ", ") + ")"
        }
    }
}
