import Tensors

/// A shape as a set of latent vectors and back as a field of truncated signed distances: the
/// autoencoder of Step1X-3D (Li et al. 2025) in the form of 3DShape2VecSet (Zhang et al. 2023), with
/// queries that are given rather than sampled, so that those of a sequence can follow its surface
/// (ShapeGen4D, section 3.1).
///
/// Coordinates are in ±1, fields in units of the truncation, positive inside.
public final class ShapeAutoencoder: Module {
    /// The model's form; the standard one is Step1X-3D's.
    public struct Form: Sendable, Equatable {
        /// Numbers of a token.
        public var width = 768
        /// Heads of attention; they divide the width.
        public var heads = 12
        /// Blocks after the encoder's cross-attention.
        public var encoderDepth = 8
        /// Blocks before the decoder's cross-attention.
        public var decoderDepth = 16
        /// Numbers of a latent, C.
        public var channels = 64
        /// Frequencies of the coordinates' waves: 2⁰ ... 2^(count − 1), not times π.
        public var frequencies = 8
        /// Whether points on sharp edges have a cross-attention of their own.
        public var separatesSharp = true

        /// The standard form.
        public init() {}
    }

    /// The form.
    public let form: Form
    private let encoder: ShapeEncoder
    private let moments: Linear
    private let decoder: ShapeDecoder

    /// A model.
    ///
    /// - Parameter recomputes: whether blocks are computed again in the backward pass rather than
    ///   remembered.
    public init(_ form: Form, recomputes: Bool = false) throws {
        self.form = form
        encoder = try ShapeEncoder(form, recomputes: recomputes)
        moments = Linear(form.width, 2 * form.channels)
        decoder = try ShapeDecoder(form, recomputes: recomputes)
    }

    /// The latents of shapes, one for each query, in the queries' order.
    ///
    /// - Parameters:
    ///   - queries: positions and normals `[B, L, 6]`.
    ///   - cloud: positions and normals on the surface `[B, N, 6]`: where sharp points are separate,
    ///     its second half are those.
    public func encode(queries: Tensor, cloud: Tensor) throws -> DiagonalGaussian {
        let parts = try moments(encoder(queries: queries, cloud: cloud)).chunks(2)
        return DiagonalGaussian(mean: parts[0], logVariance: try parts[1].clamp(min: -30, max: 20))
    }

    /// What fields are read from: latents `[B, L, C]` to `[B, L, width]`.
    public func features(of latents: Tensor) throws -> Tensor { try decoder.features(latents) }

    /// The field at points `[B, P, 3]`, given features: `[B, P]`.
    public func field(at points: Tensor, features: Tensor) throws -> Tensor {
        try decoder.field(points, features)
    }
}

/// Queries that see a surface.
final class ShapeEncoder: Module {
    private let waves: FourierFeatures
    private let input: Linear
    private let cross: PerceiverCrossBlock
    private let sharpInput: Linear?
    private let sharpCross: PerceiverCrossBlock?
    private let blocks: [PerceiverBlock]
    private let recomputes: Bool

    init(_ form: ShapeAutoencoder.Form, recomputes: Bool) throws {
        waves = try FourierFeatures(count: form.frequencies, timesPi: false)
        let numbers = 3 * waves.featuresPerCoordinate + 3
        let separate = form.separatesSharp
        input = Linear(numbers, form.width)
        cross = PerceiverCrossBlock(form.width, heads: form.heads)
        sharpInput = separate ? Linear(numbers, form.width) : nil
        sharpCross = separate ? PerceiverCrossBlock(form.width, heads: form.heads) : nil
        blocks = (0..<form.encoderDepth).map { _ in PerceiverBlock(form.width, heads: form.heads) }
        self.recomputes = recomputes
    }

    /// `[B, L, 6]` and `[B, N, 6]` to `[B, L, width]`.
    func callAsFunction(queries: Tensor, cloud: Tensor) throws -> Tensor {
        // Step1X-3D's queries are points of either half, each by the map of its half; aligned ones
        // are drawn by area on the animated mesh, so they go by the first.
        let query = try input(embedded(queries))
        var x: Tensor
        if let sharpInput, let sharpCross {
            let half = cloud.size(1) / 2
            let surface = try input(embedded(cloud.slice(1, to: half)))
            let sharp = try sharpInput(embedded(cloud.slice(1, from: half)))
            x = try cross(query, surface) + sharpCross(query, sharp)
        } else {
            x = try cross(query, input(embedded(cloud)))
        }
        for block in blocks { x = try block(x, recomputes: recomputes) }
        return x
    }

    /// Waves of the position, then the normal as it is.
    private func embedded(_ points: Tensor) throws -> Tensor {
        try Tensor.concatenate(
            [waves(points.slice(-1, from: 0, to: 3)), points.slice(-1, from: 3, to: 6)], axis: -1)
    }
}

/// Points that see latents.
final class ShapeDecoder: Module {
    private let input: Linear
    private let blocks: [PerceiverBlock]
    private let waves: FourierFeatures
    private let query: Linear
    private let cross: PerceiverCrossBlock
    private let norm: LayerNorm
    private let output: Linear
    private let recomputes: Bool

    init(_ form: ShapeAutoencoder.Form, recomputes: Bool) throws {
        waves = try FourierFeatures(count: form.frequencies, timesPi: false)
        input = Linear(form.channels, form.width)
        blocks = (0..<form.decoderDepth).map { _ in PerceiverBlock(form.width, heads: form.heads) }
        query = Linear(3 * waves.featuresPerCoordinate, form.width)
        cross = PerceiverCrossBlock(form.width, heads: form.heads)
        norm = LayerNorm(form.width)
        output = Linear(form.width, 1)
        self.recomputes = recomputes
    }

    func features(_ latents: Tensor) throws -> Tensor {
        var x = try input(latents)
        for block in blocks { x = try block(x, recomputes: recomputes) }
        return x
    }

    func field(_ points: Tensor, _ features: Tensor) throws -> Tensor {
        try output(norm(cross(query(waves(points)), features))).squeezed(-1)
    }
}
