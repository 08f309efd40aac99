import ShardStore
import Testing

@Suite struct CRC32CTests {
    /// The check value of the catalogue of parametrised CRC algorithms (CRC-32/ISCSI).
    @Test func checkValue() {
        #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
    }

    /// RFC 3720, appendix B.4; its bytes are written there lowest first.
    @Test func publishedVectors() {
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(CRC32C.checksum(Array(0..<32)) == 0x46DD_794E)
        #expect(CRC32C.checksum(Array((0..<32).reversed())) == 0x113F_DB5C)
        let command: [UInt8] =
            [0x01, 0xC0, 0, 0] + [UInt8](repeating: 0, count: 12) + [0x14, 0, 0, 0]
            + [0, 0, 0x04, 0, 0, 0, 0, 0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0]
            + [0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0]
        #expect(command.count == 48)
        #expect(CRC32C.checksum(command) == 0xD996_3A56)
        #expect(CRC32C.checksum([]) == 0)
    }

    /// Bit by bit, from the polynomial.
    private func reference(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0x82F6_3B78 : crc >> 1 }
        }
        return crc ^ 0xFFFF_FFFF
    }

    @Test func equalsTheBitwiseReferenceAtEveryLengthAndAlignment() {
        var random = SeededRandom(7)
        let bytes = random.bytes(400)
        bytes.withUnsafeBytes { buffer in
            for start in 0..<17 {
                for length in [0, 1, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 100, 383] {
                    let part = UnsafeRawBufferPointer(rebasing: buffer[start..<start + length])
                    #expect(CRC32C.checksum(part) == reference(part))
                }
            }
        }
    }

    /// Past the runs that are taken three at once, and a few bytes to each side.
    @Test func equalsTheBitwiseReferenceOverLongRuns() {
        var random = SeededRandom(9)
        let bytes = random.bytes(40_000)
        bytes.withUnsafeBytes { buffer in
            for length in [6143, 6144, 6145, 6151, 6152, 12_287, 12_288, 12_289, 39_990] {
                for start in [0, 3] {
                    let part = UnsafeRawBufferPointer(rebasing: buffer[start..<start + length])
                    #expect(CRC32C.checksum(part) == reference(part))
                }
            }
        }
    }

    @Test func partsGiveTheSameAsTheWhole() {
        var random = SeededRandom(8)
        for _ in 0..<50 {
            let bytes = random.bytes(Int.random(in: 1...2000, using: &random))
            var crc = CRC32C()
            var rest = bytes[...]
            while !rest.isEmpty {
                let part = rest.prefix(Int.random(in: 1...300, using: &random))
                Array(part).withUnsafeBytes { crc.update($0) }
                rest = rest.dropFirst(part.count)
            }
            #expect(crc.value == reference(bytes))
        }
    }
}
