import Imaging

/// How alike two videos are, picture by picture, without a learnt model.
public struct PictureScores: Sendable, Equatable, Codable {
    /// `[T]` peak signal-to-noise ratios in decibels, pictures over white; infinite where equal.
    public var signalToNoise: [Double]
    /// `[T]` structural similarities, pictures over white.
    public var similarity: [Double]

    /// Compares the pictures of two videos at the same places.
    ///
    /// - Parameter measure: the structural similarity; the default takes red, green and blue each
    ///   for itself over white.
    /// - Throws: `ImageComparisonError` where sizes or numbers of frames differ, or pictures are
    ///   smaller than the window.
    public init(
        _ prediction: Video, _ truth: Video,
        measure: StructuralSimilarity = StructuralSimilarity(color: .rgb)
    ) throws {
        guard prediction.frames.count == truth.frames.count else {
            throw ImageComparisonError.differentFrameCounts(
                prediction.frames.count, truth.frames.count)
        }
        signalToNoise = []
        similarity = []
        for (a, b) in zip(prediction.frames, truth.frames) {
            signalToNoise.append(
                try a.peakSignalToNoiseRatio(to: b, over: measure.background))
            similarity.append(try measure.score(a, b))
        }
    }
}
