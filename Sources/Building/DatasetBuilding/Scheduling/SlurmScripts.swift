import Foundation

/// The two scripts of a build on a Slurm cluster: an array job whose tasks build a part each, and
/// a job that merges the parts.
public struct SlurmScripts: Sendable {
    /// What is to be built, as absolute paths: Slurm runs a copy of a script in a folder of its
    /// own.
    public struct Build: Sendable {
        /// The program.
        public var executable: String
        /// The manifest.
        public var manifest: String
        /// The corpus.
        public var corpus: String
        /// The store that the parts are merged into. Parts, scripts and logs lie beside it, in
        /// `STORE.parts`.
        public var store: String
        /// How many parts.
        public var partCount: Int
        /// More options of `muybridge build`.
        public var options: [String]
        /// The folder in which the tasks run; a manifest's filter may be found from it.
        public var workingFolder: String

        /// What is to be built.
        public init(
            executable: String, manifest: String, corpus: String, store: String, partCount: Int,
            options: [String], workingFolder: String
        ) {
            self.executable = executable
            self.manifest = manifest
            self.corpus = corpus
            self.store = store
            self.partCount = partCount
            self.options = options
            self.workingFolder = workingFolder
        }
    }

    private let work: Build
    private let resources: SlurmResources
    private let jobName: String
    private let warningSeconds: Int
    private let restartLimit: Int
    private let scratch: String?

    /// Scripts for a build.
    ///
    /// - Parameters:
    ///   - build: what is to be built.
    ///   - resources: what is asked of Slurm.
    ///   - jobName: the array's name in the queue.
    ///   - warningSeconds: how long before its time limit a task stops and queues again.
    ///   - restartLimit: how often a task may be queued again.
    ///   - scratch: a folder on the nodes' own disks in which parts are built before they are
    ///     copied to `STORE.parts`; `$NAME` stands for a node's variable. Nil builds in place.
    /// - Throws: ``SchedulingError`` where a setting does not fit into a line that Slurm reads.
    public init(
        build: Build, resources: SlurmResources, jobName: String, warningSeconds: Int = 120,
        restartLimit: Int = 50, scratch: String? = nil
    ) throws(SchedulingError) {
        work = build
        self.resources = resources
        self.jobName = jobName
        self.warningSeconds = warningSeconds
        self.restartLimit = restartLimit
        self.scratch = scratch
        let fields = [
            ("job name", jobName), ("store", build.store), ("manifest", build.manifest),
            ("corpus", build.corpus), ("program", build.executable),
            ("folder", build.workingFolder), ("scratch", scratch ?? ""),
        ]
        for (setting, value) in fields
            + (resources.common + resources.perTask).map({ ("option", $0) })
        where value.contains(where: { $0.isNewline || $0 == "\"" || $0 == "\\" }) {
            throw .unusable(
                setting: setting, value: value,
                reason: "Slurm's scripts can hold no line breaks, double quotes or backslashes")
        }
    }

    /// Where parts, scripts and logs lie.
    public var folder: String { work.store + ".parts" }
    /// Where the logs lie: one a part, and that of the merge.
    public var logFolder: String { folder + "/logs" }
    /// Where the array's script lies.
    public var buildScriptPath: String { folder + "/build.sbatch" }
    /// Where the merge's script lies.
    public var mergeScriptPath: String { folder + "/merge.sbatch" }

    /// A part's folder. Its name holds the number of parts, so that a corpus that was split anew
    /// never meets parts of the old split.
    public func partFolder(_ index: Int) -> String {
        String(format: "%@/part-%05d-of-%05d", folder, index, work.partCount)
    }

    /// Options as lines that sbatch reads. An option is quoted as a whole, and a `%` of a path of
    /// logs is doubled, since Slurm puts numbers in its place.
    private func directives(_ options: [String]) -> String {
        options.map { "#SBATCH \"\($0)\"" }.joined(separator: "\n")
    }

    private func log(_ name: String) -> String {
        "--output=" + logFolder.replacing("%", with: "%%") + "/" + name
    }

    /// The array's script.
    public var buildScript: String {
        let throttle = resources.throttle.map { "%\($0)" } ?? ""
        let options =
            [
                "--job-name=\(jobName)", "--array=0-\(work.partCount - 1)\(throttle)",
                log("part-%a.log"), "--open-mode=append", "--chdir=\(work.workingFolder)",
                "--nodes=1", "--ntasks=1", "--requeue",
                "--signal=B:USR1@\(warningSeconds)",
            ] + resources.perTask + resources.common
        let command = ShellWord.line(
            [work.executable, "build", work.manifest, "--corpus", work.corpus] + work.options)
        return """
            #!/bin/bash
            # A task builds one part of \(work.store). Run again, it goes on where it ended.
            \(directives(options))

            part=$SLURM_ARRAY_TASK_ID
            parts=\(work.partCount)
            shared=\(ShellWord.quoted(folder))/$(printf 'part-%05d-of-%05d' "$part" "$parts")
            # The last task of an array has the array's own number as SLURM_JOB_ID.
            task=${SLURM_ARRAY_JOB_ID}_$part
            restarts=${SLURM_RESTART_COUNT:-0}
            echo "part $part/$parts on $(hostname), start $((restarts + 1)), $(date -Is)"

            \(placing)

            # \(warningSeconds) s before the time limit Slurm signals this shell alone. SIGTERM then has
            # the build commit what is done and end with 130.
            build=
            trap '[ -n "$build" ] && kill -TERM "$build" 2> /dev/null' USR1
            # What Slurm itself ends gets SIGTERM in every process: the build has had its own, and
            # would take a second one as the wish to stop at once.
            trap : TERM INT

            \(command) \\
                --out "$store" --part "$part/$parts" &
            build=$!
            # A signal ends a wait, so there may have to be several; the last tells the status.
            while kill -0 "$build" 2> /dev/null; do wait "$build"; done
            wait "$build"
            status=$?
            save || status=1

            # Statuses above 128 are signals, 130 a build that stopped cleanly: nothing committed is
            # lost, and the same command goes on. A task that Slurm has cancelled or queued again
            # itself is not RUNNING any more.
            if [ "$status" -gt 128 ]; then
                state=$(squeue --noheader --jobs="$task" --format=%T)
                if [ "$state" = RUNNING ] && [ "$restarts" -lt \(restartLimit) ]; then
                    echo "part $part/$parts ended with $status; queued again"
                    scontrol requeue "$task"
                elif [ "$state" = RUNNING ]; then
                    echo "part $part/$parts ended with $status, after $restarts restarts: give it more" \\
                        "time or memory, then submit again"
                fi
            fi
            exit "$status"

            """
    }

    /// Where a part is built, and how it comes to the shared folder.
    private var placing: String {
        guard let scratch else {
            return """
                store=$shared
                save() { :; }
                """
        }
        // `$NAME` is the node's to expand; nothing else of the text is.
        let place = scratch.replacing("`", with: "\\`").replacing("$(", with: "\\$(")
        return """
            # The part is built on the node's own disk, from what its last run has left, and copied
            # back as a whole: a copy that is cut off leaves the one before it.
            local="\(place)/muybridge-$task"
            store=$local/store
            trap 'rm -rf "$local"' EXIT
            [ -d "$shared" ] || [ ! -d "$shared.old" ] || mv "$shared.old" "$shared" || exit 1
            mkdir -p "$store" || exit 1
            [ ! -d "$shared" ] || cp -a "$shared/." "$store/" || exit 1
            save() {
                rm -rf "$shared.new" "$shared.old" && cp -a "$store" "$shared.new" || return 1
                [ ! -d "$shared" ] || mv "$shared" "$shared.old" || return 1
                mv "$shared.new" "$shared" && rm -rf "$shared.old"
            }
            """
    }

    /// The script of the job that follows the array.
    public var mergeScript: String {
        let options =
            [
                "--job-name=\(jobName)-merge", log("merge.log"), "--open-mode=append",
                "--chdir=\(work.workingFolder)", "--nodes=1", "--ntasks=1",
            ] + resources.common
        return """
            #!/bin/bash
            # Joins the parts to \(work.store).
            \(directives(options))

            parts=()
            missing=()
            for ((part = 0; part < \(work.partCount); part++)); do
                folder=\(ShellWord.quoted(folder))/$(printf 'part-%05d-of-%05d' "$part" \(work.partCount))
                parts+=("$folder")
                [ -f "$folder/index.sqlite" ] || missing+=("$part")
            done
            if [ ${#missing[@]} -gt 0 ]; then
                echo "not merged: these parts were not begun: ${missing[*]}; their logs say why:" \\
                    \(ShellWord.quoted(logFolder))
                exit 1
            fi
            exec \(ShellWord.quoted(work.executable)) merge "${parts[@]}" --into \(ShellWord.quoted(work.store))

            """
    }
}
