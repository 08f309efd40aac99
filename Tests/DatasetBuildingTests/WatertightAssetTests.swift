import Assets
import DemoCorpus
import Foundation
import Geometry
import Surfaces
import TestSupport
import Testing

/// Watertight conversion of whole assets in the first, middle and last of 16 frames.
@Suite struct WatertightAssetTests {
    private struct Row {
        var asset: String
        var frame: Int
        var report: WatertightReport
        var isWithinBox: Bool

        /// A line of the table of distances, in thousandths of the unit box.
        var line: String {
            func text(_ s: DistanceSummary) -> String {
                String(
                    format: "%.2f | %.2f | %.2f", 1e3 * s.mean, 1e3 * s.percentile99,
                    1e3 * s.maximum)
            }
            return
                "| \(asset) | \(frame) | \(report.topology.isClosedManifold ? "yes" : "NO") "
                + "| \(report.topology.eulerCharacteristic) | \(text(report.toInput)) "
                + "| \(text(report.fromInput)) |"
        }
    }

    private static let frameCount = 16

    /// Converts three frames of a file; nil where it does not load, which other tests are about.
    private static func rows(of path: String, named name: String, resolution: Int) throws -> [Row]?
    {
        guard let asset = try? AssetLoader().load(path: path) else { return nil }
        let clip = asset.clips.isEmpty ? nil : 0
        let times =
            clip.map {
                Timeline.uniform(count: frameCount, periodic: false).times(for: asset.clips[$0])
            }
            ?? [Double](repeating: 0, count: frameCount)
        guard var mesh = try? asset.mesh(clip: clip, times: times) else { return nil }
        mesh.normalise(Normalisation(shape: .unitCube, extent: .allFrames, rootMotion: .remove))
        return try [0, frameCount / 2, frameCount - 1].map { t in
            let source = WatertightSource(mesh.mesh(ofFrame: t))
            let result = try WatertightConversion.convert(
                source, WatertightSettings(resolution: resolution))
            var random = KeyedRandom(seed: 0, asset: name, purpose: "report.\(t)")
            let report = try WatertightReport(result, of: source, samples: 8192, using: &random)
            let input = source.winding.bvh.bounds
            // A surface that is thinner than a cell is thickened by 0.9 cells on both sides.
            let slack = SIMD3<Float>(repeating: 2 * input.longestSide / Float(resolution - 8))
            let output = result.bounds
            return Row(
                asset: name, frame: t, report: report,
                isWithinBox: all(output.minimum .>= input.minimum - slack)
                    && all(output.maximum .<= input.maximum + slack)
                    && all(output.minimum .<= input.minimum + slack)
                    && all(output.maximum .>= input.maximum - slack))
        }
    }

    private static func check(_ rows: [Row]) {
        for row in rows {
            #expect(row.report.topology.isClosedManifold, "\(row.asset), frame \(row.frame)")
            #expect(row.report.volume > 0, "\(row.asset), frame \(row.frame)")
            #expect(row.isWithinBox, "\(row.asset), frame \(row.frame)")
        }
    }

    private static func demoRows(resolution: Int) throws -> [Row] {
        let folder = TemporaryFolder()
        try DemoCorpus.write(to: folder.url)
        return try DemoCorpus.assets.flatMap { asset in
            try rows(
                of: folder.url.appending(path: asset.path).path, named: asset.id,
                resolution: resolution) ?? []
        }
    }

    @Test func demoAssetsBecomeClosedManifolds() throws {
        let rows = try Self.demoRows(resolution: 64)
        #expect(rows.count >= 3 * 35)
        Self.check(rows)
    }

    /// The table of Documentation/surfaces.md; takes some minutes.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["MUYBRIDGE_CORPUS"] != nil))
    func corpusAndDemoAssetsAtFullResolution() throws {
        let corpus = URL(
            fileURLWithPath: ProcessInfo.processInfo.environment["MUYBRIDGE_CORPUS"] ?? "")
        let files = try FileManager.default.contentsOfDirectory(atPath: corpus.path).sorted()
        var rows = try files.flatMap {
            try Self.rows(of: corpus.appending(path: $0).path, named: $0, resolution: 256) ?? []
        }
        #expect(rows.count >= 3 * 7)
        rows += try Self.demoRows(resolution: 256)
        print(rows.map(\.line).joined(separator: "\n"))
        Self.check(rows)
    }
}
