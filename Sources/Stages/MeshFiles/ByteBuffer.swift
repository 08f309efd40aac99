import Foundation

/// Little-endian bytes under construction.
package struct ByteBuffer {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package var count: Int { bytes.count }
    package var data: Data { Data(bytes) }

    package mutating func reserveCapacity(_ count: Int) { bytes.reserveCapacity(count) }

    package mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    package mutating func append(_ value: Float) { append(value.bitPattern) }

    package mutating func append(floats values: some Sequence<Float>) {
        for value in values { append(value.bitPattern) }
    }

    /// Numbers as they lie in memory: positions are millions.
    package mutating func append(floats values: [Float]) {
        #if _endian(little)
            values.withUnsafeBytes { bytes.append(contentsOf: $0) }
        #else
            for value in values { append(value.bitPattern) }
        #endif
    }

    /// Numbers as they lie in memory.
    package mutating func append(integers values: [UInt32]) {
        #if _endian(little)
            values.withUnsafeBytes { bytes.append(contentsOf: $0) }
        #else
            for value in values { append(value) }
        #endif
    }

    package mutating func append(contentsOf other: some Sequence<UInt8>) {
        bytes.append(contentsOf: other)
    }

    package mutating func append(text: String) { bytes.append(contentsOf: text.utf8) }

    /// Adds `filler` until the count is a multiple of `alignment`.
    package mutating func pad(to alignment: Int, with filler: UInt8 = 0) {
        while bytes.count % alignment != 0 { bytes.append(filler) }
    }
}
