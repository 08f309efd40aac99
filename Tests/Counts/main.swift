import Foundation

/// Runs the case that the command line names twice inside ``runUnderCallgrind()``, whose instructions
/// are all that callgrind counts; with `--once` behind the name, once. The difference is what a run
/// takes when tables are made and memory is at hand. `--list` prints the names of all cases.
///
/// The environment must have `MUYBRIDGE_THREADS=1`: callgrind follows the thread that counts.

/// What is counted next.
nonisolated(unsafe) private var body: () throws -> Void = {}

/// The function at which callgrind begins and ends to count (`--toggle-collect`).
@inline(never)
func runUnderCallgrind() throws { try body() }

let arguments = CommandLine.arguments.dropFirst()
guard let name = arguments.first, arguments.count == 1 || arguments.dropFirst() == ["--once"]
else { fatalError("give the name of a case, perhaps with --once, or --list") }
if name == "--list" {
    for counted in CountedCase.all { print(counted.name) }
    exit(0)
}
guard let counted = CountedCase.all.first(where: { $0.name == name }) else {
    fatalError("no case \(name)")
}
let folder = FileManager.default.temporaryDirectory
    .appending(path: "muybridge-counts-\(getpid())", directoryHint: .isDirectory)
try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(at: folder) }
body = try counted.prepare(folder)
if arguments.count == 1 { try runUnderCallgrind() }
try runUnderCallgrind()
