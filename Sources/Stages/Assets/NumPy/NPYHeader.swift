/// The header of a NumPy `.npy` file: a Python dictionary in text
/// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
struct NPYHeader {
    /// What an element is, for example `<f4`.
    var descriptor: String
    /// Whether the first index runs fastest.
    var isFortranOrdered: Bool
    /// The lengths of the axes.
    var shape: [Int]

    /// Why a header cannot be read.
    struct Defect: Error {
        var what: String
    }

    /// Reads the dictionary. Its three keys may stand in any order.
    init(_ text: Substring) throws(Defect) {
        var scanner = Scanner(rest: text)
        var descriptor: String?
        var isFortranOrdered: Bool?
        var shape: [Int]?
        try scanner.expect("{")
        while !scanner.take("}") {
            let key = try scanner.string()
            try scanner.expect(":")
            switch key {
            case "descr":
                guard scanner.peek() == "'" || scanner.peek() == "\"" else {
                    throw Defect(what: "records of several fields are not supported")
                }
                descriptor = try scanner.string()
            case "fortran_order": isFortranOrdered = try scanner.boolean()
            case "shape": shape = try scanner.tuple()
            default: throw Defect(what: "the header has an unknown key \(key)")
            }
            if !scanner.take(",") {
                try scanner.expect("}")
                break
            }
        }
        guard let descriptor, let isFortranOrdered, let shape else {
            throw Defect(what: "the header lacks descr, fortran_order or shape")
        }
        self.descriptor = descriptor
        self.isFortranOrdered = isFortranOrdered
        self.shape = shape
    }

    /// Reads the few kinds of Python literals that headers hold.
    private struct Scanner {
        var rest: Substring

        mutating func peek() -> Character? {
            rest = rest.drop { $0 == " " || $0 == "\n" || $0 == "\t" }
            return rest.first
        }

        mutating func take(_ character: Character) -> Bool {
            guard peek() == character else { return false }
            rest.removeFirst()
            return true
        }

        mutating func expect(_ character: Character) throws(Defect) {
            guard take(character) else {
                throw Defect(what: "the header has no \(character) where one belongs")
            }
        }

        mutating func string() throws(Defect) -> String {
            guard let quote = peek(), quote == "'" || quote == "\"" else {
                throw Defect(what: "the header has no string where one belongs")
            }
            rest.removeFirst()
            let content = rest.prefix { $0 != quote }
            rest = rest.dropFirst(content.count)
            try expect(quote)
            return String(content)
        }

        mutating func boolean() throws(Defect) -> Bool {
            _ = peek()
            for (word, value) in [("True", true), ("False", false)] where rest.hasPrefix(word) {
                rest = rest.dropFirst(word.count)
                return value
            }
            throw Defect(what: "fortran_order is neither True nor False")
        }

        mutating func tuple() throws(Defect) -> [Int] {
            try expect("(")
            var numbers: [Int] = []
            while !take(")") {
                _ = peek()
                let digits = rest.prefix { $0.isASCII && $0.isNumber }
                guard let number = Int(digits), numbers.count < 32 else {
                    throw Defect(what: "the shape is no tuple of counts")
                }
                numbers.append(number)
                rest = rest.dropFirst(digits.count)
                // Python 2 wrote long integers with a suffix.
                _ = take("L")
                if !take(",") {
                    try expect(")")
                    break
                }
            }
            return numbers
        }
    }
}
