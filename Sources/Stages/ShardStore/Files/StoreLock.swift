import Foundation

/// The lock that a store's only writer holds.
///
/// It is `flock` on a small file: the system drops it when the process ends, however it ends, and
/// a second opening is refused in the same process too. The file names the holder for the
/// message. It is removed with the lock still held, so one who gets the lock must check that the
/// file it opened is still the one of that name.
final class StoreLock: Sendable {
    private let path: String
    private let descriptor: Int32

    init(_ layout: StoreLayout) throws(StoreError) {
        path = layout.lock
        while true {
            let opened = retrying { open(layout.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o644) }
            guard opened >= 0 else { throw systemFailure("locking", layout.lock) }
            guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
                let reason = errno
                let holder = StoreLock.text(opened)
                _ = close(opened)
                if reason == EWOULDBLOCK {
                    throw .locked(
                        path: layout.folder,
                        holder: holder.isEmpty ? "another writer" : holder)
                }
                errno = reason
                throw systemFailure("locking", layout.lock)
            }
            if StoreLock.isNamed(layout.lock, opened) {
                descriptor = opened
                break
            }
            _ = close(opened)
        }
        let holder = Array("process \(getpid()) on \(StoreLock.hostName)".utf8)
        _ = ftruncate(descriptor, 0)
        _ = pwrite(descriptor, holder, holder.count, 0)
    }

    deinit {
        _ = unlink(path)
        _ = close(descriptor)
    }

    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "this machine" }
        return String(
            decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func text(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 200)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    private static func isNamed(_ path: String, _ descriptor: Int32) -> Bool {
        var own = stat()
        var named = stat()
        return fstat(descriptor, &own) == 0 && stat(path, &named) == 0
            && own.st_ino == named.st_ino && own.st_dev == named.st_dev
    }
}
