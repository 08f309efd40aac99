import Foundation
import Geometry
import Imaging
import Rendering
import ShardStore

/// The members of a shard that one sample becomes.
enum SampleFields {
    /// The pictures, camera files and arrays that the manifest asks for.
    static func fields(
        _ manifest: Manifest, studio: Studio, sequence: MeshSequence
    ) throws -> [Field] {
        var fields: [Field] = []
        for video in manifest.videos {
            fields += try pictures(video, studio: studio)
            fields.append(try cameras(video, studio: studio, times: sequence.times, manifest))
        }
        for array in manifest.store.arrays {
            fields.append(contentsOf: try meshArray(array, sequence))
        }
        return fields
    }

    private static func pictures(
        _ video: Manifest.VideoRecipe, studio: Studio
    ) throws -> [Field] {
        let frames = try studio.frames(of: video.name)
        return try video.outputs.flatMap { output -> [Field] in
            if output == .color {
                return try concurrentMap(frames.count) { i in
                    try single(.color, of: frames[i], named: "\(video.name).\(number(i))")
                }
            }
            return [
                try array(
                    output, of: frames, shape: [frames.count],
                    named: "\(video.name).\(output.rawValue)")
            ]
        }
    }

    /// One output of one frame as a field: `NAME.png` for colour, else `NAME.npy` of `[H, W]` or
    /// `[H, W, C]`.
    static func single(
        _ output: Manifest.Output, of frame: RenderedFrame, named name: String
    ) throws -> Field {
        guard output == .color else {
            return try array(output, of: [frame], shape: [], named: name)
        }
        guard let color = frame.color else { preconditionFailure("colour is always rendered") }
        return Field("\(name).png", bytes: try color.pngEncoded())
    }

    /// The values of frames one after another; `shape` is what comes before `[H, W]`.
    private static func array(
        _ output: Manifest.Output, of frames: [RenderedFrame], shape: [Int], named name: String
    ) throws -> Field {
        func floats(_ image: (RenderedFrame) -> FloatImage?) throws -> Field {
            let images = frames.compactMap(image)
            let channels = images[0].channels == 1 ? [] : [images[0].channels]
            return try Field(
                "\(name).npy", images.flatMap(\.values),
                shape: shape + [images[0].height, images[0].width] + channels)
        }
        func indices(_ image: (RenderedFrame) -> IndexImage?) throws -> Field {
            let images = frames.compactMap(image)
            return try Field(
                "\(name).npy", images.flatMap(\.values),
                shape: shape + [images[0].height, images[0].width])
        }
        switch output {
        case .color: preconditionFailure("colour is written as PNG")
        case .depth: return try floats(\.depth)
        case .normal: return try floats(\.normal)
        case .position: return try floats(\.position)
        case .flow: return try floats(\.flow)
        case .sceneFlow: return try floats(\.sceneFlow)
        case .triangleID: return try indices(\.triangleID)
        case .partID: return try indices(\.partID)
        }
    }

    private static func cameras(
        _ video: Manifest.VideoRecipe, studio: Studio, times: [Double], _ manifest: Manifest
    ) throws -> Field {
        let file = TransformsFile(
            views: studio.views(of: video.name), times: times,
            world: manifest.rendering.world == .blender ? .blender : .muybridge,
            filePath: { "\(video.name).\(number($0)).png" })
        return Field("\(video.name).transforms.json", bytes: Array(try file.encoded()))
    }

    /// The arrays of a mesh by their names: see ``Manifest/MeshArray``.
    static func meshArray(
        _ array: Manifest.MeshArray, _ sequence: MeshSequence
    ) throws -> [Field] {
        let t = sequence.frameCount, v = sequence.vertexCount
        switch array {
        case .positions:
            return [try Field("positions.npy", sequence.positions.scalars, shape: [t, v, 3])]
        case .normals:
            guard !sequence.normals.isEmpty else { return [] }
            return [try Field("normals.npy", sequence.normals.scalars, shape: [t, v, 3])]
        case .triangles:
            return [
                try Field(
                    "triangles.npy", sequence.triangles, shape: [sequence.triangleCount, 3])
            ]
        case .uvs:
            guard let uvs = sequence.uvSets.first else { return [] }
            return [try Field("uvs.npy", uvs.flatMap { [$0.x, $0.y] }, shape: [v, 2])]
        }
    }

    private static func number(_ i: Int) -> String { String(format: "%03d", i) }
}
