import Assets
import Foundation
import Geometry
import Imaging
import MeshFiles
import TestSupport
import Testing

/// Sequences come back from GLB files through the project's own reader, which shares no code with
/// the writer.
@Suite struct AnimatedGLBTests {
    private func loaded(_ document: GLTFDocument) throws -> AnimatedAsset {
        try TemporaryFolder.using { folder in
            let url = folder.appending(path: "a.glb")
            try document.glb().write(to: url)
            return try AssetLoader().load(path: url.path)
        }
    }

    /// The corner points of the triangles that are not shrunk to a point.
    private func visible(_ sequence: MeshSequence, frame: Int) -> [SIMD3<Float>] {
        let mesh = sequence.mesh(ofFrame: frame)
        return (0..<mesh.triangleCount).flatMap { f -> [SIMD3<Float>] in
            let (a, b, c) = mesh.points(f)
            return a == b && b == c ? [] : [a, b, c]
        }
    }

    private func corners(_ mesh: TriangleMesh) -> [SIMD3<Float>] {
        mesh.triangles.map { mesh.positions[Int($0)] }
    }

    @Test(arguments: [8.0, 24, 30, 23.976])
    func framesOfAnyTopologyAreSeenInTheirTimeAlone(rate: Double) throws {
        let frames = (0..<9).map { RandomMeshes.mesh($0) }
        let asset = try loaded(GLTFDocument(frames: frames, framesPerSecond: rate))
        #expect(asset.warnings.isEmpty)
        #expect(asset.clips.count == 1)
        #expect(asset.clips[0].start == 0)
        #expect(abs(asset.clips[0].end - 9 / rate) < 1e-6)
        // At the beginning of a frame, in its middle, and just before its end.
        for within in [0, 0.5, 0.999] {
            let times = frames.indices.map { (Double($0) + within) / rate }
            let read = try asset.mesh(clip: 0, times: times)
            for (t, frame) in frames.enumerated() {
                #expect(visible(read, frame: t) == corners(frame), "frame \(t) at \(times[t])")
            }
        }
        // The end of the clip holds the last frame; the rest pose shows the first.
        let end = try asset.mesh(clip: 0, times: [9 / rate])
        #expect(visible(end, frame: 0) == corners(frames[8]))
        let rest = try asset.mesh(clip: nil, times: [0])
        #expect(visible(rest, frame: 0) == corners(frames[0]))
    }

    @Test func emptyFramesShowNothing() throws {
        var frames = (0..<6).map { RandomMeshes.mesh($0) }
        for t in [0, 3, 5] { frames[t] = TriangleMesh() }
        let asset = try loaded(GLTFDocument(frames: frames, framesPerSecond: 10))
        let read = try asset.mesh(clip: 0, times: (0..<6).map { Double($0) / 10 })
        for (t, frame) in frames.enumerated() {
            #expect(visible(read, frame: t) == corners(frame))
        }
        #expect(abs(asset.clips[0].end - 0.6) < 1e-6)
        let rest = try asset.mesh(clip: nil, times: [0])
        #expect(visible(rest, frame: 0) == corners(frames[1]))
    }

    @Test func sequenceOfNothingIsStillAFile() throws {
        let none = [TriangleMesh](repeating: TriangleMesh(), count: 3)
        let glb = try GLTFDocument(frames: none, framesPerSecond: 10).glb()
        #expect(glb.prefix(4) == Data("glTF".utf8))
        #expect(!String(decoding: glb, as: UTF8.self).contains("\"buffers\""))
    }

    @Test(arguments: 0..<6) func morphedFramesComeBack(number: Int) throws {
        let first = RandomMeshes.mesh(number)
        let frames = (0..<7).map { $0 == 0 ? first : RandomMeshes.moved(first, $0) }
        let document = try GLTFDocument(frames: frames, framesPerSecond: 16)
        #expect(document.meshes.count == 1)
        let asset = try loaded(document)
        #expect(asset.warnings.isEmpty)
        #expect(asset.clips[0].end == 6.0 / 16)
        let read = try asset.mesh(clip: 0, times: (0..<7).map { Double($0) / 16 })
        #expect(read.triangles == first.triangles)
        for (t, frame) in frames.enumerated() {
            let found = read.mesh(ofFrame: t)
            for v in 0..<first.vertexCount {
                let (p, q, base) = (found.positions[v], frame.positions[v], first.positions[v])
                for axis in 0..<3 {
                    // Half a unit in the last place of the displacement and of the sum.
                    let bound =
                        Double(abs(q[axis] - base[axis]).ulp) / 2 + Double(q[axis].ulp) / 2
                    #expect(abs(Double(p[axis]) - Double(q[axis])) <= bound)
                    if t == 0 { #expect(p[axis] == q[axis]) }
                }
            }
        }
        // Halfway, vertices are halfway.
        let between = try asset.mesh(clip: 0, times: [2.5 / 16])
        let middle = Vector3Array(
            zip(frames[2].positions, frames[3].positions).map { ($0 + $1) / 2 })
        #expect(maximumDistance(between.positions, middle) < 1e-6)
    }

    @Test func morphedNormalsAreThoseOfEveryFrame() throws {
        let sphere = Shapes.sphere(radius: 0.4, rows: 16)
        let frames = (0..<4).map { t in
            TriangleMesh(
                positions: Vector3Array(
                    sphere.positions.map { $0 * SIMD3(1, 1 - 0.2 * Float(t), 1) }),
                triangles: sphere.triangles)
        }
        let asset = try loaded(GLTFDocument(frames: frames, framesPerSecond: 8))
        let read = try asset.mesh(clip: 0, times: [0, 0.125, 0.25, 0.375])
        #expect(!read.normals.isEmpty)
        for t in 0..<4 {
            let expected = frames[t].areaWeightedNormals
            let found = Vector3Array(read.vertexRange(ofFrame: t).map { read.normals[$0] })
            #expect(maximumDistance(found, expected) < 1e-5)
        }
    }

    @Test func steppedMorphingHoldsEveryFrame() throws {
        let first = RandomMeshes.mesh(2)
        let frames = (0..<3).map { $0 == 0 ? first : RandomMeshes.moved(first, $0) }
        let asset = try loaded(
            GLTFDocument(frames: frames, framesPerSecond: 24, interpolation: .step))
        #expect(abs(asset.clips[0].end - 3.0 / 24) < 1e-6)
        for within in [0, 0.7] {
            let read = try asset.mesh(clip: 0, times: (0..<3).map { (Double($0) + within) / 24 })
            for t in 0..<3 {
                #expect(
                    maximumDistance(read.mesh(ofFrame: t).positions, frames[t].positions) < 1e-6)
            }
        }
    }

    @Test func framesOfOneTopologyMayBePlayedFrameByFrame() throws {
        let first = RandomMeshes.mesh(4)
        let frames = [first, RandomMeshes.moved(first, 1), first]
        let document = try GLTFDocument(
            frames: frames, framesPerSecond: 24, playback: .frameByFrame)
        #expect(document.meshes.count == 3)
        let read = try loaded(document).mesh(clip: 0, times: (0..<3).map { Double($0) / 24 })
        for t in 0..<3 { #expect(visible(read, frame: t) == corners(frames[t])) }
    }

    /// A sequence with parts, UVs, colours, a texture and uneven times.
    @Test func sequencesKeepWhatTheyAreMadeOf() throws {
        let first = RandomMeshes.mesh(1)
        let (v, f) = (first.vertexCount, first.triangleCount)
        let second = RandomMeshes.moved(first, 1)
        var image = Image(width: 2, height: 2)
        image.fill(SIMD3(200, 30, 90), columns: 0..<1, rows: 0..<2)
        let sequence = MeshSequence(
            times: [3, 3.5, 5], vertexCount: v,
            positions: Vector3Array(
                scalars: first.positions.scalars + second.positions.scalars
                    + first.positions.scalars),
            triangles: first.triangles,
            uvSets: [(0..<v).map { SIMD2(Float($0) / Float(v), 0.25) }],
            colors: (0..<v).map { SIMD4(Float($0) / Float(v), 0, 1, 1) },
            parts: [
                MeshPart(name: "a", triangles: 0..<f / 2, material: 1),
                MeshPart(name: "b", triangles: f / 2..<f, material: 0),
            ],
            materials: [
                Material(name: "red", baseColor: SIMD4(1, 0, 0, 1)),
                Material(
                    name: "picture", baseColorTexture: TextureReference(texture: 0),
                    roughness: 0.5),
            ], textures: [Texture(name: "t", image: image)])
        let asset = try loaded(GLTFDocument(sequence))
        #expect(asset.warnings.isEmpty)
        #expect(asset.clips[0].end == 2)
        let read = try asset.mesh(clip: 0, times: [0, 0.5, 2])
        for t in 0..<3 {
            let found = read.mesh(ofFrame: t)
            let expected = corners(sequence.mesh(ofFrame: t))
            let points = corners(found)
            #expect(points.count == expected.count)
            #expect(maximumDistance(Vector3Array(points), Vector3Array(expected)) < 1e-6)
        }
        for (i, corner) in read.triangles.enumerated() {
            let source = Int(sequence.triangles[i])
            #expect(read.uvSets[0][Int(corner)] == sequence.uvSets[0][source])
            #expect(read.colors[Int(corner)] == sequence.colors[source])
        }
        #expect(read.parts.map(\.triangles) == sequence.parts.map(\.triangles))
        #expect(read.parts.map { read.materials[$0.material].name } == ["picture", "red"])
        #expect(read.textures[0].image == image)
    }

    @Test func whatCannotBePlayedIsRefused() throws {
        let first = RandomMeshes.mesh(1)
        #expect(throws: MeshFileError.differentTriangles(frame: 1)) {
            try GLTFDocument(
                frames: [first, RandomMeshes.mesh(2)], framesPerSecond: 24,
                playback: .morphTargets)
        }
        for rate in [0, -1, Double.nan, .infinity, 1e60] {
            let error = #expect(throws: MeshFileError.self) {
                try GLTFDocument(frames: [first, first], framesPerSecond: rate)
            }
            #expect(error?.description.contains("frame rate") == true)
        }
        var broken = first
        broken.positions[2] = SIMD3(0, .nan, 0)
        #expect(throws: MeshFileError.notFinite(frame: 1, vertex: 2)) {
            try GLTFDocument(frames: [first, broken], framesPerSecond: 24)
        }
        var still = MeshSequence(
            times: [0, 0], vertexCount: first.vertexCount,
            positions: Vector3Array(scalars: first.positions.scalars + first.positions.scalars),
            triangles: first.triangles)
        #expect(throws: MeshFileError.self) { try GLTFDocument(still) }
        still.times = [0, 1]
        #expect(try GLTFDocument(still).animations.count == 1)
    }
}
