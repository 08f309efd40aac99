/// What is wrong inside a glTF file, before it is known which file that is.
enum GLTFError: Error {
    case malformed(String)
    case unsupported(String)
    case tooLarge(String)
    case noGeometry
    case unreadable(path: String, reason: String)

    /// The error about the file at `path`.
    func about(_ path: String) -> AssetError {
        switch self {
        case .malformed(let what): .malformed(path: path, what: what)
        case .unsupported(let what): .unsupported(path: path, what: what)
        case .tooLarge(let what): .tooLarge(path: path, what: what)
        case .noGeometry: .noGeometry(path: path)
        case .unreadable(let path, let reason): .unreadable(path: path, reason: reason)
        }
    }
}

extension GLTFError {
    /// What is wrong, without the file.
    var sentence: String {
        switch self {
        case .malformed(let what), .unsupported(let what), .tooLarge(let what): what
        case .noGeometry: "it holds no triangles"
        case .unreadable(let path, let reason): "\(path): \(reason)"
        }
    }
}

/// Where a value stands in the JSON, spelled only when an error names it.
indirect enum GLTFPlace: Sendable, CustomStringConvertible {
    case root
    case member(GLTFPlace, String)
    case element(GLTFPlace, Int)

    var description: String {
        switch self {
        case .root: "the file"
        case .member(.root, let name): name
        case .member(let owner, let name): "\(owner).\(name)"
        case .element(let owner, let index): "\(owner)[\(index)]"
        }
    }
}

/// A JSON object with its place, read with checks. A member that is `null` counts as absent.
struct GLTFObject: Sendable {
    let value: JSONValue
    let place: GLTFPlace

    /// A member of any kind.
    func member(_ name: String) -> JSONValue? {
        guard let member = value[name] else { return nil }
        if case .null = member { return nil }
        return member
    }

    /// An object that is a member; nil where it is absent or no object.
    func object(_ name: String) -> GLTFObject? {
        guard let member = member(name), member.members != nil else { return nil }
        return GLTFObject(value: member, place: .member(place, name))
    }

    /// An extension's object.
    func `extension`(_ name: String) -> GLTFObject? { object("extensions")?.object(name) }

    /// The objects of an array that is a member; none where it is absent.
    func objects(_ name: String) throws(GLTFError) -> [GLTFObject] {
        let list = GLTFPlace.member(place, name)
        guard let member = member(name) else { return [] }
        guard let array = member.array else { throw .malformed("\(list) is no array") }
        var objects: [GLTFObject] = []
        objects.reserveCapacity(array.count)
        for (i, value) in array.enumerated() {
            guard value.members != nil else { throw .malformed("\(list)[\(i)] is no object") }
            objects.append(GLTFObject(value: value, place: .element(list, i)))
        }
        return objects
    }

    /// Text; nil where it is absent or no text.
    func string(_ name: String) -> String? { value[name]?.string }

    /// A whole number of at least zero.
    func count(_ name: String) throws(GLTFError) -> Int? {
        guard let member = member(name) else { return nil }
        guard let count = member.integer, count >= 0 else {
            throw .malformed("\(place).\(name) is no whole number of at least 0")
        }
        return count
    }

    /// A whole number that must be there.
    func requiredCount(_ name: String) throws(GLTFError) -> Int {
        guard let count = try count(name) else { throw .malformed("\(place) has no \(name)") }
        return count
    }

    /// An index into a list of `count` elements.
    func index(_ name: String, below count: Int) throws(GLTFError) -> Int? {
        guard let index = try self.count(name) else { return nil }
        guard index < count else {
            throw .malformed("\(place).\(name) is \(index), but there are \(count)")
        }
        return index
    }

    /// Indices into a list of `count` elements; none where the member is absent.
    func indices(_ name: String, below count: Int) throws(GLTFError) -> [Int] {
        guard let member = member(name) else { return [] }
        guard let array = member.array else { throw .malformed("\(place).\(name) is no array") }
        var indices: [Int] = []
        indices.reserveCapacity(array.count)
        for value in array {
            guard let index = value.integer, (0..<count).contains(index) else {
                throw .malformed("\(place).\(name) names an element that is absent")
            }
            indices.append(index)
        }
        return indices
    }

    /// A number.
    func number(_ name: String) throws(GLTFError) -> Double? {
        guard let member = member(name) else { return nil }
        guard let number = member.number else {
            throw .malformed("\(place).\(name) is no number")
        }
        return number
    }

    /// An array of numbers, of `count` of them where it is given.
    func numbers(_ name: String, count: Int? = nil) throws(GLTFError) -> [Double]? {
        guard let member = member(name) else { return nil }
        let numbers = (member.array ?? []).compactMap(\.number)
        guard let array = member.array, numbers.count == array.count,
            numbers.count == count ?? numbers.count
        else {
            throw .malformed(
                "\(place).\(name) is no array of \(count.map { "\($0) " } ?? "")numbers")
        }
        return numbers
    }
}
