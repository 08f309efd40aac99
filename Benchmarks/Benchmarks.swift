import ArgumentParser
import BenchmarkHarness
import Foundation

/// Measures what Muybridge does, beside the libraries that its users would otherwise take.
///
/// Assets of the demo corpus are always measured; where MUYBRIDGE_CORPUS names a folder with
/// Fox.glb, Knight.glb and robot.glb, those are too.
@main
struct Benchmarks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "muybridge-benchmarks",
        abstract: "Measure importing, posing, rendering, surfaces, encoding and indexing.",
        discussion: """
            One line a case; the median of at least five runs counts. Peers are Python libraries \
            that do the same work in turn with it, each in an environment that is made for it from \
            pinned packages; their lines give the ratio of their time to ours and how far the \
            results agree. A peer that can't be installed is named as absent.
            """)

    @Option(help: "Timed runs of each case; at least 5.")
    var runs = 5

    @Option(help: "Only cases whose names contain this.")
    var only: String?

    @Option(help: "The most samples of a merge: 10000, 100000 or 1000000.")
    var mergeSamples = 100_000

    @Flag(inversion: .prefixedNo, help: "Run peers, and install them where they are not yet.")
    var peers = true

    @Option(help: "The folder of the peers' programs.")
    var peerPrograms = "Benchmarks/Peers"

    @Option(help: "Where the peers' environments are made.")
    var peerEnvironments = ".build/peers"

    func run() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "muybridge-benchmarks-\(getpid())", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let harness = Harness(
            folder: folder, runs: runs, only: only,
            environment: peers
                ? PeerEnvironment(
                    programs: URL(fileURLWithPath: peerPrograms),
                    environments: URL(fileURLWithPath: peerEnvironments)) : nil)
        Harness.printHeader()
        let assets = try BenchmarkAsset.all(in: folder)
        for asset in assets { try RenderCases(asset: asset, folder: folder).run(harness) }
        try RasterCases(folder: folder).run(harness)
        try DatasetCases(assets: assets, folder: folder).run(harness)
        try ImageCases(assets: assets, folder: folder).run(harness)
        try ReadingCases(assets: assets, folder: folder).run(harness)
        try GeometryCases(folder: folder).run(harness)
        for asset in assets { try SurfaceCases(asset: asset).run(harness) }
        try StoreCases(folder: folder, mostSamples: mergeSamples).run(harness)
    }
}
