import Foundation
import Imaging
import Testing

/// What scikit-image says of two test pictures over white.
struct SimilarityCase: Sendable {
    let kinds: (Int, Int)
    let width: Int
    let height: Int
    let luma: Double
    let rgb: Double
    let meanSquaredError: Double

    var pictures: (Image, Image) {
        (
            TestPictures.picture(kinds.0, width: width, height: height),
            TestPictures.picture(kinds.1, width: width, height: height)
        )
    }

    /// scikit-image 0.26.0 (numpy 2.4.6, scipy 1.17.1), `structural_similarity` of float64 pictures
    /// with `data_range=1, gaussian_weights=True, sigma=1.5, use_sample_covariance=False`, on luma
    /// and with `channel_axis=2`; the error is `np.mean((a - b) ** 2)`.
    static let all = [
        SimilarityCase(
            kinds: (0, 1), width: 64, height: 48, luma: 0.6598253329577088,
            rgb: 0.5374113348392015, meanSquaredError: 0.0509970240550174),
        SimilarityCase(
            kinds: (0, 2), width: 64, height: 48, luma: 0.08505413855207729,
            rgb: 0.0638677621085339, meanSquaredError: 0.14352477221495238),
        SimilarityCase(
            kinds: (1, 3), width: 37, height: 23, luma: 0.1451669875340046,
            rgb: 0.0764908972119629, meanSquaredError: 0.1246687572020127),
        SimilarityCase(
            kinds: (3, 2), width: 11, height: 11, luma: 0.0801897829795124,
            rgb: 0.09725508945203737, meanSquaredError: 0.1442778666254634),
        SimilarityCase(
            kinds: (0, 3), width: 128, height: 81, luma: 0.22745676800233006,
            rgb: 0.15266311582067818, meanSquaredError: 0.11250175800168741),
        SimilarityCase(
            kinds: (3, 1), width: 256, height: 256, luma: 0.22429336094129326,
            rgb: 0.13634314565274433, meanSquaredError: 0.11580464947213565),
    ]
}

@Suite struct StructuralSimilarityTests {
    @Test(arguments: SimilarityCase.all)
    func equalsScikitImage(example: SimilarityCase) throws {
        let (a, b) = example.pictures
        let luma = try StructuralSimilarity().score(a, b)
        #expect(abs(luma - example.luma) < 1e-7, "\(luma - example.luma)")
        let rgb = try StructuralSimilarity(color: .rgb).score(a, b)
        #expect(abs(rgb - example.rgb) < 1e-7, "\(rgb - example.rgb)")
    }

    @Test func otherSettingsEqualScikitImage() throws {
        // As above with sigma=1.0 (a window of 9), K1=0.02, K2=0.05, over the colour (10, 60, 200).
        let (a, b) = SimilarityCase.all[0].pictures
        let similarity = StructuralSimilarity(
            windowSize: 9, sigma: 1, k1: 0.02, k2: 0.05, background: SIMD3(10, 60, 200))
        #expect(abs(try similarity.score(a, b) - 0.7347486703525196) < 1e-7)
    }

    @Test func equalsTheFormulaWindowByWindow() throws {
        var numbers = Numbers(seed: 3)
        for (width, height) in [(11, 11), (12, 19), (31, 17), (40, 40)] {
            let a = noise(width, height, 0...255, &numbers)
            let b = noise(width, height, 100...140, &numbers)
            let expected = slowScore(a, b)
            #expect(abs(try StructuralSimilarity().score(a, b) - expected) < 1e-7)
        }
    }

    @Test func emptySurroundingsChangeNothing() throws {
        // Differences in some few blocks of a large picture, where all else is skipped.
        var numbers = Numbers(seed: 21)
        for _ in 0..<12 {
            let a = noise(90, 70, 255...255, &numbers)
            var b = a
            for _ in 0..<3 {
                let x = Int.random(in: 0..<90, using: &numbers)
                let y = Int.random(in: 0..<70, using: &numbers)
                b.fill(SIMD3(0, 255, 0), columns: x..<x + 3, rows: y..<y + 2)
            }
            #expect(abs(try StructuralSimilarity().score(a, b) - slowScore(a, b)) < 1e-7)
        }
    }

    @Test func equalPicturesScoreOne() throws {
        for kind in 0..<4 {
            let picture = TestPictures.picture(kind, width: 33, height: 29)
            #expect(try StructuralSimilarity().score(picture, picture) == 1)
            #expect(try StructuralSimilarity(color: .rgb).score(picture, picture) == 1)
        }
    }

    @Test func flatPicturesFollowTheLuminanceTerm() throws {
        // Without variance SSIM is (2 x y + C1) / (x² + y² + C1).
        let x = 51.0 / 255
        let y = 204.0 / 255
        let a = flat(51, 20, 20)
        let b = flat(204, 20, 20)
        let expected = (2 * x * y + 1e-4) / (x * x + y * y + 1e-4)
        #expect(abs(try StructuralSimilarity().score(a, b) - expected) < 1e-7)
    }

    @Test func transparentColourDoesNotCount() throws {
        let a = Image(width: 16, height: 16)
        var b = a
        for i in b.pixels.indices where i % 4 != 3 { b.pixels[i] = UInt8(i % 251) }
        #expect(try StructuralSimilarity().score(a, b) == 1)
        #expect(try a.meanSquaredError(to: b) == 0)
    }

    @Test func unfitPicturesAreRefused() {
        let a = Image(width: 16, height: 16)
        #expect(throws: ImageComparisonError.self) {
            try StructuralSimilarity().score(a, Image(width: 16, height: 17))
        }
        let small = Image(width: 10, height: 16)
        #expect(
            throws: ImageComparisonError.smallerThanWindow(width: 10, height: 16, windowSize: 11)
        ) {
            try StructuralSimilarity().score(small, small)
        }
    }

    private func noise(
        _ width: Int, _ height: Int, _ alpha: ClosedRange<UInt8>, _ numbers: inout Numbers
    ) -> Image {
        var image = Image(width: width, height: height)
        for i in image.pixels.indices {
            image.pixels[i] =
                i % 4 == 3
                ? .random(in: alpha, using: &numbers) : .random(in: 0...255, using: &numbers)
        }
        return image
    }

    private func flat(_ level: UInt8, _ width: Int, _ height: Int) -> Image {
        var image = Image(width: width, height: height)
        image.fill(SIMD3(repeating: level), columns: 0..<width, rows: 0..<height)
        return image
    }

    /// Equation 13 of Wang et al. in double precision, every window by itself.
    private func slowScore(_ a: Image, _ b: Image) -> Double {
        func luma(_ p: SIMD4<UInt8>) -> Double {
            let alpha = Double(p.w) / 255
            let value = 0.299 * Double(p.x) + 0.587 * Double(p.y) + 0.114 * Double(p.z)
            return value / 255 * alpha + 1 - alpha
        }
        var total = 0.0
        for y in 5..<a.height - 5 {
            for x in 5..<a.width - 5 {
                var (weight, ma, mb, aa, bb, ab) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
                for dy in -5...5 {
                    for dx in -5...5 {
                        let w = exp(-Double(dx * dx + dy * dy) / 4.5)
                        let (p, q) = (luma(a[x + dx, y + dy]), luma(b[x + dx, y + dy]))
                        weight += w
                        ma += w * p
                        mb += w * q
                        aa += w * p * p
                        bb += w * q * q
                        ab += w * p * q
                    }
                }
                ma /= weight
                mb /= weight
                let (va, vb) = (aa / weight - ma * ma, bb / weight - mb * mb)
                let covariance = ab / weight - ma * mb
                total +=
                    (2 * ma * mb + 1e-4) * (2 * covariance + 9e-4)
                    / ((ma * ma + mb * mb + 1e-4) * (va + vb + 9e-4))
            }
        }
        return total / Double((a.width - 10) * (a.height - 10))
    }
}
