import Foundation

/// Writes the scripts of a build and hands them to Slurm.
public struct SlurmSubmission: Sendable {
    private let scripts: SlurmScripts

    /// The jobs that were submitted.
    public struct Jobs: Sendable, Equatable {
        /// The array's number.
        public var array: String
        /// The merge's number.
        public var merge: String
    }

    /// A submission of these scripts.
    public init(_ scripts: SlurmScripts) { self.scripts = scripts }

    /// Writes both scripts and submits them.
    ///
    /// The merge waits for the end of every task, however it ended (`afterany`). It refuses parts
    /// that are not finished and names them; with `afterok` it would stay in the queue for ever,
    /// or be dropped without a word, after one failed task.
    ///
    /// - Throws: ``SchedulingError``.
    public func submit() throws(SchedulingError) -> Jobs {
        try write()
        let array = try sbatch([scripts.buildScriptPath])
        do {
            return Jobs(
                array: array,
                merge: try sbatch(["--dependency=afterany:\(array)", scripts.mergeScriptPath]))
        } catch {
            throw .command(
                line: "the array is job \(array), but its merge could not be submitted",
                reason: "\(error)")
        }
    }

    /// Writes the scripts and makes the folders of parts and logs.
    private func write() throws(SchedulingError) {
        do {
            try FileManager.default.createDirectory(
                atPath: scripts.logFolder, withIntermediateDirectories: true)
        } catch {
            throw .file(path: scripts.logFolder, reason: error.localizedDescription)
        }
        for (path, text) in [
            (scripts.buildScriptPath, scripts.buildScript),
            (scripts.mergeScriptPath, scripts.mergeScript),
        ] {
            do {
                try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            } catch {
                throw .file(path: path, reason: error.localizedDescription)
            }
        }
    }

    /// Runs sbatch and gives the job's number.
    private func sbatch(_ arguments: [String]) throws(SchedulingError) -> String {
        let words = ["sbatch", "--parsable"] + arguments
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        let output = Pipe()
        process.standardOutput = output
        do {
            try process.run()
        } catch {
            throw .command(line: ShellWord.line(words), reason: error.localizedDescription)
        }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        // 127 is env's word for a program that is not on the PATH.
        guard process.terminationStatus != 127 else {
            throw .command(
                line: ShellWord.line(words),
                reason: "there is no sbatch here; submit from a node of the cluster, or see the "
                    + "scripts with --dry-run")
        }
        // `--parsable` prints `NUMBER` or `NUMBER;CLUSTER`.
        let text = String(decoding: data, as: UTF8.self)
        let number = text.prefix { $0.isNumber }
        guard process.terminationStatus == 0, !number.isEmpty else {
            throw .command(
                line: ShellWord.line(words),
                reason: "refused with status \(process.terminationStatus); sbatch says why above")
        }
        return String(number)
    }
}
