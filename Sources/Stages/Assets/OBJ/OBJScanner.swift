/// Walks over the bytes of a text file line by line and word by word, without making strings.
///
/// The buffer must outlive the scanner.
struct OBJScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private(set) var position = 0
    /// The current line, from 1.
    private(set) var line = 1

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var isAtEnd: Bool { position >= bytes.count }

    /// Whether the rest of the line is empty or a comment.
    var isAtLineEnd: Bool {
        guard position < bytes.count else { return true }
        let byte = bytes[position]
        return byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
            || byte == UInt8(ascii: "#")
    }

    /// Where the next line starts if a backslash at `at` continues this one, or nil.
    private func continuation(_ at: Int) -> Int? {
        guard bytes[at] == UInt8(ascii: "\\") else { return nil }
        var next = at + 1
        if next < bytes.count, bytes[next] == UInt8(ascii: "\r") { next += 1 }
        return next < bytes.count && bytes[next] == UInt8(ascii: "\n") ? next + 1 : nil
    }

    /// Passes over blanks, and over line ends that a backslash continues.
    mutating func skipBlanks() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), 0x0b, 0x0c: position += 1
            case UInt8(ascii: "\\"):
                guard let next = continuation(position) else { return }
                position = next
                line += 1
            default: return
            }
        }
    }

    /// Moves to the start of the next line; a line ends in a line feed, a carriage return, or both.
    mutating func nextLine() {
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else { continue }
            if byte == UInt8(ascii: "\r"), position < bytes.count,
                bytes[position] == UInt8(ascii: "\n")
            {
                position += 1
            }
            line += 1
            return
        }
    }

    /// The next word of the line as a range of bytes; empty at the line's end.
    mutating func word() -> Range<Int> {
        skipBlanks()
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"),
                0x0b, 0x0c:
                return start..<position
            case UInt8(ascii: "\\") where continuation(position) != nil: return start..<position
            default: position += 1
            }
        }
        return start..<position
    }

    /// The rest of the line without blanks around it.
    mutating func restOfLine() -> String {
        skipBlanks()
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n"),
            bytes[position] != UInt8(ascii: "\r")
        {
            position += 1
        }
        var end = position
        while end > start,
            bytes[end - 1] == UInt8(ascii: " ") || bytes[end - 1] == UInt8(ascii: "\t")
        {
            end -= 1
        }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// Whether a range of bytes spells `text`.
    func spells(_ range: Range<Int>, _ text: StaticString) -> Bool {
        guard range.count == text.utf8CodeUnitCount else { return false }
        for i in 0..<range.count where bytes[range.lowerBound + i] != text.utf8Start[i] {
            return false
        }
        return true
    }

    /// The next number of the line; nil at the line's end or where the next word is no number.
    mutating func number() -> Double? {
        let range = word()
        guard !range.isEmpty else { return nil }
        return OBJScanner.number(bytes, range)
    }

    /// A corner of a face: `v`, `v/vt`, `v//vn` or `v/vt/vn`, with 0 for what is left out; nil at
    /// the line's end or where the next word is no corner.
    mutating func corner() -> (position: Int, texcoord: Int, normal: Int)? {
        let range = word()
        guard !range.isEmpty else { return nil }
        var at = range.lowerBound
        var numbers = (0, 0, 0)
        guard let v = integer(&at, range.upperBound) else { return nil }
        numbers.0 = v
        for field in 1...2 where at < range.upperBound {
            guard bytes[at] == UInt8(ascii: "/") else { return nil }
            at += 1
            guard at < range.upperBound, bytes[at] != UInt8(ascii: "/") else { continue }
            guard let index = integer(&at, range.upperBound) else { return nil }
            if field == 1 { numbers.1 = index } else { numbers.2 = index }
        }
        return at == range.upperBound ? (numbers.0, numbers.1, numbers.2) : nil
    }

    /// A signed integer of at most nine digits.
    private func integer(_ at: inout Int, _ end: Int) -> Int? {
        var isNegative = false
        if at < end, bytes[at] == UInt8(ascii: "-") {
            isNegative = true
            at += 1
        }
        var value = 0
        let start = at
        while at < end, case let digit = bytes[at] &- UInt8(ascii: "0"), digit < 10 {
            value = value * 10 + Int(digit)
            at += 1
            guard at - start <= 9 else { return nil }
        }
        guard at > start else { return nil }
        return isNegative ? -value : value
    }

    /// The decimal number that a range of bytes spells, or nil where it spells none.
    ///
    /// Up to nineteen digits are kept and scaled by one rounded multiplication, which is exact to
    /// far below the last bit of the `Float` that it ends in.
    static func number(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Double? {
        var at = range.lowerBound
        let end = range.upperBound
        var isNegative = false
        if at < end, bytes[at] == UInt8(ascii: "-") || bytes[at] == UInt8(ascii: "+") {
            isNegative = bytes[at] == UInt8(ascii: "-")
            at += 1
        }
        var mantissa: UInt64 = 0
        var digits = 0
        var exponent = 0
        var hasDigits = false
        var isAfterPoint = false
        scan: while at < end {
            let byte = bytes[at]
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                hasDigits = true
                if digits < 19 {
                    mantissa = mantissa * 10 + UInt64(byte - UInt8(ascii: "0"))
                    if mantissa > 0 { digits += 1 }
                    if isAfterPoint { exponent -= 1 }
                } else if !isAfterPoint {
                    exponent += 1
                }
            case UInt8(ascii: ".") where !isAfterPoint: isAfterPoint = true
            default: break scan
            }
            at += 1
        }
        guard hasDigits else { return nil }
        if at < end, bytes[at] == UInt8(ascii: "e") || bytes[at] == UInt8(ascii: "E") {
            at += 1
            guard let power = exponentNumber(bytes, &at, end) else { return nil }
            exponent += power
        }
        guard at == end else { return nil }
        let magnitude = scaled(Double(mantissa), byPowerOfTen: exponent)
        return isNegative ? -magnitude : magnitude
    }

    /// The digits after an `e`, no larger than a hundred thousand.
    private static func exponentNumber(
        _ bytes: UnsafeBufferPointer<UInt8>, _ at: inout Int, _ end: Int
    ) -> Int? {
        var isNegative = false
        if at < end, bytes[at] == UInt8(ascii: "-") || bytes[at] == UInt8(ascii: "+") {
            isNegative = bytes[at] == UInt8(ascii: "-")
            at += 1
        }
        let start = at
        var value = 0
        while at < end, case let digit = bytes[at] &- UInt8(ascii: "0"), digit < 10 {
            value = min(value * 10 + Int(digit), 100_000)
            at += 1
        }
        guard at > start else { return nil }
        return isNegative ? -value : value
    }

    /// Powers of ten that a `Double` holds exactly.
    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]

    private static func scaled(_ value: Double, byPowerOfTen exponent: Int) -> Double {
        var value = value
        var left = abs(exponent)
        while left > 0, value != 0, value.isFinite {
            let step = min(left, powersOfTen.count - 1)
            if exponent < 0 { value /= powersOfTen[step] } else { value *= powersOfTen[step] }
            left -= step
        }
        return value
    }
}
