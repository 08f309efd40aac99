import Assets
import Foundation
import Geometry
import Testing

@Suite struct RigEvaluationTests {
    /// One triangle of unit legs in the plane z = 0.
    static func triangle(morphTargets: [Rig.MorphTarget] = [], normals: Bool = false)
        -> Rig.Primitive
    {
        Rig.Primitive(
            positions: Vector3Array([SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(0, 1, 0)]),
            normals: normals
                ? Vector3Array((0..<3).map { _ in SIMD3(0, 0, 1) }) : Vector3Array(),
            triangles: [0, 1, 2], morphTargets: morphTargets)
    }

    static func node(
        _ name: String = "", parent: Int? = nil, translation: SIMD3<Double> = .zero,
        rotation: Quaternion = .identity, scale: SIMD3<Double> = .one, weights: [Float] = []
    ) -> Rig.Node {
        Rig.Node(
            name: name, parent: parent,
            rest: .components(translation: translation, rotation: rotation, scale: scale),
            morphWeights: weights)
    }

    static func asset(
        _ nodes: [Rig.Node], _ primitives: [Rig.Primitive], _ instances: [Rig.Instance],
        skins: [Rig.Skin] = [], channels: [Channel] = []
    ) -> AnimatedAsset {
        AnimatedAsset(
            name: "test", format: "gltf",
            body: .rig(
                Rig(nodes: nodes, primitives: primitives, instances: instances, skins: skins)),
            clips: channels.isEmpty ? [] : [Clip(name: "c", start: 0, end: 1, channels: channels)])
    }

    /// Where the origin of a single moving node is at the given times.
    static func origins(_ channel: Channel, rest: Rig.Node, at times: [Double]) throws
        -> [SIMD3<Float>]
    {
        let asset = asset(
            [rest], [triangle()], [Rig.Instance(node: 0, primitive: 0)], channels: [channel])
        let mesh = try asset.mesh(clip: 0, times: times)
        return times.indices.map { mesh.positions[$0 * mesh.vertexCount] }
    }

    @Test func stepHoldsTheEarlierKey() throws {
        let channel = Channel(
            node: 0, property: .translation, interpolation: .step, times: [1, 2, 4],
            values: [1, 0, 0, 2, 0, 0, 3, 0, 0])
        let x = try Self.origins(
            channel, rest: Self.node(), at: [-5, 1, 1.999, 2, 3.9, 4, 100, .nan])
        #expect(x.map(\.x) == [1, 1, 1, 2, 2, 3, 3, 1])
    }

    @Test func linearIsConstantBeyondTheEnds() throws {
        let channel = Channel(
            node: 0, property: .translation, interpolation: .linear, times: [1, 2, 2, 4],
            values: [0, 0, 0, 1, 2, 3, 5, 5, 5, 7, 5, 5])
        let at = try Self.origins(channel, rest: Self.node(), at: [0, 1.25, 2, 3, 9])
        #expect(at[0] == SIMD3(0, 0, 0))
        #expect(at[1] == SIMD3(0.25, 0.5, 0.75))
        // Two keys at one time are a jump; from that time on the second one counts.
        #expect(at[2] == SIMD3(5, 5, 5))
        #expect(at[3] == SIMD3(6, 5, 5))
        #expect(at[4] == SIMD3(7, 5, 5))
    }

    /// A cubic spline through (t = 1, 2) with out-tangent 3 per second and (t = 3, 5) with
    /// in-tangent -1 per second is x(s) = 2 + 6 s - 1 s^2 - 2 s^3 over s = (t - 1) / 2, the one
    /// cubic with x(0) = 2, x(1) = 5, x'(0) = 6, x'(1) = -2.
    @Test func cubicSplineScalesTangentsByTheGap() throws {
        let channel = Channel(
            node: 0, property: .translation, interpolation: .cubicSpline, times: [1, 3],
            values: [
                9, 0, 0, 2, 0, 0, 3, 0, 0,
                -1, 0, 0, 5, 0, 0, 9, 0, 0,
            ])
        let times = [0, 1, 1.5, 2, 2.7, 3, 4]
        let at = try Self.origins(channel, rest: Self.node(), at: times)
        for (t, p) in zip(times, at) {
            let s = min(max((t - 1) / 2, 0), 1)
            #expect(abs(Double(p.x) - (2 + s * (6 + s * (-1 - 2 * s)))) < 1e-6)
        }
    }

    @Test func rotationTakesTheShortWay() throws {
        // The second key is a quarter turn about z, written with all signs turned around.
        let h = Float(0.5).squareRoot()
        let channel = Channel(
            node: 0, property: .rotation, interpolation: .linear, times: [0, 1],
            values: [0, 0, 0, 1, 0, 0, -h, -h])
        let asset = Self.asset(
            [Self.node()], [Self.triangle()], [Rig.Instance(node: 0, primitive: 0)],
            channels: [channel])
        let mesh = try asset.mesh(clip: 0, times: [0, 1 / 3.0, 1])
        for (t, degrees) in [0.0, 30, 90].enumerated() {
            let p = mesh.positions[3 * t + 1]
            #expect(abs(Double(p.x) - cos(degrees * .pi / 180)) < 1e-6)
            #expect(abs(Double(p.y) - sin(degrees * .pi / 180)) < 1e-6)
        }
    }

    @Test func cubicRotationIsNormalised() throws {
        // Tangents of zero: halfway lies the mean of the two keys, brought to length one, which
        // is half the turn: 45 of 90 degrees.
        let h = Float(0.5).squareRoot()
        let zero: [Float] = [0, 0, 0, 0]
        let channel = Channel(
            node: 0, property: .rotation, interpolation: .cubicSpline, times: [0, 1],
            values: zero + [0, 0, 0, 1] + zero + zero + [0, 0, h, h] + zero)
        let asset = Self.asset(
            [Self.node()], [Self.triangle()], [Rig.Instance(node: 0, primitive: 0)],
            channels: [channel])
        let p = try asset.mesh(clip: 0, times: [0.5]).positions[1]
        #expect(abs(p.x - h) < 1e-6 && abs(p.y - h) < 1e-6)
    }

    @Test func whatIsNotAnimatedKeepsItsRest() throws {
        let rest = Self.node(
            translation: SIMD3(1, 2, 3), rotation: Quaternion(axis: SIMD3(0, 0, 1), angle: .pi / 2),
            scale: SIMD3(2, 1, 1))
        let channel = Channel(
            node: 0, property: .scale, interpolation: .linear, times: [0, 1],
            values: [2, 1, 1, 4, 1, 1])
        let asset = Self.asset(
            [rest], [Self.triangle()], [Rig.Instance(node: 0, primitive: 0)], channels: [channel])
        let mesh = try asset.mesh(clip: 0, times: [1])
        #expect(length(mesh.positions[0] - SIMD3(1, 2, 3)) < 1e-6)
        #expect(length(mesh.positions[1] - SIMD3(1, 6, 3)) < 1e-6)
        let still = try asset.mesh(clip: nil, times: [1])
        #expect(length(still.positions[1] - SIMD3(1, 4, 3)) < 1e-6)
    }

    @Test(arguments: [
        SIMD3(0.3, -0.2, 0.9), SIMD3(3.1, 0, 0), SIMD3(0, 3.1, 0), SIMD3(0, 0, 3.1),
        SIMD3(-2, 2, 1),
    ])
    func animatedMatrixIsTakenApart(turn: SIMD3<Double>) throws {
        for scale in [SIMD3(2, 3, 0.5), SIMD3(2, -3, 0.5)] {
            let matrix = Matrix4.compose(
                translation: SIMD3(1, 2, 3), rotation: Quaternion(axisAngle: turn), scale: scale)
            let channel = Channel(
                node: 0, property: .translation, interpolation: .step, times: [0],
                values: [0, 0, 0])
            let asset = Self.asset(
                [Rig.Node(name: "", parent: nil, rest: .matrix(matrix))], [Self.triangle()],
                [Rig.Instance(node: 0, primitive: 0)], channels: [channel])
            let mesh = try asset.mesh(clip: 0, times: [0])
            for (v, p) in [SIMD3(0.0, 0, 0), SIMD3(1, 0, 0), SIMD3(0, 1, 0)].enumerated() {
                let expected = matrix.transform(direction: p)
                #expect(length(SIMD3<Double>(mesh.positions[v]) - expected) < 1e-6)
            }
        }
    }

    @Test func shearedRestMatrixIsKept() throws {
        let matrix = Matrix4(
            SIMD4(1, 0, 0, 0), SIMD4(0.5, 1, 0, 0), SIMD4(0, 0, 1, 0), SIMD4(0, 0, 0, 1))
        let asset = Self.asset(
            [Rig.Node(name: "", parent: nil, rest: .matrix(matrix))],
            [Self.triangle(normals: true)],
            [Rig.Instance(node: 0, primitive: 0)])
        #expect(try asset.mesh(clip: nil, times: [0]).positions[2] == SIMD3(0.5, 1, 0))
    }

    @Test func morphWeightsAddSparseAndDenseAndNegative() throws {
        let dense = Rig.MorphTarget(
            positions: Vector3Array([SIMD3(0, 0, 1), SIMD3(0, 0, 2), SIMD3(0, 0, 3)]))
        let sparse = Rig.MorphTarget(
            vertices: [2], positions: Vector3Array([SIMD3(10, 0, 0)]))
        let channel = Channel(
            node: 0, property: .morphWeights, interpolation: .linear, times: [0, 1],
            values: [0, 0, -1, 0.5])
        let asset = Self.asset(
            [Self.node(weights: [1])], [Self.triangle(morphTargets: [dense, sparse])],
            [Rig.Instance(node: 0, primitive: 0)], channels: [channel])
        let mesh = try asset.mesh(clip: 0, times: [0, 0.5, 1])
        #expect(mesh.positions[2] == SIMD3(0, 1, 0))
        #expect(mesh.positions[3 + 1] == SIMD3(1, 0, -1))
        #expect(mesh.positions[6 + 2] == SIMD3(5, 1, -3))
        // Without a clip the node's own weights count, and zeros for targets that have none.
        #expect(try asset.mesh(clip: nil, times: [0]).positions[2] == SIMD3(0, 1, 3))
    }

    @Test func mirroringNodeTurnsTrianglesAround() throws {
        let nodes = [
            Self.node(scale: SIMD3(-1, 1, 1)), Self.node(parent: 0), Self.node(),
            Self.node(parent: 1, scale: SIMD3(1, 1, -2)),
        ]
        let asset = Self.asset(
            nodes, [Self.triangle(normals: true)],
            [1, 2, 3].map { Rig.Instance(node: $0, primitive: 0) })
        let mesh = try asset.mesh(clip: nil, times: [0])
        #expect(mesh.parts.map(\.triangles) == [0..<1, 1..<2, 2..<3])
        for f in 0..<3 {
            let corners = (0..<3).map { mesh.positions[Int(mesh.triangles[3 * f + $0])] }
            let outward = normalize(cross(corners[1] - corners[0], corners[2] - corners[0]))
            #expect(length(outward - mesh.normals[3 * f]) < 1e-6, "triangle \(f)")
        }
    }

    @Test func normalsStandOnStretchedSurfaces() throws {
        // The plane x + y + z = 0 under the scale (2, 1, 0.5): x / 2 + y + 2 z = 0.
        var primitive = Self.triangle()
        primitive.normals = Vector3Array((0..<3).map { _ in normalize(SIMD3(1, 1, 1)) })
        let asset = Self.asset(
            [Self.node(scale: SIMD3(2, 1, 0.5))], [primitive],
            [Rig.Instance(node: 0, primitive: 0)])
        let n = try asset.mesh(clip: nil, times: [0]).normals[0]
        #expect(length(n - normalize(SIMD3(0.5, 1, 2))) < 1e-6)
    }

    @Test func missingAttributesArePadded() throws {
        var colored = Self.triangle(normals: true)
        colored.colors = [SIMD4](repeating: SIMD4(0.5, 0, 0, 1), count: 3)
        colored.uvSets = [[SIMD2(1, 1), SIMD2(1, 0), SIMD2(0, 1)]]
        colored.name = "colored"
        let asset = Self.asset(
            [Self.node("plain")], [Self.triangle(), colored],
            [Rig.Instance(node: 0, primitive: 0), Rig.Instance(node: 0, primitive: 1)])
        let mesh = try asset.mesh(clip: nil, times: [0, 1])
        #expect(mesh.parts.map(\.name) == ["plain", "colored"])
        #expect(mesh.triangles == [0, 1, 2, 3, 4, 5])
        #expect(mesh.normals[0] == .zero && mesh.normals[9] == SIMD3(0, 0, 1))
        #expect(mesh.colors[0] == .one && mesh.colors[3] == SIMD4(0.5, 0, 0, 1))
        #expect(mesh.uvSets[0][0] == .zero && mesh.uvSets[0][3] == SIMD2(1, 1))
    }

    @Test func vertexFramesAreInterpolated() throws {
        let source = MeshSequence(
            times: [0, 1, 3], vertexCount: 3,
            positions: Vector3Array(scalars: (0..<27).map { Float($0 / 9 * 10 + $0 % 9) }),
            triangles: [0, 1, 2])
        let asset = AnimatedAsset(
            name: "v", format: "anime", body: .vertexAnimation(VertexAnimation(mesh: source)),
            clips: [Clip(name: "v", start: 0, end: 3)])
        let mesh = try asset.mesh(clip: 0, times: [-1, 0.5, 2.5, 7])
        #expect(mesh.times == [-1, 0.5, 2.5, 7])
        for (t, lift) in [Float(0), 5, 17.5, 20].enumerated() {
            #expect(mesh.positions[3 * t + 1] == SIMD3(3, 4, 5) + lift)
        }
        #expect(try asset.mesh(clip: nil, times: [2]).positions == source.frame(0).positions)
    }

    @Test func errorsNameWhatIsWrong() throws {
        let asset = Self.asset(
            [Self.node()], [Self.triangle()], [Rig.Instance(node: 0, primitive: 0)])
        #expect(throws: AssetError.noSuchClip(asset: "test", clip: "number 0", available: [])) {
            try asset.mesh(clip: 0, times: [0])
        }
        #expect(throws: AssetError.noGeometry(path: "test")) {
            try Self.asset([], [], []).mesh(clip: nil, times: [0])
        }
        var outOfRange = Self.triangle()
        outOfRange.triangles = [0, 1, 3]
        #expect(throws: AssetError.self) {
            try Self.asset([Self.node()], [outOfRange], [Rig.Instance(node: 0, primitive: 0)])
                .mesh(clip: nil, times: [0])
        }
        var skinned = Self.triangle()
        skinned.influences = Rig.Influences(
            offsets: [0, 1, 2, 3], joints: [0, 0, 1], weights: [1, 1, 1])
        #expect(throws: AssetError.self) {
            try Self.asset(
                [Self.node()], [skinned], [Rig.Instance(node: 0, primitive: 0, skin: 0)],
                skins: [Rig.Skin(joints: [0], jointFromMesh: [.identity])]
            ).mesh(clip: nil, times: [0])
        }
    }
}
