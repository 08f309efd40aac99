import Assets
import Evaluation
import Foundation
import Imaging
import Tensors

/// The models that videos are measured with.
struct VideoModels {
    private let measure: StructuralSimilarity
    private let clip: PictureModel?
    private let clipText: PictureModel?
    private let text: String?
    private let lpips: PictureModel?
    private let dreamsim: PictureModel?
    /// I3D, for the Fréchet distance.
    let videos: PictureModel?

    init(_ options: VideoEvaluationCommand, on device: Device) throws {
        func model(_ path: String?) throws -> PictureModel? {
            guard let path else { return nil }
            guard FileManager.default.fileExists(atPath: path) else {
                throw EvaluationError(path, "there is no such model")
            }
            return try PictureModel(path: path, on: device)
        }
        measure = StructuralSimilarity(color: options.ssim == .rgb ? .rgb : .luma)
        clip = try model(options.clip)
        clipText = try model(options.clipText)
        text = options.text
        lpips = try model(options.lpips)
        dreamsim = try model(options.dreamsim)
        videos = try model(options.fvd)
    }

    /// The scores of one video.
    func scores(_ name: String, _ prediction: Video, _ truth: Video) throws -> VideoScores {
        let pictures = try PictureScores(prediction, truth, measure: measure)
        var scores = VideoScores(
            name: name, psnr: pictures.signalToNoise, ssim: pictures.similarity)
        if let clip {
            let features = try clip.features(ofPictures: prediction)
            scores.clip = try FeatureSimilarity.cosines(
                features, clip.features(ofPictures: truth))
            if let text {
                scores.clipText = try FeatureSimilarity.cosines(
                    features, textFeatures(text, name))
            }
        }
        scores.lpips = try lpips?.distances(prediction, truth, .symmetric)
        scores.dreamsim = try dreamsim?.distances(prediction, truth, .unit)
        return scores
    }

    private func textFeatures(_ path: String, _ name: String) throws -> Tensor {
        let file = ShapeFiles.isFolder(path) ? "\(path)/\(name).npy" : path
        let array = try NPYReader.array(path: file)
        let shape = array.shape.count == 1 ? [1, array.shape[0]] : array.shape
        guard shape.count == 2, shape[0] == 1, shape[1] > 0 else {
            throw EvaluationError(file, "its shape is \(array.shape), not [1, D] or [1, L]")
        }
        let tensor = try Tensor(array.elements, shape: shape)
        return try clipText?.features(ofTokens: tensor) ?? tensor
    }
}

/// The scores of one video; `[T]` each.
struct VideoScores: Encodable {
    var name: String
    var psnr: [Double]
    var ssim: [Double]
    var clip: [Double]?
    var clipText: [Double]?
    var lpips: [Double]?
    var dreamsim: [Double]?

    /// All of them with their names in tables.
    static let columns: [(name: String, values: @Sendable (VideoScores) -> [Double]?)] = [
        ("PSNR", { $0.psnr }), ("SSIM", { $0.ssim }), ("CLIP", { $0.clip }),
        ("CLIP text", { $0.clipText }), ("LPIPS", { $0.lpips }), ("DreamSim", { $0.dreamsim }),
    ]
}

/// What `muybridge evaluate videos` found.
struct VideoResult: Encodable {
    var ssim: String
    var frechetVideoDistance: Double?
    var videos: [VideoScores]

    private enum CodingKeys: CodingKey { case ssim, frechetVideoDistance, mean, videos }

    init(ssim: String, videos: [VideoScores]) {
        self.ssim = ssim
        self.videos = videos
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(ssim, forKey: .ssim)
        try container.encodeIfPresent(frechetVideoDistance, forKey: .frechetVideoDistance)
        try container.encode(
            Dictionary(
                uniqueKeysWithValues: used.compactMap { column in
                    mean(column.values).map { (column.name, $0) }
                }), forKey: .mean)
        try container.encode(videos, forKey: .videos)
    }

    private var used: [(name: String, values: @Sendable (VideoScores) -> [Double]?)] {
        VideoScores.columns.filter { column in videos.contains { column.values($0) != nil } }
    }

    /// The mean over videos of their means over frames.
    private func mean(_ values: (VideoScores) -> [Double]?) -> Double? {
        let means = videos.compactMap { values($0).map(Self.mean) }
        return means.isEmpty ? nil : Self.mean(means)
    }

    private static func mean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(values.count)
    }

    var text: String {
        var table = ResultTable(["video", "frames"] + used.map(\.name))
        for video in videos {
            table.add(
                video.name,
                [Double(video.psnr.count)] + used.map { $0.values(video).map(Self.mean) })
        }
        if videos.count > 1 { table.add("mean", [nil] + used.map { mean($0.values) }) }
        return table.aligned
            + (frechetVideoDistance.map { "\nFVD over all: \(ResultTable.text($0))" } ?? "")
    }

    /// A row a frame.
    var frameTable: ResultTable {
        var table = ResultTable(
            ["video", "frame"]
                + used.map { $0.name.lowercased().replacingOccurrences(of: " ", with: "_") })
        for video in videos {
            for t in video.psnr.indices {
                table.add(video.name, used.map { $0.values(video)?[t] }, frame: t)
            }
        }
        return table
    }
}
