/// Why a text is no JSON.
package struct JSONError: Error, Equatable {
    /// Where, in bytes from the start of the text.
    package var offset: Int
    /// What is wrong there.
    package var what: String
}

/// Reads JSON (RFC 8259) from UTF-8 bytes. Numbers that a double cannot hold are refused, as are
/// values nested deeper than 256 levels; invalid UTF-8 inside strings is repaired.
package struct JSONParser {
    private let bytes: [UInt8]
    private let start: Int
    private let end: Int
    private var position: Int
    private var depth = 0

    /// Parses the whole of `bytes[range]`; white space, zero bytes (with which some writers pad)
    /// and a byte order mark around the value are passed over.
    ///
    /// - Complexity: O(*n*) in the number of bytes.
    package static func parse(_ bytes: [UInt8], in range: Range<Int>) throws(JSONError) -> JSONValue
    {
        var parser = JSONParser(bytes, range)
        let value = try parser.value()
        parser.skipSpace()
        while parser.position < parser.end, parser.bytes[parser.position] == 0 {
            parser.position += 1
        }
        guard parser.position == parser.end else { throw parser.error("text after the value") }
        return value
    }

    private init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        start = range.lowerBound
        end = range.upperBound
        position = start
        if range.count >= 3, bytes[start] == 0xef, bytes[start + 1] == 0xbb,
            bytes[start + 2] == 0xbf
        {
            position += 3
        }
    }

    private func error(_ what: String) -> JSONError {
        JSONError(offset: position - start, what: what)
    }

    private mutating func skipSpace() {
        while position < end {
            switch bytes[position] {
            case 0x20, 0x0a, 0x0d, 0x09: position += 1
            default: return
            }
        }
    }

    /// Steps over `byte` and says whether it was there.
    private mutating func skip(_ byte: UInt8) -> Bool {
        guard position < end, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        skipSpace()
        guard position < end else { throw error("the text ends early") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try nested { p throws(JSONError) in try p.object() }
        case UInt8(ascii: "["): return try nested { p throws(JSONError) in try p.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(JSONError) -> JSONValue
    ) throws(JSONError) -> JSONValue {
        // The parser calls itself; a bound keeps a hostile text from using up the stack.
        guard depth < 256 else { throw error("values are nested too deeply") }
        depth += 1
        position += 1
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        var members: [JSONValue.Member] = []
        skipSpace()
        if skip(UInt8(ascii: "}")) { return .object(members) }
        // glTF's objects have about five members.
        members.reserveCapacity(5)
        while true {
            skipSpace()
            guard position < end, bytes[position] == UInt8(ascii: "\"") else {
                throw error("an object's member has no name")
            }
            let name = try string()
            skipSpace()
            guard skip(UInt8(ascii: ":")) else { throw error("a colon is missing") }
            members.append(JSONValue.Member(name: name, value: try value()))
            skipSpace()
            if skip(UInt8(ascii: "}")) { return .object(members) }
            guard skip(UInt8(ascii: ",")) else { throw error("an object is not closed") }
        }
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        var elements: [JSONValue] = []
        skipSpace()
        if skip(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            elements.append(try value())
            skipSpace()
            if skip(UInt8(ascii: "]")) { return .array(elements) }
            guard skip(UInt8(ascii: ",")) else { throw error("an array is not closed") }
        }
    }

    private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONError)
        -> JSONValue
    {
        for i in 0..<text.utf8CodeUnitCount {
            guard skip(text.utf8Start[i]) else { throw error("unknown word") }
        }
        return value
    }
}

// MARK: - Numbers

extension JSONParser {
    private mutating func number() throws(JSONError) -> Double {
        let first = position
        let negative = skip(UInt8(ascii: "-"))
        var mantissa: UInt64 = 0
        // Digits counted from the first that is not zero.
        var digits = 0
        var exponent = 0
        let whole = position
        scanDigits(&mantissa, &digits)
        guard position > whole else {
            throw error(position < end ? "no value can start like this" : "the text ends early")
        }
        if skip(UInt8(ascii: ".")) {
            let fraction = position
            scanDigits(&mantissa, &digits)
            guard position > fraction else { throw error("a number ends in a point") }
            exponent -= position - fraction
        }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            let down = skip(UInt8(ascii: "-"))
            if !down { _ = skip(UInt8(ascii: "+")) }
            var power: UInt64 = 0
            var powerDigits = 0
            let powerStart = position
            scanDigits(&power, &powerDigits)
            guard position > powerStart else { throw error("a number has an empty exponent") }
            exponent += (down ? -1 : 1) * Int(powerDigits > 6 ? 1_000_000 : power)
        }
        // Clinger 1990: within 15 digits and 10^22 both sides are exact doubles, so that one
        // operation rounds rightly.
        if digits <= 15, abs(exponent) <= 22 {
            let power = Self.powersOfTen[abs(exponent)]
            let size = exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
            return negative ? -size : size
        }
        let text = String(decoding: bytes[first..<position], as: UTF8.self)
        guard let number = Double(text), number.isFinite else {
            throw error("the number \(text.prefix(40)) is out of range")
        }
        return number
    }

    /// Reads digits into a number, which is right while `digits` is at most 19.
    private mutating func scanDigits(_ number: inout UInt64, _ digits: inout Int) {
        while position < end {
            let digit = bytes[position] &- UInt8(ascii: "0")
            guard digit < 10 else { return }
            number = number &* 10 &+ UInt64(digit)
            if digits > 0 || digit > 0 { digits += 1 }
            position += 1
        }
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]
}

// MARK: - Strings

extension JSONParser {
    private mutating func string() throws(JSONError) -> String {
        position += 1
        let first = position
        while position < end {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: bytes[first..<position - 1], as: UTF8.self)
            case UInt8(ascii: "\\"):
                return try escapedString(from: first)
            default:
                position += 1
            }
        }
        throw error("a string is not closed")
    }

    /// The rest of a string in which an escape was found; it began at `first`.
    private mutating func escapedString(from first: Int) throws(JSONError) -> String {
        var text = Array(bytes[first..<position])
        while position < end {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: text, as: UTF8.self) }
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                continue
            }
            guard position < end else { break }
            position += 1
            switch bytes[position - 1] {
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0c)
            case UInt8(ascii: "n"): text.append(0x0a)
            case UInt8(ascii: "r"): text.append(0x0d)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"): text.append(contentsOf: Array(String(try scalar()).utf8))
            case let other where [0x22, 0x5c, 0x2f].contains(other): text.append(other)
            default: throw error("unknown escape in a string")
            }
        }
        throw error("a string is not closed")
    }

    /// The character of a `\u` escape, or of two that make a surrogate pair; the replacement
    /// character for half a pair.
    private mutating func scalar() throws(JSONError) -> Character {
        let unit = try codeUnit()
        if unit & 0xfc00 == 0xd800, position + 1 < end, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        {
            let before = position
            position += 2
            let low = try codeUnit()
            if low & 0xfc00 == 0xdc00,
                let pair = Unicode.Scalar(0x10000 + ((unit & 0x3ff) << 10 | (low & 0x3ff)))
            {
                return Character(pair)
            }
            position = before
        }
        return Character(Unicode.Scalar(unit) ?? "\u{fffd}")
    }

    private mutating func codeUnit() throws(JSONError) -> UInt32 {
        guard position + 4 <= end,
            let unit = UInt32(
                String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw error("four hexadecimal digits are missing") }
        position += 4
        return unit
    }
}
