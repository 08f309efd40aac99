import Assets
import Foundation
import Geometry
import Testing

@Suite struct NPYTests {
    /// A file as numpy.lib.format describes it.
    static func file(_ header: String, data: [UInt8], version: UInt8 = 1) -> [UInt8] {
        let prefix = version == 1 ? 10 : 12
        var text = header
        while (prefix + text.utf8.count + 1) % 64 != 0 { text += " " }
        text += "\n"
        let length =
            version == 1 ? bytes(UInt16(text.utf8.count)) : bytes(UInt32(text.utf8.count))
        return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + Array(text.utf8) + data
    }

    static func header(_ descriptor: String, _ shape: String, fortran: Bool = false) -> String {
        "{'descr': '\(descriptor)', 'fortran_order': \(fortran ? "True" : "False"), "
            + "'shape': \(shape), }"
    }

    static func read(_ file: [UInt8]) throws -> NPYArray {
        try NPYReader.array(reading: file, path: "a.npy")
    }

    @Test func readsEveryElementType() throws {
        let cases: [(String, [UInt8], [Double])] = [
            ("<f4", bytes(Float(1.5)) + bytes(Float(-2)), [1.5, -2]),
            ("<f8", bytes(0.1) + bytes(-1e300), [0.1, -1e300]),
            (
                ">f4",
                bytes(Float(1.5).bitPattern.bigEndian) + bytes(Float(7).bitPattern.bigEndian),
                [1.5, 7]
            ),
            // Binary16: 1, and the smallest subnormal.
            ("<f2", bytes(UInt16(0x3c00)) + bytes(UInt16(0x0001)), [1, 0x1p-24]),
            ("<f2", bytes(UInt16(0xc100)) + bytes(UInt16(0x7c00)), [-2.5, .infinity]),
            ("<i4", bytes(Int32(-3)) + bytes(Int32.max), [-3, 2_147_483_647]),
            ("<i8", bytes(Int64(-5)) + bytes(Int64(1) << 40), [-5, 1_099_511_627_776]),
            (">i2", [0xff, 0xfe, 0x01, 0x00], [-2, 256]),
            ("|i1", [0xff, 0x7f], [-1, 127]),
            ("|u1", [0xff, 0x7f], [255, 127]),
            ("<u2", bytes(UInt16(65535)) + bytes(UInt16(1)), [65535, 1]),
            ("<u8", bytes(UInt64(12)) + bytes(UInt64(0)), [12, 0]),
            ("|b1", [0, 1], [0, 1]),
        ]
        for (descriptor, data, expected) in cases {
            let array = try Self.read(Self.file(Self.header(descriptor, "(2,)"), data: data))
            #expect(array == NPYArray(shape: [2], elements: expected), "\(descriptor)")
        }
    }

    @Test func fortranOrderIsPutInRows() throws {
        // Element (i, j, k) of a [2, 3, 4] array is 100 i + 10 j + k; the first index runs fastest.
        var data: [UInt8] = []
        for k in 0..<4 {
            for j in 0..<3 {
                for i in 0..<2 { data += bytes(Float(100 * i + 10 * j + k)) }
            }
        }
        let array = try Self.read(
            Self.file(Self.header("<f4", "(2, 3, 4)", fortran: true), data: data))
        #expect(array.shape == [2, 3, 4])
        var expected: [Double] = []
        for i in 0..<2 {
            for j in 0..<3 {
                for k in 0..<4 { expected.append(Double(100 * i + 10 * j + k)) }
            }
        }
        #expect(array.elements == expected)
    }

    @Test func readsAllVersionsAndSpellings() throws {
        for version: UInt8 in 1...3 {
            let file = Self.file(Self.header("<f4", "()"), data: bytes(Float(4)), version: version)
            #expect(try Self.read(file) == NPYArray(shape: [], elements: [4]))
        }
        let odd = "{\"shape\":(1L,2),\"descr\":\"<i4\",\"fortran_order\":False}"
        let file = Self.file(odd, data: bytes(Int32(8)) + bytes(Int32(9)) + [1, 2, 3])
        #expect(try Self.read(file) == NPYArray(shape: [1, 2], elements: [8, 9]))
        let empty = Self.file(Self.header("<f8", "(0, 3)", fortran: true), data: [])
        #expect(try Self.read(empty) == NPYArray(shape: [0, 3], elements: []))
    }

    @Test(arguments: [
        [], Array("\u{93}NUMPY".utf8),
        Array(file(header("<f4", "(2,)"), data: bytes(Float(1))).prefix(40)),
        file(header("<f4", "(2,)"), data: bytes(Float(1))),
        file(header("<f8", "(4611686018427387904, 4)"), data: []),
        file(header("<f8", "(4611686018427387904,)"), data: []),
        file(header("<f8", "(99999999999999999999,)"), data: []),
        file(header("<f8", "(-1,)"), data: []),
        file("{'descr': '<f4'}", data: []),
        file("no dictionary", data: []),
    ])
    func lyingFilesAreMalformed(file: [UInt8]) {
        #expect {
            try Self.read(file)
        } throws: { error in
            guard case AssetError.malformed? = error as? AssetError else { return false }
            return true
        }
    }

    @Test(arguments: ["|O", "<U3", "<c8", "|V8", "<f16"])
    func otherElementsAreUnsupported(descriptor: String) {
        let file = Self.file(
            Self.header(descriptor, "(1,)"), data: [UInt8](repeating: 0, count: 64))
        #expect {
            try Self.read(file)
        } throws: { error in
            guard case AssetError.unsupported? = error as? AssetError else { return false }
            return true
        }
    }

    @Test func mutantsNeverTrap() {
        let original = Self.file(
            Self.header("<f4", "(2, 3)", fortran: true),
            data: (0..<6).flatMap { bytes(Float($0)) })
        var random = KeyedRandom(seed: 1, asset: "npy", purpose: "fuzz")
        var sound = 0
        for _ in 0..<1000 {
            guard let array = try? Self.read(mutated(original, &random)) else { continue }
            sound += 1
            #expect(array.elements.count == array.shape.reduce(1, *))
        }
        #expect(sound > 50 && sound < 950)
    }
}
