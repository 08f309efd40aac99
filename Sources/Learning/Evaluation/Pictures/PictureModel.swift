import Imaging
import Tensors

/// A network that somebody trained to look at pictures, saved by Python's `torch.jit`.
///
/// It takes pictures over white at their own size; what size and normalisation the network itself
/// wants is the script's business, so that it is done just as its authors did it.
/// Documentation/evaluation.md says how scripts are made.
public final class PictureModel {
    /// The numbers that pictures are handed over as.
    public enum Range: Sendable {
        /// sRGB codes over 255: 0 to 1.
        case unit
        /// The same, doubled, less one: -1 to 1.
        case symmetric
    }

    private let model: ScriptedModel
    private let device: Device
    /// The most pictures of one call.
    private let batch: Int

    /// The file.
    public var path: String { model.path }

    /// Loads a script.
    ///
    /// - Throws: `TensorError` where the file is none.
    public init(path: String, on device: Device = .cpu, batch: Int = 8) throws {
        precondition(batch > 0, "a call has pictures")
        model = try ScriptedModel(path: path, on: device)
        self.device = device
        self.batch = batch
    }

    /// Pictures as a tensor, `[n, 3, height, width]` float32.
    public static func tensor(
        _ images: some Collection<Image>, _ range: Range, on device: Device = .cpu
    ) throws -> Tensor {
        guard let first = images.first else {
            throw EvaluationError("pictures", "there are none")
        }
        let plane = first.width * first.height
        let numbers = (0...255).map { code -> Float in
            range == .unit ? Float(code) / 255 : Float(code) / 127.5 - 1
        }
        var values = [Float](repeating: 0, count: images.count * 3 * plane)
        for (k, image) in images.enumerated() {
            guard image.width == first.width, image.height == first.height else {
                throw ImageComparisonError.differentSizes(
                    width: first.width, height: first.height, otherWidth: image.width,
                    otherHeight: image.height)
            }
            let opaque = image.composited(over: Image.white)
            for i in 0..<plane {
                for c in 0..<3 {
                    values[(3 * k + c) * plane + i] = numbers[Int(opaque.pixels[4 * i + c])]
                }
            }
        }
        return try Tensor(
            values, shape: [images.count, 3, first.height, first.width], on: device)
    }

    /// `[T, D]` features of a video's pictures (0 to 1): the script takes `[B, 3, H, W]` and gives
    /// `[B, D]`.
    public func features(ofPictures video: Video) throws -> Tensor {
        try withoutGradients {
            try Tensor.concatenate(
                batches(video.frames.count).map { range in
                    let input = try Self.tensor(video.frames[range], .unit, on: device)
                    return try call([input], rows: range.count)
                })
        }
    }

    /// `[N, D]` features of videos of one size and length (-1 to 1): the script takes
    /// `[B, 3, T, H, W]` and gives `[B, D]`.
    public func features(ofVideos videos: [Video]) throws -> Tensor {
        try withoutGradients {
            try Tensor.concatenate(
                videos.map { video in
                    let frames = try Self.tensor(video.frames, .symmetric, on: device)
                    let input = try frames.permuted(1, 0, 2, 3).unsqueezed(0).contiguous()
                    return try call([input], rows: 1)
                })
        }
    }

    /// `[T]` distances of the pictures of two videos: the script takes two `[B, 3, H, W]` and gives
    /// B numbers.
    public func distances(_ a: Video, _ b: Video, _ range: Range) throws -> [Double] {
        guard a.frames.count == b.frames.count else {
            throw ImageComparisonError.differentFrameCounts(a.frames.count, b.frames.count)
        }
        return try withoutGradients {
            try batches(a.frames.count).flatMap { places -> [Double] in
                let inputs = [
                    try Self.tensor(a.frames[places], range, on: device),
                    try Self.tensor(b.frames[places], range, on: device),
                ]
                let output = try model(inputs)
                guard output.count == 1, output[0].count == places.count else {
                    throw wrong(output, "two pictures must give one number a pair")
                }
                return try output[0].to(.float64).elements()
            }
        }
    }

    /// `[n, D]` features of other inputs than pictures: texts as whole numbers, `[n, L]`.
    public func features(ofTokens tokens: Tensor) throws -> Tensor {
        try withoutGradients {
            try call([tokens.to(.int64, on: device)], rows: tokens.shape.first ?? 0)
        }
    }

    private func call(_ inputs: [Tensor], rows: Int) throws -> Tensor {
        let output = try model(inputs)
        guard output.count == 1, output[0].shape.count == 2, output[0].shape[0] == rows else {
            throw wrong(output, "\(rows) inputs must give features of the shape [\(rows), D]")
        }
        return try output[0].to(.float64, on: .cpu)
    }

    private func wrong(_ output: [Tensor], _ wanted: String) -> EvaluationError {
        EvaluationError(
            path,
            "the script returns the shape \(output.map { "\($0.shape)" }.joined(separator: " and ")), but "
                + "\(wanted); see Documentation/evaluation.md for how to export it")
    }

    private func batches(_ count: Int) -> [Swift.Range<Int>] {
        stride(from: 0, to: count, by: batch).map { $0..<min(count, $0 + batch) }
    }
}
