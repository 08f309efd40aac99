import Foundation

/// An open file of a store.
package struct StoreFile: Sendable, Equatable {
    /// The descriptor; closed by `StoreFiles.close`.
    package let descriptor: Int32
    /// Where the file lies, for messages.
    package let path: String

    package init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }
}

/// The operations by which a writer changes files.
///
/// They are behind a protocol so that a test can let each of them fail, or look at the store
/// between any two.
package protocol StoreFiles: Sendable {
    /// Opens a file for writing, and creates it where it is not.
    func open(_ path: String) throws(StoreError) -> StoreFile
    /// The bytes of the file.
    func length(of file: StoreFile) throws(StoreError) -> Int
    /// Writes all of `bytes` at `offset`.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int, to file: StoreFile)
        throws(StoreError)
    /// Cuts the file, or extends it by zeros.
    func truncate(_ file: StoreFile, to length: Int) throws(StoreError)
    /// Returns when the file's bytes and length are on the device.
    func synchronise(_ file: StoreFile) throws(StoreError)
    /// Returns when the names in the folder are on the device.
    func synchroniseFolder(_ path: String) throws(StoreError)
    /// Gives the name `target` to the file at `path`, in place of any file that had it.
    func rename(_ path: String, to target: String) throws(StoreError)
    /// Gives the file at `path` a second name; one that is taken is an error.
    func link(_ path: String, to target: String) throws(StoreError)
    /// Removes a file; one that is not there is well.
    func remove(_ path: String) throws(StoreError)
    /// Closes the file.
    func close(_ file: StoreFile)
}

/// The operating system's file operations.
package struct SystemFiles: StoreFiles {
    package init() {}

    package func open(_ path: String) throws(StoreError) -> StoreFile {
        let descriptor = retrying { Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644) }
        guard descriptor >= 0 else { throw systemFailure("opening for writing", path) }
        return StoreFile(descriptor: descriptor, path: path)
    }

    package func length(of file: StoreFile) throws(StoreError) -> Int {
        var status = stat()
        guard fstat(file.descriptor, &status) == 0 else {
            throw systemFailure("looking up", file.path)
        }
        return Int(status.st_size)
    }

    package func write(
        _ bytes: UnsafeRawBufferPointer, at offset: Int, to file: StoreFile
    ) throws(StoreError) {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
            let count = retrying {
                pwrite(file.descriptor, rest.baseAddress, rest.count, off_t(offset + done))
            }
            guard count > 0 else { throw writeFailure("writing", file.path) }
            done += count
        }
    }

    package func truncate(_ file: StoreFile, to length: Int) throws(StoreError) {
        guard retrying({ ftruncate(file.descriptor, off_t(length)) }) == 0 else {
            throw systemFailure("cutting to \(length) bytes", file.path)
        }
    }

    package func synchronise(_ file: StoreFile) throws(StoreError) {
        guard retrying({ fdatasync(file.descriptor) }) == 0 else {
            throw writeFailure("making durable", file.path)
        }
    }

    package func synchroniseFolder(_ path: String) throws(StoreError) {
        let descriptor = retrying {
            Foundation.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        }
        guard descriptor >= 0 else { throw systemFailure("opening the folder", path) }
        defer { _ = Foundation.close(descriptor) }
        guard retrying({ fsync(descriptor) }) == 0 else {
            throw systemFailure("making the folder durable", path)
        }
    }

    package func rename(_ path: String, to target: String) throws(StoreError) {
        guard Foundation.rename(path, target) == 0 else {
            throw systemFailure("renaming to \(target)", path)
        }
    }

    package func link(_ path: String, to target: String) throws(StoreError) {
        guard Foundation.link(path, target) == 0 else {
            throw systemFailure("linking to \(target)", path)
        }
    }

    package func remove(_ path: String) throws(StoreError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw systemFailure("removing", path) }
    }

    package func close(_ file: StoreFile) {
        _ = Foundation.close(file.descriptor)
    }
}

extension StoreFiles {
    /// Returns when the bytes of a file that others wrote are on the device.
    func makeDurable(_ path: String) throws(StoreError) {
        let file = try open(path)
        defer { close(file) }
        try synchronise(file)
    }

    /// Puts a small file in place as a whole: after a crash it is the old one or the new one.
    func replace(_ path: String, by text: String, in folder: String) throws(StoreError) {
        let temporary = path + ".new"
        let file = try open(temporary)
        defer { close(file) }
        try truncate(file, to: 0)
        let bytes = Array(text.utf8)
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(StoreError) in try write(bytes, at: 0, to: file) }
        }
        try result.get()
        try synchronise(file)
        try rename(temporary, to: path)
        try synchroniseFolder(folder)
    }
}

/// Calls again what a signal interrupted.
func retrying<Number: SignedInteger>(_ call: () -> Number) -> Number {
    while true {
        let result = call()
        if result != -1 || errno != EINTR { return result }
    }
}

/// The error of a system call that just failed.
func systemFailure(_ doing: String, _ path: String) -> StoreError {
    .file(doing: doing, path: path, reason: systemReason())
}

/// The error of a write to a shard that just failed.
private func writeFailure(_ doing: String, _ path: String) -> StoreError {
    .file(
        doing: doing, path: path,
        reason: systemReason() + "; what was committed before is intact")
}

/// The text of the last system call's error, with what to do about the common ones.
func systemReason() -> String {
    let code = errno
    let text = String(cString: strerror(code))
    return switch code {
    case ENOSPC, EDQUOT: "\(text); make room, then run again to resume"
    case EFBIG: "\(text); raise the limit (ulimit -f), or make shards smaller"
    case EROFS, EACCES, EPERM: "\(text); choose a folder that can be written"
    case EIO: "\(text); the device or its connection is failing"
    default: text
    }
}
