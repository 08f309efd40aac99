/// A file of a tar archive.
struct TarMember: Equatable {
    /// The full name.
    var name: String
    /// Where its first header block lies, a pax header's included.
    var start: Int
    /// Where its data lies.
    var offset: Int
    /// The bytes of its data.
    var size: Int

    /// Where the next member's header lies.
    var end: Int { offset + TarHeader.padded(size) }
}

/// Walks the members of a shard, header by header; the data between them is not read.
///
/// It takes what `TarHeader` writes, and the same as other tools write it.
struct TarScanner {
    /// What stands at a place in a shard.
    enum Step: Equatable {
        case member(TarMember)
        /// An empty block: the archive ends here.
        case end
        /// The file is over, without the blocks that end an archive.
        case fileEnd
        /// Something that is no header, or one that cannot be right.
        case damage(String)
    }

    /// Reads `count` bytes at an offset, or fewer where the file ends first.
    let read: (_ offset: Int, _ count: Int) throws(StoreError) -> [UInt8]

    /// What stands at `offset`, a multiple of 512.
    func step(at offset: Int) throws(StoreError) -> Step {
        let block = try read(offset, TarHeader.blockSize)
        if block.isEmpty { return .fileEnd }
        guard block.count == TarHeader.blockSize else { return .damage("a block is cut short") }
        if block.allSatisfy({ $0 == 0 }) { return .end }
        guard let header = Header(block) else { return .damage("no tar header") }
        switch header.type {
        case UInt8(ascii: "0"), 0:
            return .member(
                TarMember(
                    name: header.name, start: offset, offset: offset + TarHeader.blockSize,
                    size: header.size))
        case UInt8(ascii: "x"):
            return try longNameStep(at: offset, header: header)
        default:
            return .damage("a member that is no plain file")
        }
    }

    private func longNameStep(at offset: Int, header: Header) throws(StoreError) -> Step {
        // A name and nothing else: more than a few blocks is not a record of ours.
        guard header.size > 0, header.size <= 64 * TarHeader.blockSize else {
            return .damage("a pax header of \(header.size) bytes")
        }
        let record = try read(offset + TarHeader.blockSize, header.size)
        guard record.count == header.size, let path = Header.path(inPax: record) else {
            return .damage("a pax header without a path")
        }
        let next = offset + TarHeader.blockSize + TarHeader.padded(header.size)
        let block = try read(next, TarHeader.blockSize)
        guard block.count == TarHeader.blockSize, let file = Header(block),
            file.type == UInt8(ascii: "0") || file.type == 0
        else { return .damage("a pax header without its member") }
        return .member(
            TarMember(
                name: path, start: offset, offset: next + TarHeader.blockSize, size: file.size))
    }

    /// The fields of a header block whose checksum is right.
    private struct Header {
        var name: String
        var size: Int
        var type: UInt8

        init?(_ block: [UInt8]) {
            // A prefix goes with a slash in the name, which no member of a shard has.
            guard block[257..<262].elementsEqual("ustar".utf8), block[345] == 0,
                let sum = Header.octal(block[148..<156]),
                let size = Header.octal(block[124..<136])
            else { return nil }
            let blank = 8 * Int(UInt8(ascii: " "))
            let total = block.reduce(0) { $0 + Int($1) }
            let own = block[148..<156].reduce(0) { $0 + Int($1) }
            guard total - own + blank == sum else { return nil }
            self.size = size
            type = block[156]
            name = String(decoding: block.prefix(100).prefix { $0 != 0 }, as: UTF8.self)
        }

        /// Octal digits, ended by a space or a zero byte; at most eleven, so that the number fits.
        static func octal(_ field: ArraySlice<UInt8>) -> Int? {
            let digits = field.drop { $0 == UInt8(ascii: " ") }
                .prefix { $0 != UInt8(ascii: " ") && $0 != 0 }
            guard !digits.isEmpty, digits.count <= 11,
                digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) })
            else { return nil }
            return digits.reduce(0) { $0 * 8 + Int($1 - UInt8(ascii: "0")) }
        }

        /// The value of the last `path` record: `LENGTH path=VALUE\n` after one another.
        static func path(inPax bytes: [UInt8]) -> String? {
            var rest = bytes[...]
            var path: String?
            while !rest.isEmpty {
                guard let space = rest.firstIndex(of: UInt8(ascii: " ")),
                    space - rest.startIndex <= 5,
                    let length = Int(String(decoding: rest[..<space], as: UTF8.self)),
                    length > space - rest.startIndex + 1, length <= rest.count
                else { return nil }
                let record = rest[(space + 1)..<(rest.startIndex + length)]
                rest = rest[(rest.startIndex + length)...]
                guard record.last == UInt8(ascii: "\n") else { return nil }
                let text = String(decoding: record.dropLast(), as: UTF8.self)
                if text.hasPrefix("path=") { path = String(text.dropFirst(5)) }
            }
            return path
        }
    }
}
