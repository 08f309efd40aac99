import Foundation

/// Imports a file in a process of its own before this one does.
///
/// assimp reads forty formats from strangers in one address space: some damaged files end it with
/// a signal, some never end. The probe takes that blow, and the asset becomes a row.
public struct ImportProbe: Sendable {
    private let executable: String
    private let timeoutSeconds: Double

    /// A probe that runs `executable inspect FILE`.
    ///
    /// - Parameters:
    ///   - executable: the path of the `muybridge` command.
    ///   - timeoutSeconds: how long an import may take before it is taken to hang.
    public init(executable: String, timeoutSeconds: Double = 60) {
        self.executable = executable
        self.timeoutSeconds = timeoutSeconds
    }

    /// Why a file must not be imported here.
    struct Verdict: Error, Equatable {
        /// `signal 11` or `timeout`.
        var cause: String
        /// The whole message.
        var message: String
    }

    /// Imports the file in another process; an ordinary error there is left for this process to
    /// meet again and to report.
    ///
    /// - Throws: ``Verdict`` where the importer died of a signal or did not end in time.
    func check(path: String, layout: String) throws(Verdict) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = ["inspect", "--json", "--layout", layout, "--", path]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        do {
            try process.run()
        } catch {
            throw Verdict(
                cause: "probe",
                message: "\(path): the import could not be tried in a process of its own: "
                    + error.localizedDescription)
        }
        if ended.wait(timeout: .now() + timeoutSeconds) == .timedOut {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            throw Verdict(
                cause: "timeout",
                message: "\(path): the importer did not end within \(Int(timeoutSeconds)) seconds; "
                    + "convert the file to glb")
        }
        guard process.terminationReason == .uncaughtSignal else { return }
        throw Verdict(
            cause: "signal \(process.terminationStatus)",
            message: "\(path): the importer died of signal \(process.terminationStatus); the file "
                + "is damaged, or convert it to glb")
    }
}
