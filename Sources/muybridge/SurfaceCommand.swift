import ArgumentParser
import DatasetBuilding
import Geometry

struct SurfaceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "surface",
        abstract: "Make what trainers read of one asset's surfaces, with pictures of it.",
        discussion: """
            Writes queries.npy, points.npy, cloud.npy, sdf.npy, grid.npy, voxels.npy and \
            colour.npy as a store holds them (Documentation/surfaces.md), the watertight surfaces \
            of the first, middle and last frame as PLY and OBJ, surfaces.json with transforms and \
            distances, two sheets: watertight.png (input, result, a slice of the signed \
            distance) and queries.png (queries over time, each in the colour of its place in \
            frame 0), and alignment.png (how far latents' places move with aligned queries and \
            with queries drawn anew in every frame).
            """)

    @OptionGroup var asset: SingleAssetOptions
    @OptionGroup var normalisation: NormalisationOptions

    @Option(help: "How many frames over the clip.")
    var frames = 16

    @Option(help: "Cells of watertight conversion along the longest side.")
    var resolution = 256

    @Option(help: "Pixels a side of each picture.")
    var size = 256

    @Option(help: "The folder to write to; it is made where it is missing.")
    var out: String

    func validate() throws {
        guard (1...1000).contains(frames) else {
            throw ValidationError("--frames must be from 1 to 1000")
        }
        guard (16...2048).contains(resolution) else {
            throw ValidationError("--resolution must be from 16 to 2048")
        }
        guard (32...2048).contains(size) else {
            throw ValidationError("--size must be from 32 to 2048")
        }
    }

    func run() throws {
        let (loaded, clip) = try asset.load()
        let surfacing = Surfacing(
            frames: frames, resolution: resolution,
            normalisation: normalisation.normalisation, pictureSize: size)
        for line in try surfacing.surface(loaded, clip: clip, to: out) { print(line) }
    }
}
