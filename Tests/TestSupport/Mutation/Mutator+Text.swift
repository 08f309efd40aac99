/// Edits of words and numbers.
extension Mutator {
    /// Numbers that JSON, YAML and OBJ take for numbers.
    private static let numbers = [
        "0", "-0", "-1", "1", "2", "3", "4", "5", "7", "24", "255", "5121", "5126", "65536",
        "99999", "2147483647", "2147483648", "-2147483649", "4294967295", "9223372036854775807",
        "9223372036854775808", "18446744073709551616", "1e19", "1e38", "3.5e38", "1e308",
        "-1e308", "1e-320", "0.5", "-0.001",
    ]
    /// What may stand in a number's place and is none.
    private static let oddities = [
        "1e309", "1e999999999", "NaN", "nan", "Infinity", "-inf", "0x10", "1.", ".5", "1e", "--1",
        "1/2/3", "00000000000000000000000000000000000001", "1,5", "null", "true", "\"x\"", "[]",
        "{}", "~", "",
    ]
    private static let fragments = [
        "\u{0}", "\u{feff}", "\r", "\n\n", "\t", "\"", "'", "\\", "\\u0000", "\\ud800", "{", "}",
        "[", "]", ",", ":", "#", "&a ", "*a", "<<: ", "!!binary ", "---\n", "%", "../../etc/passwd",
        "file:///etc/passwd", "%2e%2e/", "<!DOCTYPE a [<!ENTITY b \"c\">]>", "&b;", "<![CDATA[",
        "é", "\u{1F600}", "a\u{301}\u{301}\u{301}",
    ]

    mutating func editText(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return editBytes(&bytes, donors: []) }
        switch below(14) {
        case 0...6: replaceNumber(&bytes)
        case 7, 8: replaceWord(&bytes)
        case 9: editLines(&bytes)
        case 10: insert(&bytes, Array(pick(Self.fragments).utf8))
        case 11: nest(&bytes)
        case 12: bytes.removeSubrange(piece(of: min(bytes.count, 1 << 16)))
        default: lengthen(&bytes)
        }
    }

    private static func isNumber(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || "+-.eE".utf8.contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || byte == 0x5f
            || byte == 0x2d
    }

    /// A run of bytes of a kind, looked for from a random place on, round the end.
    private mutating func token(
        in bytes: [UInt8], startsWith: (UInt8) -> Bool, of kind: (UInt8) -> Bool
    ) -> Range<Int>? {
        let from = below(bytes.count)
        guard
            var start = bytes[from...].firstIndex(where: startsWith)
                ?? bytes[..<from].firstIndex(where: startsWith)
        else { return nil }
        while start > 0, kind(bytes[start - 1]) { start -= 1 }
        return start..<(bytes[start...].firstIndex { !kind($0) } ?? bytes.count)
    }

    private mutating func replaceNumber(_ bytes: inout [UInt8]) {
        guard
            let range = token(
                in: bytes, startsWith: { (0x30...0x39).contains($0) }, of: Self.isNumber)
        else { return }
        let number = below(4) > 0 ? pick(Self.numbers) : pick(Self.oddities)
        bytes.replaceSubrange(range, with: Array(number.utf8))
    }

    /// Puts another word of the text in a word's place, or spells it another way.
    private mutating func replaceWord(_ bytes: inout [UInt8]) {
        guard let range = token(in: bytes, startsWith: Self.isLetter, of: Self.isLetter),
            let other = token(in: bytes, startsWith: Self.isLetter, of: Self.isLetter)
        else { return }
        var word = Array(bytes[other])
        if below(4) == 0 {
            word = Array(bytes[range])
            word[below(word.count)] ^= 0x20
        }
        bytes.replaceSubrange(range, with: word)
    }

    /// Doubles, removes or moves whole lines.
    private mutating func editLines(_ bytes: inout [UInt8]) {
        let newline = UInt8(ascii: "\n")
        let from = below(bytes.count)
        let start = bytes[..<from].lastIndex(of: newline).map { $0 + 1 } ?? 0
        var end = start
        for _ in 0..<1 + geometric(atMost: 5) {
            end = bytes[end...].firstIndex(of: newline).map { $0 + 1 } ?? bytes.count
        }
        let lines = Array(bytes[start..<end])
        if below(3) > 0 { bytes.removeSubrange(start..<end) }
        guard below(3) > 0 else { return }
        let target = below(bytes.count + 1)
        let place = bytes[..<target].lastIndex(of: newline).map { $0 + 1 } ?? 0
        insert(&bytes, lines, at: place)
    }

    /// Opens brackets many levels deep.
    private mutating func nest(_ bytes: inout [UInt8]) {
        let opening = pick(["[", "{\"a\":", "(", "- ", "<a>", "\"", " "])
        let count = pick([2, 16, 300, 5000])
        insert(&bytes, Array(String(repeating: opening, count: count).utf8))
    }

    /// Repeats a character of a word or number many times.
    private mutating func lengthen(_ bytes: inout [UInt8]) {
        let at = below(bytes.count)
        insert(&bytes, [UInt8](repeating: bytes[at], count: pick([3, 40, 400, 8000])), at: at)
    }

    private mutating func insert(_ bytes: inout [UInt8], _ text: [UInt8]) {
        insert(&bytes, text, at: below(bytes.count + 1))
    }

    private func insert(_ bytes: inout [UInt8], _ text: [UInt8], at place: Int) {
        bytes.insert(contentsOf: text.prefix(max(0, largestSize - bytes.count)), at: place)
    }
}
