import Foundation

/// A Python program that does the same work: one JSON object a line, in both directions.
final class Peer {
    /// What it runs on, for example `torch 2.13.0`.
    private(set) var versions = ""
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var buffer = Data()

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    init(python: String, script: URL) throws {
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [script.path]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let ready = try line()
        guard let found = ready["versions"] as? [String: String] else {
            throw Failure(description: "the peer cannot run: \(ready)")
        }
        versions = found.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            .joined(separator: ", ")
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    func prepare(_ name: String, weights: URL, options: [String: Int]) throws {
        _ = try ask([
            "do": "prepare", "case": name, "inputs": ["weights": weights.path],
            "options": options,
        ])
    }

    func run() throws -> (seconds: Double, loss: Double) {
        let reply = try ask(["do": "run"])
        guard let seconds = reply["seconds"] as? Double, let loss = reply["loss"] as? Double else {
            throw Failure(description: "the peer replied \(reply)")
        }
        return (seconds, loss)
    }

    func prepare(_ name: String, inputs: [String: URL], options: [String: Double]) throws {
        _ = try ask([
            "do": "prepare", "case": name, "inputs": inputs.mapValues(\.path),
            "options": options,
        ])
    }

    /// The seconds of one run of a peer that trains nothing.
    func seconds() throws -> Double {
        let reply = try ask(["do": "run"])
        guard let seconds = reply["seconds"] as? Double else {
            throw Failure(description: "the peer replied \(reply)")
        }
        return seconds
    }

    func save(to file: URL) throws { _ = try ask(["do": "save", "to": file.path]) }

    private func ask(_ request: [String: Any]) throws -> [String: Any] {
        var data = try JSONSerialization.data(withJSONObject: request)
        data.append(UInt8(ascii: "\n"))
        try input.fileHandleForWriting.write(contentsOf: data)
        let reply = try line()
        if let error = reply["error"] { throw Failure(description: "the peer failed: \(error)") }
        return reply
    }

    private func line() throws -> [String: Any] {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Data(buffer[..<end])
                buffer = Data(buffer[(end + 1)...])
                return try JSONSerialization.jsonObject(with: line) as? [String: Any] ?? [:]
            }
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Failure(description: "the peer is gone") }
            buffer.append(more)
        }
    }
}
