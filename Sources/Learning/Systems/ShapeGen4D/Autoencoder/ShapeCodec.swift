import Foundation
import Geometry
import Tensors

/// A trained autoencoder in use: stored sequences to latents, latents to meshes.
public final class ShapeCodec {
    /// How it was trained.
    public let stage: ShapeAutoencoderStage
    /// Where it computes.
    public let device: Device
    private let autoencoder: ShapeAutoencoder
    /// Points at which a field is computed at once.
    private let pointsAtOnce = 16_384

    /// Loads an autoencoder.
    ///
    /// - Parameters:
    ///   - isUntrained: takes the weights that the training began with instead.
    /// - Throws: `TrainingError.unusable` for weights of something else.
    public init(_ weights: TrainedWeights, on device: Device, isUntrained: Bool = false) throws {
        stage = try weights.description(
            as: ShapeAutoencoderStage.self, need: "an autoencoder of shapegen4d is needed")
        self.device = device
        autoencoder = try ShapeAutoencoder(stage.form)
        if isUntrained {
            try weights.loadFirst(into: autoencoder, on: device)
        } else {
            try weights.load(into: autoencoder, on: device)
        }
    }

    /// A sequence's latents, and where each of them looks.
    public struct Encoding {
        /// Means of the posteriors, `[T, L, C]`, on the processor.
        public let latents: Tensor
        /// The queries' positions as stored, `[T, L, 3]`.
        public let queries: Tensor
    }

    /// Encodes all frames of a sample.
    ///
    /// - Parameter source: `aligned`, or `independent` for the paper's ablation.
    public func encode(_ sample: DatasetSample, _ source: QuerySource) throws -> Encoding {
        try autoencoder.evaluating {
            let count = try stage.reading.frameCount(of: sample)
            var latents: [Tensor] = []
            var queries: [Tensor] = []
            for t in 0..<count {
                let frame = try stage.reading.frame(
                    t, of: sample, source, seed: sample.seed("encoding"))
                let posterior = try autoencoder.encode(
                    queries: frame.queries.unsqueezed(0).to(device),
                    cloud: frame.cloud.unsqueezed(0).to(device))
                latents.append(try posterior.mean.to(.float32).to(.cpu))
                queries.append(try frame.queries.slice(1, to: 3) / stage.reading.scale)
            }
            return try Encoding(
                latents: Tensor.concatenate(latents).contiguous(), queries: Tensor.stack(queries))
        }
    }

    /// The field of one frame's latents on a grid, in stored coordinates: negative inside, within
    /// ±1.
    ///
    /// - Parameters:
    ///   - latents: `[L, C]`.
    ///   - resolution: cells along a side of the cube ±0.525 (Step1X-3D's ±1.05).
    public func field(of latents: Tensor, resolution: Int) throws -> ScalarGrid {
        try autoencoder.evaluating {
            let scale = Float(stage.reading.scale)
            let features = try autoencoder.features(of: latents.unsqueezed(0).to(device))
            let values = HierarchicalField(
                halfSide: 0.525 * scale, resolution: resolution,
                truncation: Float(stage.truncation))
            let grid = try values.computed { places in
                let points = try Tensor(places, shape: [1, places.count / 3, 3])
                var numbers: [Float] = []
                numbers.reserveCapacity(places.count / 3)
                for start in stride(from: 0, to: points.size(1), by: pointsAtOnce) {
                    let part = try points.slice(
                        1, from: start, to: min(start + pointsAtOnce, points.size(1)))
                    let found = try autoencoder.field(at: part.to(device), features: features)
                    numbers += try (-found.to(.float32)).to(.cpu).elements() as [Float]
                }
                return numbers
            }
            return ScalarGrid(
                size: grid.size, origin: grid.origin / scale, spacing: grid.spacing / scale,
                values: grid.values)
        }
    }

    /// The surface of one frame's latents `[L, C]`, in stored coordinates; empty where the field has
    /// no inside.
    public func mesh(of latents: Tensor, resolution: Int) throws -> TriangleMesh {
        MarchingCubes.surface(of: try field(of: latents, resolution: resolution))
    }
}
