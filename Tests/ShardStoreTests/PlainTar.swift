/// A tar archive as POSIX describes ustar and pax, read in the plainest way: what the store
/// writes is held against this.
struct PlainTar {
    struct Member: Equatable {
        var name: String
        /// Where the data lies.
        var offset: Int
        var data: [UInt8]
        /// The header block.
        var header: [UInt8]
    }

    struct Malformed: Error {
        var offset: Int
        var what: String
    }

    var members: [Member] = []
    /// The bytes from the first empty block on.
    var tail: [UInt8] = []

    init(_ bytes: [UInt8]) throws {
        var at = 0
        var longName: String?
        while at + 512 <= bytes.count {
            let block = Array(bytes[at..<at + 512])
            if block.allSatisfy({ $0 == 0 }) { break }
            var sum = 0
            for (index, byte) in block.enumerated() {
                sum += (148..<156).contains(index) ? 32 : Int(byte)
            }
            guard Self.octal(block[148..<156]) == sum else {
                throw Malformed(offset: at, what: "checksum")
            }
            guard Array(block[257..<265]) == Array("ustar\u{0}00".utf8) else {
                throw Malformed(offset: at, what: "magic")
            }
            let size = Self.octal(block[124..<136])
            let end = at + 512 + size
            let next = at + 512 + (size + 511) / 512 * 512
            guard next <= bytes.count else { throw Malformed(offset: at, what: "cut short") }
            guard bytes[end..<next].allSatisfy({ $0 == 0 }) else {
                throw Malformed(offset: end, what: "padding")
            }
            let data = Array(bytes[(at + 512)..<end])
            if block[156] == UInt8(ascii: "x") {
                let text = String(decoding: data, as: UTF8.self)
                let parts = text.split(separator: " ", maxSplits: 1)
                guard parts.count == 2, Int(parts[0]) == data.count,
                    parts[1].hasPrefix("path="), text.hasSuffix("\n")
                else { throw Malformed(offset: at, what: "pax record \(text)") }
                longName = String(parts[1].dropFirst(5).dropLast())
            } else {
                guard block[156] == UInt8(ascii: "0") else {
                    throw Malformed(offset: at, what: "type \(block[156])")
                }
                let short = String(decoding: block[0..<100].prefix { $0 != 0 }, as: UTF8.self)
                members.append(
                    Member(name: longName ?? short, offset: at + 512, data: data, header: block))
                longName = nil
            }
            at = next
        }
        tail = Array(bytes[at...])
    }

    private static func octal(_ field: ArraySlice<UInt8>) -> Int {
        let text = String(decoding: field.prefix { $0 != 0 && $0 != 32 }, as: UTF8.self)
        return Int(text, radix: 8) ?? -1
    }
}

/// A `.npy` file, version 1.0, read in the plainest way.
struct PlainNumpy: Equatable {
    var descriptor: String
    var shape: [Int]
    var dataOffset: Int
    var data: [UInt8]

    init?(_ file: [UInt8]) {
        guard file.count >= 10, Array(file[0..<8]) == [0x93, 78, 85, 77, 80, 89, 1, 0] else {
            return nil
        }
        dataOffset = 10 + Int(file[8]) + 256 * Int(file[9])
        let text = String(decoding: file[10..<dataOffset], as: UTF8.self)
        let pattern =
            /\{'descr': '([^']+)', 'fortran_order': False, 'shape': \(([0-9, ]*)\), \} *\n/
        guard let match = text.wholeMatch(of: pattern) else { return nil }
        descriptor = String(match.1)
        shape = match.2.split(whereSeparator: { ", ".contains($0) }).map { Int($0)! }
        data = Array(file[dataOffset...])
    }
}
