import Foundation

/// A program of another library that runs beside this one and does the same work on request
/// (Benchmarks/Peers/peer.py has the other end).
package final class Peer {
    /// Its packages and their versions, as it says.
    private(set) var versions = ""
    private let process = Process()
    private let requests = Pipe()
    private let replies = Pipe()
    private var pending = Data()

    /// Starts a peer's program and waits until it has loaded what it needs. What it writes to its
    /// error stream goes to `log`.
    ///
    /// - Throws: `PeerError.absent` where it can't be installed or started.
    init(_ name: String, in environment: PeerEnvironment, log: URL) throws {
        let command = try environment.command(of: name)
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.standardInput = requests
        process.standardOutput = replies
        process.standardError = try FileHandle(forWritingTo: log)
        try process.run()
        // With this end closed here, a peer that dies ends the stream.
        try replies.fileHandleForWriting.close()
        let greeting = try reply()
        if let why = greeting["absent"] as? String { throw PeerError.absent(why) }
        let packages = greeting["versions"] as? [String: String] ?? [:]
        versions = packages.sorted { $0.key < $1.key }.map { "\($0) \($1)" }
            .joined(separator: ", ")
    }

    deinit {
        // The end of its input ends the loop.
        try? requests.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// Hands over inputs, as files, and options.
    func prepare(_ work: PeerWork) throws {
        try request([
            "do": "prepare", "case": work.name, "inputs": work.inputs.mapValues(\.path),
            "options": work.options,
        ])
    }

    /// Does the work once; times by the peer's own clocks.
    func run() throws -> Harness.Duration {
        let answer = try request(["do": "run"])
        guard let seconds = answer["seconds"] as? Double else {
            throw PeerError.failed("no time in its reply")
        }
        return Harness.Duration(
            seconds: seconds, processor: answer["processor"] as? Double ?? .nan)
    }

    /// Writes the last run's result to a file.
    func save(to file: URL) throws { try request(["do": "save", "to": file.path]) }

    @discardableResult
    private func request(_ values: [String: Any]) throws -> [String: Any] {
        var line = try JSONSerialization.data(withJSONObject: values)
        line.append(UInt8(ascii: "\n"))
        try requests.fileHandleForWriting.write(contentsOf: line)
        return try reply()
    }

    private func reply() throws -> [String: Any] {
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                let line = pending[..<end]
                pending = Data(pending[(end + 1)...])
                let values = try JSONSerialization.jsonObject(with: line) as? [String: Any] ?? [:]
                if let error = values["error"] as? String { throw PeerError.failed(error) }
                return values
            }
            let more = replies.fileHandleForReading.availableData
            guard !more.isEmpty else { throw PeerError.failed("it ended without a reply") }
            pending.append(more)
        }
    }
}

/// What a peer is asked to do.
package struct PeerWork {
    /// The peer: a program in Benchmarks/Peers without its `.py`.
    package var peer: String
    /// Which of its cases; a peer with one case needs no name.
    package var name: String
    /// Files by name.
    package var inputs: [String: URL]
    /// Numbers and texts by name.
    package var options: [String: any Sendable]
    /// Says how far the result that the peer saved in a file agrees with ours, in a few words.
    /// Nil where there is nothing to compare.
    package var agreement: ((URL) throws -> String)?

    package init(
        peer: String, name: String = "", inputs: [String: URL] = [:],
        options: [String: any Sendable] = [:], agreement: ((URL) throws -> String)? = nil
    ) {
        self.peer = peer
        self.name = name
        self.inputs = inputs
        self.options = options
        self.agreement = agreement
    }
}
