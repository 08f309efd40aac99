import Foundation
import ShardStore

/// One message between a run and a worker: a header of 32 bytes, and a payload.
///
/// ```
/// offset  0  4  magic, "MBWK"
///         4  2  protocol version
///         6  2  kind
///         8  4  CRC-32C of the payload
///        12  4  CRC-32C of this header with zeros here
///        16  8  sequence number of the request that it belongs to
///        24  8  length of the payload
/// ```
///
/// All little-endian. A worker that was damaged by a foreign library may send anything; what is
/// not such a message, whole and in order, ends it.
package struct FrameHeader: Equatable {
    /// What messages say.
    package enum Kind: UInt16 {
        /// To the worker, once: the recipe.
        case setup = 1
        /// From the worker, once: it follows the recipe.
        case ready
        /// To the worker: an asset.
        case request
        /// From the worker: the stage that it enters.
        case stage
        /// From the worker: the rows of an asset, and the sizes of what follows.
        case result
        /// From the worker: the bytes of one payload.
        case payload
    }

    /// Raised with any change to what messages look like.
    static let version: UInt16 = 1
    package static let byteCount = 32
    private static let magic: UInt32 = 0x4B57_424D

    package var kind: Kind
    package var sequence: UInt64
    package var payloadCRC: UInt32
    package var length: UInt64

    package init(kind: Kind, sequence: UInt64, payload: UnsafeRawBufferPointer) {
        self.kind = kind
        self.sequence = sequence
        payloadCRC = CRC32C.checksum(payload)
        length = UInt64(payload.count)
    }

    /// The header's bytes.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        func put(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        put(FrameHeader.magic)
        put(FrameHeader.version)
        put(kind.rawValue)
        put(payloadCRC)
        put(UInt32(0))
        put(sequence)
        put(length)
        let crc = FrameHeader.checksum(bytes)
        for i in 0..<4 { bytes[12 + i] = UInt8(truncatingIfNeeded: crc >> (8 * i)) }
        return bytes
    }

    /// Reads a header of 32 bytes.
    package init(bytes: [UInt8]) throws(WireError) {
        precondition(bytes.count == FrameHeader.byteCount)
        func take<Value: FixedWidthInteger>(_ offset: Int, _ type: Value.Type) -> Value {
            bytes.withUnsafeBytes {
                Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: type))
            }
        }
        guard take(0, UInt32.self) == FrameHeader.magic else {
            throw WireError(description: "bytes that are no message")
        }
        let version = take(4, UInt16.self)
        guard version == FrameHeader.version else {
            throw WireError(description: "a message of protocol version \(version)")
        }
        var covered = bytes
        for i in 12..<16 { covered[i] = 0 }
        guard take(12, UInt32.self) == FrameHeader.checksum(covered) else {
            throw WireError(description: "a message's header is damaged")
        }
        guard let kind = Kind(rawValue: take(6, UInt16.self)) else {
            throw WireError(description: "a message of an unknown kind")
        }
        self.kind = kind
        payloadCRC = take(8, UInt32.self)
        sequence = take(16, UInt64.self)
        length = take(24, UInt64.self)
    }

    /// Whether a payload is the one that the header was made for.
    func isOf(_ payload: [UInt8]) -> Bool {
        UInt64(payload.count) == length
            && payload.withUnsafeBytes { CRC32C.checksum($0) } == payloadCRC
    }

    /// Sends a message; false where nobody is at the other end.
    static func send(
        _ kind: Kind, sequence: UInt64, _ payload: SharedBytes, to socket: Int32
    ) -> Bool {
        let header = payload.withUnsafeBytes {
            FrameHeader(kind: kind, sequence: sequence, payload: $0)
        }
        for bytes in [SharedBytes(header.bytes), payload] {
            var sent = 0
            while sent < bytes.count {
                let count = bytes.withUnsafeBytes {
                    Glibc.send(
                        socket, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                sent += count
            }
        }
        return true
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBytes { CRC32C.checksum($0) }
    }
}
