import Assets
import Foundation
import Geometry
import Testing

/// The folder of real assets, where there is one.
private let corpusFolder = ProcessInfo.processInfo.environment["MUYBRIDGE_CORPUS"]

/// Poses of real assets against vertices that Blender 5.0.1 put out (`oracle.json` and
/// `verts_K.npy` of each asset). Runs where `MUYBRIDGE_CORPUS` names the folder of the assets;
/// Blender's vertices lie in `../reference/blender` beside it.
@Suite(.enabled(if: corpusFolder != nil), .serialized)
struct CorpusPoseTests {
    struct Oracle: Decodable {
        var asset: String
        var clip: String
        var normalisation: Normalisation
        var views: [View]

        struct Normalisation: Decodable {
            var scale: Double
            var centre: [Double]
        }

        struct View: Decodable {
            var clip_time_s: Double
            var vertices: String
        }
    }

    @Test(arguments: ["Fox", "Knight", "SimpleSkin", "morph-stress-test", "robot"])
    func agreesWithBlender(asset: String) throws {
        let corpus = URL(fileURLWithPath: try #require(corpusFolder))
        let folder = corpus.deletingLastPathComponent()
            .appendingPathComponent("reference/blender/\(asset)")
        let oracle = try JSONDecoder().decode(
            Oracle.self, from: Data(contentsOf: folder.appendingPathComponent("oracle.json")))
        let loaded = try GLTFLoader.load(path: corpus.appendingPathComponent(oracle.asset).path)
        #expect(loaded.warnings.isEmpty && loaded.missingTextures.isEmpty)
        let clip = try #require(loaded.clips.firstIndex { $0.name == oracle.clip })
        let mesh = try loaded.mesh(clip: clip, times: oracle.views.map(\.clip_time_s))
        for (t, view) in oracle.views.enumerated() {
            let theirs = try Self.points(
                inNPY: folder.appendingPathComponent(view.vertices))
            let c = oracle.normalisation.centre
            let ours = mesh.vertexRange(ofFrame: t).map { v in
                let p = SIMD3<Double>(mesh.positions[v])
                return (SIMD3(p.x, -p.z, p.y) - SIMD3(c[0], c[1], c[2]))
                    * oracle.normalisation.scale
            }
            let distances =
                SortedPoints(theirs).distances(from: ours)
                + SortedPoints(ours).distances(from: theirs)
            let rms = (distances.reduce(0) { $0 + $1 * $1 } / Double(distances.count)).squareRoot()
            let largest = distances.max() ?? .infinity
            print(
                "| \(asset) | \(view.clip_time_s) s | \(ours.count) / \(theirs.count) vertices | "
                    + "RMS \(rms) | max \(largest) |")
            #expect(rms < 1e-4 && largest < 1e-3, "\(asset) at \(view.clip_time_s) s")
        }
    }

    /// The points of a `[n, 3]` float32 or float64 file of version 1.
    static func points(inNPY url: URL) throws -> [SIMD3<Double>] {
        let bytes = [UInt8](try Data(contentsOf: url))
        let header = Int(bytes[8]) | Int(bytes[9]) << 8
        let text = String(decoding: bytes[10..<10 + header], as: UTF8.self)
        #expect(text.contains("'fortran_order': False"))
        let isDouble = text.contains("<f8")
        let size = isDouble ? 8 : 4
        let numbers = bytes.withUnsafeBytes { raw in
            stride(from: 10 + header, to: bytes.count, by: size).map {
                isDouble
                    ? raw.loadUnaligned(fromByteOffset: $0, as: Double.self)
                    : Double(raw.loadUnaligned(fromByteOffset: $0, as: Float.self))
            }
        }
        return stride(from: 0, to: numbers.count, by: 3).map {
            SIMD3(numbers[$0], numbers[$0 + 1], numbers[$0 + 2])
        }
    }
}

/// Points along x, to find the nearest one by walking outwards.
private struct SortedPoints {
    let points: [SIMD3<Double>]

    init(_ points: [SIMD3<Double>]) { self.points = points.sorted { $0.x < $1.x } }

    func distances(from queries: [SIMD3<Double>]) -> [Double] {
        queries.map { query in
            var low = 0
            var high = points.count
            while low < high {
                let middle = (low + high) / 2
                if points[middle].x < query.x { low = middle + 1 } else { high = middle }
            }
            var best = Double.infinity
            for i in low..<points.count {
                if points[i].x - query.x > best { break }
                best = min(best, length(points[i] - query))
            }
            for i in (0..<low).reversed() {
                if query.x - points[i].x > best { break }
                best = min(best, length(points[i] - query))
            }
            return best
        }
    }
}
