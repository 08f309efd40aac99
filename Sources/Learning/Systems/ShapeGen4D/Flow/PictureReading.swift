import Imaging
import Tensors

/// How pictures become what image encoders read.
public struct PictureReading: Sendable, Equatable {
    /// Pixels a side.
    public var size: Int
    /// What shows through transparent pixels.
    public var background = SIMD3<UInt8>(repeating: 255)

    /// Pictures of a size.
    public init(size: Int) { self.size = size }

    /// The mean and the deviation of ImageNet's pixels, by which DINOv2 and most encoders expect
    /// pictures to be normalised.
    private static let mean = SIMD3<Float>(0.485, 0.456, 0.406)
    private static let deviation = SIMD3<Float>(0.229, 0.224, 0.225)

    /// Square pictures as `[T, 3, size, size]`, over the background, normalised.
    ///
    /// - Throws: `TrainingError` for a picture that is not square.
    public func tensor(of pictures: [Image]) throws -> Tensor {
        var numbers = [Float](repeating: 0, count: pictures.count * 3 * size * size)
        let scale = 1 / (255 * Self.deviation)
        let offset = Self.mean / Self.deviation
        for (place, picture) in pictures.enumerated() {
            guard picture.width == picture.height else {
                throw TrainingError.unusable(
                    "a picture is \(picture.width)x\(picture.height); it must be square")
            }
            var image = picture
            if image.width != size { image = image.resized(width: size, height: size) }
            image = image.composited(over: background)
            let plane = size * size
            image.pixels.withUnsafeBufferPointer { pixels in
                numbers.withUnsafeMutableBufferPointer { numbers in
                    for pixel in 0..<plane {
                        let color = SIMD3<Float>(
                            Float(pixels[4 * pixel]), Float(pixels[4 * pixel + 1]),
                            Float(pixels[4 * pixel + 2]))
                        let value = color * scale - offset
                        for channel in 0..<3 {
                            numbers[(place * 3 + channel) * plane + pixel] = value[channel]
                        }
                    }
                }
            }
        }
        return try Tensor(numbers, shape: [pictures.count, 3, size, size])
    }
}
