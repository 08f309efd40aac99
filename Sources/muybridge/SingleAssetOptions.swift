import ArgumentParser
import Assets
import Foundation
import Geometry

/// One asset, one clip: what `bake` and `render` begin with.
struct SingleAssetOptions: ParsableArguments {
    @Argument(help: "The asset: a file, a 3DBiCar character folder, or a folder of OBJ files.")
    var file: String

    @Option(
        help: """
            The clip, by name or by number from 0. Default: the first; an asset without clips \
            stands still.
            """)
    var clip: String?

    @Option(
        help: ArgumentHelp(
            "The layout: automatic, gltf, assimp, anime, 3dbicar or obj-sequence.",
            valueName: "layout"))
    var layout: AssetLayout = .automatic

    /// The asset and the index of its clip; nil where it has none.
    func load() throws -> (asset: AnimatedAsset, clip: Int?) {
        let asset = try AssetLoader(layout: layout).load(path: file)
        guard let clip else { return (asset, asset.clips.isEmpty ? nil : 0) }
        if let index = asset.clips.firstIndex(where: { $0.name == clip }) { return (asset, index) }
        if let index = Int(clip), asset.clips.indices.contains(index) { return (asset, index) }
        throw AssetError.noSuchClip(asset: file, clip: clip, available: asset.clips.map(\.name))
    }
}

extension AssetLayout: ExpressibleByArgument {}

extension Normalisation.Shape: ExpressibleByArgument {}
extension Normalisation.Extent: ExpressibleByArgument {}
extension Normalisation.RootMotion: ExpressibleByArgument {}

/// How a sampled sequence is brought to a common size and place.
struct NormalisationOptions: ParsableArguments {
    @Option(help: "What the sequence is scaled into: none, unit-cube or unit-sphere.")
    var normalise: Normalisation.Shape = .unitCube

    @Option(help: "Where its box is taken from: first-frame or all-frames.")
    var over: Normalisation.Extent = .firstFrame

    @Option(
        help: "What is done about root motion: keep, remove, remove-translation, remove-horizontal."
    )
    var rootMotion: Normalisation.RootMotion = .keep

    var normalisation: Normalisation {
        Normalisation(shape: normalise, extent: over, rootMotion: rootMotion)
    }
}

/// Numbers divided by commas, as one option.
struct NumberList: ExpressibleByArgument {
    var numbers: [Double]

    init?(argument: String) {
        var numbers: [Double] = []
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let number = Double(part.trimmingCharacters(in: .whitespaces)), number.isFinite
            else { return nil }
            numbers.append(number)
        }
        guard !numbers.isEmpty else { return nil }
        self.numbers = numbers
    }
}
