import Assets
import Foundation
import Geometry
import Testing

/// Random skinned and morphing rigs against the definition in double precision.
@Suite struct SkinningTests {
    @Test(arguments: 0..<8)
    func agreesWithDoublePrecision(seed: UInt64) throws {
        var random = KeyedRandom(seed: seed, asset: "rig", purpose: "skinning")
        let rig = RandomRig(&random)
        let times = [0.0, 0.3, 0.3, 1.2, 2.5]
        let mesh = try rig.asset.mesh(clip: 0, times: times)
        #expect(mesh.vertexCount == 2 * rig.vertexCount)
        for (t, time) in times.enumerated() {
            let expected = rig.expected(at: time)
            for v in 0..<rig.vertexCount {
                let p = SIMD3<Double>(mesh.positions[t * mesh.vertexCount + v])
                let n = SIMD3<Double>(mesh.normals[t * mesh.vertexCount + v])
                #expect(length(p - expected.positions[v]) < 2e-5, "vertex \(v) at \(time)")
                #expect(length(n - expected.normals[v]) < 2e-4, "normal \(v) at \(time)")
                // The second instance hangs rigidly on joint 0.
                let rigid = SIMD3<Double>(
                    mesh.positions[t * mesh.vertexCount + rig.vertexCount + v])
                #expect(length(rigid - expected.rigidPositions[v]) < 2e-5)
            }
        }
    }
}

/// A chain of joints that turn, 1 to 8 influences a vertex, one dense and one sparse target.
private struct RandomRig {
    let vertexCount = 50
    let jointCount = 7
    var asset: AnimatedAsset
    private var points: [SIMD3<Double>] = []
    private var directions: [SIMD3<Double>] = []
    private var rows: [[(joint: Int, weight: Double)]] = []
    private var displacements: [SIMD3<Double>] = []
    private var turns: [(from: SIMD4<Double>, to: SIMD4<Double>)] = []
    private var offsets: [SIMD3<Double>] = []
    private var scales: [SIMD3<Double>] = []
    private var binds: [Matrix4] = []

    init(_ random: inout KeyedRandom) {
        func vector(_ range: Range<Double>) -> SIMD3<Double> {
            let v = SIMD3(
                random.uniform(range), random.uniform(range), random.uniform(range))
            return SIMD3<Double>(SIMD3<Float>(v))
        }
        func quaternion() -> SIMD4<Double> {
            let q = Quaternion(axisAngle: vector(-1..<1)).components
            return SIMD4<Double>(SIMD4<Float>(q))
        }
        for _ in 0..<vertexCount {
            points.append(vector(-1..<1))
            directions.append(SIMD3<Double>(SIMD3<Float>(normalize(vector(-1..<1)))))
            displacements.append(vector(-0.3..<0.3))
            let count = 1 + Int(random.next() % 8)
            let weights = (0..<count).map { _ in random.uniform(0.1..<1) }
            rows.append(
                weights.map { (Int(random.next() % 7), $0 / weights.reduce(0, +)) })
        }
        for _ in 0..<jointCount {
            turns.append((quaternion(), quaternion()))
            offsets.append(vector(-0.5..<0.5))
            scales.append(vector(0.6..<1.4))
            binds.append(
                .compose(
                    translation: vector(-1..<1), rotation: Quaternion(quaternion()),
                    scale: vector(0.7..<1.3)))
        }
        asset = AnimatedAsset(
            name: "", format: "",
            body: .rig(
                Rig(
                    nodes: [], primitives: [], instances: [], skins: [])))
        asset = makeAsset()
    }

    private func makeAsset() -> AnimatedAsset {
        let nodes = (0..<jointCount).map { j in
            RigEvaluationTests.node(
                parent: j == 0 ? nil : (j - 1) / 2, translation: offsets[j], scale: scales[j])
        }
        var ends: [UInt32] = [0]
        for row in rows { ends.append(ends[ends.count - 1] + UInt32(row.count)) }
        let moved = (0..<vertexCount).filter { $0 % 3 == 0 }
        let primitive = Rig.Primitive(
            positions: Vector3Array(points.map { SIMD3<Float>($0) }),
            normals: Vector3Array(directions.map { SIMD3<Float>($0) }), triangles: [0, 1, 2],
            influences: Rig.Influences(
                offsets: ends, joints: rows.joined().map { UInt32($0.joint) },
                weights: rows.joined().map { Float($0.weight) }),
            morphTargets: [
                Rig.MorphTarget(
                    positions: Vector3Array(displacements.map { SIMD3<Float>($0) }),
                    normals: Vector3Array(displacements.map { SIMD3<Float>($0) })),
                Rig.MorphTarget(
                    vertices: moved.map(UInt32.init),
                    positions: Vector3Array(moved.map { SIMD3<Float>(displacements[$0]) })),
            ])
        let skin = Rig.Skin(joints: Array(0..<jointCount), jointFromMesh: binds)
        // Keys at 0 and 2 seconds; weights run from (0, 1) to (2, -1).
        var channels = turns.enumerated().map { j, turn in
            Channel(
                node: j, property: .rotation, interpolation: .linear, times: [0, 2],
                values: (0..<4).map { Float(turn.from[$0]) } + (0..<4).map { Float(turn.to[$0]) })
        }
        channels.append(
            Channel(
                node: 0, property: .morphWeights, interpolation: .linear, times: [0, 2],
                values: [0, 1, 2, -1]))
        return AnimatedAsset(
            name: "random", format: "gltf",
            body: .rig(
                Rig(
                    nodes: nodes, primitives: [primitive],
                    instances: [
                        Rig.Instance(node: 0, primitive: 0, skin: 0),
                        Rig.Instance(node: 0, primitive: 0),
                    ], skins: [skin])),
            clips: [Clip(name: "c", start: 0, end: 2, channels: channels)])
    }

    /// What the definition says at `time`.
    func expected(at time: Double) -> (
        positions: [SIMD3<Double>], normals: [SIMD3<Double>], rigidPositions: [SIMD3<Double>]
    ) {
        let f = min(time / 2, 1)
        var world: [ReferenceSkinning.Matrix] = []
        for j in 0..<jointCount {
            let local = ReferenceSkinning.matrix(
                offsets[j], slerp(turns[j].from, turns[j].to, f), scales[j])
            world.append(
                j == 0 ? local : ReferenceSkinning.multiply(world[(j - 1) / 2], local))
        }
        var positions: [SIMD3<Double>] = []
        var normals: [SIMD3<Double>] = []
        var rigid: [SIMD3<Double>] = []
        for v in 0..<vertexCount {
            let p = points[v] + displacements[v] * (2 * f + (v % 3 == 0 ? 1 - 2 * f : 0))
            let n = directions[v] + displacements[v] * (2 * f)
            let blend = ReferenceSkinning.sum(
                rows[v].map {
                    (
                        ReferenceSkinning.multiply(
                            world[$0.joint], ReferenceSkinning.rows(binds[$0.joint])), $0.weight
                    )
                })
            let moved = ReferenceSkinning.apply(blend, [p.x, p.y, p.z], w: 1)
            positions.append(SIMD3(moved[0], moved[1], moved[2]))
            let turned = ReferenceSkinning.apply(
                ReferenceSkinning.inverseTranspose(blend), [n.x, n.y, n.z], w: 0)
            normals.append(normalize(SIMD3(turned[0], turned[1], turned[2])))
            let placed = ReferenceSkinning.apply(world[0], [p.x, p.y, p.z], w: 1)
            rigid.append(SIMD3(placed[0], placed[1], placed[2]))
        }
        return (positions, normals, rigid)
    }

    /// Spherical interpolation by the angle between unit quaternions (Shoemake 1985).
    private func slerp(_ a: SIMD4<Double>, _ b: SIMD4<Double>, _ t: Double) -> SIMD4<Double> {
        let p = a / (a * a).sum().squareRoot()
        var q = b / (b * b).sum().squareRoot()
        if (p * q).sum() < 0 { q = -q }
        let angle = acos(min(1, (p * q).sum()))
        return p * (sin((1 - t) * angle) / sin(angle)) + q * (sin(t * angle) / sin(angle))
    }
}
