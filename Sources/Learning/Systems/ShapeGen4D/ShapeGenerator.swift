import Foundation
import Geometry
import Imaging
import Tensors

/// A trained flow with the autoencoder of its latents: videos to meshes.
public final class ShapeGenerator {
    /// How the flow was trained.
    public let stage: ShapeFlowStage
    private let system: ShapeFlowSystem
    private let codec: ShapeCodec
    private let device: Device

    /// Loads both.
    ///
    /// - Parameter imageEncoder: a TorchScript file in place of the one that the manifest names.
    /// - Throws: `TrainingError.unusable` where the two do not fit each other.
    public init(
        flow: TrainedWeights, autoencoder: TrainedWeights, on device: Device,
        imageEncoder: String? = nil
    ) throws {
        stage = try flow.description(
            as: ShapeFlowStage.self, need: "a flow of shapegen4d is needed")
        codec = try ShapeCodec(autoencoder, on: device)
        guard codec.stage.form.channels == stage.form.channels else {
            throw TrainingError.unusable(
                "\(flow.file.url.path) makes latents of \(stage.form.channels) channels, and "
                    + "\(autoencoder.file.url.path) reads \(codec.stage.form.channels)")
        }
        system = try ShapeFlowSystem(stage)
        try flow.load(into: system.model, on: device)
        try system.loadEncoder(on: device, path: imageEncoder)
        self.device = device
    }

    /// What came of a video.
    public struct Generation {
        /// `[T, L, C]`.
        public let latents: Tensor
        /// A frame's truncated distances each, negative inside.
        public let fields: [ScalarGrid]
        /// A frame's surface each, in the unit box; empty where there is none.
        public let meshes: [TriangleMesh]
    }

    /// Makes meshes of a video.
    ///
    /// - Parameters:
    ///   - pictures: square frames, cut as those that the flow learnt from.
    ///   - resolution: cells along a side of the fields.
    ///   - progress: told how many steps and frames are done, of how many.
    public func generate(
        _ pictures: [Image], _ sampling: ShapeSampling, resolution: Int,
        progress: @escaping (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws -> Generation {
        let steps = sampling.steps ?? stage.sampler.steps
        let total = steps + pictures.count
        let latents = try system.generate(
            PictureReading(size: stage.pictureSize).tensor(of: pictures),
            tokens: codec.stage.reading.queryCount, sampling, on: device
        ) { try progress(min($0, steps), total) }
        var fields: [ScalarGrid] = []
        for t in pictures.indices {
            fields.append(try codec.field(of: latents.select(0, t), resolution: resolution))
            try progress(steps + t + 1, total)
        }
        return Generation(
            latents: latents, fields: fields, meshes: fields.map { MarchingCubes.surface(of: $0) })
    }
}

extension ShapeGenerator.Generation {
    /// Writes `latents.npy` `[T, L, C]` and `sdf.npy` `[T, R + 1, R + 1, R + 1]`, the latter in
    /// float16.
    public func writeArrays(to folder: URL) throws {
        try ArrayFile.write(latents, to: folder.appending(path: "latents.npy"))
        guard let size = fields.first?.size else { return }
        let numbers = try Tensor.stack(
            fields.map { try Tensor($0.values, shape: [size.z, size.y, size.x]).to(.float16) })
        try ArrayFile.write(numbers, to: folder.appending(path: "sdf.npy"))
    }
}
