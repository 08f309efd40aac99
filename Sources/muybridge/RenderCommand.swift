import ArgumentParser
import DatasetBuilding
import Geometry
import Rendering

struct RenderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Render pictures of one asset.",
        discussion: """
            With --times, one picture for each pair of a time and a view, all views of a time \
            before those of the next (with --paired, the i-th time from the i-th view alone). \
            Without --times, --frames of them along --path. Writes color_000.png, \
            depth_000.npy, ... and transforms.json.
            """)

    @OptionGroup var asset: SingleAssetOptions
    @OptionGroup var normalisation: NormalisationOptions

    @Option(help: "Seconds of the clip as the file counts them: 0,0.5,1.2")
    var times: NumberList?

    @Option(help: "Degrees around the asset: 0 sees the front, 90 stands on +X.")
    var azimuths: NumberList = NumberList(argument: "0")!

    @Option(help: "Degrees above the horizon: one for all views, or one a view.")
    var elevations: NumberList = NumberList(argument: "0")!

    @Flag(help: "See the i-th time from the i-th azimuth only.")
    var paired = false

    @Option(help: "Without --times: how many frames over the clip.")
    var frames = 24

    @Option(help: "Without --times: orbit, fixed, frozen, four-view or sphere.")
    var path: Picturing.Path = .orbit

    @Option(help: "Pixels a side.")
    var size = 256

    @Option(help: "Samples a pixel: 1, 4 or 16.")
    var samples = 4

    @Option(help: "Metres from the origin.")
    var distance = 2.0

    @Option(help: "Horizontal field of view in degrees.")
    var fov = 39.5978

    @Option(help: "unlit, uniform, four-suns or area.")
    var lights: Manifest.Lights.Preset = .fourSuns

    @Option(help: "four-suns: strengths of key, fill, rim and bottom in W/m².")
    var strengths: NumberList = NumberList(argument: "4,3,4,2")!

    @Option(help: "Which faces are left out: by-material or never.")
    var culling: Manifest.Culling = .never

    @Option(help: "Axes of transforms.json: muybridge (Y up) or blender (Z up).")
    var world: Manifest.World = .muybridge

    @Option(
        help: """
            What to write, divided by commas: color, depth, normal, position, triangle-id, \
            part-id, flow, scene-flow.
            """)
    var outputs = "color"

    @Option(help: "The folder to write to; it is made where it is missing.")
    var out: String

    func validate() throws {
        guard SampleCount(rawValue: samples) != nil else {
            throw ValidationError("--samples must be 1, 4 or 16")
        }
        guard (1...RenderSettings.maximumSide).contains(size) else {
            throw ValidationError("--size must be from 1 to \(RenderSettings.maximumSide)")
        }
        guard (1...10_000).contains(frames) else {
            throw ValidationError("--frames must be from 1 to 10000")
        }
        guard fov > 0, fov < 180, distance > 0 else {
            throw ValidationError("--fov must be between 0 and 180, and --distance positive")
        }
        guard strengths.numbers.count == 4 else {
            throw ValidationError("--strengths takes four numbers: key,fill,rim,bottom")
        }
    }

    func run() throws {
        var wanted: [Manifest.Output] = []
        for name in outputs.split(separator: ",").map(String.init) {
            guard let output = Manifest.Output(rawValue: name) else {
                throw ValidationError(
                    "--outputs: \(name) is none of "
                        + Manifest.Output.allCases.map(\.rawValue).joined(separator: ", "))
            }
            wanted.append(output)
        }
        let (loaded, clip) = try asset.load()
        let s = strengths.numbers
        let picturing = Picturing(
            views: try views(), normalisation: normalisation.normalisation, size: size,
            samples: samples, distance: distance, fieldOfViewDegrees: fov,
            lights: Manifest.Lights(preset: lights, strengths: SIMD4(s[0], s[1], s[2], s[3])),
            culling: culling, world: world, outputs: wanted)
        try picturing.picture(loaded, clip: clip, to: out)
    }

    private func views() throws -> Picturing.Views {
        guard let times = times?.numbers else {
            return .path(
                path, frames: frames, azimuth: azimuths.numbers[0],
                elevation: elevations.numbers[0])
        }
        let azimuths = azimuths.numbers
        var elevations = elevations.numbers
        if elevations.count == 1 {
            elevations = [Double](repeating: elevations[0], count: azimuths.count)
        }
        guard elevations.count == azimuths.count else {
            throw ValidationError("--elevations takes one number, or one for each azimuth")
        }
        if paired, times.count != azimuths.count {
            throw ValidationError("--paired needs as many azimuths as times")
        }
        return .given(times: times, places: Array(zip(azimuths, elevations)), paired: paired)
    }
}

extension Picturing.Path: ExpressibleByArgument {}
extension Manifest.Lights.Preset: ExpressibleByArgument {}
extension Manifest.Culling: ExpressibleByArgument {}
extension Manifest.World: ExpressibleByArgument {}
