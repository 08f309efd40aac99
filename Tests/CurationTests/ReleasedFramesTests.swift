import Curation
import Foundation
import Imaging
import Testing

private let corpusFolder = ProcessInfo.processInfo.environment["MUYBRIDGE_CORPUS"]

/// Frames that the authors of Diffusion4D released for two assets that they kept. They are no part
/// of the repository: `MUYBRIDGE_CORPUS` names a folder beside which `reference/diffusion4d/ID`
/// holds `front_frameK.png`, `multi_frameK.png` and `multi_static_frameK.png`, K = 0...23.
@Suite(.enabled(if: corpusFolder != nil))
struct ReleasedFramesTests {
    /// An asset with what scikit-image 0.26 says of its front frames 0, 6 and 12 (luma over white,
    /// `data_range=1, gaussian_weights=True, sigma=1.5, use_sample_covariance=False`) and NumPy of
    /// its orbits (mean squared difference over white).
    struct Asset: Sendable {
        let prefix: String
        let ssim: [Double]
        let motionMagnitude: Double
    }

    static let assets = [
        Asset(prefix: "2a7f", ssim: [0.92537, 0.89247], motionMagnitude: 0.0321369),
        Asset(prefix: "900c", ssim: [0.82677, 0.77567], motionMagnitude: 0.0178464),
    ]

    @Test(arguments: assets)
    func measuresAgreeAndTheAssetIsKept(asset: Asset) throws {
        let folder = try folder(of: asset)
        let front = try video(folder, "front_frame")
        let orbit = try video(folder, "multi_frame")
        let frozen = try video(folder, "multi_static_frame")
        let scores = try Measures.ssim(front: front)
        for (score, expected) in zip(scores, asset.ssim) {
            #expect(abs(score - expected) < 6e-6, "\(score)")
        }
        let magnitude = try Measures.motionMagnitude(orbit: orbit, frozen: frozen)
        #expect(abs(magnitude - asset.motionMagnitude) < 6e-8, "\(magnitude)")
        let border = [front, orbit, frozen].flatMap { Measures.borderAlpha($0) }
        #expect(border.allSatisfy { $0 == 0 })

        let verdict = try FilterFileTests.filter("diffusion4d").judge(exhaustive: true) { id in
            switch id {
            case .clipCount: .number(1)
            case .ssimFront: .numbers(scores)
            case .alphaBorder: .numbers(border)
            default: .absent
            }
        }
        #expect(verdict.isKept && verdict.findings.count == 4)
    }

    private func folder(of asset: Asset) throws -> URL {
        let corpus = URL(fileURLWithPath: try #require(corpusFolder))
        let reference = corpus.deletingLastPathComponent()
            .appendingPathComponent("reference/diffusion4d")
        let names = try FileManager.default.contentsOfDirectory(atPath: reference.path)
        let name = try #require(names.first { $0.hasPrefix(asset.prefix) })
        return reference.appendingPathComponent(name)
    }

    private func video(_ folder: URL, _ prefix: String) throws -> Video {
        Video(
            frames: try (0..<24).map { k in
                let file = folder.appendingPathComponent("\(prefix)\(k).png")
                return try Image(decoding: [UInt8](Data(contentsOf: file)))
            })
    }
}
