import Foundation

/// A table of vectors that are looked up by number.
public final class Embedding: Module, Layer {
    /// `[count, width]`.
    public let weight: Parameter

    /// `count` vectors of `width` numbers, standard normal at first as in PyTorch.
    public init(_ count: Int, _ width: Int, weight: Initialisation = .normal(deviation: 1)) {
        self.weight = Parameter([count, width], weight)
    }

    /// `[...]` of `int64` to `[..., width]`.
    public func callAsFunction(_ x: Tensor) throws -> Tensor { try Tensor.embedding(weight, x) }
}

/// Coordinates as sines and cosines of rising frequency (Mildenhall et al. 2020, equation 4).
public final class FourierFeatures: Module, Layer {
    private let frequencies: Buffer
    private let includesInput: Bool

    /// Frequencies 2⁰ ... 2^(count − 1), times π where wanted.
    ///
    /// - Parameters:
    ///   - timesPi: NeRF multiplies by π; Michelangelo and Step1X-3D do not.
    ///   - includesInput: puts the coordinates themselves first.
    public init(count: Int, timesPi: Bool, includesInput: Bool = true) throws {
        let factor = timesPi ? Double.pi : 1
        frequencies = Buffer(
            try Tensor((0..<count).map { factor * exp2(Double($0)) }).to(.float32), isSaved: false)
        self.includesInput = includesInput
    }

    /// Numbers made of each coordinate.
    public var featuresPerCoordinate: Int { 2 * frequencies.count + (includesInput ? 1 : 0) }

    /// `[..., d]` to `[..., d · featuresPerCoordinate]`: the input, then sines, then cosines, each
    /// with all frequencies of the first coordinate first.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        let angles = try (x.unsqueezed(-1) * frequencies).flattened(from: -2)
        let waves = [try angles.sin(), try angles.cos()]
        return try Tensor.concatenate((includesInput ? [x] : []) + waves, axis: -1)
    }
}

/// Times as cosines and sines of falling frequency (Vaswani et al. 2017, section 3.5, in the form
/// that diffusion models use): `[batch]` to `[batch, width]`, cosines first.
///
/// In float64 where the times are, else in float32.
///
/// - Parameter maximumPeriod: the longest period is 2π times this.
/// - Precondition: `width` is even.
public func timeFeatures(
    _ times: Tensor, width: Int, maximumPeriod: Double = 10_000
) throws -> Tensor {
    precondition(width % 2 == 0, "an even width")
    let half = width / 2
    let type: TensorType = times.type == .float64 ? .float64 : .float32
    let frequencies = try
        (Tensor.arange(to: half, type: type, on: times.device)
        * (-log(maximumPeriod) / Double(half))).exp()
    let angles = try times.to(type).unsqueezed(-1) * frequencies
    return try Tensor.concatenate([angles.cos(), angles.sin()], axis: -1)
}

/// Rotations of pairs of numbers by angles that grow with position, so that products of queries and
/// keys depend on their distance (Su et al. 2021).
public struct RotaryEmbedding: Sendable {
    /// Which two numbers are turned together.
    public enum Pairing: Sendable {
        /// 0 with 1, 2 with 3, ...: the paper's, and Flux's.
        case neighbours
        /// 0 with width/2, 1 with width/2 + 1, ...: GPT-NeoX's and Llama's.
        case halves
    }

    /// Cosines and sines, `[..., width / 2]`, in both precisions that they are needed in.
    private let wide: (cosines: Tensor, sines: Tensor)
    private let single: (cosines: Tensor, sines: Tensor)
    private let pairing: Pairing

    /// The rotations for some positions.
    ///
    /// - Parameters:
    ///   - positions: `[length]`, any real numbers; or of more axes, which then stand for as many
    ///     axes before the last of what is turned: `[frames, 1]` turns all tokens of a frame alike.
    ///   - width: the numbers of a query of one head.
    ///   - base: the wavelengths go from 2π to 2π · base.
    /// - Precondition: `width` is even.
    public init(
        positions: Tensor, width: Int, base: Double = 10_000, pairing: Pairing = .neighbours
    ) throws {
        precondition(width % 2 == 0, "an even width")
        let frequencies = try Tensor.pow(
            1 / base,
            Tensor.arange(to: width / 2, type: .float64, on: positions.device)
                * (2 / Double(width)))
        let angles = try positions.to(.float64).unsqueezed(-1) * frequencies
        wide = (try angles.cos(), try angles.sin())
        single = (try wide.cosines.to(.float32), try wide.sines.to(.float32))
        self.pairing = pairing
    }

    /// `[..., length, width]` to the same.
    public func callAsFunction(_ x: Tensor) throws -> Tensor {
        let type: TensorType = x.type == .float64 ? .float64 : .float32
        let numbers = try x.to(type)
        let (c, s) = type == .float64 ? wide : single
        switch pairing {
        case .neighbours:
            let pairs = try numbers.unflattened(-1, [-1, 2])
            let (a, b) = (try pairs.select(-1, 0), try pairs.select(-1, 1))
            return try Tensor.stack([a * c - b * s, a * s + b * c], axis: -1)
                .flattened(from: -2).to(x.type)
        case .halves:
            let halves = try numbers.chunks(2)
            let (a, b) = (halves[0], halves[1])
            return try Tensor.concatenate([a * c - b * s, a * s + b * c], axis: -1).to(x.type)
        }
    }
}
