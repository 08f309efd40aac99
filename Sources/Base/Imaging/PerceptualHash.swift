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

    /// The hash of a picture. Bit `8 (v - 1) + u - 1` is of the frequencies u across and v down.
    ///
    /// What is not transparent is first brought to one mean and one contrast, and set against a
    /// black ground: an object looks the same in any light, and stands out from the ground whatever
    /// its colour.
    ///
    /// - Complexity: O(`width * height`).
    public static func hash(_ image: Image) -> UInt64 {
        let small = balancedLuma(image.resized(width: side, height: side))
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

    /// `[32, 32]`: luma of mean 1 and standard deviation 0.5 over what is covered, times alpha.
    private static func balancedLuma(_ image: Image) -> [Float] {
        var luma = [Float](repeating: 0, count: side * side)
        var alpha = luma
        var (sum, squares, cover) = (Float(0), Float(0), Float(0))
        for i in 0..<side * side {
            luma[i] =
                0.299 * Float(image.pixels[4 * i]) + 0.587 * Float(image.pixels[4 * i + 1])
                + 0.114 * Float(image.pixels[4 * i + 2])
            alpha[i] = Float(image.pixels[4 * i + 3]) / 255
            sum += alpha[i] * luma[i]
            squares += alpha[i] * luma[i] * luma[i]
            cover += alpha[i]
        }
        guard cover > 0 else { return luma }
        let mean = sum / cover
        // Four codes are the noise of flat colours, which is not to be brought up.
        let deviation = max(max(0, squares / cover - mean * mean).squareRoot(), 4)
        return (0..<side * side).map { alpha[$0] * (1 + 0.5 * (luma[$0] - mean) / deviation) }
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
