import Evaluation
import Foundation
import Imaging
import Tensors
import TestSupport
import Testing

@Suite struct PictureTests {
    /// A picture of one colour.
    private static func plain(_ r: UInt8, _ g: UInt8, _ b: UInt8, alpha: UInt8 = 255) -> Image {
        var image = Image(width: 24, height: 16)
        for i in 0..<24 * 16 {
            image.pixels.replaceSubrange(4 * i..<4 * i + 4, with: [r, g, b, alpha])
        }
        return image
    }

    private static func model(_ name: String, batch: Int = 8) throws -> PictureModel {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "Reference/\(name).pt").path
        return try PictureModel(path: path, batch: batch)
    }

    @Test func picturesAreComparedOneByOne() throws {
        let black = Self.plain(0, 0, 0), grey = Self.plain(51, 51, 51)
        let scores = try PictureScores(
            Video(frames: [black, grey]), Video(frames: [black, black]))
        #expect(scores.signalToNoise[0] == .infinity && scores.similarity[0] == 1)
        // A fifth of the range everywhere: -20 log10(0.2).
        #expect(isClose(scores.signalToNoise[1], -20 * log10(0.2), within: 1e-5))
        // Without variance SSIM is (2 μν + C₁) / (μ² + ν² + C₁), here C₁ / (0.04 + C₁).
        #expect(isClose(scores.similarity[1], 1e-4 / (0.04 + 1e-4), within: 1e-6))
        #expect(throws: ImageComparisonError.self) {
            try PictureScores(Video(frames: [black]), Video(frames: [black, black]))
        }
    }

    @Test func picturesAreHandedOverOverWhite() throws {
        let half = Self.plain(0, 102, 255, alpha: 0)
        let values: [Float] = try PictureModel.tensor([half, Self.plain(0, 102, 255)], .unit)
            .elements()
        #expect(values.count == 2 * 3 * 24 * 16)
        #expect(values[0] == 1 && values[24 * 16] == 1)
        let second = 3 * 24 * 16
        #expect(values[second] == 0 && values[second + 24 * 16] == 0.4)
        let symmetric: [Float] = try PictureModel.tensor([Self.plain(0, 255, 0)], .symmetric)
            .elements()
        #expect(symmetric[0] == -1 && symmetric[24 * 16] == 1)
    }

    @Test func featuresAreOfEachPictureWhateverTheBatch() throws {
        let video = Video(frames: (0..<7).map { Self.plain(UInt8($0 * 30), 128, 10) })
        let one = try Self.model("features", batch: 1).features(ofPictures: video)
        let three = try Self.model("features", batch: 3).features(ofPictures: video)
        #expect(one.shape == [7, 3] && three.shape == [7, 3])
        let a: [Double] = try one.elements(), b: [Double] = try three.elements()
        #expect(maximumDifference(a, b) < 1e-6)
        #expect(isClose(a[3], 30.0 / 255, within: 1e-6) && isClose(a[4], 128.0 / 255, within: 1e-6))
    }

    /// The cosine of mean colours: of equal pictures 1, of red and green 0, of red and yellow √½.
    @Test func cosinesOfKnownColours() throws {
        let model = try Self.model("features")
        let red = Self.plain(255, 0, 0)
        let a = try model.features(ofPictures: Video(frames: [red, red, red]))
        let b = try model.features(
            ofPictures: Video(frames: [red, Self.plain(0, 255, 0), Self.plain(255, 255, 0)]))
        let diagonal = sqrt(0.5)
        let cosines = try FeatureSimilarity.cosines(a, b)
        #expect(maximumDifference(cosines, [1, 0, diagonal]) < 1e-6)
        let text = try Self.model("text-features").features(
            ofTokens: Tensor([Int64(2), 2, 0, 9], shape: [1, 4]))
        let texts = try FeatureSimilarity.cosines(b, text)
        #expect(maximumDifference(texts, [diagonal, diagonal, 1]) < 1e-6)
        #expect(throws: EvaluationError.self) {
            try FeatureSimilarity.cosines(a, Tensor.zeros([2, 3]))
        }
    }

    @Test func distancesAreOfPairs() throws {
        let model = try Self.model("distance", batch: 2)
        let a = Video(frames: (0..<5).map { _ in Self.plain(0, 0, 0) })
        let b = Video(frames: (0..<5).map { Self.plain(UInt8(51 * $0), 0, 0) })
        // Between -1 and 1 a fifth of the codes is 0.4, in one of three channels.
        let distances = try model.distances(a, b, .symmetric)
        #expect(maximumDifference(distances, (0..<5).map { Double($0) * 0.4 / 3 }) < 1e-6)
        let unit = try model.distances(a, b, .unit)
        #expect(maximumDifference(unit, (0..<5).map { Double($0) * 0.2 / 3 }) < 1e-6)
    }

    /// Videos of one colour that brightens: features are known, and so is the distance of two sets.
    @Test func videosHaveFrechetDistances() throws {
        func video(_ start: Int, _ step: Int) -> Video {
            Video(frames: (0..<4).map { Self.plain(UInt8(start + step * $0), 0, 0) })
        }
        let model = try Self.model("video-features")
        let features = try model.features(ofVideos: [video(0, 51)])
        let values: [Double] = try features.elements()
        #expect(features.shape == [1, 6])
        // Codes 0, 51, 102, 153 are -1, -0.6, -0.2, 0.2.
        #expect(
            maximumDifference(values, [-0.4, -1, -1, 0.4, 0, 0]) < 1e-6, "\(values)")
        let a = try model.features(ofVideos: [video(0, 0), video(102, 0)])
        let b = try model.features(ofVideos: [video(51, 0), video(153, 0)])
        // Means 0.4 apart in one feature, the same spread.
        #expect(isClose(try FrechetDistance.ofFeatures(a, b), 0.16, within: 1e-6))
    }

    @Test func wrongModelsAreNamed() throws {
        let video = Video(frames: [Self.plain(1, 2, 3)])
        let error = #expect(throws: EvaluationError.self) {
            try Self.model("wrong").features(ofPictures: video)
        }
        #expect(error?.description.contains("wrong.pt") == true)
        #expect(error?.description.contains("[1, D]") == true)
        #expect(throws: TensorError.self) { try PictureModel(path: "/nowhere.pt") }
    }
}
