import ShardStore
import Synchronization

/// File operations of which one fails, or before each of which the test looks on.
final class FaultyFiles: StoreFiles {
    /// What happens at an operation.
    enum Fault: Sendable {
        /// It fails and does nothing.
        case refused
        /// A write puts half of its bytes and then fails; other operations fail.
        case torn
        /// It is done, and fails all the same.
        case late
    }

    private let system = SystemFiles()
    private let counter = Mutex(0)
    private let failing: Int?
    private let fault: Fault
    private let onEach: @Sendable (Int) -> Void
    private let lengths = Mutex<[String: Int]>([:])

    init(
        failing: Int? = nil, _ fault: Fault = .refused,
        onEach: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.failing = failing
        self.fault = fault
        self.onEach = onEach
    }

    /// How many operations there were.
    var count: Int { counter.withLock { $0 } }

    /// The bytes of each file that were made durable.
    var durableLengths: [String: Int] { lengths.withLock { $0 } }

    /// Counts an operation; after the one that fails, all fail: the device is gone.
    private func operate(
        _ doing: String, _ path: String, torn: () throws(StoreError) -> Void = {},
        _ work: () throws(StoreError) -> Void
    ) throws(StoreError) {
        let number = counter.withLock { count in
            count += 1
            return count - 1
        }
        onEach(number)
        let error = StoreError.file(doing: doing, path: path, reason: "injected")
        guard let failing, number >= failing else { return try work() }
        if number == failing {
            switch fault {
            case .refused: break
            case .torn: try torn()
            case .late: try work()
            }
        }
        throw error
    }

    func open(_ path: String) throws(StoreError) -> StoreFile {
        var file: StoreFile?
        try operate("opening", path) { () throws(StoreError) in file = try system.open(path) }
        guard let file else { throw .file(doing: "opening", path: path, reason: "injected") }
        return file
    }

    func length(of file: StoreFile) throws(StoreError) -> Int {
        try system.length(of: file)
    }

    func write(
        _ bytes: UnsafeRawBufferPointer, at offset: Int, to file: StoreFile
    ) throws(StoreError) {
        try operate(
            "writing", file.path,
            torn: { () throws(StoreError) in
                let half = UnsafeRawBufferPointer(rebasing: bytes.prefix(bytes.count / 2))
                try system.write(half, at: offset, to: file)
            },
            { () throws(StoreError) in try system.write(bytes, at: offset, to: file) })
    }

    func truncate(_ file: StoreFile, to length: Int) throws(StoreError) {
        try operate("cutting", file.path) { () throws(StoreError) in
            try system.truncate(file, to: length)
        }
    }

    func synchronise(_ file: StoreFile) throws(StoreError) {
        try operate("making durable", file.path) { () throws(StoreError) in
            try system.synchronise(file)
            let length = try system.length(of: file)
            lengths.withLock { $0[file.path] = length }
        }
    }

    func synchroniseFolder(_ path: String) throws(StoreError) {
        try operate("making durable", path) { () throws(StoreError) in
            try system.synchroniseFolder(path)
        }
    }

    func rename(_ path: String, to target: String) throws(StoreError) {
        try operate("renaming", path) { () throws(StoreError) in
            try system.rename(path, to: target)
        }
    }

    func link(_ path: String, to target: String) throws(StoreError) {
        try operate("linking", path) { () throws(StoreError) in
            try system.link(path, to: target)
        }
    }

    func remove(_ path: String) throws(StoreError) {
        try operate("removing", path) { () throws(StoreError) in try system.remove(path) }
    }

    func close(_ file: StoreFile) {
        system.close(file)
    }
}
