import Foundation

/// Why two pictures cannot be compared.
public enum ImageComparisonError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The pictures differ in size.
    case differentSizes(width: Int, height: Int, otherWidth: Int, otherHeight: Int)
    /// The pictures are smaller than the window of the comparison.
    case smallerThanWindow(width: Int, height: Int, windowSize: Int)
    /// The videos differ in their number of frames.
    case differentFrameCounts(Int, Int)

    /// The error in one sentence.
    public var description: String {
        switch self {
        case .differentSizes(let width, let height, let otherWidth, let otherHeight):
            "a picture of \(width) x \(height) pixels cannot be compared with one of "
                + "\(otherWidth) x \(otherHeight)"
        case .smallerThanWindow(let width, let height, let windowSize):
            "a picture of \(width) x \(height) pixels is smaller than the window of "
                + "\(windowSize) x \(windowSize); render it larger"
        case .differentFrameCounts(let count, let otherCount):
            "a video of \(count) frames cannot be compared with one of \(otherCount)"
        }
    }
}

extension Image {
    /// White, the ground over which pictures are compared unless said otherwise.
    public static let white = SIMD3<UInt8>(255, 255, 255)

    /// The mean over pixels and over red, green and blue of the squared difference, with sRGB codes
    /// scaled to `[0, 1]` and both pictures over `background`.
    ///
    /// - Throws: ``ImageComparisonError/differentSizes(width:height:otherWidth:otherHeight:)``.
    public func meanSquaredError(
        to other: Image, over background: SIMD3<UInt8> = Image.white
    ) throws(ImageComparisonError) -> Double {
        try requireSameSize(as: other)
        let sum = pixels.withUnsafeBytes { a in
            other.pixels.withUnsafeBytes { b in sumOfSquaredDifferences(a, b, over: background) }
        }
        return sum / Double(3 * width * height)
    }

    /// Peak signal-to-noise ratio in decibels over ``meanSquaredError(to:over:)`` with a peak of 1;
    /// infinite for equal pictures.
    ///
    /// - Throws: ``ImageComparisonError/differentSizes(width:height:otherWidth:otherHeight:)``.
    public func peakSignalToNoiseRatio(
        to other: Image, over background: SIMD3<UInt8> = Image.white
    ) throws(ImageComparisonError) -> Double {
        -10 * log10(try meanSquaredError(to: other, over: background))
    }

    func requireSameSize(as other: Image) throws(ImageComparisonError) {
        guard width == other.width, height == other.height else {
            throw .differentSizes(
                width: width, height: height, otherWidth: other.width, otherHeight: other.height)
        }
    }
}

extension Video {
    /// The mean over frames of the pictures' ``Image/meanSquaredError(to:over:)``.
    ///
    /// - Throws: ``ImageComparisonError`` where sizes or frame counts differ.
    public func meanSquaredError(
        to other: Video, over background: SIMD3<UInt8> = Image.white
    ) throws(ImageComparisonError) -> Double {
        guard frames.count == other.frames.count else {
            throw .differentFrameCounts(frames.count, other.frames.count)
        }
        var sum = 0.0
        for (a, b) in zip(frames, other.frames) {
            sum += try a.meanSquaredError(to: b, over: background)
        }
        return sum / Double(frames.count)
    }
}
