import Evaluation
import Foundation
import Geometry

/// Chamfer distance and F-score of two clouds of 100,000 points, trees included, beside scipy.
struct PointMetricCase {
    /// A Python that has numpy and scipy; nil times ours alone.
    var python: String?
    var runs: Int

    func run(in folder: URL) throws {
        let prediction = Self.cloud("prediction", offset: 0.004)
        let truth = Self.cloud("truth", offset: 0)
        let metrics = PointMetrics()
        var scores = metrics.scores(prediction: prediction, truth: truth)
        let peer = try python.map { try Peer(python: $0, script: Self.script) }
        try peer?.prepare(
            "chamfer",
            inputs: [
                "prediction": Self.write(prediction, "prediction", folder),
                "truth": Self.write(truth, "truth", folder),
            ], options: ["scale": metrics.scale, "threshold": metrics.threshold])
        _ = try peer?.seconds()
        var own: [Double] = [], theirs: [Double] = []
        for _ in 0..<runs {
            let start = ContinuousClock.now
            scores = metrics.scores(prediction: prediction, truth: truth)
            own.append((ContinuousClock.now - start) / .seconds(1))
            if let peer { theirs.append(try peer.seconds()) }
        }
        func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
        var line = String(format: "chamfer of 100,000 points: %.1f ms", median(own) * 1000)
        if let peer {
            let file = folder.appending(path: "chamfer.result")
            try peer.save(to: file)
            let found = try Data(contentsOf: file).withUnsafeBytes { bytes in
                (0..<2).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
            }
            line += String(
                format: ", %@ %.1f ms, their time / ours %.2f, apart by %.1e and %.1e",
                peer.versions, median(theirs) * 1000, median(theirs) / median(own),
                abs(found[0] - scores.chamfer), abs(found[1] - scores.fScore))
        }
        print(line)
        fflush(nil)
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

    private static let script = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Peers/scipy_chamfer.py")
}
