import DatasetBuilding
import Geometry
import ShardStore
import Testing

/// What travels between a run and its workers comes out as it went in, and what is damaged comes
/// out as an error.
@Suite struct WireTests {
    private static let json = JSONValue.object([
        "a": .array([.null, .bool(true), .integer(1), .number(1), .number(-0.0)]),
        "b": .object(["ü": .string("\u{1F984}\n\0")]), "": .number(.nan),
        "c": .array([.integer(.min), .number(.leastNonzeroMagnitude), .number(.infinity)]),
    ])

    private func bytes(_ value: some WireValue) -> [UInt8] {
        var wire = WireWriter()
        wire.put(value)
        return wire.bytes
    }

    /// Equal bytes, since NaN is not equal to itself.
    private func expectSame<Value: WireValue>(_ value: Value) throws {
        let sent = bytes(value)
        var wire = WireReader(sent)
        let received: Value = try wire.take()
        #expect(wire.isAtEnd)
        #expect(bytes(received) == sent)
    }

    @Test func valuesComeOutAsTheyWentIn() throws {
        try expectSame(Self.json)
        // JSON itself would make one of these the other.
        #expect(bytes(JSONValue.integer(1)) != bytes(JSONValue.number(1)))
        try expectSame(
            AssetRecord(
                id: "a/b", split: .validation, path: "a/b.glb", sha256: "00", byteCount: 7,
                licence: "by", metadata: Self.json))
        try expectSame(ClipRecord(name: "walk", durationSeconds: .pi, metadata: Self.json))
        try expectSame(Measure(name: "m", clip: nil, value: .scalar(.nan)))
        try expectSame(Measure(name: "m", clip: "c", value: .series([.infinity, -0.0, .nan])))
        try expectSame(
            Decision(
                stage: "s", rule: "r", position: -1, clip: nil, verdict: .rejected, reason: ""))
        try expectSame(
            FailureRecord(stage: "s", clip: "c", cause: "x", message: "m", replayCommand: "r"))
    }

    /// Cut off anywhere, or with bytes changed: an error or a value, never a trap or a huge array.
    @Test func damagedValuesAreErrors() throws {
        let whole = bytes(
            AssetRecord(id: "a", split: .train, path: "p", licence: "l", metadata: Self.json))
        for count in 0..<whole.count {
            var wire = WireReader(Array(whole.prefix(count)))
            #expect(throws: WireError.self) { _ = try wire.take(AssetRecord.self) }
        }
        var random = KeyedRandom(seed: 5, asset: "", purpose: "damage")
        for _ in 0..<20_000 {
            var damaged = whole
            for _ in 0..<1 + random.next() % 4 {
                let place = Int(random.next() % UInt64(damaged.count))
                damaged[place] = UInt8(truncatingIfNeeded: random.next())
            }
            var wire = WireReader(damaged)
            _ = try? wire.take(AssetRecord.self)
        }
    }

    @Test func listsInListsEndSomewhere() {
        // A list of one list of one list ...
        let level = [5, 1, 0, 0, 0, 0, 0, 0, 0].map(UInt8.init)
        var wire = WireReader((0..<100_000).flatMap { _ in level })
        #expect(throws: WireError.self) { _ = try wire.take(JSONValue.self) }
    }

    @Test func headersHoldOneAnother() throws {
        let payload: [UInt8] = [1, 2, 3]
        let header = payload.withUnsafeBytes {
            FrameHeader(kind: .request, sequence: 77, payload: $0)
        }
        // CRC-32C of 01 02 03, from Python's crc32c 2.9.
        #expect(header.payloadCRC == 0xF130_F21E)
        let bytes = header.bytes
        #expect(bytes.count == FrameHeader.byteCount)
        #expect(try FrameHeader(bytes: bytes) == header)
        for bit in 0..<8 * bytes.count {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: WireError.self, "bit \(bit)") { try FrameHeader(bytes: damaged) }
        }
    }
}
