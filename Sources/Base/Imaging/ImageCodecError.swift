/// Why a picture could not be read or written.
public enum ImageCodecError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The bytes begin like no format that can be read; the first of them, at most eight.
    case unknownFormat(firstBytes: [UInt8])
    /// The bytes contradict the format that they announce, or end too early.
    case malformed(format: ImageFormat, reason: String)
    /// The picture has more pixels than the caller allows.
    case tooLarge(format: ImageFormat, width: Int, height: Int, maximumPixelCount: Int)
    /// The picture could not be encoded.
    case notEncoded(format: ImageFormat, reason: String)

    /// The error in one sentence, with what to do about it.
    public var description: String {
        switch self {
        case .unknownFormat(let firstBytes):
            firstBytes.isEmpty
                ? "the picture is empty"
                : "no known picture format begins with bytes "
                    + firstBytes.map { String($0, radix: 16) }.joined(separator: " ")
                    + "; convert the picture to PNG, JPEG or WebP"
        case .malformed(let format, let reason):
            "the \(format.rawValue) picture cannot be decoded: \(reason)"
        case .tooLarge(let format, let width, let height, let maximumPixelCount):
            "the \(format.rawValue) picture has \(width) x \(height) pixels, more than the "
                + "\(maximumPixelCount) allowed; shrink it or raise the limit"
        case .notEncoded(let format, let reason):
            "the picture cannot be written as \(format.rawValue): \(reason)"
        }
    }
}
