import Foundation

/// The structural similarity of two pictures (Wang, Bovik, Sheikh and Simoncelli 2004).
///
/// As set by default it equals
/// `skimage.metrics.structural_similarity(gaussian_weights=True, sigma=1.5,
/// use_sample_covariance=False, data_range=1)` on the luma of both pictures over white: a Gaussian
/// window of 11 pixels (cut at 3.5 standard deviations), population covariance, and the mean over
/// those pixels whose window lies inside the picture.
public struct StructuralSimilarity: Sendable, Equatable {
    /// What is compared of a picture's colour.
    public enum Color: String, Sendable {
        /// 0.299 red + 0.587 green + 0.114 blue of the sRGB codes.
        case luma
        /// Red, green and blue, each for itself; the score is their mean.
        case rgb
    }

    /// Pixels along a side of the window; odd.
    public var windowSize: Int
    /// Standard deviation of the Gaussian window in pixels.
    public var sigma: Double
    /// Stabilises the means: the constant is (K₁ · 1)².
    public var k1: Double
    /// Stabilises the covariances: the constant is (K₂ · 1)².
    public var k2: Double
    /// What is compared of the colour.
    public var color: Color
    /// The ground that transparent pixels show.
    public var background: SIMD3<UInt8>

    /// A comparison with the constants of the paper.
    public init(
        windowSize: Int = 11, sigma: Double = 1.5, k1: Double = 0.01, k2: Double = 0.03,
        color: Color = .luma, background: SIMD3<UInt8> = Image.white
    ) {
        precondition(windowSize > 0 && windowSize % 2 == 1, "a window has a middle pixel")
        precondition(sigma > 0 && k1 > 0 && k2 > 0, "SSIM's constants are positive")
        self.windowSize = windowSize
        self.sigma = sigma
        self.k1 = k1
        self.k2 = k2
        self.color = color
        self.background = background
    }

    /// The mean similarity, 1 for equal pictures, in `[-1, 1]`.
    ///
    /// - Throws: ``ImageComparisonError`` where the sizes differ, or the window is larger than the
    ///   pictures.
    /// - Complexity: O(`width * height * windowSize`).
    public func score(_ a: Image, _ b: Image) throws(ImageComparisonError) -> Double {
        try a.requireSameSize(as: b)
        guard min(a.width, a.height) >= windowSize else {
            throw .smallerThanWindow(width: a.width, height: a.height, windowSize: windowSize)
        }
        let planes = color == .luma ? [Plane.luma] : Plane.channels
        let window = SimilarityWindow(
            width: a.width, height: a.height, weights: gaussian, c1: k1 * k1, c2: k2 * k2)
        defer { window.deallocate() }
        var sum = 0.0
        for plane in planes { sum += window.score(plane, a, b, over: background) }
        return sum / Double(planes.count)
    }

    /// The window along one side, summing to one.
    private var gaussian: [Double] {
        let radius = windowSize / 2
        let values = (-radius...radius).map { exp(-0.5 * Double($0 * $0) / (sigma * sigma)) }
        let sum = values.reduce(0, +)
        return values.map { $0 / sum }
    }
}
