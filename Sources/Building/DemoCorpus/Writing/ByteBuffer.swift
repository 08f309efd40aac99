import Foundation

/// Little-endian bytes under construction.
struct ByteBuffer {
    private(set) var bytes: [UInt8] = []

    var count: Int { bytes.count }
    var data: Data { Data(bytes) }

    mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ value: Float) { append(value.bitPattern) }

    mutating func append(floats values: some Sequence<Float>) {
        for value in values { append(value.bitPattern) }
    }

    mutating func append(contentsOf other: some Sequence<UInt8>) {
        bytes.append(contentsOf: other)
    }

    mutating func append(text: String) { bytes.append(contentsOf: text.utf8) }

    /// Adds `filler` until the count is a multiple of `alignment`.
    mutating func pad(to alignment: Int, with filler: UInt8 = 0) {
        while bytes.count % alignment != 0 { bytes.append(filler) }
    }
}
