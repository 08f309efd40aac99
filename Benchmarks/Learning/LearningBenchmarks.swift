import Foundation
import Tensors

/// Measures a training step of a stack of transformer blocks and of a 3D U-Net beside the same
/// models in Python, both from the same weights, and compares the losses after all steps.
///
///     muybridge-learning-benchmarks [--python PATH] [--scipy PATH] [--runs N] [--threads N]
///
/// --scipy names a Python with numpy and scipy, beside which Chamfer distances are measured.
///
/// The Python must have a PyTorch, of the same version as this program's libtorch where the ratio
/// is to say what this package adds. Without --python only the own times are printed.
@main
struct LearningBenchmarks {
    var python: String?
    var scipy: String?
    var runs = 7
    var threads = TorchLibrary.threadCount

    static func main() throws {
        var benchmarks = LearningBenchmarks()
        var arguments = CommandLine.arguments.dropFirst().makeIterator()
        while let option = arguments.next() {
            guard let value = arguments.next() else { fatalError("\(option) needs a value") }
            switch option {
            case "--python": benchmarks.python = value
            case "--scipy": benchmarks.scipy = value
            case "--runs": benchmarks.runs = max(5, Int(value) ?? 7)
            case "--threads": benchmarks.threads = Int(value) ?? benchmarks.threads
            default: fatalError("there is no option \(option)")
            }
        }
        try benchmarks.run()
    }

    func run() throws {
        TorchLibrary.threadCount = threads
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "muybridge-learning-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        print("libtorch \(TorchLibrary.version), \(threads) threads, \(runs) runs each")

        try PointMetricCase(python: scipy, runs: runs).run(in: folder)
        RandomState.seed(1)
        let transformer = Transformer(width: 512, heads: 8, depth: 6)
        try measure(
            "transformer", transformer, x: .randn([4, 256, 512]), target: .randn([4, 256, 512]),
            in: folder
        ) { try transformer($0) }
        let unet = UNet3D(input: 4, width: 32)
        try measure(
            "unet", unet, x: .randn([2, 4, 16, 32, 32]), target: .randn([2, 4, 16, 32, 32]),
            in: folder
        ) { try unet($0) }
        let small = Transformer(width: 32, heads: 2, depth: 12)
        try measure(
            "small-transformer", small, x: .randn([2, 16, 32]), target: .randn([2, 16, 32]),
            in: folder, stepsPerRun: 20
        ) { try small($0) }
    }

    private func measure(
        _ name: String, _ model: Module, x: Tensor, target: Tensor, in folder: URL,
        stepsPerRun: Int = 1, _ forward: (Tensor) throws -> Tensor
    ) throws {
        try model.initialise(seed: 3)
        let weights = folder.appending(path: "\(name).safetensors")
        try SafetensorsFile.write(
            model.state() + [("input.x", x), ("input.target", target)], to: weights)
        let peer = try python.map { try Peer(python: $0, script: Self.script) }
        try peer?.prepare(
            name, weights: weights, options: ["threads": threads, "steps": stepsPerRun])
        let optimiser = Adam(model.namedParameters())
        var loss = 0.0
        func step() throws -> Double {
            let start = ContinuousClock.now
            for _ in 0..<stepsPerRun {
                try optimiser.clearGradients()
                let error = try forward(x).meanSquaredError(target)
                try error.backward()
                try optimiser.step()
                loss = try error.item()
            }
            return (ContinuousClock.now - start) / .seconds(1)
        }
        _ = try step()
        _ = try peer?.run()
        var own: [Double] = []
        var theirs: [(seconds: Double, loss: Double)] = []
        for _ in 0..<runs {
            own.append(try step())
            if let peer { theirs.append(try peer.run()) }
        }
        report(name, own, loss, theirs, versions: peer?.versions)
    }

    private func report(
        _ name: String, _ own: [Double], _ loss: Double,
        _ theirs: [(seconds: Double, loss: Double)],
        versions: String?
    ) {
        func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
        func scientific(_ value: Double) -> String { String(format: "%.6e", value) }
        func text(_ value: Double, _ digits: Int) -> String {
            String(format: "%.\(digits)f", value)
        }
        var line = "\(name): \(text(median(own) * 1000, 1)) ms"
        if let last = theirs.last {
            let peer = median(theirs.map(\.seconds))
            line += ", \(versions ?? "") \(text(peer * 1000, 1)) ms"
            line += ", ratio \(text(median(own) / peer, 3))"
            line += " (of the fastest \(text(own.min()! / theirs.map(\.seconds).min()!, 3)))"
            line += ", loss \(scientific(loss)) and \(scientific(last.loss))"
        }
        print(line)
    }

    private static let script = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Peers/learning.py")
}
