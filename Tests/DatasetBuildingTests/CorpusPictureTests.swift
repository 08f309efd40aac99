import Assets
import Foundation
import Geometry
import Imaging
import Rendering
import Testing

/// Pictures of real assets beside those that Blender's Cycles made of them: the same views, under
/// the same four suns. Runs where MUYBRIDGE_CORPUS names the corpus; the reference folder lies
/// beside it.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["MUYBRIDGE_CORPUS"] != nil))
struct CorpusPictureTests {
    /// What Blender 5.0.1 was asked for and did.
    private struct Oracle: Decodable {
        struct View: Decodable {
            var clip_time_s: Double
            var azimuth_deg: Double
            var image: String
        }
        var asset: String
        var clip: String
        var x_fov: Double
        var distance: Double
        var views: [View]
    }

    private struct Agreement {
        var alphaIoU: Double
        var ssim: Double
    }

    private static func agreements(
        of name: String, samples: SampleCount
    ) throws -> [Agreement] {
        let corpus = URL(
            fileURLWithPath: ProcessInfo.processInfo.environment["MUYBRIDGE_CORPUS"] ?? "")
        let folder = corpus.deletingLastPathComponent()
            .appending(path: "reference/blender/\(name)")
        let oracle = try JSONDecoder().decode(
            Oracle.self, from: Data(contentsOf: folder.appending(path: "oracle.json")))
        let asset = try AssetLoader().load(path: corpus.appending(path: oracle.asset).path)
        let clip = try #require(asset.clips.firstIndex { $0.name == oracle.clip })
        // The first view's time is the clip's first key, whose box normalises all of them.
        var mesh = try asset.mesh(clip: clip, times: oracle.views.map(\.clip_time_s))
        mesh.normalise(Normalisation())
        let renderer = try Renderer(
            mesh: mesh, settings: RenderSettings(samples: samples, culling: .never))
        let views = oracle.views.enumerated().map { i, view in
            View(
                frame: i,
                camera: .orbiting(
                    azimuthDegrees: view.azimuth_deg, distance: oracle.distance,
                    fieldOfViewXDegrees: oracle.x_fov * 180 / .pi, width: 256, height: 256))
        }
        return try zip(renderer.renderVideo(views), oracle.views).map { frame, view in
            let reference = try Image(
                decoding: Array(Data(contentsOf: folder.appending(path: view.image))))
            let ours = try #require(frame.color)
            return Agreement(
                alphaIoU: alphaIoU(ours, reference),
                ssim: try StructuralSimilarity().score(ours, reference))
        }
    }

    /// Σ min(α, β) / Σ max(α, β) over pixels.
    private static func alphaIoU(_ a: Image, _ b: Image) -> Double {
        var both = 0, either = 0
        for i in stride(from: 3, to: a.pixels.count, by: 4) {
            both += Int(min(a.pixels[i], b.pixels[i]))
            either += Int(max(a.pixels[i], b.pixels[i]))
        }
        return Double(both) / Double(either)
    }

    /// The references have 64 samples a pixel. With 4, the steps of alpha on edges alone cost thin
    /// objects (morph-stress-test is 7 pixels high) up to 0.015 of IoU.
    @Test(
        arguments: ["Fox", "Knight", "robot", "SimpleSkin", "morph-stress-test"],
        [SampleCount.four, .sixteen])
    func picturesAgreeWithCycles(name: String, samples: SampleCount) throws {
        for (k, agreement) in try Self.agreements(of: name, samples: samples).enumerated() {
            print(
                "\(name) view \(k), \(samples.rawValue) samples: alpha IoU "
                    + String(format: "%.4f, SSIM %.4f", agreement.alphaIoU, agreement.ssim))
            #expect(agreement.alphaIoU >= (samples == .four ? 0.985 : 0.99))
            #expect(agreement.ssim >= 0.95)
        }
    }
}
