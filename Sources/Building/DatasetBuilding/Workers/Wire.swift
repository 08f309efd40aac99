/// A value that travels between processes as bytes, and comes out equal to the last bit.
///
/// JSON would not do: it has no word for what is not finite, and does not tell 1 from 1.0.
package protocol WireValue {
    func encode(to wire: inout WireWriter)
    init(from wire: inout WireReader) throws(WireError)
}

/// Bytes that are no value of the type that was asked for.
package struct WireError: Error, CustomStringConvertible {
    package var description: String
}

/// Puts values into bytes, little-endian.
package struct WireWriter {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func put(_ value: some WireValue) { value.encode(to: &self) }

    package mutating func put<Value: WireValue>(_ values: [Value]) {
        put(values.count)
        for value in values { put(value) }
    }

    package mutating func put(_ value: (some WireValue)?) {
        put(value != nil)
        if let value { put(value) }
    }

    /// The members in the order of their names, so that equal values give equal bytes.
    package mutating func put(_ members: [String: some WireValue]) {
        put(members.count)
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            put(name)
            put(value)
        }
    }

    /// A run of bytes with its length.
    package mutating func put(blob: [UInt8]) {
        put(blob.count)
        append(raw: blob)
    }

    package mutating func append(raw: some Sequence<UInt8>) { bytes.append(contentsOf: raw) }
}

/// Takes values out of bytes that may be anything: every size is held against what is left.
package struct WireReader {
    private let bytes: [UInt8]
    private var position = 0
    /// How deep lists and objects stand in each other.
    private var depth = 0

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    private var remaining: Int { bytes.count - position }

    /// Whether all bytes were taken.
    package var isAtEnd: Bool { remaining == 0 }

    package mutating func take<Value: WireValue>(_ type: Value.Type = Value.self) throws(WireError)
        -> Value
    {
        try Value(from: &self)
    }

    package mutating func take<Value: WireValue>(_ type: [Value].Type = [Value].self)
        throws(WireError) -> [Value]
    {
        let count = try takeCount()
        var values: [Value] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try take()) }
        return values
    }

    package mutating func take<Value: WireValue>(_ type: Value?.Type = Value?.self)
        throws(WireError) -> Value?
    {
        try take(Bool.self) ? .some(try take(Value.self)) : .none
    }

    package mutating func take<Value: WireValue>(
        _ type: [String: Value].Type = [String: Value].self
    )
        throws(WireError) -> [String: Value]
    {
        let count = try takeCount()
        var members: [String: Value] = [:]
        for _ in 0..<count {
            let name: String = try take()
            members[name] = try take(Value.self)
        }
        return members
    }

    /// A number of elements, each of which takes a byte at least.
    private mutating func takeCount() throws(WireError) -> Int {
        let count: Int = try take()
        guard (0...remaining).contains(count) else {
            throw WireError(description: "\(count) elements in \(remaining) bytes")
        }
        return count
    }

    /// The next `count` bytes.
    package mutating func takeRaw(_ count: Int) throws(WireError) -> ArraySlice<UInt8> {
        guard (0...remaining).contains(count) else {
            throw WireError(description: "\(count) bytes where \(remaining) are left")
        }
        defer { position += count }
        return bytes[position..<position + count]
    }

    /// A run of bytes that was put with its length.
    package mutating func takeBlob() throws(WireError) -> [UInt8] { Array(try takeRaw(try take())) }

    /// Runs `body` one level deeper; values nest no deeper than any text that was read did.
    package mutating func nested<Value>(
        _ body: (inout WireReader) throws(WireError) -> Value
    ) throws(WireError) -> Value {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 600 else { throw WireError(description: "values stand too deep") }
        return try body(&self)
    }
}

extension UInt64: WireValue {
    package func encode(to wire: inout WireWriter) {
        wire.append(raw: withUnsafeBytes(of: littleEndian) { Array($0) })
    }

    package init(from wire: inout WireReader) throws(WireError) {
        var value: UInt64 = 0
        for (i, byte) in try wire.takeRaw(8).enumerated() { value |= UInt64(byte) << (8 * i) }
        self = value
    }
}

extension Int: WireValue {
    package func encode(to wire: inout WireWriter) { wire.put(UInt64(bitPattern: Int64(self))) }

    package init(from wire: inout WireReader) throws(WireError) {
        self = Int(Int64(bitPattern: try wire.take(UInt64.self)))
    }
}

extension Double: WireValue {
    package func encode(to wire: inout WireWriter) { wire.put(bitPattern) }

    package init(from wire: inout WireReader) throws(WireError) {
        self = Double(bitPattern: try wire.take(UInt64.self))
    }
}

extension Bool: WireValue {
    package func encode(to wire: inout WireWriter) {
        wire.append(raw: CollectionOfOne(self ? 1 : 0))
    }

    package init(from wire: inout WireReader) throws(WireError) {
        switch try wire.takeRaw(1).first {
        case 0: self = false
        case 1: self = true
        default: throw WireError(description: "a truth value that is neither 0 nor 1")
        }
    }
}

extension String: WireValue {
    package func encode(to wire: inout WireWriter) {
        wire.put(utf8.count)
        wire.append(raw: utf8)
    }

    package init(from wire: inout WireReader) throws(WireError) {
        let count: Int = try wire.take()
        guard let text = String(validating: try wire.takeRaw(count), as: UTF8.self) else {
            throw WireError(description: "a text that is not UTF-8")
        }
        self = text
    }
}
