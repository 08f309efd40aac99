import Foundation
import Imaging
import Testing

@Suite struct PerceptualHashTests {
    private static func picture(_ seed: UInt64, width: Int = 64, height: Int = 64) -> Image {
        var random = SystemLike(state: seed)
        var image = Image(width: width, height: height)
        // A few soft blobs on a transparent ground: a picture with low frequencies.
        let blobs = (0..<5).map { _ in
            (x: random.unit(), y: random.unit(), r: 0.1 + 0.25 * random.unit(), c: random.unit())
        }
        for y in 0..<height {
            for x in 0..<width {
                let (u, v) = (
                    (Double(x) + 0.5) / Double(width), (Double(y) + 0.5) / Double(height)
                )
                for blob in blobs {
                    let d = ((u - blob.x) * (u - blob.x) + (v - blob.y) * (v - blob.y)).squareRoot()
                    if d < blob.r {
                        let code = UInt8(255 * blob.c * (1 - d / blob.r))
                        image[x, y] = SIMD4(code, code, code, 255)
                    }
                }
            }
        }
        return image
    }

    /// The balance and the transform by their definitions, in double precision, on a picture of
    /// 32 by 32.
    @Test func hashIsTheCosineTransformsSigns() {
        for seed in 0..<20 as Range<UInt64> {
            let image = Self.picture(seed, width: 32, height: 32)
            var lumas: [Double] = []
            var covered: [Double] = []
            for i in 0..<32 * 32 {
                let p = (0..<4).map { Double(image.pixels[4 * i + $0]) }
                lumas.append(0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2])
                if p[3] == 255 { covered.append(lumas[i]) }
            }
            let mean = covered.reduce(0, +) / Double(covered.count)
            let variance =
                covered.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(covered.count)
            let balanced = lumas.indices.map { i in
                image.pixels[4 * i + 3] == 0
                    ? 0 : 1 + 0.5 * (lumas[i] - mean) / max(variance.squareRoot(), 4)
            }
            var coefficients: [Double] = []
            for v in 1...8 {
                for u in 1...8 {
                    var sum = 0.0
                    for y in 0..<32 {
                        for x in 0..<32 {
                            sum +=
                                balanced[y * 32 + x] * cos(.pi * (Double(x) + 0.5) * Double(u) / 32)
                                * cos(.pi * (Double(y) + 0.5) * Double(v) / 32)
                        }
                    }
                    coefficients.append(sum)
                }
            }
            let sorted = coefficients.sorted()
            let median = (sorted[31] + sorted[32]) / 2
            let hash = PerceptualHash.hash(image)
            #expect(hash.nonzeroBitCount == 32)
            for (bit, coefficient) in coefficients.enumerated()
            where abs(coefficient - median) > 1e-3 {
                #expect((hash >> UInt64(bit) & 1 == 1) == (coefficient > median))
            }
        }
    }

    @Test func likePicturesHaveLikeHashes() {
        for seed in 0..<20 as Range<UInt64> {
            let image = Self.picture(seed)
            let hash = PerceptualHash.hash(image)
            let larger = PerceptualHash.hash(Self.picture(seed, width: 200, height: 200))
            #expect(PerceptualHash.distance(hash, larger) <= 8)
            var darker = image
            for i in darker.pixels.indices where i % 4 < 3 {
                darker.pixels[i] -= darker.pixels[i] / 8
            }
            #expect(PerceptualHash.distance(hash, PerceptualHash.hash(darker)) <= 8)
        }
    }

    /// Bits of unlike pictures agree by chance: 32 of 64 differ, give or take.
    @Test func unlikePicturesHaveUnlikeHashes() {
        var distances: [Int] = []
        for seed in 0..<40 as Range<UInt64> {
            let hash = PerceptualHash.hash(Self.picture(seed))
            for other in 0..<seed {
                distances.append(
                    PerceptualHash.distance(hash, PerceptualHash.hash(Self.picture(other))))
            }
        }
        let mean = Double(distances.reduce(0, +)) / Double(distances.count)
        #expect(mean > 26 && mean < 38)
        #expect(distances.min()! > 8)
    }

    @Test func picturesWithoutFeaturesAreTakenToo() {
        #expect(PerceptualHash.hash(Image(width: 1, height: 1)).nonzeroBitCount <= 32)
        #expect(PerceptualHash.hash(Image(width: 64, height: 3)).nonzeroBitCount <= 32)
    }
}

/// SplitMix64, so that pictures are the same in every run.
private struct SystemLike {
    var state: UInt64

    mutating func unit() -> Double {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
    }
}
