import Foundation
import Geometry
import Tensors

/// Where a sequence's query points come from.
public enum QuerySource: String, Sendable, CaseIterable {
    /// From the stored ones, which follow the surface (ShapeGen4D, section 3.1).
    case aligned
    /// From each frame's cloud, by farthest points, as if there were no other frames: the paper's
    /// ablation.
    case independent
    /// In training, from either with equal chance.
    case both
}

/// How a shape encoder's inputs are made of a stored sequence.
public struct ShapeReading: Sendable, Equatable {
    /// Stored coordinates times this are the model's: a unit box becomes ±1.
    public var scale = 2.0
    /// L, latents of a frame.
    public var queryCount = 1024
    /// Where queries come from.
    public var source = QuerySource.aligned
    /// N, points of a frame's cloud.
    public var cloudCount = 32_768

    /// The standard numbers, which are ShapeGen4D's.
    public init() {}

    /// The fields that are read.
    public static let fields = ["queries.npy", "cloud.npy"]

    /// A frame's points with normals.
    public struct Frame: Sendable {
        /// `[L, 6]`, scaled.
        public let queries: Tensor
        /// `[N, 6]`, scaled: the half by area first, then the half on sharp edges.
        public let cloud: Tensor
    }

    /// Frames that a sample holds.
    public func frameCount(of sample: DatasetSample) throws -> Int {
        let cloud = try sample.mappedTensor("cloud.npy")
        guard cloud.rank == 3, cloud.size(2) == 6, cloud.size(0) > 0 else {
            throw TrainingError.unusable("cloud.npy is \(cloud.form); it must be [T, N, 6]")
        }
        return cloud.size(0)
    }

    /// What the encoder reads of a frame.
    ///
    /// - Parameters:
    ///   - source: `aligned` or `independent`.
    ///   - seed: of what is drawn: the cloud's points, and from where independent queries begin.
    public func frame(
        _ t: Int, of sample: DatasetSample, _ source: QuerySource, seed: UInt64
    ) throws -> Frame {
        let stored = try sample.mappedTensor("cloud.npy")  // [T, N, 6]
        guard stored.size(1) >= cloudCount else {
            throw TrainingError.unusable(
                "cloud.npy is \(stored.form); the stage asks for \(cloudCount) points of a frame")
        }
        let cloud = try chosen(stored.select(0, t), seed: keyedSeed(seed, "cloud \(t)"))
        let queries: Tensor
        if source == .independent {
            queries = try independentQueries(in: cloud, seed: keyedSeed(seed, "queries \(t)"))
        } else {
            queries = try alignedQueries(t, of: sample, in: cloud)
        }
        return Frame(queries: try scaled(queries), cloud: try scaled(cloud))
    }

    /// As many points as are asked for, half of either half of `[N, 6]`.
    private func chosen(_ cloud: Tensor, seed: UInt64) throws -> Tensor {
        let half = cloud.size(0) / 2
        guard cloud.size(0) > cloudCount else { return cloud }
        let first = cloudCount / 2
        return try cloud.indexSelect(
            0,
            Tensor.concatenate([
                Tensor.choice(min(first, half), of: half, seed: seed),
                Tensor.choice(
                    cloudCount - min(first, half), of: cloud.size(0) - half,
                    seed: keyedSeed(seed, "sharp")) + half,
            ]))
    }

    /// The stored points, with the normals of the nearest points of the cloud: the animated mesh's
    /// own may look inwards, and the encoder's keys are of the watertight surface.
    private func alignedQueries(
        _ t: Int, of sample: DatasetSample, in cloud: Tensor
    ) throws -> Tensor {
        let stored = try sample.mappedTensor("queries.npy")  // [T, L, 3]
        guard stored.rank == 3, stored.size(2) == 3, stored.size(0) > t,
            stored.size(1) >= queryCount
        else {
            throw TrainingError.unusable(
                "queries.npy is \(stored.form); the stage asks for frame \(t) and \(queryCount) "
                    + "points")
        }
        // They are stored farthest first: any number of the first are spread evenly.
        let queries = try stored.select(0, t).slice(0, to: queryCount)
        let places = try Vector3Array(scalars: queries.elements())
        let tree = KDTree(try Vector3Array(scalars: cloud.slice(1, to: 3).elements()))
        let nearest = tree.nearest(toEach: places).indices.map(Int.init)
        let normals = try cloud.slice(1, from: 3).indexSelect(0, Tensor(nearest))
        return try Tensor.concatenate([queries, normals], axis: 1)
    }

    private func independentQueries(in cloud: Tensor, seed: UInt64) throws -> Tensor {
        let points = try Vector3Array(scalars: cloud.slice(1, to: 3).elements())
        var random = KeyedRandom(seed: seed, asset: "", purpose: "first query")
        let start = Int(random.uniform(0..<1) * Double(points.count))
        let chosen = FarthestPointSampling.indices(in: points, count: queryCount, start: start)
        guard chosen.count == queryCount else {
            throw TrainingError.unusable(
                "a cloud of \(points.count) points has no \(queryCount) queries")
        }
        return try cloud.indexSelect(0, Tensor(chosen))
    }

    private func scaled(_ points: Tensor) throws -> Tensor {
        try Tensor.concatenate(
            [points.slice(1, to: 3) * scale, points.slice(1, from: 3)], axis: 1)
    }
}
