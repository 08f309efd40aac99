import Foundation

/// Where peers are installed: a virtual environment for each of them, made from the line
/// `# requires:` of its program, and kept for the next run.
package struct PeerEnvironment {
    /// The folder of the peers' programs.
    let programs: URL
    /// The folder of their environments.
    let environments: URL
    /// A Python that all peers run on as it is, in place of environments.
    let python: String?

    /// Peers in environments of their own, or on a given Python.
    package init(programs: URL, environments: URL, python: String? = nil) {
        self.programs = programs
        self.environments = environments
        self.python = python
    }

    /// The Python and the program of a peer, installed.
    ///
    /// - Throws: `PeerError.absent` with the installer's words.
    func command(of name: String) throws -> [String] {
        let program = programs.appending(path: name + ".py")
        guard let text = try? String(contentsOf: program, encoding: .utf8) else {
            throw PeerError.absent(
                "no \(program.path): start the benchmarks in the project's folder")
        }
        if let python { return [python, program.path] }
        let marker = "# requires:"
        let requirements =
            text.split(separator: "\n").first { $0.hasPrefix(marker) }?.dropFirst(marker.count)
            .split(separator: " ").map(String.init) ?? []
        let folder = environments.appending(path: name)
        let python = folder.appending(path: "bin/python").path
        let stamp = folder.appending(path: "installed.txt")
        if (try? String(contentsOf: stamp, encoding: .utf8)) != requirements.joined(separator: " ")
        {
            print("Installing \(requirements.joined(separator: ", ")) ...")
            try? FileManager.default.removeItem(at: folder)
            try FileManager.default.createDirectory(
                at: environments, withIntermediateDirectories: true)
            do {
                try ChildProcess.run(["/usr/bin/env", "python3", "-m", "venv", folder.path])
                try ChildProcess.run([python, "-m", "pip", "install", "--quiet"] + requirements)
            } catch let failure as ChildProcess.Failure {
                throw PeerError.absent("it can't be installed: \(failure.lastWords)")
            }
            try Data(requirements.joined(separator: " ").utf8).write(to: stamp)
        }
        return [python, program.path]
    }
}

/// Why a peer gave no figure.
package enum PeerError: Error, CustomStringConvertible {
    /// It can't be installed or started here.
    case absent(String)
    /// It failed at its work.
    case failed(String)

    package var description: String {
        switch self {
        case .absent(let why): "absent: \(why)"
        case .failed(let why): "failed: \(why)"
        }
    }
}
