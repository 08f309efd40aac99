import Foundation
import Running
import ShardStore

/// The other end: a process that works on the assets that its run sends.
public struct WorkerService: Sendable {
    /// Where a worker finds its socket.
    static let descriptor: Int32 = 3

    private let socket: Int32
    private let onRequest: @Sendable (_ asset: String) -> Void

    /// Follows a run until it ends; returns only where this process was not started by a run.
    ///
    /// What libraries print to standard output goes to standard error: the socket alone is for
    /// messages.
    public static func run() { run { _ in } }

    /// - Parameter onRequest: told of each asset before it is worked on.
    package static func run(onRequest: @escaping @Sendable (_ asset: String) -> Void) {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return }
        // Signals of a terminal or a scheduler are the run's to answer: it ends its workers.
        for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { signal(number, SIG_IGN) }
        let service = WorkerService(socket: descriptor, onRequest: onRequest)
        // A run that is gone leaves no worker behind, not even one that hangs in a library.
        Thread.detachNewThread { service.awaitHangUp() }
        let work = Thread { service.work() }
        // Deep node hierarchies recurse in foreign importers.
        work.stackSize = 64 << 20
        work.start()
        while true { pause() }
    }

    private func awaitHangUp() {
        var wait = pollfd(fd: socket, events: 0, revents: 0)
        while poll(&wait, 1, -1) <= 0 {}
        _exit(0)
    }

    private func work() {
        do {
            let processor = try begin()
            while true {
                let (header, payload) = try receive()
                guard header.kind == .request else { throw WireError(description: "no request") }
                var wire = WireReader(payload)
                try answer(try wire.take(), header.sequence, processor)
            }
        } catch {
            FileHandle.standardError.write(Data("worker: \(error)\n".utf8))
            _exit(70)
        }
    }

    /// Takes the recipe, and limits itself.
    private func begin() throws -> AssetProcessor {
        let (header, payload) = try receive()
        guard header.kind == .setup else { throw WireError(description: "no recipe") }
        var wire = WireReader(payload)
        let setup: WorkerSetup = try wire.take()
        let processor = AssetProcessor(recipe: try Recipe(setup.recipe))
        WorkerService.limit(RLIMIT_AS, to: setup.memoryBytes)
        // A run over millions of files would fill the disk with the cores of those that crash.
        WorkerService.limit(RLIMIT_CORE, to: 0)
        var greeting = WireWriter()
        greeting.put(Version.current)
        try send(.ready, 0, greeting.bytes)
        return processor
    }

    private static func limit(_ resource: __rlimit_resource, to count: Int) {
        var limit = rlimit()
        getrlimit(Int32(resource.rawValue), &limit)
        limit.rlim_cur = min(rlim_t(count), limit.rlim_max)
        setrlimit(Int32(resource.rawValue), &limit)
    }

    private func answer(
        _ request: AssetRequest, _ sequence: UInt64, _ processor: AssetProcessor
    ) throws {
        onRequest(request.record.id)
        let result = processor.process(request) { stage, clip in
            var wire = WireWriter()
            wire.put(StageNote(stage: stage, clip: clip))
            // A run that is gone is noticed by the other thread.
            try? send(.stage, sequence, wire.bytes)
        }
        var wire = WireWriter()
        wire.put(ResultHead(result))
        try send(.result, sequence, wire.bytes)
        for field in result.outcome.samples.flatMap(\.fields) {
            switch field.payload {
            case .bytes(let bytes): try send(.payload, sequence, bytes)
            case .array(let array): try send(.payload, sequence, array.data)
            }
        }
    }

    // MARK: Messages

    private func send(_ kind: FrameHeader.Kind, _ sequence: UInt64, _ payload: [UInt8]) throws {
        try send(kind, sequence, SharedBytes(payload))
    }

    private func send(
        _ kind: FrameHeader.Kind, _ sequence: UInt64, _ payload: SharedBytes
    ) throws {
        guard FrameHeader.send(kind, sequence: sequence, payload, to: socket) else {
            throw WireError(description: "the run is gone")
        }
    }

    private func receive() throws -> (header: FrameHeader, payload: [UInt8]) {
        let header = try FrameHeader(bytes: try receive(FrameHeader.byteCount))
        let payload = try receive(Int(header.length))
        guard header.isOf(payload) else { throw WireError(description: "a damaged message") }
        return (header, payload)
    }

    private func receive(_ count: Int) throws -> [UInt8] {
        var isWhole = true
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = read(socket, buffer.baseAddress! + filled, count - filled)
                if got < 0, errno == EINTR { continue }
                guard got > 0 else {
                    isWhole = false
                    return
                }
                filled += got
            }
        }
        guard isWhole else { throw WireError(description: "the run is gone") }
        return bytes
    }
}
