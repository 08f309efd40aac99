import ArgumentParser
import BenchmarkHarness
import Foundation
import Systems
import Tensors

/// Measures training steps of a stack of transformer blocks, of a 3D U-Net and of ShapeGen4D's two
/// models beside the same models in Python, both from the same weights, and compares the losses
/// after all steps.
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

    @Option(help: "Only cases whose names contain this.")
    var only: String?

    @Option(help: "The folder of the peers' programs.")
    var peerPrograms = "Benchmarks/Peers"

    @Flag(help: "Measure Chamfer distances beside scipy, which is installed in .build/peers.")
    var scipy = false

    func run() throws {
        TorchLibrary.threadCount = threads
        // As `muybridge train` does.
        TorchLibrary.keepFreedMemory()
        TorchLibrary.keepProductsOnOneThread()
        setenv("OPENBLAS_NUM_THREADS", "1", 0)  // Python's, too.
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "muybridge-learning-\(getpid())", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        print("libtorch \(TorchLibrary.version), threads: \(threads)")
        Harness.printHeader()
        let harness = Harness(
            folder: folder, runs: runs, only: only,
            environment: python.map {
                PeerEnvironment(
                    programs: URL(fileURLWithPath: peerPrograms), environments: folder, python: $0)
            })
        let programs = URL(fileURLWithPath: peerPrograms)
        try PointMetricCase(
            environment: scipy
                ? PeerEnvironment(
                    programs: programs, environments: URL(fileURLWithPath: ".build/peers")) : nil,
            only: only
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
        for work in [try ShapeWork.autoencoder(), try ShapeWork.flow()] {
            try measure(
                work.name, work.model, inputs: work.inputs, harness, clip: 1, loss: work.loss)
        }
    }

    private func measure(
        _ name: String, _ model: Module, x: Tensor, target: Tensor, _ harness: Harness,
        stepsPerRun: Int = 1, _ forward: (Tensor) throws -> Tensor
    ) throws {
        try model.initialise(seed: 3)
        try measure(
            name, model, inputs: [("x", x), ("target", target)], harness, stepsPerRun: stepsPerRun
        ) { try forward(x).meanSquaredError(target) }
    }

    /// - Parameters:
    ///   - inputs: what the loss is computed of, for the peer, by its names.
    ///   - clip: the longest that the gradient may be.
    private func measure(
        _ name: String, _ model: Module, inputs: [(name: String, tensor: Tensor)],
        _ harness: Harness, stepsPerRun: Int = 1, clip: Double? = nil,
        loss computed: () throws -> Tensor
    ) throws {
        guard harness.runs(name) else { return }
        let weights = harness.folder.appending(path: "\(name).safetensors")
        try SafetensorsFile.write(
            model.state() + inputs.map { ("input.\($0.name)", $0.tensor) }, to: weights)
        let optimiser = Adam(model.namedParameters())
        var options: [String: any Sendable] = ["threads": threads, "steps": stepsPerRun]
        if let clip { options["clip"] = clip }
        var loss = 0.0
        let work = PeerWork(
            peer: "learning", name: name, inputs: ["weights": weights],
            options: options,
            agreement: { file in
                let theirs = try Double(String(contentsOf: file, encoding: .utf8)) ?? .nan
                return String(format: "losses %.6e and %.6e", loss, theirs)
            })
        try harness.measure(name, item: "step", against: python == nil ? [] : [work]) {
            for _ in 0..<stepsPerRun {
                try optimiser.clearGradients()
                let error = try computed()
                try error.backward()
                if let clip { try clipGradients(of: model.parameters(), toNorm: clip) }
                try optimiser.step()
                loss = try error.item()
            }
            return Harness.Yield(items: stepsPerRun)
        }
        harness.endPeers()
    }
}
