/// A JSON value whose objects keep the order of their members, so that the same value always
/// makes the same bytes.
package enum OrderedJSON: Sendable {
    case object([(String, OrderedJSON)])
    case array([OrderedJSON])
    case string(String)
    case integer(Int)
    case float(Float)
    case double(Double)
    case boolean(Bool)

    /// The value as compact JSON.
    package var text: String {
        var out = ""
        write(to: &out)
        return out
    }

    /// The value as JSON with one member or element of the outermost `depth` levels on a line.
    package func text(linesForLevels depth: Int) -> String {
        var out = ""
        write(to: &out, level: 0, lines: depth)
        return out + "\n"
    }

    private func write(to out: inout String, level: Int = 0, lines: Int = 0) {
        switch self {
        case .object(let members):
            OrderedJSON.writeList(members, "{", "}", &out, level, lines) { member, out in
                OrderedJSON.quote(member.0, &out)
                out += lines > 0 ? ": " : ":"
                member.1.write(to: &out, level: level + 1, lines: lines)
            }
        case .array(let elements):
            OrderedJSON.writeList(elements, "[", "]", &out, level, lines) { element, out in
                element.write(to: &out, level: level + 1, lines: lines)
            }
        case .string(let text): OrderedJSON.quote(text, &out)
        case .integer(let number): out += String(number)
        case .float(let number):
            precondition(number.isFinite, "JSON has no infinity")
            out += number.description
        case .double(let number):
            precondition(number.isFinite, "JSON has no infinity")
            out += number.description
        case .boolean(let flag): out += flag ? "true" : "false"
        }
    }

    private static func writeList<Element>(
        _ elements: [Element], _ opening: String, _ closing: String, _ out: inout String,
        _ level: Int, _ lines: Int, _ writeElement: (Element, inout String) -> Void
    ) {
        let breaks = level < lines && !elements.isEmpty
        out += opening
        for (i, element) in elements.enumerated() {
            if i > 0 { out += lines > 0 && !breaks ? ", " : "," }
            if breaks { out += "\n" + String(repeating: "  ", count: level + 1) }
            writeElement(element, &out)
        }
        if breaks { out += "\n" + String(repeating: "  ", count: level) }
        out += closing
    }

    private static func quote(_ text: String, _ out: inout String) {
        out += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case let control where control.value < 0x20:
                let digits = String(control.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: out.unicodeScalars.append(scalar)
            }
        }
        out += "\""
    }
}

extension OrderedJSON {
    package static func floats(_ values: some Sequence<Float>) -> OrderedJSON {
        .array(values.map { .float($0) })
    }

    package static func integers(_ values: some Sequence<Int>) -> OrderedJSON {
        .array(values.map { .integer($0) })
    }
}
