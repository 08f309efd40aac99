import Curation
import Foundation
import Imaging

/// What curation costs: SSIM of pairs of 256² pictures.
struct MeasureCases {
    func run(_ harness: Harness) throws {
        let a = MeasureCases.picture(phase: 0)
        let b = MeasureCases.picture(phase: 0.4)
        let similarity = StructuralSimilarity()
        try harness.measure("SSIM of 256² pictures, one core", item: "pair") {
            for _ in 0..<20 { _ = try similarity.score(a, b) }
            return Harness.Yield(items: 20, bytes: 20 * 2 * a.pixels.count)
        }
    }

    /// Waves of colour over the whole picture.
    private static func picture(phase: Double) -> Image {
        var image = Image(width: 256, height: 256)
        for y in 0..<256 {
            for x in 0..<256 {
                let v = 127.5 + 127.5 * sin(Double(x) * 0.11 + Double(y) * 0.07 + phase)
                image[x, y] = SIMD4(UInt8(v), UInt8(255 - v), UInt8((x ^ y) & 255), 255)
            }
        }
        return image
    }
}
