import Foundation
import TestSupport
import Testing

extension AllTests {
    /// `muybridge train` as a process, which becomes another program.
    @Suite struct TrainCommandTests {
        private let folder = TemporaryFolder()

        /// More steps than any machine makes while the test waits.
        private static let manifest = """
            name: rings
            system: points
            stages:
              denoiser:
                steps: 100000000
                batch: 2
                checkpoints: {every: 100000000}
                model: {frames: 6, width: 8, depth: 1, heads: 1}
                points: 4
            """

        private func start() throws -> Process {
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            let process = Process()
            process.executableURL = URL(fileURLWithPath: tests).deletingLastPathComponent()
                .appending(path: "muybridge")
            process.arguments = [
                "train", try folder.write("m.yaml", Self.manifest), "--store", folder.store,
                "--out", "\(folder.path)/run", "--device", "cpu", "--threads", "1",
            ]
            let log = try folder.write("log.txt", "")
            process.standardOutput = FileHandle.nullDevice
            process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
            try process.run()
            return process
        }

        private func log() throws -> String {
            try String(contentsOf: folder.url.appending(path: "log.txt"), encoding: .utf8)
        }

        private func wait(for isDone: () throws -> Bool) rethrows -> Bool {
            let end = Date(timeIntervalSinceNow: 120)
            while try !isDone() {
                if Date() > end { return false }
                usleep(5000)
            }
            return true
        }

        @Test(arguments: [SIGINT, SIGTERM])
        func signalsEndTheStepAndLeaveACheckpoint(signal: Int32) throws {
            try makePointStore(folder)
            let checkpoints = folder.url.appending(path: "run/checkpoints").path
            var last: [String] = []
            for _ in 0..<2 {
                let process = try start()
                defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
                #expect(try wait { try log().contains(" steps  loss ") }, "it steps")
                kill(process.processIdentifier, signal)
                try #require(wait { !process.isRunning }, "it heeds the signal")
                #expect(process.terminationReason == .exit && process.terminationStatus == 130)
                let names = try FileManager.default.contentsOfDirectory(atPath: checkpoints)
                #expect(!names.isEmpty && names != last, "it went on, and left what it learnt")
                last = names
            }
        }
    }
}
