/// Edits inside containers, which are packed again so that readers look into them.
extension Mutator {
    /// Edits the JSON as text or the buffer as bytes, and packs both with lengths that are right.
    mutating func editGLB(_ bytes: inout [UInt8], donors: [[UInt8]]) {
        guard bytes.count >= 20 else { return editBytes(&bytes, donors: donors) }
        let length = Self.word(bytes, 12)
        guard length <= bytes.count - 20 else { return editBytes(&bytes, donors: donors) }
        var json = Array(bytes[20..<20 + length])
        var rest = Array(bytes[(20 + length)...])
        if below(4) > 0 || rest.count <= 8 {
            editText(&json)
        } else {
            var binary = Array(rest[8...])
            editBytes(&binary, donors: donors)
            rest = Self.littleEndian(binary.count) + rest[4..<8] + binary
        }
        while json.count % 4 != 0 { json.append(0x20) }
        bytes =
            Array("glTF".utf8) + Self.littleEndian(2)
            + Self.littleEndian(20 + json.count + rest.count) + Self.littleEndian(json.count)
            + Array("JSON".utf8) + json + rest
    }

    /// Edits, doubles, removes or moves a chunk, or edits its length alone.
    mutating func editPNG(_ bytes: inout [UInt8], donors: [[UInt8]]) {
        var chunks: [(name: [UInt8], data: [UInt8])] = []
        var at = 8
        while at + 12 <= bytes.count {
            let length = bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
            guard length <= bytes.count - at - 12 else { break }
            chunks.append(
                (Array(bytes[at + 4..<at + 8]), Array(bytes[at + 8..<at + 8 + length])))
            at += 12 + length
        }
        guard !chunks.isEmpty else { return editBytes(&bytes, donors: donors) }
        let index = below(chunks.count)
        switch below(6) {
        case 0: chunks.insert(chunks[index], at: below(chunks.count + 1))
        case 1: chunks.remove(at: index)
        case 2: chunks.swapAt(index, below(chunks.count))
        case 3:
            let names = ["PLTE", "tRNS", "zTXt", "iCCP", "gAMA", "IDAT", "sBIT", "acTL", "eXIf"]
            chunks[index].name = Array(pick(names).utf8)
        default: editBytes(&chunks[index].data, donors: donors)
        }
        var packed = Array(bytes.prefix(8))
        for (name, data) in chunks {
            packed += Self.littleEndian(data.count).reversed() + name + data
            packed += Self.littleEndian(Int(Self.crc32(name + data))).reversed()
        }
        bytes = packed
    }

    /// Edits the data of a chunk, or doubles or removes it.
    mutating func editRIFF(_ bytes: inout [UInt8], donors: [[UInt8]]) {
        guard bytes.count >= 20 else { return editBytes(&bytes, donors: donors) }
        var chunks: [[UInt8]] = []
        var at = 12
        while at + 8 <= bytes.count {
            let length = Self.word(bytes, at + 4)
            let end = min(bytes.count, at + 8 + length + length % 2)
            chunks.append(Array(bytes[at..<end]))
            at = end
        }
        let index = below(chunks.count)
        switch below(4) {
        case 0: chunks.insert(chunks[index], at: below(chunks.count + 1))
        case 1: chunks.remove(at: index)
        default:
            var data = Array(chunks[index].dropFirst(8))
            editBytes(&data, donors: donors)
            chunks[index] =
                Array(chunks[index].prefix(4)) + Self.littleEndian(data.count) + data
                + (data.count % 2 == 1 ? [0] : [])
        }
        let body = Array(bytes[8..<12]) + chunks.joined()
        bytes = Array(bytes.prefix(4)) + Self.littleEndian(body.count) + body
    }

    private static func word(_ bytes: [UInt8], _ at: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
    }

    private static func littleEndian(_ value: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// The checksum of PNG's chunks (PNG specification, annex D).
    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var crc = UInt32.max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
        }
        return ~crc
    }
}
