import Foundation

/// Hashes of what a picture looks like: pictures that look alike have hashes that differ in few
/// bits.
///
/// It is the DCT hash of Zauner ("Implementation and Benchmarking of Perceptual Image Hash
/// Functions", 2010, section 3.2.1): luma, averaged down to 32 by 32, transformed by a cosine
/// transform; of the 8 by 8 lowest frequencies without those that are constant along a side, a bit
/// is set where the coefficient lies above their median. Brightness, contrast and size hardly
/// change it.
public enum PerceptualHash {
    /// The bits of a hash.
    public static let bitCount = 64

    private static let side = 32
    private static let frequencies = 8

    /// `[8, 32]`: cos(π u (2 x + 1) / 64) for the frequencies u = 1 ... 8.
    private static let cosines: [Float] = (1...frequencies).flatMap { u in
        (0..<side).map { x in Float(cos(Double.pi * Double(u * (2 * x + 1)) / Double(2 * side))) }
    }

    /// The hash of a picture over a grey of half the codes, against which dark things and bright
    /// ones both stand out. Bit `8 (v - 1) + u - 1` is of the frequencies u across and v down.
    ///
    /// - Complexity: O(`width * height`).
    public static func hash(_ image: Image) -> UInt64 {
        let small = luma(image.composited(over: SIMD3(repeating: 128)))
        let coefficients = lowFrequencies(of: small)
        // The median of 64 is the mean of the two in the middle, between which no coefficient lies.
        let sorted = coefficients.sorted()
        let median = (sorted[31] + sorted[32]) / 2
        var hash: UInt64 = 0
        for (bit, coefficient) in coefficients.enumerated() where coefficient > median {
            hash |= 1 << UInt64(bit)
        }
        return hash
    }

    /// The bits in which two hashes differ.
    @inlinable
    public static func distance(_ a: UInt64, _ b: UInt64) -> Int { (a ^ b).nonzeroBitCount }

    /// `[32, 32]` codes, 0 to 255.
    private static func luma(_ image: Image) -> [Float] {
        let small = image.resized(width: side, height: side)
        return (0..<side * side).map { i in
            0.299 * Float(small.pixels[4 * i]) + 0.587 * Float(small.pixels[4 * i + 1])
                + 0.114 * Float(small.pixels[4 * i + 2])
        }
    }

    /// `[8, 8]`: the cosine transform of `[32, 32]` numbers, rows first.
    private static func lowFrequencies(of luma: [Float]) -> [Float] {
        var rows = [Float](repeating: 0, count: side * frequencies)
        for y in 0..<side {
            for u in 0..<frequencies {
                var sum: Float = 0
                for x in 0..<side { sum += luma[y * side + x] * cosines[u * side + x] }
                rows[y * frequencies + u] = sum
            }
        }
        var result = [Float](repeating: 0, count: frequencies * frequencies)
        for v in 0..<frequencies {
            for u in 0..<frequencies {
                var sum: Float = 0
                for y in 0..<side { sum += rows[y * frequencies + u] * cosines[v * side + y] }
                result[v * frequencies + u] = sum
            }
        }
        return result
    }
}
