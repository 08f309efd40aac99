import Foundation
import Geometry
import Imaging
import Rendering

/// The videos of one sequence, rendered when somebody asks and at most once: rules that look at
/// three frames cost three frames, and what they looked at is not rendered again for the shard.
final class Studio {
    /// One video of the manifest, with its cameras.
    private struct Film {
        let recipe: Manifest.VideoRecipe
        let views: [View]
        var frames: [RenderedFrame?]
    }

    private let rendering: Manifest.Rendering
    let sequence: MeshSequence
    private let lights: LightRig
    private var films: [String: Film] = [:]
    private var renderers: [RenderOutputs: Renderer] = [:]
    private let draw: (String) -> KeyedRandom

    /// The name of the front view that measures look at where the manifest stores none.
    static let impliedFront = Manifest.VideoRecipe(
        name: "(front)", path: .fixed, azimuth: .degrees(0), elevation: .degrees(0),
        periodic: false, count: 1, frozen: nil, anglesOf: "(front)", fit: nil, outputs: [.color])

    /// A studio for one asset's sequence.
    ///
    /// - Parameter draw: the generator for a purpose, keyed by the manifest's seed and the asset.
    init(
        sequence: MeshSequence, videos: [Manifest.VideoRecipe], rendering: Manifest.Rendering,
        draw: @escaping (String) -> KeyedRandom
    ) throws {
        self.sequence = sequence
        self.rendering = rendering
        self.draw = draw
        lights = Studio.lights(rendering.lights, draw: draw)
        for recipe in videos + [Studio.impliedFront] {
            let views = try views(recipe)
            films[recipe.name] = Film(
                recipe: recipe, views: views,
                frames: [RenderedFrame?](repeating: nil, count: views.count))
        }
    }

    static func lights(
        _ lights: Manifest.Lights, draw: (String) -> KeyedRandom
    ) -> LightRig {
        switch lights.preset {
        case .unlit: return .unlit
        case .uniform: return .uniform
        case .area: return .area
        case .fourSuns:
            guard let s = lights.strengths else {
                var random = draw("lights")
                return .fourSuns(drawnWith: &random)
            }
            return .fourSuns(key: s.x, fill: s.y, rim: s.z, bottom: s.w)
        }
    }

    // MARK: Cameras

    private func views(_ recipe: Manifest.VideoRecipe) throws -> [View] {
        let path = cameraPath(recipe)
        let framing = Framing(
            distance: rendering.distance, fieldOfViewXDegrees: rendering.fieldOfViewDegrees,
            width: rendering.size, height: rendering.size)
        let views = path.views(frameCount: sequence.frameCount, framing: framing)
        guard let share = recipe.fit else { return views }
        return try Fitting.fit(views, of: sequence, share: share) { views in
            try render(views, at: Array(views.indices), outputs: .color).compactMap(\.color)
        }
    }

    private func cameraPath(_ recipe: Manifest.VideoRecipe) -> CameraPath {
        func degrees(_ angle: Manifest.VideoRecipe.Angle, _ purpose: String) -> Double {
            switch angle {
            case .degrees(let value): return value
            case .drawn(let range):
                var random = draw("camera.\(recipe.anglesOf).\(purpose)")
                return random.uniform(range)
            }
        }
        let azimuth = degrees(recipe.azimuth, "azimuth")
        let elevation = degrees(recipe.elevation, "elevation")
        let frozen = recipe.frozen != nil
        switch recipe.path {
        case .orbit:
            return .orbit(
                startAzimuthDegrees: azimuth, elevationDegrees: elevation,
                periodic: recipe.periodic, frozen: frozen)
        case .fixed: return .fixed(azimuthDegrees: azimuth, elevationDegrees: elevation)
        case .fourView:
            return .fourView(startAzimuthDegrees: azimuth, elevationDegrees: elevation)
        case .sphere: return .sphere(count: recipe.count, frozen: true)
        }
    }

    // MARK: Pictures

    /// How many frames a video has.
    func frameCount(of video: String) -> Int { films[video]?.views.count ?? 0 }

    /// The views of a video of the manifest.
    func views(of video: String) -> [View] { films[video]?.views ?? [] }

    /// Some frames of a video, in the order asked for.
    func frames(of video: String, at indices: [Int]) throws -> [RenderedFrame] {
        guard var film = films[video] else { return [] }
        let missing = Set(indices.filter { film.frames[$0] == nil }).sorted()
        if !missing.isEmpty {
            let rendered = try render(
                film.views, at: missing, outputs: Studio.outputs(film.recipe.outputs))
            for (i, frame) in zip(missing, rendered) { film.frames[i] = frame }
            films[video] = film
        }
        return indices.map { film.frames[$0]! }
    }

    /// All frames of a video.
    func frames(of video: String) throws -> [RenderedFrame] {
        try frames(of: video, at: Array(0..<frameCount(of: video)))
    }

    /// Six pictures of the front view, side by side: what contact sheets show.
    func previewStrip(side: Int, count: Int = 6) throws -> Image {
        let framing = Framing(
            distance: rendering.distance, fieldOfViewXDegrees: rendering.fieldOfViewDegrees,
            width: side, height: side)
        let frames = (0..<count).map { $0 * sequence.frameCount / count }
        let views = frames.enumerated().map { i, frame in
            View(
                frame: frame,
                camera: framing.camera(
                    azimuthDegrees: 60 * Double(i) / Double(count), elevationDegrees: 10))
        }
        let renderer = try Renderer(
            mesh: sequence,
            settings: RenderSettings(
                width: side, height: side, samples: .four, lights: lights, outputs: .color,
                culling: Studio.culling(rendering.culling), threads: 1))
        let pictures = try concurrentMap(views.count) { renderer.render(views[$0]).color }
        var strip = Image(width: side * count, height: side)
        for (i, picture) in pictures.enumerated() {
            if let picture { strip.paste(picture, x: i * side, y: 0) }
        }
        return strip
    }

    /// Renders some views of a video; flow leads to the next view of the same track.
    private func render(
        _ views: [View], at indices: [Int], outputs: RenderOutputs
    ) throws -> [RenderedFrame] {
        let renderer = try renderer(outputs: outputs)
        return try concurrentMap(indices.count) { i in
            let view = views[indices[i]]
            let next = views[(indices[i] + 1)...].first { $0.track == view.track }
            return renderer.render(view, next: next)
        }
    }

    private func renderer(outputs: RenderOutputs) throws -> Renderer {
        if let known = renderers[outputs] { return known }
        let renderer = try Renderer(
            mesh: sequence,
            settings: RenderSettings(
                width: rendering.size, height: rendering.size,
                samples: SampleCount(rawValue: rendering.samples) ?? .four, lights: lights,
                outputs: outputs, culling: Studio.culling(rendering.culling),
                // One picture a core; the pictures do not depend on it.
                threads: 1))
        renderers[outputs] = renderer
        return renderer
    }

    static func culling(_ culling: Manifest.Culling) -> BackFaceCulling {
        culling == .never ? .never : .byMaterial
    }

    static func outputs(_ outputs: [Manifest.Output]) -> RenderOutputs {
        outputs.reduce(into: .color) { set, output in
            switch output {
            case .color: set.insert(.color)
            case .depth: set.insert(.depth)
            case .normal: set.insert(.normal)
            case .position: set.insert(.position)
            case .triangleID: set.insert(.triangleID)
            case .partID: set.insert(.partID)
            case .flow: set.insert(.flow)
            case .sceneFlow: set.insert(.sceneFlow)
            }
        }
    }
}
