import Foundation

/// A shard opened for reading by position, where a read that fails is an error and not a signal,
/// as it would be in mapped memory.
final class ShardFile: Sendable {
    let path: String
    private let descriptor: Int32
    /// The bytes of the file when it was opened.
    let length: Int

    init(_ path: String) throws(StoreError) {
        let descriptor = retrying { open(path, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw systemFailure("opening", path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let error = systemFailure("looking up", path)
            _ = close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
        length = Int(status.st_size)
    }

    /// The bytes of the file at `path`, or `nil` where there is none.
    static func length(_ path: String) throws(StoreError) -> Int? {
        var status = stat()
        if stat(path, &status) == 0 { return Int(status.st_size) }
        guard errno == ENOENT else { throw systemFailure("looking up", path) }
        return nil
    }

    deinit {
        _ = close(descriptor)
    }

    /// Up to `count` bytes from `offset`, fewer at the end of the file.
    func read(at offset: Int, count: Int) throws(StoreError) -> [UInt8] {
        let count = min(count, max(0, length - offset))
        var done = 0
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while done < count {
                let rest = UnsafeMutableBufferPointer(rebasing: buffer[done...])
                let read = retrying {
                    pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
                }
                failed = read < 0
                if read <= 0 { break }
                done += read
            }
            filled = done
        }
        if failed { throw systemFailure("reading at byte \(offset)", path) }
        return bytes
    }
}
