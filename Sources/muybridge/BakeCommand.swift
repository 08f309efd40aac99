import ArgumentParser
import DatasetBuilding
import Geometry

struct BakeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bake",
        abstract: "Write an asset's vertices at given times as NumPy arrays.",
        discussion: """
            Writes positions.npy [T, V, 3] float32, triangles.npy [F, 3] uint32, uvs.npy [V, 2] \
            float32 where the asset has UVs, and meta.json: the clip, its duration, the times and \
            the normalisation that was applied (4 x 4 matrices, row-major, one a frame).
            """)

    @OptionGroup var asset: SingleAssetOptions
    @OptionGroup var normalisation: NormalisationOptions

    @Option(help: "Seconds of the clip as the file counts them: 0,0.5,1.2")
    var times: NumberList

    @Option(help: "The folder to write to; it is made where it is missing.")
    var out: String

    func run() throws {
        let (loaded, clip) = try asset.load()
        try Baking.bake(
            loaded, clip: clip, times: times.numbers, normalisation: normalisation.normalisation,
            to: out)
    }
}
