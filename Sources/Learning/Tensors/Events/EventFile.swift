import Foundation
import ShardStore

/// A file of a training's curves and pictures that TensorBoard shows.
///
/// The format is TFRecord: each record is its length (8 bytes, little-endian), a masked CRC-32C of
/// those, the data, and a masked CRC-32C of the data. The data are `Event` messages in Protocol
/// Buffers' encoding (tensorflow/core/util/event.proto, framework/summary.proto). Records are
/// written whole, so that a run that is killed leaves a file that can be read.
public final class EventFile {
    /// One thing of a step.
    public enum Value: Sendable {
        /// A point of a curve.
        case scalar(Double)
        /// A picture, as PNG.
        case picture(png: [UInt8], width: Int, height: Int)
    }

    /// The file.
    public let url: URL
    private let file: FileHandle

    /// Begins a file in a folder that TensorBoard is pointed at.
    ///
    /// - Parameters:
    ///   - folder: made where it is not there.
    ///   - step: where this run begins: what an earlier file of the folder says of this step and
    ///     later ones is then not shown, for it was lost with the run that wrote it.
    ///   - time: seconds since 1970.
    public init(folder: URL, step: Int, time: Double = Date().timeIntervalSince1970) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let name = "events.out.tfevents.\(String(format: "%010d", Int(time)))."
        // Two runs of one second must not share a file.
        var number = getpid()
        var url = folder.appending(path: "\(name)\(number)")
        while FileManager.default.fileExists(atPath: url.path) {
            number += 1
            url = folder.appending(path: "\(name)\(number)")
        }
        guard FileManager.default.createFile(atPath: url.path, contents: nil) else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: url.path])
        }
        self.url = url
        file = try FileHandle(forWritingTo: url)
        try write(Self.versionEvent(time: time))
        if step > 0 { try write(Self.startEvent(time: time, step: step)) }
    }

    deinit { try? file.close() }

    /// Adds what is known of a step.
    ///
    /// - Parameter values: by tags, whose part before a slash groups them: `loss/train`.
    public func add(
        _ values: [(tag: String, value: Value)], step: Int,
        time: Double = Date().timeIntervalSince1970
    ) throws {
        try write(Self.event(values, step: step, time: time))
    }

    private func write(_ event: [UInt8]) throws {
        try file.write(contentsOf: Self.record(event))
    }

    /// A TFRecord.
    package static func record(_ data: [UInt8]) -> [UInt8] {
        let length = withUnsafeBytes(of: UInt64(data.count).littleEndian) { Array($0) }
        return length + maskedChecksum(length) + data + maskedChecksum(data)
    }

    /// A checksum that may stand in data which has a checksum itself.
    private static func maskedChecksum(_ bytes: [UInt8]) -> [UInt8] {
        var checksum = CRC32C()
        bytes.withUnsafeBytes { checksum.update($0) }
        let value = checksum.value
        let masked = (value >> 15 | value << 17) &+ 0xa282_ead8
        return withUnsafeBytes(of: masked.littleEndian) { Array($0) }
    }

    /// The event that every file begins with.
    package static func versionEvent(time: Double) -> [UInt8] {
        var message = ProtocolBuffer()
        message.add(1, time)
        message.add(3, "brain.Event:2")
        return message.bytes
    }

    /// The event that says where a resumed run begins.
    package static func startEvent(time: Double, step: Int) -> [UInt8] {
        var log = ProtocolBuffer()
        log.add(1, integer: 1)
        var message = ProtocolBuffer()
        message.add(1, time)
        message.add(2, integer: step)
        message.add(7, log.bytes)
        return message.bytes
    }

    /// An event of values.
    package static func event(
        _ values: [(tag: String, value: Value)], step: Int, time: Double
    ) -> [UInt8] {
        var summary = ProtocolBuffer()
        for (tag, value) in values {
            var entry = ProtocolBuffer()
            entry.add(1, tag)
            switch value {
            case .scalar(let number): entry.add(2, Float(number))
            case .picture(let png, let width, let height):
                var picture = ProtocolBuffer()
                picture.add(1, integer: height)
                picture.add(2, integer: width)
                picture.add(3, integer: 4)
                picture.add(4, png)
                entry.add(4, picture.bytes)
            }
            summary.add(1, entry.bytes)
        }
        var message = ProtocolBuffer()
        message.add(1, time)
        message.add(2, integer: step)
        message.add(5, summary.bytes)
        return message.bytes
    }
}

/// A message in Protocol Buffers' encoding.
private struct ProtocolBuffer {
    private(set) var bytes: [UInt8] = []

    private mutating func variable(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }

    private mutating func key(_ field: UInt64, _ wireType: UInt64) {
        variable(field << 3 | wireType)
    }

    mutating func add(_ field: UInt64, integer: Int) {
        key(field, 0)
        variable(UInt64(bitPattern: Int64(integer)))
    }

    mutating func add(_ field: UInt64, _ number: Double) {
        key(field, 1)
        withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes += $0 }
    }

    mutating func add(_ field: UInt64, _ number: Float) {
        key(field, 5)
        withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes += $0 }
    }

    mutating func add(_ field: UInt64, _ data: [UInt8]) {
        key(field, 2)
        variable(UInt64(data.count))
        bytes += data
    }

    mutating func add(_ field: UInt64, _ text: String) { add(field, Array(text.utf8)) }
}
