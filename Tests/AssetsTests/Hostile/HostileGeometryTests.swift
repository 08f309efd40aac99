import Assets
import Foundation
import Geometry
import TestSupport
import Testing

/// Assets that are well-formed and make no sense: each loads into something that can be sampled,
/// or is refused.
@Suite struct HostileGeometryTests {
    /// A triangle with the given corners.
    private static func mesh(_ corners: [Float]) throws -> MeshSequence {
        var draft = GLTFDraft()
        let positions = draft.floats(corners, "VEC3")
        draft.add("meshes", ["primitives": [["attributes": ["POSITION": positions]]]])
        draft.add("nodes", ["mesh": 0])
        return try draft.load().mesh(clip: nil, times: [0, 1])
    }

    private static let corners: [[Float]] = [
        [.nan, 0, 0, 1, 0, 0, 0, 1, 0], [.infinity, 0, 0, 1, -.infinity, 0, 0, 1, 0],
        [3e38, 3e38, 3e38, -3e38, -3e38, -3e38, 0, 1, 0],
        [Float](repeating: 1, count: 9), [Float](repeating: 0, count: 9),
        [0, 0, 0, 1, 0, 0, 2, 0, 0], [2e-38, 0, 0, 0, 2e-38, 0, 0, 0, 2e-38],
    ]

    @Test(arguments: corners)
    func cornersThatMakeNoTriangle(corners: [Float]) throws {
        var mesh = try Self.mesh(corners)
        #expect(mesh.vertexCount == 3 && mesh.triangleCount == 1)
        // Whatever its size, it can be brought into the unit cube.
        let places = mesh.normalise(Normalisation(shape: .unitCube, extent: .allFrames))
        #expect(places.count == 2)
        #expect(mesh.vertexCount == 3)
    }

    /// A node that a clip moves by keys at the given times.
    private static func animated(times: [Float]) throws -> AnimatedAsset {
        var draft = GLTFDraft()
        draft.add("nodes", ["mesh": draft.triangle()])
        draft.animate(
            "translation", times: times,
            values: times.indices.flatMap { [Float($0), 0, 0] }, type: "VEC3", node: 0)
        return try draft.load()
    }

    private static func places(
        _ asset: AnimatedAsset, _ timeline: Timeline = .uniform(count: 4, periodic: false)
    ) throws -> [Float] {
        let times = try timeline.times(for: asset, clip: 0)
        let mesh = try asset.mesh(clip: 0, times: times)
        return (0..<mesh.frameCount).map { mesh.positions[$0 * mesh.vertexCount].x }
    }

    @Test func clipsWithoutLength() throws {
        for times in [[0], [5], [2, 2, 2]] as [[Float]] {
            let asset = try Self.animated(times: times)
            #expect(asset.clips.count == 1 && asset.clips[0].duration == 0)
            for timeline in [
                Timeline.uniform(count: 4, periodic: true),
                .rate(framesPerSecond: 24, start: 0, count: 4),
                .window(count: 4, framesPerSecond: 24),
            ] {
                let places = try Self.places(asset, timeline)
                #expect(places.count == 4 && Set(places).count == 1 && places[0].isFinite)
            }
        }
    }

    @Test func keysOutOfOrder() throws {
        let asset = try Self.animated(times: [3, 0, 2, 1])
        #expect(asset.clips[0].start == 0 && asset.clips[0].end == 3)
        // Sorted by time: key 1 at 0, key 3 at 1, key 2 at 2, key 0 at 3.
        #expect(try Self.places(asset) == [1, 3, 2, 0])
        #expect(asset.warnings.contains { $0.contains("out of order") })
    }

    private static let noTimes: [[Float]] = [
        [.nan, 1], [0, .infinity], [-.infinity, .nan],
    ]

    @Test(arguments: noTimes)
    func keysAtNoTime(times: [Float]) throws {
        let asset = try Self.animated(times: times)
        #expect(asset.clips.isEmpty && !asset.warnings.isEmpty)
    }

    @Test func keysOfExtremeValues() throws {
        let asset = try Self.animated(times: [-3e38, 0, 3e38])
        #expect(try Self.places(asset).count == 4)
    }

    @Test func aThousandClips() throws {
        var draft = GLTFDraft()
        draft.add("nodes", ["mesh": draft.triangle()])
        for i in 0..<1000 {
            draft.animate(
                "translation", times: [0, 1], values: [0, 0, 0, Float(i), 0, 0], type: "VEC3",
                node: 0)
        }
        let asset = try draft.load()
        #expect(asset.clips.count == 1000)
        #expect(try asset.mesh(clip: 999, times: [1]).positions[0].x == 999)
    }

    /// A chain of 500 joints, each half a metre from the last, that all turn.
    @Test func aChainOfFiveHundredJoints() throws {
        var draft = GLTFDraft()
        let joints = draft.accessor(
            [499, 0, 0, 0, 499, 0, 0, 0, 499, 0, 0, 0] as [UInt16], "VEC4", component: 5123)
        let weights = draft.floats([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], "VEC4")
        let mesh = draft.triangle(["JOINTS_0": joints, "WEIGHTS_0": weights])
        for i in 0..<500 {
            var node: [String: Any] = ["translation": [i == 0 ? 0 : 0.5, 0, 0]]
            if i < 499 { node["children"] = [i + 1] }
            draft.add("nodes", node)
        }
        draft.add("nodes", ["mesh": mesh, "skin": 0])
        draft.add("skins", ["joints": Array(0..<500)])
        let posed = try draft.load().mesh(clip: nil, times: [0])
        #expect(posed.positions[0] == SIMD3(249.5, 0, 0))
    }

    @Test func skinsOfCirclesAreRefused() throws {
        var draft = GLTFDraft()
        let joints = draft.accessor([UInt8](repeating: 0, count: 12), "VEC4", component: 5121)
        let weights = draft.floats([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], "VEC4")
        let mesh = draft.triangle(["JOINTS_0": joints, "WEIGHTS_0": weights])
        draft.add("nodes", ["mesh": mesh, "skin": 0])
        draft.add("nodes", ["children": [2]])
        draft.add("nodes", ["children": [3]])
        draft.add("nodes", ["children": [1]])
        draft.add("skins", ["joints": [1, 2, 3], "skeleton": 1])
        let error = #expect(throws: AssetError.self) { try draft.load() }
        #expect(error?.description.contains("children of themselves") == true)
        // A joint may be named twice, and the mesh's own node may be a joint.
        draft.json["nodes"] = [["mesh": 0, "skin": 0], ["children": [2]], [:], [:]]
        draft.json["skins"] = [["joints": [1, 1, 0]]]
        #expect(try draft.load().mesh(clip: nil, times: [0]).vertexCount == 3)
    }

    /// Views may overlap, and an accessor may be all of its own sparse parts: nothing forbids
    /// reading the same bytes as several things.
    @Test func overlappingViews() throws {
        var draft = GLTFDraft()
        let mesh = draft.triangle()
        draft.add("nodes", ["mesh": mesh])
        draft.json["bufferViews"] = [
            ["buffer": 0, "byteLength": 36], ["buffer": 0, "byteOffset": 1, "byteLength": 35],
            ["buffer": 0, "byteOffset": 12, "byteLength": 24, "byteStride": 12],
        ]
        draft.json["accessors"] = [
            [
                "bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3",
                "sparse": [
                    "count": 2, "indices": ["bufferView": 0, "componentType": 5121],
                    "values": ["bufferView": 2],
                ],
            ] as [String: Any]
        ]
        let loaded = try draft.load().mesh(clip: nil, times: [0])
        // The first two bytes are zero: vertex 0 is replaced twice, the last time by vertex 2.
        #expect(loaded.positions[0] == SIMD3(0, 1, 0))
    }

    @Test(arguments: [
        ("byteStride", -12), ("byteStride", 1 << 62), ("byteStride", Int.max), ("byteOffset", -4),
        ("byteLength", Int.max), ("byteOffset", Int.max), ("buffer", -1),
    ])
    func impossibleViews(member: String, value: Int) throws {
        var draft = GLTFDraft()
        draft.add("nodes", ["mesh": draft.triangle()])
        var views = try #require(draft.json["bufferViews"] as? [[String: Any]])
        views[0][member] = value
        draft.json["bufferViews"] = views
        let error = #expect(throws: AssetError.self) { try draft.load() }
        guard case .malformed = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
