/// A JSON value whose objects keep the order of their members, so that the same value always
/// makes the same bytes.
enum JSONValue: Sendable {
    case object([(String, JSONValue)])
    case array([JSONValue])
    case string(String)
    case integer(Int)
    case float(Float)
    case double(Double)
    case boolean(Bool)

    /// The value as compact JSON.
    var text: String {
        var out = ""
        write(to: &out)
        return out
    }

    /// The value as JSON with one member or element of the outermost `depth` levels on a line.
    func text(linesForLevels depth: Int) -> String {
        var out = ""
        write(to: &out, level: 0, lines: depth)
        return out + "\n"
    }

    private func write(to out: inout String, level: Int = 0, lines: Int = 0) {
        switch self {
        case .object(let members):
            JSONValue.writeList(members, "{", "}", &out, level, lines) { member, out in
                JSONValue.quote(member.0, &out)
                out += lines > 0 ? ": " : ":"
                member.1.write(to: &out, level: level + 1, lines: lines)
            }
        case .array(let elements):
            JSONValue.writeList(elements, "[", "]", &out, level, lines) { element, out in
                element.write(to: &out, level: level + 1, lines: lines)
            }
        case .string(let text): JSONValue.quote(text, &out)
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

extension JSONValue {
    static func floats(_ values: some Sequence<Float>) -> JSONValue {
        .array(values.map { .float($0) })
    }

    static func integers(_ values: some Sequence<Int>) -> JSONValue {
        .array(values.map { .integer($0) })
    }
}
