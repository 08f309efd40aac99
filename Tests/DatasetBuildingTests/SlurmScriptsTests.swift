import DatasetBuilding
import Foundation
import TestSupport
import Testing

/// The scripts for Slurm, run by a bash with stand-ins for Slurm's commands and for `muybridge`.
/// Tests/Slurm/run.sh runs them on a real Slurm.
@Suite struct SlurmScriptsTests {
    /// A folder whose name has all that shells and Slurm could trip over.
    private static let awkward = "it's 50% & $HOME #1"

    /// A folder of stand-ins: `muybridge` writes its words to `words` and does what `behaviour`
    /// says; `scontrol` writes to `requeued`; `squeue` prints the state.
    private final class Stage {
        let folder = TemporaryFolder()
        var root: String { "\(folder.path)/\(awkward)" }
        var store: String { "\(root)/store" }

        init(behaviour: String = "exit 0", state: String = "RUNNING") throws {
            try tool("muybridge", "printf '%s\\n' \"$@\" > '\(folder.path)/words'\n\(behaviour)")
            try tool("scontrol", "echo \"$@\" >> '\(folder.path)/requeued'")
            try tool("squeue", "echo \(state)")
            try FileManager.default.createDirectory(
                atPath: "\(store).parts/logs", withIntermediateDirectories: true)
        }

        private func tool(_ name: String, _ text: String) throws {
            let path = try folder.write("\(awkward)/bin/\(name)", "#!/bin/bash\n\(text)\n")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: path)
        }

        func scripts(parts: Int = 8, scratch: String? = nil) throws -> SlurmScripts {
            var resources = SlurmResources()
            resources.time = "04:00:00"
            resources.memory = "8G"
            resources.throttle = 3
            resources.options = ["--comment=two words"]
            return try SlurmScripts(
                build: SlurmScripts.Build(
                    executable: "\(root)/bin/muybridge", manifest: "\(root)/m.yaml",
                    corpus: "\(root)/corpus", store: store, partCount: parts,
                    options: ["--workers", "2"], workingFolder: root),
                resources: resources, jobName: "test", restartLimit: 2, scratch: scratch)
        }

        /// Runs a script as task 3 and gives its status. `during` gets bash's process while it runs.
        func run(
            _ script: String, restarts: Int? = nil, during: (Process) throws -> Void = { _ in }
        ) throws -> Int32 {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/bash")
            process.arguments = [try folder.write("script", script)]
            var environment = ProcessInfo.processInfo.environment
            environment["PATH"] = "\(root)/bin:\(environment["PATH"] ?? "/usr/bin:/bin")"
            environment["SLURM_ARRAY_JOB_ID"] = "77"
            environment["SLURM_ARRAY_TASK_ID"] = "3"
            environment["SLURM_JOB_ID"] = "80"
            environment["SLURM_RESTART_COUNT"] = restarts.map(String.init)
            environment["NODE_DISK"] = "\(root)/disk"
            process.environment = environment
            process.standardOutput = FileHandle.nullDevice
            try Self.withoutBlockedSignals { try process.run() }
            try during(process)
            process.waitUntilExit()
            return process.terminationStatus
        }

        /// Tests run on threads that block signals, which a process would inherit.
        private static func withoutBlockedSignals(_ body: () throws -> Void) rethrows {
            var none = sigset_t()
            var before = sigset_t()
            sigemptyset(&none)
            pthread_sigmask(SIG_SETMASK, &none, &before)
            defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
            try body()
        }

        func text(_ name: String) -> String? {
            try? String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8)
        }

        func wait(for name: String) throws {
            for _ in 0..<400 where text(name) == nil { usleep(25_000) }
            _ = try #require(text(name), "\(name) never came")
        }
    }

    @Test func directivesAreOneOptionEach() throws {
        let script = try Stage().scripts().buildScript
        let lines = script.split(separator: "\n").filter { $0.hasPrefix("#SBATCH") }
        for option in [
            "--array=0-7%3", "--requeue", "--signal=B:USR1@120", "--time=04:00:00", "--mem=8G",
            "--comment=two words", "--open-mode=append", "--job-name=test",
        ] {
            #expect(lines.contains("#SBATCH \"\(option)\""), "\(option)")
        }
        // Slurm puts numbers for %, so the path's own is doubled.
        #expect(lines.contains { $0.contains("50%% & $HOME #1/store.parts/logs/part-%a.log\"") })
    }

    @Test func aTaskBuildsItsPartOfAwkwardPaths() throws {
        let stage = try Stage()
        let scripts = try stage.scripts()
        #expect(try stage.run(scripts.buildScript) == 0)
        let words = try #require(stage.text("words")).split(separator: "\n").map(String.init)
        #expect(
            words == [
                "build", "\(stage.root)/m.yaml", "--corpus", "\(stage.root)/corpus", "--workers",
                "2", "--out", "\(stage.store).parts/part-00003-of-00008", "--part", "3/8",
            ])
        #expect(scripts.partFolder(3) == "\(stage.store).parts/part-00003-of-00008")
        #expect(stage.text("requeued") == nil)
    }

    /// A killed build, and one that stopped cleanly, go on; one that failed does not.
    @Test(arguments: [("kill -KILL $$", 137), ("exit 130", 130), ("exit 1", 1)])
    func onlyWhatWasInterruptedIsQueuedAgain(behaviour: String, status: Int32) throws {
        let stage = try Stage(behaviour: behaviour)
        #expect(try stage.run(stage.scripts().buildScript) == status)
        #expect(stage.text("requeued") == (status > 128 ? "requeue 77_3\n" : nil))
    }

    /// A cancelled task is COMPLETING by then, and one that went wrong too often stays down.
    @Test func cancelledAndHopelessTasksAreNotQueuedAgain() throws {
        let cancelled = try Stage(behaviour: "exit 130", state: "COMPLETING")
        #expect(try cancelled.run(cancelled.scripts().buildScript) == 130)
        #expect(cancelled.text("requeued") == nil)
        let hopeless = try Stage(behaviour: "kill -KILL $$")
        #expect(try hopeless.run(hopeless.scripts().buildScript, restarts: 2) == 137)
        #expect(hopeless.text("requeued") == nil)
    }

    /// Before the time limit Slurm signals the shell with USR1; the build must get one SIGTERM.
    @Test func theWarningStopsTheBuildCleanly() throws {
        let stage = try Stage(
            behaviour: """
                trap 'echo TERM >> "$(dirname "$0")/../../signals"; exit 130' TERM
                echo > "$(dirname "$0")/../../started"
                for ((i = 0; i < 400; i++)); do sleep 0.05; done
                """)
        let status = try stage.run(stage.scripts().buildScript) { process in
            try stage.wait(for: "started")
            kill(process.processIdentifier, SIGUSR1)
        }
        #expect(status == 130)
        #expect(stage.text("signals") == "TERM\n")
        #expect(stage.text("requeued") == "requeue 77_3\n")
    }

    /// SIGTERM reaches every process of a task by Slurm's own hand: the shell passes none on.
    @Test func theEndOfATaskIsNotPassedOnTwice() throws {
        let stage = try Stage(
            behaviour: """
                trap 'echo TERM >> "$(dirname "$0")/../../signals"' TERM
                echo > "$(dirname "$0")/../../started"
                sleep 0.5
                exit 130
                """, state: "COMPLETING")
        let status = try stage.run(stage.scripts().buildScript) { process in
            try stage.wait(for: "started")
            kill(process.processIdentifier, SIGTERM)
        }
        #expect(status == 130)
        #expect(stage.text("signals") == nil)
        #expect(stage.text("requeued") == nil)
    }

    /// On a node's disk a part begins with what its last run left, and comes back as a whole.
    @Test func aPartOnScratchGoesOnAndComesBack() throws {
        let stage = try Stage(
            behaviour: """
                while [ "$1" != --out ]; do shift; done
                printf x >> "$2/index.sqlite"
                [ "$(wc -c < "$2/index.sqlite")" -eq 2 ] || exit 130
                """)
        let scripts = try stage.scripts(scratch: "$NODE_DISK/of $(whoever)")
        let index = "\(stage.root)/store.parts/part-00003-of-00008/index.sqlite"
        #expect(try stage.run(scripts.buildScript) == 130)
        #expect(try String(contentsOfFile: index, encoding: .utf8) == "x")
        #expect(try stage.run(scripts.buildScript) == 0)
        #expect(try String(contentsOfFile: index, encoding: .utf8) == "xx")
        let parts = try FileManager.default.contentsOfDirectory(atPath: "\(stage.store).parts")
        #expect(parts.sorted() == ["logs", "part-00003-of-00008"])
        let disk = "\(stage.root)/disk/of $(whoever)"
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk) == [])
    }

    /// A copy that was cut off between its two renames leaves the part under its old name.
    @Test func aCopyThatWasCutOffIsTakenUp() throws {
        let stage = try Stage(
            behaviour: """
                while [ "$1" != --out ]; do shift; done
                cat "$2/index.sqlite" > "$(dirname "$0")/../../seen"
                """)
        let name = "\(Self.awkward)/store.parts/part-00003-of-00008"
        try stage.folder.write("\(name).old/index.sqlite", "before")
        try stage.folder.write("\(name).new/index.sqlite", "torn")
        #expect(try stage.run(stage.scripts(scratch: "$NODE_DISK").buildScript) == 0)
        #expect(stage.text("seen") == "before")
    }

    @Test func theMergeNamesEveryPartOrWhatIsMissing() throws {
        let stage = try Stage()
        let scripts = try stage.scripts(parts: 3)
        #expect(try stage.run(scripts.mergeScript) == 1)
        #expect(stage.text("words") == nil)
        for index in 0..<3 {
            let folder = scripts.partFolder(index).dropFirst(stage.folder.path.count + 1)
            try stage.folder.write("\(folder)/index.sqlite", "")
        }
        #expect(try stage.run(scripts.mergeScript) == 0)
        let words = try #require(stage.text("words")).split(separator: "\n").map(String.init)
        #expect(
            words == ["merge"] + (0..<3).map(scripts.partFolder) + ["--into", stage.store])
    }

    @Test func whatNoDirectiveCanHoldIsRefused() throws {
        for name in ["a\nb", "a\"b", "a\\b"] {
            #expect(throws: SchedulingError.self) {
                try SlurmScripts(
                    build: SlurmScripts.Build(
                        executable: "/m", manifest: "/m.yaml", corpus: "/c", store: "/s",
                        partCount: 1, options: [], workingFolder: "/"),
                    resources: SlurmResources(), jobName: name)
            }
        }
    }
}
