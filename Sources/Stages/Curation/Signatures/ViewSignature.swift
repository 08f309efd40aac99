import Imaging

/// What an asset looks like from four sides, in 256 bits: the perceptual hashes of four pictures
/// that are taken 90° apart.
public struct ViewSignature: Sendable, Equatable, Hashable {
    /// Pictures that are taken.
    public static let viewCount = 4
    /// Bits of all hashes.
    public static let bitCount = viewCount * PerceptualHash.bitCount
    /// How many numbers are stored.
    public static let count = 2 * viewCount

    /// The hashes, in the order of growing azimuths.
    public let hashes: SIMD4<UInt64>

    /// The signature of four pictures, in the order of growing azimuths.
    public init(pictures: [Image]) {
        precondition(pictures.count == ViewSignature.viewCount, "four pictures")
        var hashes = SIMD4<UInt64>.zero
        for (i, picture) in pictures.enumerated() { hashes[i] = PerceptualHash.hash(picture) }
        self.hashes = hashes
    }

    /// A signature of known hashes.
    public init(hashes: SIMD4<UInt64>) { self.hashes = hashes }

    /// A signature of stored numbers; nil where they are none.
    public init?(numbers: [Double]) {
        let words = numbers.compactMap { UInt32(exactly: $0) }
        guard numbers.count == ViewSignature.count, words.count == numbers.count else { return nil }
        var hashes = SIMD4<UInt64>.zero
        for i in 0..<ViewSignature.viewCount {
            hashes[i] = UInt64(words[2 * i]) << 32 | UInt64(words[2 * i + 1])
        }
        self.hashes = hashes
    }

    /// The upper and the lower half of each hash, which doubles hold exactly.
    public var numbers: [Double] {
        (0..<ViewSignature.viewCount).flatMap { i in
            [Double(hashes[i] >> 32), Double(hashes[i] & 0xffff_ffff)]
        }
    }

    /// The signature of the same asset with the pictures taken from `quarters` times 90° farther.
    public func turned(_ quarters: Int) -> ViewSignature {
        var turned = hashes
        for i in 0..<4 { turned[i] = hashes[(i + quarters) & 3] }
        return ViewSignature(hashes: turned)
    }

    /// The bits in which two signatures differ, at each of the four turns of `b`.
    ///
    /// Which of an asset's sides comes first says nothing, so the least of them counts.
    public static func distances(_ a: ViewSignature, _ b: ViewSignature) -> SIMD4<Int> {
        SIMD4(
            bits(a, b), bits(a, b.turned(1)), bits(a, b.turned(2)), bits(a, b.turned(3)))
    }

    /// The bits in which two signatures differ as they stand.
    static func bits(_ a: ViewSignature, _ b: ViewSignature) -> Int {
        let x = a.hashes ^ b.hashes
        return x[0].nonzeroBitCount + x[1].nonzeroBitCount + x[2].nonzeroBitCount
            + x[3].nonzeroBitCount
    }
}
