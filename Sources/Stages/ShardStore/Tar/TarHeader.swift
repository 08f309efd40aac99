/// The blocks that stand before a member's data in a shard: POSIX ustar (IEEE Std 1003.1), with a
/// pax `path` record where the name is longer than the 100 bytes that a header has for it.
///
/// Everything but name and size is fixed (mode 0644, owner 0, time 0, no owner's names), so that
/// equal members have equal bytes.
enum TarHeader {
    static let blockSize = 512
    /// The two empty blocks that end an archive.
    static let endLength = 2 * blockSize
    /// The largest size that eleven octal digits can say: 8 GiB less a byte.
    static let maximumSize = 0o77777777777

    private static let maximumNameLength = 100

    /// The size that `length` bytes take in whole blocks.
    static func padded(_ length: Int) -> Int {
        (length + blockSize - 1) / blockSize * blockSize
    }

    /// The blocks before a member's data: one, or three for a long name.
    ///
    /// - Parameters:
    ///   - name: the member's name, ASCII, at most 400 bytes.
    ///   - size: the bytes of the member, at most `maximumSize`.
    static func blocks(name: String, size: Int) -> [UInt8] {
        precondition(name.utf8.count <= 400 && size <= maximumSize)
        if name.utf8.count <= maximumNameLength {
            return block(name: Array(name.utf8), size: size, type: "0")
        }
        let record = paxRecord(path: name)
        let short = Array(name.utf8.prefix(maximumNameLength))
        var blocks = block(name: Array("PaxHeaders/long-name".utf8), size: record.count, type: "x")
        blocks += record + [UInt8](repeating: 0, count: blockSize - record.count)
        return blocks + block(name: short, size: size, type: "0")
    }

    /// `LENGTH path=NAME\n`, where LENGTH counts itself.
    private static func paxRecord(path: String) -> [UInt8] {
        let rest = " path=\(path)\n"
        var length = rest.utf8.count + 2
        while String(length).utf8.count + rest.utf8.count != length {
            length = String(length).utf8.count + rest.utf8.count
        }
        return Array("\(length)\(rest)".utf8)
    }

    /// A header's fixed fields, with spaces for the checksum.
    private static let template: [UInt8] = {
        var block = [UInt8](repeating: 0, count: blockSize)
        for (offset, text) in [
            (100, "0000644"), (108, "0000000"), (116, "0000000"), (136, "00000000000"),
            (148, "        "), (257, "ustar\u{0}00"), (329, "0000000"), (337, "0000000"),
        ] {
            block.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        return block
    }()

    private static func block(name: [UInt8], size: Int, type: Unicode.Scalar) -> [UInt8] {
        var block = template
        block.replaceSubrange(0..<name.count, with: name)
        block.replaceSubrange(124..<135, with: octal(size, digits: 11).utf8)
        block[156] = UInt8(ascii: type)
        // The sum is taken with spaces in its own place: six digits, a zero byte, a space.
        var sum = 0
        for byte in block { sum += Int(byte) }
        block.replaceSubrange(148..<154, with: octal(sum, digits: 6).utf8)
        block[154] = 0
        return block
    }

    private static func octal(_ number: Int, digits: Int) -> String {
        let text = String(number, radix: 8)
        return String(repeating: "0", count: digits - text.utf8.count) + text
    }
}
