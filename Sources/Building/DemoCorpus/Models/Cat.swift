import Foundation
import Geometry
import Imaging
import MeshFiles

/// A striped kitten that walks: a skinned four-legged body.
enum Cat {
    static func document(seed: UInt64) -> GLTFDocument {
        creature(seed: seed).document(name: "cat", motions: [walk])
    }

    static let skeleton: Skeleton = {
        var s = Skeleton()
        s.add("pelvis", Vector3(0, 0.5, -0.3))
        s.add("spine", Vector3(0, 0.53, -0.08), under: "pelvis")
        s.add("chest", Vector3(0, 0.54, 0.14), under: "spine")
        s.add("neck", Vector3(0, 0.64, 0.28), under: "chest")
        s.add("head", Vector3(0, 0.76, 0.38), under: "neck")
        s.addChain("tail", tail, under: "pelvis")
        for (side, x) in [("left", Float(1)), ("right", Float(-1))] {
            s.add("\(side)Shoulder", Vector3(0.12 * x, 0.46, 0.18), under: "chest")
            s.add("\(side)Elbow", Vector3(0.12 * x, 0.27, 0.14), under: "\(side)Shoulder")
            s.add("\(side)Wrist", Vector3(0.12 * x, 0.09, 0.18), under: "\(side)Elbow")
            s.add("\(side)Hip", Vector3(0.13 * x, 0.44, -0.3), under: "pelvis")
            s.add("\(side)Knee", Vector3(0.135 * x, 0.27, -0.2), under: "\(side)Hip")
            s.add("\(side)Ankle", Vector3(0.135 * x, 0.1, -0.31), under: "\(side)Knee")
        }
        return s
    }()

    private static let tail: [Vector3] = [
        Vector3(0, 0.58, -0.45), Vector3(0.01, 0.71, -0.54), Vector3(0.04, 0.87, -0.56),
        Vector3(0.1, 1.02, -0.5),
    ]
    private static let tailTip = Vector3(0.2, 1.11, -0.42)

    private static let sculpture: Sculpture = {
        var s = Sculpture()
        let j = skeleton
        s.addLimb(
            Vector3(0, 0.5, -0.33), Vector3(0, 0.52, -0.08), 0.185, 0.19, joint: j["pelvis"],
            blend: 0)
        s.addLimb(
            Vector3(0, 0.52, -0.08), Vector3(0, 0.52, 0.1), 0.19, 0.2, joint: j["spine"],
            blend: 0.08)
        s.addLimb(
            Vector3(0, 0.52, 0.1), Vector3(0, 0.54, 0.22), 0.2, 0.18, joint: j["chest"],
            blend: 0.08)
        s.addLimb(
            Vector3(0, 0.6, 0.24), Vector3(0, 0.76, 0.4), 0.13, 0.13, joint: j["neck"], blend: 0.1)
        addHead(&s, joint: j["head"])
        for (side, x) in [("left", Float(1)), ("right", Float(-1))] {
            addLegs(&s, side, x)
        }
        s.addChain(
            tail + [tailTip], [0.06, 0.052, 0.052, 0.054, 0.05],
            joints: (1...4).map { j["tail\($0)"] }, blend: 0.05)
        return s
    }()

    private static func addHead(_ s: inout Sculpture, joint: Int) {
        s.addEllipsoid(
            Vector3(0, 0.9, 0.5), Vector3(0.275, 0.235, 0.225), joint: joint, blend: 0.08)
        for x in [Float(1), -1] {
            s.addEllipsoid(
                Vector3(0.13 * x, 0.82, 0.58), Vector3(0.13, 0.1, 0.12), joint: joint, blend: 0.08)
            s.addEllipsoid(
                Vector3(0.045 * x, 0.82, 0.7), Vector3(0.065, 0.055, 0.06), joint: joint,
                blend: 0.04)
            s.addLimb(
                Vector3(0.15 * x, 1.04, 0.47), Vector3(0.205 * x, 1.21, 0.46), 0.1, 0.02,
                joint: joint, blend: 0.05)
        }
        s.addEllipsoid(Vector3(0, 0.77, 0.67), Vector3(0.05, 0.04, 0.05), joint: joint, blend: 0.04)
        s.addEllipsoid(
            Vector3(0, 0.855, 0.745), Vector3(0.03, 0.022, 0.022), joint: joint, blend: 0.01)
    }

    private static func addLegs(_ s: inout Sculpture, _ side: String, _ x: Float) {
        let j = skeleton
        func limb(_ from: String, _ to: String, _ a: Float, _ b: Float) {
            s.addLimb(
                j.place(side + from), j.place(side + to), a, b, joint: j[side + from], blend: 0.06)
        }
        limb("Shoulder", "Elbow", 0.105, 0.078)
        limb("Elbow", "Wrist", 0.075, 0.062)
        s.addEllipsoid(
            Vector3(0.122 * x, 0.06, 0.215), Vector3(0.075, 0.058, 0.095),
            joint: j[side + "Wrist"], blend: 0.04)
        limb("Hip", "Knee", 0.135, 0.095)
        limb("Knee", "Ankle", 0.085, 0.058)
        s.addEllipsoid(
            Vector3(0.137 * x, 0.058, -0.265), Vector3(0.075, 0.056, 0.105),
            joint: j[side + "Ankle"], blend: 0.04)
    }

    static func creature(seed: UInt64) -> Creature {
        let noise = Noise(seed: seed, "cat.fur")
        var creature = Creature(
            skeleton: skeleton, sculpture: sculpture, cell: 0.026, textureSize: 288,
            color: { fur($0, $1, noise) })
        let eyes = Creature.eyeSurface(
            iris: paint(0x5FB34A), irisSize: 0.95, pupilSize: Vector2(0.42, 0.62))
        for x in [Float(1), -1] {
            creature.parts.append(
                Creature.Part(
                    shape: Creature.eye(
                        Vector3(0.112 * x, 0.915, 0.662), radius: 0.07,
                        rotation: .turns(x: -0.05, y: 0.28 * x), stretch: Vector3(1, 1.12, 0.8)),
                    joint: "head", surface: eyes))
        }
        return creature
    }

    /// Orange with darker stripes; white muzzle, belly, socks and tail tip; pink nose and ears.
    private static func fur(_ p: Vector3, _ normal: Vector3, _ noise: Noise) -> Paint {
        let soft = noise.octaves(p * 14, count: 3)
        var color = mix(paint(0xF2A24B), paint(0xE88C34), soft)
        let side = abs(p.x)
        let wobble = 0.05 * noise.value(p * 7)
        let isHead = p.z > 0.25 && p.y > 0.7
        let isTail = p.z < -0.3 && p.y > 0.66
        var stripe: Float
        if isHead {
            // Three stripes run back from the forehead, two across each cheek.
            let forehead =
                smoothstep(0.55, 0.8, sin(p.x * 48 + .pi / 2)) * smoothstep(1.0, 1.05, p.y)
            let cheek =
                smoothstep(0.3, 0.7, sin((p.y + side * 0.4 + wobble) * 55))
                * smoothstep(0.2, 0.24, side) * (1 - smoothstep(0.93, 0.97, p.y))
            stripe = max(forehead * (1 - smoothstep(0.13, 0.16, side)), cheek)
        } else if isTail {
            stripe = smoothstep(0.1, 0.5, sin((p.y + 0.5 * p.z) * 42))
        } else {
            let along = p.z + wobble + 0.35 * max(0.5 - p.y, 0)
            stripe = smoothstep(0.15, 0.55, sin(along * 38)) * smoothstep(0.3, 0.42, p.y + wobble)
        }
        color = mix(color, paint(0xB85F1E), stripe * 0.85)
        var white = smoothstep(0.16, 0.1, p.y + wobble * 0.5)
        white = max(white, smoothstep(-0.45, -0.75, normal.y) * (isHead ? 0 : 1))
        if isHead {
            let q = (p - Vector3(0, 0.795, 0.7)) / Vector3(0.15, 0.085, 0.14)
            white = max(white, 1 - smoothstep(0.85, 1.05, length(q)))
        } else {
            white = max(white, smoothstep(0.1, 0.05, side) * smoothstep(0.3, 0.36, p.z))
        }
        if isTail { white = max(white, smoothstep(1.03, 1.06, p.y)) }
        color = mix(color, paint(0xFFF6EA), white)
        if isHead { color = face(p, normal, over: color) }
        return color
    }

    private static func face(_ p: Vector3, _ normal: Vector3, over fur: Paint) -> Paint {
        let side = abs(p.x)
        var color = fur
        let ear = smoothstep(1.06, 1.1, p.y) * smoothstep(0.35, 0.6, normal.z)
        color = mix(color, paint(0xF4B0A5), ear * smoothstep(0.05, 0.03, abs(side - 0.175)))
        let nose = length((p - Vector3(0, 0.857, 0.755)) / Vector3(0.036, 0.024, 0.03))
        color = mix(color, paint(0xE07A7F), 1 - smoothstep(0.85, 1.1, nose))
        // The mouth: a line down from the nose that forks.
        let fork = 0.805 - 0.02 * sin(min(side / 0.06, 1) * .pi) - 0.01
        let line =
            max(
                smoothstep(0.007, 0.003, side) * smoothstep(0.79, 0.8, p.y)
                    * smoothstep(0.84, 0.83, p.y),
                smoothstep(0.008, 0.003, abs(p.y - fork)) * smoothstep(0.075, 0.065, side))
            * smoothstep(0.68, 0.7, p.z)
        return mix(color, paint(0x5A3426), line * 0.9)
    }

    private static let walk = Motion(name: "walk", duration: 1, keyCount: 25) { phase in
        var pose = Pose(skeleton)
        let a = turn * phase
        let bob = Vector3(0, 0.012 * cos(2 * a) - 0.015, 0)
        pose.shift("pelvis", bob)
        pose.turn("pelvis", y: 0.07 * sin(a), z: 0.05 * sin(a))
        pose.turn("spine", y: -0.08 * sin(a))
        pose.turn("chest", y: -0.05 * sin(a), z: -0.07 * sin(a))
        pose.turn("neck", x: 0.04 * sin(2 * a + 0.6))
        pose.turn("head", x: 0.06 * sin(2 * a + 0.3), y: 0.06 * sin(a), z: 0.06 * sin(a))
        for i in 1...4 {
            pose.turn(
                "tail\(i)", x: 0.05 * sin(2 * a - Float(i)), z: 0.2 * sin(a - 0.7 * Float(i)))
        }
        let stride = Stride(length: 0.22, lift: 0.1)
        let legs: [(String, String, String, Float)] = [
            ("leftShoulder", "leftElbow", "leftWrist", 0.0),
            ("rightShoulder", "rightElbow", "rightWrist", 0.5),
            ("leftHip", "leftKnee", "leftAnkle", 0.72),
            ("rightHip", "rightKnee", "rightAnkle", 0.22),
        ]
        for (thigh, shin, foot, offset) in legs {
            let step = stride.step(phase + offset)
            Leg(thigh: thigh, shin: shin, foot: foot).bend(
                &pose, skeleton, ankleOffset: step.offset, hipOffset: bob, footPitch: step.pitch)
        }
        return pose
    }
}
