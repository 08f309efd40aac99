import Foundation
import ShardStore
import Synchronization

/// File operations at one of which the process kills itself.
final class KillingFiles: StoreFiles {
    /// The moment of the kill.
    enum Moment: String {
        case before, torn, after
    }

    private let system = SystemFiles()
    private let counter = Mutex(0)
    private let fatal: Int?
    private let moment: Moment

    init(fatal: Int?, _ moment: Moment) {
        self.fatal = fatal
        self.moment = moment
    }

    var count: Int { counter.withLock { $0 } }

    private func die() -> Never {
        kill(getpid(), SIGKILL)
        while true { sleep(1) }
    }

    private func operate(
        torn: () throws(StoreError) -> Void = {}, _ work: () throws(StoreError) -> Void
    ) throws(StoreError) {
        let number = counter.withLock { count in
            count += 1
            return count - 1
        }
        guard number == fatal else { return try work() }
        switch moment {
        case .before: break
        case .torn: try torn()
        case .after: try work()
        }
        die()
    }

    func open(_ path: String) throws(StoreError) -> StoreFile {
        var file: StoreFile?
        try operate { () throws(StoreError) in file = try system.open(path) }
        guard let file else { die() }
        return file
    }

    func length(of file: StoreFile) throws(StoreError) -> Int {
        try system.length(of: file)
    }

    func write(
        _ bytes: UnsafeRawBufferPointer, at offset: Int, to file: StoreFile
    ) throws(StoreError) {
        try operate(
            torn: { () throws(StoreError) in
                let half = UnsafeRawBufferPointer(rebasing: bytes.prefix(bytes.count / 2))
                try system.write(half, at: offset, to: file)
            },
            { () throws(StoreError) in try system.write(bytes, at: offset, to: file) })
    }

    func truncate(_ file: StoreFile, to length: Int) throws(StoreError) {
        try operate { () throws(StoreError) in try system.truncate(file, to: length) }
    }

    func synchronise(_ file: StoreFile) throws(StoreError) {
        try operate { () throws(StoreError) in try system.synchronise(file) }
    }

    func synchroniseFolder(_ path: String) throws(StoreError) {
        try operate { () throws(StoreError) in try system.synchroniseFolder(path) }
    }

    func rename(_ path: String, to target: String) throws(StoreError) {
        try operate { () throws(StoreError) in try system.rename(path, to: target) }
    }

    func link(_ path: String, to target: String) throws(StoreError) {
        try operate { () throws(StoreError) in try system.link(path, to: target) }
    }

    func remove(_ path: String) throws(StoreError) {
        try operate { () throws(StoreError) in try system.remove(path) }
    }

    func close(_ file: StoreFile) {
        system.close(file)
    }
}
