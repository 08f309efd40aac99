import Foundation
import Geometry
import Imaging

/// A bear cub in a striped jumper that walks and waves, in 3DBiCar's layout: a T-pose as OBJ, eyes
/// apart, and a rig of SMPL's 24 joints as `.npy` files.
enum Bear {
    static let frameCount = 24

    /// The folder's files.
    static func files(seed: UInt64) -> [String: Data] {
        let noise = Noise(seed: seed, "bear.fur")
        let mesh = sculpture.meshed(cell: 0.0215)
        let weights = mesh.weights(
            jointCount: skeleton.count, rounds: 10, jointOfVertex: sculpture.joint(at:))
        let atlas = Atlas(mesh, resolution: 256)
        var body = OBJFile(library: "m.mtl")
        body.add(mesh, atlas, material: "body")
        let iris = Creature.eyeSurface(iris: nil)
        var eyes = OBJFile(library: "e.mtl")
        for x in [Float(1), -1] {
            eyes.add(
                Creature.eye(
                    Vector3(0.083 * x, 0.945, 0.178), radius: 0.032,
                    rotation: .turns(y: 0.3 * x)), group: x > 0 ? "left" : "right",
                material: "eyes")
        }
        let poses = (0..<frameCount).map { walk(Float($0) / Float(frameCount)) }
        let white = Paint(repeating: whiteAlbedo)
        var files = rig(weights, vertexCount: mesh.positions.count, poses)
        files["tpose/m.obj"] = body.data
        files["tpose/m.mtl"] = OBJFile.library([("body", white, "m.bmp", .zero)])
        files["tpose/m.bmp"] = BMPFile.data(
            atlas.painted(mesh) { p, normal in color(p, normal, noise) })
        files["tpose/e.obj"] = eyes.data
        files["tpose/e.mtl"] = OBJFile.library([("eyes", white, "e.bmp", .zero)])
        if let image = iris.image { files["tpose/e.bmp"] = BMPFile.data(image) }
        return files
    }

    private static func rig(
        _ weights: [Float], vertexCount: Int, _ poses: [Pose]
    ) -> [String: Data] {
        let joints = skeleton.joints
        return [
            "parents.npy": NPYFile.data(
                joints.map { Int32($0.parent ?? -1) }, shape: [joints.count]),
            "joints.npy": NPYFile.data(
                joints.flatMap { [$0.place.x, $0.place.y, $0.place.z] },
                shape: [joints.count, 3]),
            "weights.npy": NPYFile.data(weights, shape: [vertexCount, joints.count]),
            "poses.npy": NPYFile.data(
                poses.flatMap { $0.rotations.flatMap(axisAngle) },
                shape: [poses.count, joints.count, 3]),
            "translation.npy": NPYFile.data(
                poses.flatMap { [$0.offsets[0].x, $0.offsets[0].y, $0.offsets[0].z] },
                shape: [poses.count, 3]),
        ]
    }

    /// The axis of a rotation, as long as its angle in radians.
    private static func axisAngle(_ rotation: Quaternion) -> [Float] {
        var q = rotation.normalized.components
        if q.w < 0 { q = -q }
        let axis = SIMD3(q.x, q.y, q.z)
        let sine = length(axis)
        guard sine > 1e-9 else { return [0, 0, 0] }
        let vector = axis * (2 * atan2(sine, q.w) / sine)
        return [Float(vector.x), Float(vector.y), Float(vector.z)]
    }

    /// SMPL's joints in SMPL's order, in a T-pose.
    static let skeleton: Skeleton = {
        var s = Skeleton()
        s.add("pelvis", Vector3(0, 0.4, 0))
        func pair(_ name: String, _ place: Vector3, under parent: String) {
            let isSplit = ["pelvis", "spine3"].contains(parent)
            s.add("left" + name, place, under: isSplit ? parent : "left" + parent)
            s.add(
                "right" + name, place * Vector3(-1, 1, 1),
                under: isSplit ? parent : "right" + parent)
        }
        pair("Hip", Vector3(0.1, 0.36, 0), under: "pelvis")
        s.add("spine1", Vector3(0, 0.47, 0), under: "pelvis")
        pair("Knee", Vector3(0.115, 0.21, 0.015), under: "Hip")
        s.add("spine2", Vector3(0, 0.54, 0), under: "spine1")
        pair("Ankle", Vector3(0.115, 0.08, -0.01), under: "Knee")
        s.add("spine3", Vector3(0, 0.61, 0), under: "spine2")
        pair("Foot", Vector3(0.12, 0.045, 0.08), under: "Ankle")
        s.add("neck", Vector3(0, 0.7, 0), under: "spine3")
        pair("Collar", Vector3(0.06, 0.645, 0), under: "spine3")
        s.add("head", Vector3(0, 0.78, 0.01), under: "neck")
        pair("Shoulder", Vector3(0.155, 0.64, 0), under: "Collar")
        pair("Elbow", Vector3(0.28, 0.635, -0.005), under: "Shoulder")
        pair("Wrist", Vector3(0.39, 0.635, 0), under: "Elbow")
        pair("Hand", Vector3(0.44, 0.635, 0.005), under: "Wrist")
        return s
    }()

    private static let sculpture: Sculpture = {
        var s = Sculpture()
        let j = skeleton
        s.addEllipsoid(Vector3(0, 0.41, 0), Vector3(0.19, 0.15, 0.165), joint: 0, blend: 0)
        s.addEllipsoid(
            Vector3(0, 0.49, 0.01), Vector3(0.185, 0.13, 0.165), joint: j["spine1"], blend: 0.08)
        s.addEllipsoid(
            Vector3(0, 0.56, 0.005), Vector3(0.17, 0.12, 0.15), joint: j["spine2"], blend: 0.08)
        s.addEllipsoid(
            Vector3(0, 0.63, 0), Vector3(0.145, 0.1, 0.125), joint: j["spine3"], blend: 0.08)
        s.addLimb(
            Vector3(0, 0.66, 0), Vector3(0, 0.76, 0.01), 0.09, 0.1, joint: j["neck"], blend: 0.05)
        s.addEllipsoid(
            Vector3(0, 0.91, 0.015), Vector3(0.225, 0.19, 0.185), joint: j["head"], blend: 0.05)
        s.addEllipsoid(
            Vector3(0, 0.865, 0.165), Vector3(0.09, 0.068, 0.075), joint: j["head"], blend: 0.04)
        s.addEllipsoid(
            Vector3(0, 0.9, 0.23), Vector3(0.034, 0.026, 0.022), joint: j["head"], blend: 0.008)
        s.addEllipsoid(
            Vector3(0, 0.39, -0.17), Vector3(0.055, 0.055, 0.05), joint: 0, blend: 0.02)
        for (side, x) in [("left", Float(1)), ("right", Float(-1))] { addSide(&s, side, x) }
        return s
    }()

    private static func addSide(_ s: inout Sculpture, _ side: String, _ x: Float) {
        let j = skeleton
        func limb(_ from: String, _ to: String, _ a: Float, _ b: Float) {
            s.addLimb(
                j.place(side + from), j.place(side + to), a, b, joint: j[side + from],
                blend: 0.035)
        }
        s.addEllipsoid(
            Vector3(0.165 * x, 1.07, -0.01), Vector3(0.078, 0.078, 0.045), joint: j["head"],
            blend: 0.025)
        limb("Collar", "Shoulder", 0.08, 0.078)
        limb("Shoulder", "Elbow", 0.075, 0.066)
        limb("Elbow", "Wrist", 0.064, 0.055)
        limb("Wrist", "Hand", 0.055, 0.058)
        s.addEllipsoid(
            Vector3(0.465 * x, 0.635, 0.005), Vector3(0.07, 0.062, 0.06), joint: j["\(side)Hand"],
            blend: 0.02)
        limb("Hip", "Knee", 0.105, 0.086)
        limb("Knee", "Ankle", 0.085, 0.07)
        limb("Ankle", "Foot", 0.066, 0.055)
        s.addEllipsoid(
            Vector3(0.125 * x, 0.055, 0.085), Vector3(0.078, 0.055, 0.09),
            joint: j["\(side)Foot"], blend: 0.03)
    }

    /// Honey-brown fur, a pale muzzle, and a blue and white jumper.
    private static func color(_ p: Vector3, _ normal: Vector3, _ noise: Noise) -> Paint {
        let soft = noise.octaves(p * 22, count: 3)
        var color = mix(paint(0xA8692F), paint(0x8E5522), soft)
        let side = abs(p.x)
        let wool = noise.value(p * Vector3(60, 60, 60)) * 0.12 + 0.9
        let isArm = side > 0.16 && p.y > 0.5
        let along = isArm ? side - 0.16 : 0.63 - p.y
        let bands = smoothstep(-0.12, 0.12, sin(along * 78))
        let inJumper =
            isArm
            ? smoothstep(0.375, 0.37, side) * (p.y < 0.75 ? 1 : 0)
            : smoothstep(0.405, 0.41, p.y) * smoothstep(0.735, 0.73, p.y)
        color = mix(color, mix(paint(0x2E64C8), paint(0xFAF7EE), bands) * wool, inJumper)
        if p.y > 0.75 { color = face(p, normal, over: color) }
        let sole = smoothstep(-0.6, -0.85, normal.y) * smoothstep(0.06, 0.04, p.y)
        return mix(color, paint(0xE8C79A), sole)
    }

    private static func face(_ p: Vector3, _ normal: Vector3, over fur: Paint) -> Paint {
        let side = abs(p.x)
        let muzzle = length((p - Vector3(0, 0.862, 0.175)) / Vector3(0.094, 0.074, 0.085))
        var color = mix(fur, paint(0xF1D9AE), smoothstep(1.06, 0.98, muzzle))
        let ear = length((p - Vector3(p.x < 0 ? -0.165 : 0.165, 1.07, 0.03)) / 0.05)
        color = mix(
            color, paint(0xE8A98C), smoothstep(1.05, 0.9, ear) * smoothstep(0.3, 0.6, normal.z))
        let nose = length((p - Vector3(0, 0.902, 0.235)) / Vector3(0.038, 0.029, 0.03))
        color = mix(color, paint(0x2C1A12), smoothstep(1.05, 0.95, nose))
        let blush = length((p - Vector3(p.x < 0 ? -0.145 : 0.145, 0.875, 0.15)) / 0.045)
        color = mix(color, paint(0xE58B6A), 0.6 * smoothstep(1, 0.4, blush))
        let curve = abs(p.y - 0.838 - 5 * side * side)
        let mouth = smoothstep(0.007, 0.003, curve) * smoothstep(0.05, 0.045, side)
        let line =
            smoothstep(0.006, 0.003, side) * smoothstep(0.835, 0.84, p.y)
            * smoothstep(0.885, 0.88, p.y)
        return mix(color, paint(0x4A2A18), max(mouth, line) * smoothstep(0.18, 0.2, p.z))
    }

    static func walk(_ phase: Float) -> Pose {
        var pose = Pose(skeleton)
        let a = turn * phase
        let bob = Vector3(0.015 * sin(a), 0.015 * cos(2 * a) - 0.02, 0)
        pose.shift("pelvis", bob)
        pose.turn("pelvis", y: 0.1 * sin(a), z: -0.05 * sin(a))
        pose.turn("spine1", y: -0.08 * sin(a), z: 0.04 * sin(a))
        pose.turn("spine3", y: -0.1 * sin(a), z: 0.04 * sin(a))
        pose.turn("head", x: 0.05 * sin(2 * a), y: 0.08 * sin(a), z: 0.1 * sin(a + 0.6))
        // The left arm swings at the side; the right one is up and waves twice a cycle.
        pose.turn("leftCollar", z: -0.12)
        pose.turn("leftShoulder", x: 0.2, y: -0.45 * sin(a), z: -0.95)
        pose.turn("leftElbow", y: -0.35 - 0.2 * sin(a))
        pose.turn("rightCollar", z: -0.15)
        pose.turn("rightShoulder", z: -0.65 + 0.1 * sin(2 * a))
        pose.turn("rightElbow", z: -0.55 + 0.55 * sin(2 * a))
        pose.turn("rightWrist", z: 0.3 * sin(2 * a - 0.7))
        let stride = Stride(length: 0.16, lift: 0.075)
        for (side, offset) in [("left", Float(0)), ("right", Float(0.5))] {
            let step = stride.step(phase + offset)
            Leg(thigh: "\(side)Hip", shin: "\(side)Knee", foot: "\(side)Ankle").bend(
                &pose, skeleton, ankleOffset: step.offset,
                hipOffset: Vector3(0, bob.y, 0), footPitch: step.pitch)
        }
        return pose
    }
}
