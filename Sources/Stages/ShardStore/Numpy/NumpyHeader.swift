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

    /// Reads the header at the start of a `.npy` file.
    ///
    /// - Parameter file: the file, or at least its header.
    /// - Returns: the header and its length, which is where the data starts; `nil` for what is no
    ///   header, and for one that the store does not write (Fortran order, other types).
    static func parse(_ file: UnsafeRawBufferPointer) -> (header: NumpyHeader, length: Int)? {
        guard file.count >= preambleLength, file.prefix(6).elementsEqual(magic),
            file[6] == 1, file[7] == 0
        else { return nil }
        let length = preambleLength + Int(file[8]) + Int(file[9]) << 8
        guard length <= file.count else { return nil }
        let text = String(decoding: file[preambleLength..<length], as: UTF8.self)
        guard let header = NumpyHeader(text: text) else { return nil }
        return (header, length)
    }

    init(type: ElementType, shape: [Int]) {
        self.type = type
        self.shape = shape
    }

    private init?(text: String) {
        guard let descriptor = NumpyHeader.value(of: "descr", in: text, from: "'", to: "'"),
            let type = ElementType(descriptor: descriptor),
            let order = NumpyHeader.value(of: "fortran_order", in: text, from: "", to: ","),
            order == "False",
            let sizes = NumpyHeader.value(of: "shape", in: text, from: "(", to: ")")
        else { return nil }
        let parts = sizes.split(separator: ",").map { $0.filter { $0 != " " } }
        let shape = parts.filter { !$0.isEmpty }.compactMap { Int($0) }
        guard shape.count == parts.count(where: { !$0.isEmpty }),
            shape.count <= NumpyHeader.maximumRank,
            type.byteCount(ofShape: shape) != nil
        else { return nil }
        self.init(type: type, shape: shape)
    }

    /// What stands between `from` and `to` after the key in a Python dictionary's text.
    private static func value(
        of key: String, in text: String, from: String, to: String
    ) -> String? {
        guard let keyRange = text.firstRange(of: "'\(key)':") else { return nil }
        var rest = text[keyRange.upperBound...].drop { $0 == " " }
        guard rest.hasPrefix(from) else { return nil }
        rest = rest.dropFirst(from.count)
        guard let end = rest.firstRange(of: to) else { return nil }
        return String(rest[..<end.lowerBound])
    }
}
