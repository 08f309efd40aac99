import Foundation
import ShardStore

/// Why a worker is of no more use.
enum WorkerTrouble: Error {
    /// It ended: the raw status of `waitpid`.
    case ended(status: Int32)
    /// It was not done in time.
    case timedOut
    /// It sent what is no answer.
    case garbage(String)
    /// The run is to stop, and this worker was not done in time for it.
    case abandoned
}

/// A worker that could not be started.
public struct WorkerLaunchError: Error, CustomStringConvertible {
    /// What was tried, why it failed, and what to do.
    public let description: String
}

/// A process that works on assets, as its run sees it: a socket to talk over, and another that
/// takes what it and its libraries print.
///
/// The worker ends by itself when the run's end of the socket is closed, and so with the run,
/// however that ends. Not safe to use from two threads at once.
final class WorkerProcess {
    let processID: pid_t
    private let socket: Int32
    private let errors: Int32
    private var printed = LastWords()
    /// The raw status of `waitpid`, once it has ended.
    private var status: Int32?

    /// Starts `executable worker`.
    ///
    /// It gets a process group of its own, so that a terminal's Ctrl-C reaches the run alone.
    init(executable: String, threads: Int) throws(WorkerLaunchError) {
        // Sockets for both, since those can be made closed to other children from the start.
        var sockets: [Int32] = [-1, -1]
        var pipes: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &sockets) == 0,
            socketpair(AF_UNIX, kind, 0, &pipes) == 0
        else {
            let reason = WorkerProcess.reason(errno)
            for descriptor in sockets where descriptor >= 0 { close(descriptor) }
            throw WorkerLaunchError(description: "cannot make a worker's sockets: \(reason)")
        }
        defer {
            close(sockets[1])
            close(pipes[1])
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, pipes[1], 1)
        posix_spawn_file_actions_adddup2(&actions, pipes[1], 2)
        posix_spawn_file_actions_adddup2(&actions, sockets[1], WorkerService.descriptor)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))

        var words = WorkerProcess.words(["muybridge", "worker"])
        var settings = WorkerProcess.words(WorkerProcess.environment(threads: threads))
        defer { for word in words + settings { free(word) } }
        var processID: pid_t = 0
        let failure = posix_spawn(
            &processID, executable, &actions, &attributes, &words, &settings)
        guard failure == 0 else {
            close(sockets[0])
            close(pipes[0])
            throw WorkerLaunchError(
                description: "cannot start the worker \(executable): "
                    + WorkerProcess.reason(failure))
        }
        self.processID = processID
        socket = sockets[0]
        errors = pipes[0]
        _ = fcntl(errors, F_SETFL, fcntl(errors, F_GETFL) | O_NONBLOCK)
    }

    deinit { end() }

    /// What the worker printed last, for the message of a row.
    var lastWords: String { printed.text }

    /// Words as C takes them; each is to be freed.
    private static func words(_ words: [String]) -> [UnsafeMutablePointer<CChar>?] {
        words.map { strdup($0) } + [nil]
    }

    private static func reason(_ number: Int32) -> String { String(cString: strerror(number)) }

    /// This process's environment, with what keeps a worker small: threads that fit beside the
    /// other workers, one heap, and no debugger that unwinds each crash.
    private static func environment(threads: Int) -> [String] {
        var settings = ProcessInfo.processInfo.environment
        settings["MUYBRIDGE_THREADS"] = String(threads)
        settings["OPENBLAS_NUM_THREADS"] = "1"
        settings["MALLOC_ARENA_MAX"] = "2"
        settings["SWIFT_BACKTRACE"] = "enable=no"
        return settings.map { "\($0)=\($1)" }
    }

    // MARK: Messages

    /// Sends a message.
    func send(
        _ kind: FrameHeader.Kind, sequence: UInt64, _ payload: [UInt8]
    ) throws(WorkerTrouble) {
        guard FrameHeader.send(kind, sequence: sequence, SharedBytes(payload), to: socket) else {
            throw .ended(status: end())
        }
    }

    /// The next message.
    ///
    /// - Parameters:
    ///   - deadline: when waiting ends in `timedOut`.
    ///   - limit: the most bytes of a payload; checked before room is made for them.
    ///   - shouldAbandon: asked several times a second.
    func receive(
        by deadline: ContinuousClock.Instant, limit: Int, shouldAbandon: () -> Bool
    ) throws(WorkerTrouble) -> (header: FrameHeader, payload: [UInt8]) {
        let bytes = try read(FrameHeader.byteCount, by: deadline, shouldAbandon)
        let header: FrameHeader
        do { header = try FrameHeader(bytes: bytes) } catch { throw .garbage(error.description) }
        guard header.length <= UInt64(limit) else {
            throw .garbage("a message of \(header.length) bytes")
        }
        let payload = try read(Int(header.length), by: deadline, shouldAbandon)
        guard header.isOf(payload) else { throw .garbage("a message whose checksum is wrong") }
        return (header, payload)
    }

    private func read(
        _ count: Int, by deadline: ContinuousClock.Instant, _ shouldAbandon: () -> Bool
    ) throws(WorkerTrouble) -> [UInt8] {
        var trouble: WorkerTrouble?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count, trouble == nil {
                trouble = awaitBytes(by: deadline, shouldAbandon)
                guard trouble == nil else { break }
                let got = recv(socket, buffer.baseAddress! + filled, count - filled, 0)
                if got < 0, errno == EINTR || errno == EAGAIN { continue }
                if got <= 0 { trouble = .ended(status: end()) } else { filled += got }
            }
        }
        if let trouble { throw trouble }
        return bytes
    }

    /// Waits until the socket has bytes, or its end; takes up what is printed meanwhile.
    private func awaitBytes(
        by deadline: ContinuousClock.Instant, _ shouldAbandon: () -> Bool
    ) -> WorkerTrouble? {
        var isPrinting = true
        while true {
            if shouldAbandon() { return .abandoned }
            if ContinuousClock.now >= deadline { return .timedOut }
            var waits = [
                pollfd(fd: socket, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isPrinting ? errors : -1, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&waits, 2, 100) > 0 else { continue }
            if waits[1].revents != 0 { isPrinting = printed.take(from: errors) }
            if waits[0].revents != 0 { return nil }
        }
    }

    // MARK: Ending

    /// Ends the worker if it has not ended.
    ///
    /// - Returns: the raw status of `waitpid`.
    @discardableResult
    func end() -> Int32 {
        if let status { return status }
        var raw: Int32 = 0
        // A process that dies closes its socket a moment before it can be waited for; it is given
        // that moment, so that its status is its own.
        var hasEnded = false
        for _ in 0..<200 where !hasEnded && hangsUp { hasEnded = waited(&raw) }
        if !hasEnded {
            kill(-processID, SIGKILL)
            // A process that waits for a dead disk cannot be killed; it is not waited for.
            for _ in 0..<1000 where !hasEnded { hasEnded = waited(&raw) }
        }
        _ = printed.take(from: errors)
        close(socket)
        close(errors)
        status = raw
        return raw
    }

    private func waited(_ raw: inout Int32) -> Bool {
        if waitpid(processID, &raw, WNOHANG) != 0 { return true }
        usleep(10_000)
        return false
    }

    private var hangsUp: Bool {
        var wait = pollfd(fd: socket, events: 0, revents: 0)
        return poll(&wait, 1, 0) > 0
    }
}

/// The end of what a process prints.
struct LastWords {
    private static let limit = 16 << 10
    private var bytes: [UInt8] = []

    /// The last lines in one, without what a terminal would act on, and without stack traces:
    /// Swift prints one of nameless addresses after the line that says what happened.
    var text: String {
        let lines = String(decoding: bytes, as: UTF8.self)
            .split(whereSeparator: \.isNewline)
            .map { $0.filter { !$0.isASCII || ($0.asciiValue ?? 0) >= 32 } }
            .filter { line in
                !line.allSatisfy(\.isWhitespace) && !line.hasPrefix("Current stack trace")
                    && line.firstRange(of: /^\d+ .*0x[0-9a-f]{8}/) == nil
            }
        return String(lines.suffix(4).joined(separator: " / ").suffix(600))
    }

    /// Takes what there is; false at the end.
    mutating func take(from descriptor: Int32) -> Bool {
        var chunk = [UInt8](repeating: 0, count: LastWords.limit)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return count < 0 && errno == EAGAIN }
            bytes = Array((bytes + chunk.prefix(count)).suffix(LastWords.limit))
        }
    }
}
