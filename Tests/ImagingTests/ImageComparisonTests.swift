import Foundation
import Imaging
import Testing

@Suite struct ImageComparisonTests {
    @Test(arguments: SimilarityCase.all)
    func errorEqualsNumPy(example: SimilarityCase) throws {
        let (a, b) = example.pictures
        let error = try a.meanSquaredError(to: b)
        #expect(abs(error / example.meanSquaredError - 1) < 1e-6)
        let ratio = try a.peakSignalToNoiseRatio(to: b)
        #expect(abs(ratio + 10 * log10(example.meanSquaredError)) < 1e-5)
    }

    @Test func errorOverAnotherGroundEqualsNumPy() throws {
        // numpy 2.4.6, np.mean((a - b) ** 2) with both pictures over (10, 60, 200) / 255.
        let (a, b) = SimilarityCase.all[0].pictures
        let error = try a.meanSquaredError(to: b, over: SIMD3(10, 60, 200))
        #expect(abs(error / 0.04555757039794017 - 1) < 1e-6)
    }

    @Test func everyPixelCounts() throws {
        for width in 1...20 {
            let black = solid(width, 0)
            for x in 0..<width {
                var other = black
                other[x, 0] = SIMD4(0, 255, 0, 255)
                let error = try black.meanSquaredError(to: other)
                #expect(abs(error - 1 / Double(3 * width)) < 1e-7)
            }
        }
    }

    @Test func equalPicturesHaveNoNoise() throws {
        #expect(try solid(9, 77).peakSignalToNoiseRatio(to: solid(9, 77)) == .infinity)
    }

    @Test func videosOfDifferentLengthAreRefused() {
        let video = Video(frames: [solid(4, 0), solid(4, 1)])
        let other = Video(frames: [solid(4, 0)])
        #expect(throws: ImageComparisonError.differentFrameCounts(2, 1)) {
            try video.meanSquaredError(to: other)
        }
    }

    private func solid(_ width: Int, _ level: UInt8) -> Image {
        var image = Image(width: width, height: 1)
        image.fill(SIMD3(repeating: level), columns: 0..<width, rows: 0..<1)
        return image
    }
}
