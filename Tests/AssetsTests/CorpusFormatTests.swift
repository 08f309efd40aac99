import Assets
import Foundation
import Geometry
import Testing

/// Real files of assimp's test models. Runs where `MUYBRIDGE_CORPUS` names the folder that holds
/// them.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["MUYBRIDGE_CORPUS"] != nil))
struct CorpusFormatTests {
    static func load(_ name: String) throws -> AnimatedAsset {
        let corpus = try #require(ProcessInfo.processInfo.environment["MUYBRIDGE_CORPUS"])
        return try AssetLoader().load(path: corpus + "/" + name)
    }

    /// Boxes that Blender 4.2.0 (the bpy package) puts around the posed mesh at frames 1, 7, 13 and
    /// 21 of 24 a second, turned to Y up. All vertices agreed with Blender's to 2e-7 of the box.
    @Test func skeletonMovesAsInBlender() throws {
        let asset = try Self.load("animation_with_skeleton.fbx")
        #expect(asset.clips.count == 1)
        #expect(asset.clips[0].start == 0 && abs(asset.clips[0].end - 20.0 / 24) < 1e-6)
        #expect(asset.warnings.isEmpty && asset.missingTextures.isEmpty)
        let mesh = try asset.mesh(clip: 0, times: [0, 6.0 / 24, 12.0 / 24, 20.0 / 24])
        #expect(mesh.triangleCount == 2112)
        let boxes: [(SIMD3<Float>, SIMD3<Float>)] = [
            (SIMD3(-36.4201, -0.916669, -0.916663), SIMD3(34.7913, 0.916666, 0.916715)),
            (SIMD3(-36.4201, -1.5108, -0.916663), SIMD3(34.7913, 2.79156, 0.916715)),
            (SIMD3(-36.4201, -2.00077, -0.916663), SIMD3(34.7913, 4.38502, 0.916715)),
            (SIMD3(-36.4201, -2.00077, -0.916663), SIMD3(34.7913, 4.38502, 0.916715)),
        ]
        for (t, box) in boxes.enumerated() {
            let bounds = mesh.bounds(ofFrame: t)
            #expect(length(bounds.minimum - box.0) < 2e-4)
            #expect(length(bounds.maximum - box.1) < 2e-4)
        }
    }

    /// The file's one bone has a rest rotation and, at its first key, none and the place
    /// (1, -1, 0) in an armature that stands at (1, -1, 0); the bound cube of side 2 stands at
    /// (0, 0, 1), all with Z up.
    @Test func nestedBoxFollowsItsBone() throws {
        let asset = try Self.load("box_nested_animation.dae")
        #expect(asset.clips.count == 1)
        #expect(abs(asset.clips[0].start - 1.0 / 24) < 1e-6)
        #expect(abs(asset.clips[0].end - 40.0 / 24) < 1e-5)
        var cube: [SIMD3<Double>] = []
        for x in [-1.0, 1] {
            for y in [-1.0, 1] { cube += [SIMD3(x, y, 0), SIMD3(x, y, 2)] }
        }
        let rest = try asset.mesh(clip: nil, times: [0])
        #expect(
            distance(points(rest), cube.map { Written.yUpFromZUp.transform(point: $0) }) < 1e-5)
        let bone =
            Written.translation(1, -1, 0)
            * Matrix4(rowMajor: [
                0.7886751, -0.5773503, -0.211325, 0, 0.2113248, 0.5773503, -0.7886751, 0,
                0.5773503, 0.5773503, 0.5773502, 0, 0, 0, 0, 1,
            ])
        let moved =
            Written.yUpFromZUp * Written.translation(2, -2, 0) * (try #require(bone.affineInverse))
        let mesh = try asset.mesh(clip: 0, times: [asset.clips[0].start])
        #expect(distance(points(mesh), cube.map { moved.transform(point: $0) }) < 1e-5)
    }

    @Test func summariesNameEveryAsset() throws {
        let corpus = try #require(ProcessInfo.processInfo.environment["MUYBRIDGE_CORPUS"])
        let found = try AssetLoader.discover(in: corpus)
        #expect(found.assets.contains { $0.identity == "Fox" && $0.layout == .gltf })
        for discovered in found.assets {
            let asset = try AssetLoader(layout: discovered.layout).load(path: discovered.path)
            let summary = AssetSummary(asset, boundsSampleCount: 2, measuredClipCount: 1)
            #expect(summary.vertexCount > 0 && summary.clips.count == asset.clips.count)
            #expect(asset.clips.isEmpty || summary.clips[0].bounds.count == 2)
        }
    }
}
