import ArgumentParser
import DatasetBuilding
import Foundation
import Geometry
import Imaging
import Running
import Systems
import Tensors

struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Make animated meshes of videos by a trained flow.",
        discussion: """
            VIDEOS are folders of frames (PNG, JPEG or WebP; frames with alpha are cut so that what \
            they show fills the picture as in training), or, with --store, keys of stored samples. \
            Each gets a folder of its own in --out:

              latents.npy        [T, L, C]
              sdf.npy            [T, R+1, R+1, R+1], z, y, x; truncated distances in ±1, negative inside
              meshes/            frame-000.ply, ...
              sequence.glb       all frames as one animation
              orbit/, front/     000.png, ... and orbit.transforms.json
              sheet.png          input, front and orbit
              generation.json    seed, guidance, steps and what came of each frame

            A video whose folder holds a generation.json is passed over, so the same command goes on \
            after Ctrl-C.
            """)

    @Argument(
        help: "Folders of frames, or keys of samples. With --store, none means the test split.")
    var videos: [String] = []

    @Option(help: "The flow: a weights.safetensors, or the folder of its training.")
    var flow: String

    @Option(help: "The autoencoder whose latents the flow learnt.")
    var autoencoder: String

    @Option(help: "The folder to write to.")
    var out: String

    @Option(help: "A store whose samples' videos are taken.")
    var store: String?

    @Option(help: "Which of a sample's videos. Default: the first that the flow learnt from.")
    var video: String?

    @Option(help: "What noise is drawn from.")
    var seed: UInt64 = 0

    @Option(help: "How strongly the video guides; 1 is without guidance. Default: the manifest's.")
    var guidance: Double?

    @Option(help: "Steps from noise to latents. Default: the manifest's.")
    var steps: Int?

    @Option(help: "The shift of times; 1 is none. Default: the manifest's.")
    var shift: Double?

    @Option(help: "shared or independent noise of the frames. Default: as in training.")
    var noise: NoiseSharing?

    @Option(help: "Cells along a side of the grid that surfaces are taken from.")
    var resolution = 128

    @Option(help: "At most so many frames of a folder, evenly picked. Default: as in training.")
    var frames: Int?

    @Option(help: "Frames a second of what is written.")
    var framesPerSecond = 12.0

    @Option(help: "Pixels a side of the pictures.")
    var pictureSize = 256

    @Option(help: "A TorchScript image encoder in place of the one that the manifest names.")
    var imageEncoder: String?

    @OptionGroup var computing: LearningOptions

    /// Whether frames begin from the same noise.
    enum NoiseSharing: String, CaseIterable, ExpressibleByArgument { case shared, independent }

    func validate() throws {
        if store == nil, videos.isEmpty {
            throw ValidationError("give folders of frames, or --store and keys of samples")
        }
        if let steps, steps < 1 { throw ValidationError("--steps must be at least 1") }
        if let frames, frames < 1 { throw ValidationError("--frames must be at least 1") }
        if let shift, !(shift > 0) { throw ValidationError("--shift must be more than 0") }
        if let guidance, !(guidance >= 0) {
            throw ValidationError("--guidance must not be negative")
        }
        guard (8...1024).contains(resolution) else {
            throw ValidationError("--resolution must be from 8 to 1024")
        }
        guard framesPerSecond > 0, framesPerSecond <= 1000 else {
            throw ValidationError("--frames-per-second must be more than 0")
        }
        guard (16...8192).contains(pictureSize) else {
            throw ValidationError("--picture-size must be from 16 to 8192")
        }
    }

    func run() throws {
        Interruption.listen(saying: "Stopping after this video; again to stop at once.")
        let device = try computing.prepared()
        var sampling = ShapeSampling()
        sampling.seed = seed
        sampling.guidance = guidance
        sampling.steps = steps
        sampling.shift = shift
        sampling.sharesNoise = noise.map { $0 == .shared }
        let generator = try ShapeGenerator(
            flow: TrainedWeights(flow), autoencoder: TrainedWeights(autoencoder), on: device,
            imageEncoder: imageEncoder)
        let inputs = try self.inputs(generator.stage)
        for (place, input) in inputs.enumerated() {
            let folder = URL(fileURLWithPath: out).appending(path: input.name)
            let record = folder.appending(path: "generation.json")
            if FileManager.default.fileExists(atPath: record.path) { continue }
            guard !Interruption.isRequested else {
                print("Stopped: \(inputs.count - place) videos remain; the same command goes on.")
                throw ExitCode(Interruption.exitStatus)
            }
            let frames = try input.frames()
            for remark in frames.remarks { printError("\(input.name): \(remark)") }
            var line = ProgressLine()
            let start = ContinuousClock.now
            let made = try generator.generate(
                frames.video.frames, sampling, resolution: resolution
            ) { done, total in
                line.show(isLast: done == total) { elapsed, width in
                    "\(input.name) (\(place + 1)/\(inputs.count))  "
                        + ProgressLine.count(
                            done, of: total, "steps and frames", elapsed.seconds, barWidth: width)
                }
            }
            let output = SequenceOutput(
                name: input.name, framesPerSecond: framesPerSecond, pictureSize: pictureSize)
            let report = try output.write(made.meshes, input: frames.video, to: folder.path)
            for remark in report.remarks { printError("\(input.name): \(remark)") }
            try made.writeArrays(to: folder)
            try Record(
                seed: seed, guidance: guidance ?? generator.stage.guidance,
                steps: steps ?? generator.stage.sampler.steps,
                sharesNoise: sampling.sharesNoise ?? generator.stage.sharesNoise,
                seconds: (ContinuousClock.now - start).seconds, report: report
            ).write(to: record)
            print(folder.path)
        }
    }

    /// How a sequence was made.
    private struct Record: Encodable {
        var seed: UInt64
        var guidance: Double
        var steps: Int
        var sharesNoise: Bool
        var seconds: Double
        var report: SequenceOutput.Report

        func write(to url: URL) throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try encoder.encode(self).write(to: url, options: .atomic)
        }
    }

    /// A video by name, read when its turn comes.
    private struct Input {
        let name: String
        let frames: () throws -> (video: Video, remarks: [String])
    }

    private func inputs(_ stage: ShapeFlowStage) throws -> [Input] {
        guard let store else { return videos.map { folderInput($0, stage) } }
        let chosen = video ?? stage.videos[0]
        let samples = try StoredDataset(
            store: store, part: videos.isEmpty ? .test : nil,
            fields: stage.frameFields(of: chosen))
        return try samples.indices(of: videos).map { place in
            Input(name: samples.keys[place]) {
                let sample = samples.sample(place)
                return (
                    Video(
                        frames: try stage.frameFields(of: chosen).map {
                            try Image(decoding: sample.bytes($0))
                        }), []
                )
            }
        }
    }

    private func folderInput(_ path: String, _ stage: ShapeFlowStage) -> Input {
        Input(name: URL(fileURLWithPath: path).lastPathComponent) {
            let all = try VideoFolder.video(at: path).frames
            let count = min(all.count, frames ?? stage.frames)
            let picked = Video(frames: (0..<count).map { all[$0 * all.count / count] })
            // As large in the picture as the stored videos that the flow learnt from.
            let framed = ForegroundFraming(size: stage.pictureSize, share: 0.9).framed(picked)
            return (framed.video, framed.remark.map { [$0] } ?? [])
        }
    }
}
