import Assets
import ShardStore

// What the rows of an asset look like on the wire: the properties in their order.

extension AssetRecord: WireValue {
    package func encode(to wire: inout WireWriter) {
        wire.put(id)
        wire.put(split.rawValue)
        wire.put(path)
        wire.put(sha256)
        wire.put(byteCount)
        wire.put(format)
        wire.put(licence)
        wire.put(metadata)
        wire.put(aliasOf)
        wire.put(timings)
    }

    package init(from wire: inout WireReader) throws(WireError) {
        self.init(
            id: try wire.take(), split: try wire.takeWord(), path: try wire.take(),
            sha256: try wire.take(), byteCount: try wire.take(), format: try wire.take(),
            licence: try wire.take(), metadata: try wire.take(), aliasOf: try wire.take(),
            timings: try wire.take())
    }
}

extension ClipRecord: WireValue {
    package func encode(to wire: inout WireWriter) {
        wire.put(name)
        wire.put(durationSeconds)
        wire.put(metadata)
    }

    package init(from wire: inout WireReader) throws(WireError) {
        self.init(
            name: try wire.take(), durationSeconds: try wire.take(), metadata: try wire.take())
    }
}

extension Measure: WireValue {
    package func encode(to wire: inout WireWriter) {
        wire.put(name)
        wire.put(clip)
        switch value {
        case .scalar(let number):
            wire.put(false)
            wire.put(number)
        case .series(let numbers):
            wire.put(true)
            wire.put(numbers)
        }
    }

    package init(from wire: inout WireReader) throws(WireError) {
        let name: String = try wire.take()
        let clip: String? = try wire.take()
        let value: Value =
            try wire.take(Bool.self) ? .series(try wire.take()) : .scalar(try wire.take())
        self.init(name: name, clip: clip, value: value)
    }
}

extension Decision: WireValue {
    package func encode(to wire: inout WireWriter) {
        wire.put(stage)
        wire.put(rule)
        wire.put(position)
        wire.put(clip)
        wire.put(verdict.rawValue)
        wire.put(reason)
    }

    package init(from wire: inout WireReader) throws(WireError) {
        self.init(
            stage: try wire.take(), rule: try wire.take(), position: try wire.take(),
            clip: try wire.take(), verdict: try wire.takeWord(), reason: try wire.take())
    }
}

extension FailureRecord: WireValue {
    package func encode(to wire: inout WireWriter) {
        wire.put(stage)
        wire.put(clip)
        wire.put(cause)
        wire.put(message)
        wire.put(replayCommand)
    }

    package init(from wire: inout WireReader) throws(WireError) {
        self.init(
            stage: try wire.take(), clip: try wire.take(), cause: try wire.take(),
            message: try wire.take(), replayCommand: try wire.take())
    }
}

extension JSONValue: WireValue {
    package func encode(to wire: inout WireWriter) {
        func kind(_ number: UInt8) { wire.append(raw: CollectionOfOne(number)) }
        switch self {
        case .null: kind(0)
        case .bool(let value):
            kind(1)
            wire.put(value)
        case .integer(let value):
            kind(2)
            wire.put(value)
        case .number(let value):
            kind(3)
            wire.put(value)
        case .string(let value):
            kind(4)
            wire.put(value)
        case .array(let values):
            kind(5)
            wire.put(values)
        case .object(let members):
            kind(6)
            wire.put(members)
        }
    }

    package init(from wire: inout WireReader) throws(WireError) {
        self = try wire.nested { (wire) throws(WireError) in
            switch try wire.takeRaw(1).first {
            case 0: .null
            case 1: .bool(try wire.take())
            case 2: .integer(try wire.take())
            case 3: .number(try wire.take())
            case 4: .string(try wire.take())
            case 5: .array(try wire.take())
            case 6: .object(try wire.take())
            default: throw WireError(description: "a JSON value of an unknown kind")
            }
        }
    }
}

extension ColumnValue: WireValue {
    package func encode(to wire: inout WireWriter) {
        switch self {
        case .number(let number):
            wire.put(true)
            wire.put(number)
        case .texts(let texts):
            wire.put(false)
            wire.put(texts)
        }
    }

    package init(from wire: inout WireReader) throws(WireError) {
        self = try wire.take(Bool.self) ? .number(try wire.take()) : .texts(try wire.take())
    }
}

extension WireReader {
    /// A value of an enumeration by its word.
    package mutating func takeWord<Value: RawRepresentable>() throws(WireError) -> Value
    where Value.RawValue == String {
        let word: String = try take()
        guard let value = Value(rawValue: word) else {
            throw WireError(description: "the word \(word) is none of \(Value.self)")
        }
        return value
    }
}
