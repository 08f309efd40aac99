import ArgumentParser
import Foundation

/// Measures the path from a file to pictures on disk.
///
/// Assets of the demo corpus are always measured; where MUYBRIDGE_CORPUS names a folder with
/// Fox.glb, Knight.glb and robot.glb, those are too.
@main
struct Benchmarks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "muybridge-benchmarks",
        abstract: "Measure importing, posing, rendering, encoding and indexing.")

    @Option(help: "Timed runs of each case; at least 5.")
    var runs = 5

    @Option(help: "Only cases whose names contain this.")
    var only: String?

    @Option(help: "The most samples of a merge: 10000, 100000 or 1000000.")
    var mergeSamples = 100_000

    func run() throws {
        let harness = Harness(runs: runs, only: only)
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "muybridge-benchmarks-\(getpid())", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        Harness.printHeader()
        for asset in try BenchmarkAsset.all(in: folder) {
            try RenderCases(asset: asset, folder: folder).run(harness)
        }
        try MeasureCases().run(harness)
        try StoreCases(folder: folder, mostSamples: mergeSamples).run(harness)
    }
}
