import ArgumentParser
import BenchmarkHarness
import Foundation
import Tensors

/// Measures a training step of a stack of transformer blocks and of a 3D U-Net beside the same
/// models in Python, both from the same weights, and compares the losses after all steps.
@main
struct LearningBenchmarks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "muybridge-learning-benchmarks",
        abstract: "Measure steps of training beside the same models in Python.")

    @Option(
        help: """
            A Python with a PyTorch, of the version of this program's libtorch where the ratio is \
            to say what this package adds. Without it only our own times are printed.
            """)
    var python: String?

    @Option(help: "Timed runs of each model; at least 5.")
    var runs = 7

    @Option(help: "Threads of one operation. Default: libtorch's choice.")
    var threads = TorchLibrary.threadCount

    @Option(help: "The folder of the peers' programs.")
    var peerPrograms = "Benchmarks/Peers"

    @Flag(help: "Measure Chamfer distances beside scipy, which is installed in .build/peers.")
    var scipy = false

    func run() throws {
        TorchLibrary.threadCount = threads
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "muybridge-learning-\(getpid())", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        print("libtorch \(TorchLibrary.version), threads: \(threads)")
        Harness.printHeader()
        let harness = Harness(
            folder: folder, runs: runs, only: nil,
            environment: python.map {
                PeerEnvironment(
                    programs: URL(fileURLWithPath: peerPrograms), environments: folder, python: $0)
            })
        let programs = URL(fileURLWithPath: peerPrograms)
        try PointMetricCase(
            environment: scipy
                ? PeerEnvironment(
                    programs: programs, environments: URL(fileURLWithPath: ".build/peers")) : nil
        ).run(in: folder, runs: runs)
        RandomState.seed(1)
        let transformer = Transformer(width: 512, heads: 8, depth: 6)
        try measure(
            "transformer", transformer, x: .randn([4, 256, 512]), target: .randn([4, 256, 512]),
            harness
        ) { try transformer($0) }
        let unet = UNet3D(input: 4, width: 32)
        try measure(
            "unet", unet, x: .randn([2, 4, 16, 32, 32]), target: .randn([2, 4, 16, 32, 32]),
            harness
        ) { try unet($0) }
        let small = Transformer(width: 32, heads: 2, depth: 12)
        try measure(
            "small-transformer", small, x: .randn([2, 16, 32]), target: .randn([2, 16, 32]),
            harness, stepsPerRun: 20
        ) { try small($0) }
    }

    private func measure(
        _ name: String, _ model: Module, x: Tensor, target: Tensor, _ harness: Harness,
        stepsPerRun: Int = 1, _ forward: (Tensor) throws -> Tensor
    ) throws {
        try model.initialise(seed: 3)
        let weights = harness.folder.appending(path: "\(name).safetensors")
        try SafetensorsFile.write(
            model.state() + [("input.x", x), ("input.target", target)], to: weights)
        let optimiser = Adam(model.namedParameters())
        var loss = 0.0
        let work = PeerWork(
            peer: "learning", name: name, inputs: ["weights": weights],
            options: ["threads": threads, "steps": stepsPerRun],
            agreement: { file in
                let theirs = try Double(String(contentsOf: file, encoding: .utf8)) ?? .nan
                return String(format: "losses %.6e and %.6e", loss, theirs)
            })
        try harness.measure(name, item: "step", against: python == nil ? [] : [work]) {
            for _ in 0..<stepsPerRun {
                try optimiser.clearGradients()
                let error = try forward(x).meanSquaredError(target)
                try error.backward()
                try optimiser.step()
                loss = try error.item()
            }
            return Harness.Yield(items: stepsPerRun)
        }
        harness.endPeers()
    }
}
