import Assets
import Foundation
import Geometry
import TestSupport
import Testing

/// FBX poses against the transform formula of the FBX SDK:
/// `T Roff Rp Rpre R Rpost⁻¹ Rp⁻¹ Soff Sp S Sp⁻¹`, then the geometric `T R S` for the mesh alone.
///
/// Blender 4.2.0 (the bpy package) poses the files of the first two tests and of the skin, turned
/// into binary ones, alike: within 7e-7 of the box at the keys.
@Suite struct FBXTests {
    static let corners: [SIMD3<Double>] = [
        SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(0, 2, 0), SIMD3(0, 0, 3),
    ]
    static let faces = [[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]]

    /// A file of one tetrahedron that turns about y from 30 to 60 degrees in a second.
    static func turner(_ parts: [String: [Double]]) -> FBXDraft {
        var draft = FBXDraft()
        draft.addGeometry(100, vertices: corners.flatMap { [$0.x, $0.y, $0.z] }, polygons: faces)
        draft.addModel(200, "Part", parts)
        draft.connect(200, to: 0)
        draft.connect(100, to: 200)
        draft.addStack(300, "Take", duration: 1)
        draft.addCurves(
            400, of: 200, "Lcl Rotation", layer: 301,
            ["X": [(0, 0), (1, 0)], "Y": [(0, 30), (1, 60)], "Z": [(0, 0), (1, 0)]])
        return draft
    }

    static func load(_ draft: FBXDraft) throws -> AnimatedAsset {
        let folder = TemporaryFolder()
        return try AssimpLoader.load(path: folder.write("a.fbx", draft.text))
    }

    /// Centimetres to metres.
    static let metres = Written.scale(0.01, 0.01, 0.01)

    @Test func preAndPostRotationCountOnce() throws {
        let asset = try Self.load(
            Self.turner([
                "Lcl Translation": [1, 2, 3], "PreRotation": [0, 0, 90],
                "PostRotation": [40, 0, 0],
                "Lcl Rotation": [0, 30, 0],
            ]))
        #expect(asset.format == "fbx")
        #expect(asset.clips.map(\.name) == ["Take"])
        #expect(asset.clips[0].start == 0 && abs(asset.clips[0].end - 1) < 1e-9)
        for (time, angle) in [(0.0, 30.0), (0.5, 45), (1, 60)] {
            let mesh = try asset.mesh(clip: 0, times: [time])
            let world =
                Self.metres * Written.translation(1, 2, 3) * Written.z(degrees: 90)
                * Written.y(degrees: angle) * Written.x(degrees: -40)
            let expected = Self.corners.map { world.transform(point: $0) }
            #expect(distance(points(mesh), expected) < 1e-7)
        }
        let rest = try asset.mesh(clip: nil, times: [0])
        let start = try asset.mesh(clip: 0, times: [0])
        #expect(distance(points(rest), points(start).map { SIMD3<Double>($0) }) < 1e-7)
    }

    @Test func pivotsAndOffsetsAreKept() throws {
        let asset = try Self.load(
            Self.turner([
                "Lcl Translation": [1, 2, 3], "PreRotation": [0, 0, 90],
                "RotationPivot": [1, 0, 0],
                "RotationOffset": [0, 5, 0], "ScalingPivot": [0, 0, 1],
                "ScalingOffset": [0, 0, -4],
                "Lcl Rotation": [0, 30, 0], "Lcl Scaling": [2, 1, 0.5],
                "GeometricTranslation": [0, 0, 5],
            ]))
        for (time, angle) in [(0.0, 30.0), (1, 60)] {
            let mesh = try asset.mesh(clip: 0, times: [time])
            let rotated =
                Written.translation(1, 2, 3) * Written.translation(0, 5, 0)
                * Written.translation(1, 0, 0) * Written.z(degrees: 90) * Written.y(degrees: angle)
                * Written.translation(-1, 0, 0)
            let world =
                Self.metres * rotated * Written.translation(0, 0, -4) * Written.translation(0, 0, 1)
                * Written.scale(2, 1, 0.5) * Written.translation(0, 0, -1)
                * Written.translation(0, 0, 5)
            let expected = Self.corners.map { world.transform(point: $0) }
            #expect(distance(points(mesh), expected) < 1e-6)
        }
    }

    @Test func axesAndUnitsBecomeTheProjects() throws {
        // 3ds Max: Z up, front along -y, inches.
        var draft = Self.turner(["Lcl Rotation": [0, 30, 0]])
        draft.up = (2, 1)
        draft.front = (1, -1)
        draft.unitScaleFactor = 2.54
        let mesh = try Self.load(draft).mesh(clip: 0, times: [0])
        let expected = Self.corners.map { p in
            let v = Written.y(degrees: 30).transform(point: p)
            return SIMD3(v.x, v.z, -v.y) * 0.0254
        }
        #expect(distance(points(mesh), expected) < 1e-7)
        // A left-handed file mirrors: faces turn around so that they still look outward.
        var mirrored = Self.turner(["Lcl Rotation": [0, 30, 0]])
        mirrored.right = (0, -1)
        let inverted = try Self.load(mirrored).mesh(clip: 0, times: [0])
        #expect(Self.volume(inverted) > 0)
        #expect(Self.volume(mesh) > 0)
    }

    /// Six times the volume that the triangles enclose; positive where they look outward.
    static func volume(_ mesh: MeshSequence) -> Float {
        stride(from: 0, to: mesh.triangles.count, by: 3).reduce(0) { sum, f in
            let p = (0..<3).map { mesh.positions[Int(mesh.triangles[f + $0])] }
            return sum + dot(p[0], cross(p[1], p[2]))
        }
    }

    /// Row vectors' way: the transpose of our rows.
    static func fbx(_ m: Matrix4) -> [Double] {
        let rows = m.rowMajor
        return (0..<16).map { rows[($0 % 4) * 4 + $0 / 4] }
    }

    /// Where the parts of ``skinned()`` stand at rest, in its own centimetres.
    static let hip = Written.translation(0, 1, 0)
    static let knee = hip * Written.translation(0, 2, 0) * Written.z(degrees: 30)
    static let body = Written.translation(7, 0, 0)

    static func inverse(_ m: Matrix4) throws -> Matrix4 { try #require(m.affineInverse) }

    /// A file of a tetrahedron on two bones, the lower of which bends in a second. Vertex 3 hangs
    /// on no bone; vertex 1 on both.
    static func skinned() throws -> FBXDraft {
        var draft = FBXDraft()
        draft.addGeometry(100, vertices: corners.flatMap { [$0.x, $0.y, $0.z] }, polygons: faces)
        draft.addModel(
            200, "Body", ["Lcl Translation": [7, 0, 0], "GeometricTranslation": [0, 4, 0]])
        draft.addModel(210, "Hip", kind: "LimbNode", ["Lcl Translation": [0, 1, 0]])
        draft.addModel(
            220, "Knee", kind: "LimbNode",
            ["Lcl Translation": [0, 2, 0], "PreRotation": [0, 0, 30]])
        draft.connect(200, to: 0)
        draft.connect(210, to: 0)
        draft.connect(220, to: 210)
        draft.connect(100, to: 200)
        draft.addSkin(
            500, on: 100,
            [
                (210, [0, 1], [1, 0.25], fbx(try inverse(hip) * body), fbx(hip)),
                (220, [1, 2], [0.75, 0.5], fbx(try inverse(knee) * body), fbx(knee)),
            ])
        draft.addStack(300, "Bend", duration: 1)
        draft.addCurves(
            400, of: 220, "Lcl Rotation", layer: 301,
            ["X": [(0, 0), (1, 90)], "Y": [(0, 0), (1, 0)], "Z": [(0, 0), (1, 0)]])
        return draft
    }

    @Test func skinsFollowTheirBones() throws {
        let asset = try Self.load(Self.skinned())
        // At rest every vertex is where the mesh itself puts it, geometric offset included.
        let byHip = Self.metres * Self.body * Written.translation(0, 4, 0)
        let rest = try asset.mesh(clip: nil, times: [0])
        #expect(distance(points(rest), Self.corners.map { byHip.transform(point: $0) }) < 1e-7)
        let byKnee =
            Self.metres * Self.knee * Written.x(degrees: 90) * (try Self.inverse(Self.knee))
            * Self.body * Written.translation(0, 4, 0)
        let expected = [
            byHip.transform(point: Self.corners[0]),
            byHip.transform(point: Self.corners[1]) * 0.25
                + byKnee.transform(point: Self.corners[1]) * 0.75,
            byKnee.transform(point: Self.corners[2]), byHip.transform(point: Self.corners[3]),
        ]
        let mesh = try asset.mesh(clip: 0, times: [1])
        #expect(mesh.vertexCount == 4)
        #expect(distance(points(mesh), expected) < 1e-7)
    }

    @Test func shapesAreKeyedEachByItself() throws {
        var draft = FBXDraft()
        draft.addGeometry(
            100, vertices: Self.corners.flatMap { [$0.x, $0.y, $0.z] }, polygons: Self.faces)
        draft.addModel(200, "Face")
        draft.connect(200, to: 0)
        draft.connect(100, to: 200)
        draft.addShapes(600, on: 100, [[1: [0, 0, 10]], [1: [4, 0, 0], 2: [0, 8, 0]]])
        draft.addStack(300, "Talk", duration: 2)
        // The second shape is keyed at 1 alone in between: there the first has no key.
        draft.addCurves(
            400, of: 601, "DeformPercent", layer: 301, ["DeformPercent": [(0, 0), (2, 100)]])
        draft.addCurves(
            410, of: 603, "DeformPercent", layer: 301,
            ["DeformPercent": [(0, 100), (1, 0), (2, 50)]])
        let asset = try Self.load(draft)
        // Without a clip no shape is on, whatever assimp says of its weight.
        #expect(
            distance(
                points(try asset.mesh(clip: nil, times: [0])), Self.corners.map { $0 * 0.01 })
                < 1e-8)
        for (time, a, b) in [
            (0.0, 0.0, 1.0), (0.5, 0.25, 0.5), (1, 0.5, 0), (1.5, 0.75, 0.25), (2, 1, 0.5),
        ] {
            var expected = Self.corners
            expected[1] += SIMD3(4 * b, 0, 10 * a)
            expected[2] += SIMD3(0, 8 * b, 0)
            let mesh = try asset.mesh(clip: 0, times: [time])
            #expect(distance(points(mesh), expected.map { $0 * 0.01 }) < 1e-7)
        }
    }

    @Test func truncatedFilesAreErrors() throws {
        let text = Self.turner(["Lcl Translation": [1, 2, 3]]).text
        let folder = TemporaryFolder()
        for length in [0, 1, 40, 300, text.utf8.count / 2] {
            let path = try folder.write("a.fbx", Array(text.utf8.prefix(length)))
            #expect(throws: AssetError.self) { try AssimpLoader.load(path: path) }
        }
    }
}
