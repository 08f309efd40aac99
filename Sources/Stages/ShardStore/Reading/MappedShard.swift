import Foundation

/// A shard in memory, as the system maps it: bytes are read when they are touched, and shared
/// with every other process that reads the shard.
///
/// Committed bytes of a shard never change and are never cut, so a mapping stays right while a
/// writer appends. Should the device fail under a mapping, touching the bytes ends the process
/// with a bus error; `StoreVerifier` reads without mapping.
final class MappedShard: @unchecked Sendable {
    // Unchecked: the memory is mapped read-only and lives as long as this object.
    private let bytes: UnsafeRawBufferPointer

    /// The bytes that the file had when it was mapped.
    var length: Int { bytes.count }

    /// Maps the file at `path`.
    ///
    /// - Throws: the system's reason.
    init(_ path: String) throws(Unmappable) {
        let descriptor = retrying { open(path, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw Unmappable(reason: systemReason()) }
        defer { _ = close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Unmappable(reason: systemReason()) }
        let length = Int(status.st_size)
        guard length > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let base = mmap(nil, length, PROT_READ, MAP_SHARED, descriptor, 0),
            base != MAP_FAILED
        else { throw Unmappable(reason: systemReason()) }
        bytes = UnsafeRawBufferPointer(start: base, count: length)
    }

    /// Asks the system to read a range, which lies within `length`, before it is touched. The
    /// answer does not matter: it is read when it is touched, too.
    func willNeed(_ range: Range<Int>) {
        guard let base = bytes.baseAddress, !range.isEmpty else { return }
        let start = range.lowerBound / MappedShard.pageSize * MappedShard.pageSize
        _ = madvise(
            UnsafeMutableRawPointer(mutating: base + start), range.upperBound - start,
            MADV_WILLNEED)
    }

    private static let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))

    deinit {
        if let base = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: base), length) }
    }

    /// Why a file could not be mapped.
    struct Unmappable: Error {
        var reason: String
    }

    /// Lends the bytes of a range, which lies within `length`.
    func withBytes<Result, Failure: Error>(
        _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let part = UnsafeRawBufferPointer(rebasing: bytes[range])
        return try withExtendedLifetime(self) { () throws(Failure) in try body(part) }
    }
}
