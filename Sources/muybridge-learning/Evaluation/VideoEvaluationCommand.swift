import ArgumentParser
import Evaluation
import Foundation
import Imaging
import Running
import Tensors

struct VideoEvaluationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "videos",
        abstract: "Measure predicted videos by PSNR, SSIM and learnt models.",
        discussion: """
            A video is a folder of pictures in the order of their names, or a folder `orbit` of \
            them (--video); a folder of such folders is measured video by video, and names say \
            what belongs together. The truth may be a store, whose keys are then the names.

            Models are TorchScript files; Documentation/evaluation.md says what each must take \
            and how to export it. Without them PSNR and SSIM are measured. Pictures are compared \
            over white.
            """)

    @Option(help: "The predicted video, or a folder of some.")
    var predicted: String

    @Option(help: "The true video, a folder of some, or a store.")
    var truth: String

    @Option(help: "The folder of pictures within each folder, and the video of a store's samples.")
    var video = "orbit"

    @Option(help: "Resize all pictures to this many pixels a side.")
    var size: Int?

    @Option(help: "rgb: SSIM of red, green and blue, averaged; or luma.")
    var ssim: SimilarityColor = .rgb

    @Option(help: "CLIP's picture model.")
    var clip: String?

    @Option(
        help: """
            Text of the pictures for CLIP: features [1, D] as NPY, or tokens [1, L] for \
            --clip-text; or a folder of NAME.npy.
            """)
    var text: String?

    @Option(help: "CLIP's text model, which takes tokens.")
    var clipText: String?

    @Option(help: "LPIPS's model.")
    var lpips: String?

    @Option(help: "DreamSim's model.")
    var dreamsim: String?

    @Option(help: "FVD's model (I3D).")
    var fvd: String?

    @Option(
        help: "cpu, cuda or cuda:1: where models run. Default: the first CUDA device, else cpu.")
    var device: String?

    @Option(help: "Also write the results to FILE.json, and as a table of frames to FILE.csv.")
    var out: String?

    func validate() throws {
        guard size.map({ (11...8192).contains($0) }) ?? true else {
            throw ValidationError("--size must be from 11 to 8192")
        }
        guard text == nil || clip != nil else {
            throw ValidationError("--text needs --clip, whose features it is compared with")
        }
        guard clipText == nil || text != nil else {
            throw ValidationError("--clip-text needs the tokens of --text")
        }
    }

    func run() throws {
        let files = out.map { ResultFiles($0) }
        try files?.prepare()
        let place = try TorchDevice.chosen(device)
        let models = try VideoModels(self, on: place)
        let pairs = try pairs()
        let progress = EvaluationProgress()
        let call = progress.callback("videos")
        var result = VideoResult(ssim: ssim.rawValue, videos: [])
        var features: (prediction: [Tensor], truth: [Tensor]) = ([], [])
        for (i, pair) in pairs.enumerated() {
            let prediction = resized(try pair.prediction()), truth = resized(try pair.truth())
            do {
                result.videos.append(try models.scores(pair.name, prediction, truth))
                if let pictures = models.videos {
                    features.prediction.append(try pictures.features(ofVideos: [prediction]))
                    features.truth.append(try pictures.features(ofVideos: [truth]))
                }
            } catch let error as ImageComparisonError {
                throw EvaluationError(
                    pair.name, "\(error); --size makes both alike where sizes differ")
            } catch let error as TensorError {
                throw EvaluationError(pair.name, "\(error)")
            }
            try call(i + 1, pairs.count)
        }
        if models.videos != nil {
            result.frechetVideoDistance = try FrechetDistance.ofFeatures(
                .concatenate(features.prediction), .concatenate(features.truth))
        }
        progress.finish("\(pairs.count) videos")
        print(result.text)
        if let files {
            try files.write(result, result.frameTable)
            print("\n\(files.json.path)\n\(files.csv.path)")
        }
    }

    private func resized(_ video: Video) -> Video {
        guard let size, video.width != size || video.height != size else { return video }
        return Video(frames: video.frames.map { $0.resized(width: size, height: size) })
    }

    private typealias Pair = (
        name: String, prediction: () throws -> Video, truth: () throws -> Video
    )

    private func pairs() throws -> [Pair] {
        let predictions = try PictureFolders.videos(at: predicted, video: video)
        if StoredTruth.isStore(truth) {
            let store = try StoredTruth(truth)
            return try predictions.map { prediction in
                guard store.holds(prediction.name) else {
                    throw EvaluationError(
                        prediction.path, "\(truth) has no sample \(prediction.name)")
                }
                return (
                    prediction.name, { try PictureFolders.load(prediction.path) },
                    { try store.video(video, of: prediction.name) }
                )
            }
        }
        let truths = try PictureFolders.videos(at: truth, video: video)
        let byName = Dictionary(truths.map { ($0.name, $0.path) }) { first, _ in first }
        return try predictions.map { prediction in
            let alone = predictions.count == 1 && truths.count == 1 ? truths[0].path : nil
            guard let path = alone ?? byName[prediction.name] else {
                throw EvaluationError(
                    prediction.path,
                    "\(truth) has no \(prediction.name) to judge it by; videos belong together by "
                        + "name")
            }
            return (
                prediction.name, { try PictureFolders.load(prediction.path) },
                { try PictureFolders.load(path) }
            )
        }
    }
}

/// What SSIM compares of colours.
enum SimilarityColor: String, ExpressibleByArgument, CaseIterable {
    case rgb, luma
}
