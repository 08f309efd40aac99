import BenchmarkHarness
import Evaluation
import Foundation
import Geometry

/// Chamfer distance and F-score of two clouds of 100,000 points, trees included, beside scipy.
struct PointMetricCase {
    /// Where scipy is; nil times ours alone.
    let environment: PeerEnvironment?
    /// What case names must contain; nil for any.
    let only: String?

    func run(in folder: URL, runs: Int) throws {
        let harness = Harness(folder: folder, runs: runs, only: only, environment: environment)
        let prediction = Self.cloud("prediction", offset: 0.004)
        let truth = Self.cloud("truth", offset: 0)
        let metrics = PointMetrics()
        var scores = metrics.scores(prediction: prediction, truth: truth)
        let work = PeerWork(
            peer: "scipy_chamfer",
            inputs: [
                "prediction": try Self.write(prediction, "prediction", folder),
                "truth": try Self.write(truth, "truth", folder),
            ], options: ["scale": metrics.scale, "threshold": metrics.threshold],
            agreement: { file in
                let theirs = try Data(contentsOf: file).withUnsafeBytes { bytes in
                    (0..<2).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
                }
                return String(
                    format: "Chamfer and F-score apart by %.1e and %.1e",
                    abs(theirs[0] - scores.chamfer), abs(theirs[1] - scores.fScore))
            })
        try harness.measure(
            "chamfer of 100,000 points", item: "point", against: environment == nil ? [] : [work]
        ) {
            scores = metrics.scores(prediction: prediction, truth: truth)
            return Harness.Yield(items: prediction.count + truth.count)
        }
        harness.endPeers()
    }

    /// Points near a torus of the size of a unit box.
    private static func cloud(_ name: String, offset: Double) -> Vector3Array {
        var random = KeyedRandom(seed: 1, asset: "torus", purpose: name)
        return Vector3Array(
            (0..<100_000).map { _ in
                let u = random.uniform(0..<2 * .pi), v = random.uniform(0..<2 * .pi)
                let tube = 0.15 + offset
                let r = 0.35 + tube * cos(v)
                return SIMD3<Float>(SIMD3(r * cos(u), tube * sin(v), r * sin(u)))
            })
    }

    private static func write(_ points: Vector3Array, _ name: String, _ folder: URL) throws -> URL {
        let file = folder.appending(path: "\(name).f32")
        try points.scalars.withUnsafeBytes { try Data($0).write(to: file) }
        return file
    }
}
