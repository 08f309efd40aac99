/// The order in which people count: `frame2` before `frame10`.
package enum NaturalOrder {
    /// Whether `a` comes before `b`: runs of digits are compared as numbers, all else by UTF-8
    /// bytes; equal numbers with fewer leading zeros come first.
    package static func precedes(_ a: String, _ b: String) -> Bool {
        let x = Array(a.utf8)
        let y = Array(b.utf8)
        var i = 0
        var j = 0
        while i < x.count, j < y.count {
            if isDigit(x[i]), isDigit(y[j]) {
                let m = x[i...].prefix(while: isDigit)
                let n = y[j...].prefix(while: isDigit)
                let significantM = m.drop { $0 == UInt8(ascii: "0") }
                let significantN = n.drop { $0 == UInt8(ascii: "0") }
                if significantM.count != significantN.count {
                    return significantM.count < significantN.count
                }
                if !significantM.elementsEqual(significantN) {
                    return significantM.lexicographicallyPrecedes(significantN)
                }
                if m.count != n.count { return m.count < n.count }
                i = m.endIndex
                j = n.endIndex
            } else if x[i] != y[j] {
                return x[i] < y[j]
            } else {
                i += 1
                j += 1
            }
        }
        return x.count - i < y.count - j
    }

    /// A name's leading part before its last number, that number's digits and the part after
    /// them; nil where the name holds no number.
    static func splitAtLastNumber(_ name: String) -> (
        prefix: String, digits: String, suffix: String
    )? {
        let bytes = Array(name.utf8)
        guard let last = bytes.lastIndex(where: isDigit) else { return nil }
        var first = last
        while first > 0, isDigit(bytes[first - 1]) { first -= 1 }
        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        return (text(0..<first), text(first..<last + 1), text(last + 1..<bytes.count))
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
