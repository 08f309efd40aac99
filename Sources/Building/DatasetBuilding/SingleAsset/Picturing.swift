import Assets
import Foundation
import Geometry
import Imaging
import Rendering
import ShardStore

/// Renders pictures of one asset into a folder.
public struct Picturing {
    /// A camera path of the command line.
    public enum Path: String, Sendable, CaseIterable {
        /// Around the asset, its last view one step before the first.
        case orbit
        /// From one place.
        case fixed
        /// The orbit around the asset held at its first frame.
        case frozen
        /// Four cameras at right angles, at each time.
        case fourView = "four-view"
        /// Cameras all around the first frame.
        case sphere
    }

    /// Which pictures are made.
    public enum Views {
        /// Times of the clip, and places (azimuth and elevation in degrees): all pairs, or the
        /// i-th time from the i-th place.
        case given(times: [Double], places: [(azimuth: Double, elevation: Double)], paired: Bool)
        /// Frames spread over the whole clip, along a path.
        case path(Path, frames: Int, azimuth: Double, elevation: Double)
    }

    private let views: Views
    private let normalisation: Normalisation
    private let size: Int
    private let samples: Int
    private let distance: Double
    private let fieldOfViewDegrees: Double
    private let lights: Manifest.Lights
    private let culling: Manifest.Culling
    private let world: Manifest.World
    private let outputs: [Manifest.Output]

    /// How pictures are made; see ``Manifest/Rendering`` for the parameters.
    public init(
        views: Views, normalisation: Normalisation, size: Int, samples: Int, distance: Double,
        fieldOfViewDegrees: Double, lights: Manifest.Lights, culling: Manifest.Culling,
        world: Manifest.World, outputs: [Manifest.Output]
    ) {
        self.views = views
        self.normalisation = normalisation
        self.size = size
        self.samples = samples
        self.distance = distance
        self.fieldOfViewDegrees = fieldOfViewDegrees
        self.lights = lights
        self.culling = culling
        self.world = world
        self.outputs = outputs
    }

    /// Renders one clip (nil: the rest pose) into `folder`: `color_000.png`, `depth_000.npy`, ...
    /// and `transforms.json`.
    ///
    /// - Throws: `AssetError`, `RenderingError`, or the file system's error.
    public func picture(_ asset: AnimatedAsset, clip: Int?, to folder: String) throws {
        var mesh = try asset.mesh(clip: clip, times: times(of: asset, clip: clip))
        mesh.normalise(normalisation)
        let shots = shots(frameCount: mesh.frameCount)
        let renderer = try Renderer(
            mesh: mesh,
            settings: RenderSettings(
                width: size, height: size, samples: SampleCount(rawValue: samples) ?? .four,
                lights: Studio.lights(lights) {
                    KeyedRandom(seed: 0, asset: asset.name, purpose: $0)
                }, outputs: Studio.outputs(outputs), culling: Studio.culling(culling)))
        let output = try OutputFolder(folder)
        let frames = renderer.renderVideo(shots)
        for want in outputs { try write(want, of: frames, to: output) }
        let file = TransformsFile(
            views: shots, times: mesh.times, world: world == .blender ? .blender : .muybridge,
            filePath: { "color_\(Picturing.number($0)).png" })
        try output.write(Array(try file.encoded()), as: "transforms.json")
    }

    private func times(of asset: AnimatedAsset, clip: Int?) -> [Double] {
        switch views {
        case .given(let times, _, _): return times
        case .path(_, let frames, _, _):
            guard let clip else { return [Double](repeating: 0, count: frames) }
            return Timeline.uniform(count: frames, periodic: false).times(for: asset.clips[clip])
        }
    }

    private func shots(frameCount: Int) -> [View] {
        let framing = Framing(
            distance: distance, fieldOfViewXDegrees: fieldOfViewDegrees, width: size, height: size)
        switch views {
        case .given(_, let places, let paired):
            let cameras = places.map {
                framing.camera(azimuthDegrees: $0.azimuth, elevationDegrees: $0.elevation)
            }
            if paired { return cameras.enumerated().map { View(frame: $0, camera: $1) } }
            return (0..<frameCount).flatMap { frame in
                cameras.enumerated().map { View(frame: frame, camera: $1, track: $0) }
            }
        case .path(let path, _, let azimuth, let elevation):
            return cameraPath(path, azimuth, elevation).views(
                frameCount: frameCount, framing: framing)
        }
    }

    private func cameraPath(_ path: Path, _ azimuth: Double, _ elevation: Double) -> CameraPath {
        switch path {
        case .orbit, .frozen:
            .orbit(
                startAzimuthDegrees: azimuth, elevationDegrees: elevation, periodic: true,
                frozen: path == .frozen)
        case .fixed: .fixed(azimuthDegrees: azimuth, elevationDegrees: elevation)
        case .fourView: .fourView(startAzimuthDegrees: azimuth, elevationDegrees: elevation)
        case .sphere: .sphere(count: 24, frozen: true)
        }
    }

    private func write(
        _ output: Manifest.Output, of frames: [RenderedFrame], to folder: OutputFolder
    ) throws {
        let files = try concurrentMap(frames.count) { i in
            try SampleFields.single(
                output, of: frames[i], named: "\(output.rawValue)_\(Picturing.number(i))")
        }
        for field in files { try folder.write(field) }
    }

    private static func number(_ i: Int) -> String { String(format: "%03d", i) }
}
