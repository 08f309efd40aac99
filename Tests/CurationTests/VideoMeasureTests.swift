import Curation
import Geometry
import Imaging
import Testing

@Suite struct VideoMeasureTests {
    private func flat(_ color: SIMD3<UInt8>, alpha: UInt8 = 255, side: Int = 16) -> Image {
        var image = Image(width: side, height: side)
        for y in 0..<side { for x in 0..<side { image[x, y] = SIMD4(color, alpha) } }
        return image
    }

    @Test func frontFramesAreThoseOfThePaper() {
        #expect(Measures.frontFrameIndices(frameCount: 24) == [0, 6, 12])
        #expect(Measures.frontFrameIndices(frameCount: 1) == [0, 0, 0])
        #expect(Measures.frontFrameIndices(frameCount: 3) == [0, 0, 1])
    }

    @Test func ssimComparesTheFirstFrameWithTheQuarterAndTheHalf() throws {
        // Flat pictures: SSIM is (2 x y + C1) / (x² + y² + C1) with C1 = 10⁻⁴.
        let frames = (0..<24).map { flat(SIMD3(repeating: UInt8(200 - 7 * $0))) }
        let scores = try Measures.ssim(front: Video(frames: frames))
        let expected = [158.0, 116.0].map { level in
            let (x, y) = (200.0 / 255, level / 255)
            return (2 * x * y + 1e-4) / (x * x + y * y + 1e-4)
        }
        #expect(scores.count == 2)
        for (score, value) in zip(scores, expected) { #expect(abs(score - value) < 1e-6) }
    }

    @Test func framesSmallerThanTheWindowAreRefused() {
        let video = Video(frames: [flat(.zero, side: 8)])
        #expect(throws: ImageComparisonError.self) { try Measures.ssim(front: video) }
    }

    @Test func motionMagnitudeIsTheMeanSquaredDifference() throws {
        // Red differs by 51/255 in the first frame of two, nothing in the second.
        let still = flat(SIMD3(100, 50, 0))
        let moved = flat(SIMD3(151, 50, 0))
        let magnitude = try Measures.motionMagnitude(
            orbit: Video(frames: [moved, still]), frozen: Video(frames: [still, still]))
        #expect(abs(magnitude - 0.04 / 3 / 2) < 1e-8)
        let summed = try Measures.motionMagnitude(
            orbit: Video(frames: [moved, still]), frozen: Video(frames: [still, still]),
            scale: 3 * 16 * 16)
        #expect(abs(summed - 0.04 * 256 / 2) < 1e-5)
    }

    @Test func motionMagnitudeIsSeenOverWhite() throws {
        // Black vanishing: from 0 to white's 1 in all channels.
        let there = Video(frames: [flat(.zero)])
        let gone = Video(frames: [flat(.zero, alpha: 0)])
        #expect(abs(try Measures.motionMagnitude(orbit: there, frozen: gone) - 1) < 1e-6)
        let half = Video(frames: [flat(.zero, alpha: 51)])
        #expect(abs(try Measures.motionMagnitude(orbit: half, frozen: gone) - 0.04) < 1e-7)
    }

    @Test func borderCountsTheRing() {
        var numbers = KeyedRandom(seed: 5, asset: "", purpose: "test")
        for (width, height, ring) in [(7, 5, 1), (16, 9, 2), (4, 4, 2), (5, 3, 7), (1, 1, 1)] {
            var image = Image(width: width, height: height)
            var (touched, count) = (0, 0)
            for y in 0..<height {
                for x in 0..<width {
                    let alpha: UInt8 = Bool.random(using: &numbers) ? 1 : 0
                    image[x, y] = SIMD4(9, 9, 9, alpha)
                    let distance = min(x, y, width - 1 - x, height - 1 - y)
                    guard distance < ring else { continue }
                    count += 1
                    touched += Int(alpha)
                }
            }
            let share = Measures.borderAlpha(Video(frames: [image]), ringWidth: ring)
            #expect(share == [Double(touched) / Double(count)])
        }
    }

    @Test func borderIsPerFrame() {
        var touching = Image(width: 10, height: 10)
        touching[9, 4] = SIMD4(0, 0, 0, 1)
        var inside = Image(width: 10, height: 10)
        inside[8, 4] = SIMD4(0, 0, 0, 255)
        let video = Video(frames: [inside, touching])
        #expect(Measures.borderAlpha(video) == [0, 1.0 / 36])
        #expect(Measures.borderAlpha(video, ringWidth: 2)[0] == 1.0 / 64)
    }

    @Test func coverageIsMeanAlpha() {
        var image = Image(width: 4, height: 5)
        image[0, 0] = SIMD4(0, 0, 0, 255)
        image[3, 4] = SIMD4(0, 0, 0, 51)
        let coverage = Measures.coverage(Video(frames: [image, Image(width: 4, height: 5)]))
        #expect(abs(coverage[0] - 1.2 / 20) < 1e-12 && coverage[1] == 0)
    }
}
