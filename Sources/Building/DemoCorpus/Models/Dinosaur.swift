import Foundation
import Geometry
import Imaging
import MeshFiles

/// A young two-legged dinosaur with three clips: walk, jump and idle.
enum Dinosaur {
    static func document(seed: UInt64) -> GLTFDocument {
        creature(seed: seed).document(
            name: "dinosaur", motions: [walk, jump, idle],
            influences: Creature.Influences(weightComponent: .unsignedByte))
    }

    static let skeleton: Skeleton = {
        var s = Skeleton()
        s.add("pelvis", Vector3(0, 0.52, -0.1))
        s.add("spine", Vector3(0, 0.64, -0.05), under: "pelvis")
        s.add("chest", Vector3(0, 0.78, 0.02), under: "spine")
        s.add("neck", Vector3(0, 0.93, 0.08), under: "chest")
        s.add("head", Vector3(0, 1.05, 0.14), under: "neck")
        s.add("jaw", Vector3(0, 1.04, 0.22), under: "head")
        s.addChain("tail", Array(tail.dropLast()), under: "pelvis")
        for (side, x) in [("left", Float(1)), ("right", Float(-1))] {
            s.add("\(side)Arm", Vector3(0.14 * x, 0.82, 0.14), under: "chest")
            s.add("\(side)Hand", Vector3(0.2 * x, 0.73, 0.22), under: "\(side)Arm")
            s.add("\(side)Thigh", Vector3(0.15 * x, 0.47, -0.1), under: "pelvis")
            s.add("\(side)Shin", Vector3(0.175 * x, 0.29, 0.0), under: "\(side)Thigh")
            s.add("\(side)Foot", Vector3(0.175 * x, 0.1, -0.09), under: "\(side)Shin")
        }
        return s
    }()

    private static let tail: [Vector3] = [
        Vector3(0, 0.5, -0.27), Vector3(0, 0.41, -0.45), Vector3(0, 0.34, -0.6),
        Vector3(0, 0.33, -0.74), Vector3(0, 0.38, -0.86),
    ]

    /// Where the plates along the back stand, which way they point, how large they are, and the
    /// joint that they move with.
    private static let plates: [(place: Vector3, tip: Vector3, size: Float, joint: String)] = [
        (Vector3(0, 1.27, 0.14), Vector3(0, 1.39, 0.09), 0.05, "head"),
        (Vector3(0, 1.16, 0.01), Vector3(0, 1.24, -0.08), 0.052, "head"),
        (Vector3(0, 0.98, -0.06), Vector3(0, 1.04, -0.17), 0.055, "neck"),
        (Vector3(0, 0.82, -0.14), Vector3(0, 0.88, -0.27), 0.06, "chest"),
        (Vector3(0, 0.67, -0.24), Vector3(0, 0.74, -0.37), 0.06, "spine"),
        (Vector3(0, 0.55, -0.38), Vector3(0, 0.65, -0.48), 0.052, "tail1"),
        (Vector3(0, 0.45, -0.54), Vector3(0, 0.56, -0.61), 0.045, "tail2"),
        (Vector3(0, 0.38, -0.69), Vector3(0, 0.48, -0.74), 0.036, "tail3"),
    ]

    private static let sculpture: Sculpture = {
        var s = Sculpture()
        let j = skeleton
        s.addEllipsoid(
            Vector3(0, 0.53, -0.08), Vector3(0.215, 0.21, 0.22), joint: j["pelvis"], blend: 0)
        s.addEllipsoid(
            Vector3(0, 0.66, -0.01), Vector3(0.2, 0.2, 0.2), joint: j["spine"], blend: 0.1)
        s.addEllipsoid(
            Vector3(0, 0.8, 0.02), Vector3(0.165, 0.16, 0.16), joint: j["chest"], blend: 0.1)
        s.addLimb(
            Vector3(0, 0.9, 0.04), Vector3(0, 1.08, 0.12), 0.125, 0.13, joint: j["neck"],
            blend: 0.08)
        s.addEllipsoid(
            Vector3(0, 1.13, 0.18), Vector3(0.19, 0.165, 0.19), joint: j["head"], blend: 0.06)
        s.addEllipsoid(
            Vector3(0, 1.105, 0.37), Vector3(0.145, 0.085, 0.15), joint: j["head"], blend: 0.1)
        s.addEllipsoid(
            Vector3(0, 1.01, 0.34), Vector3(0.125, 0.05, 0.15), joint: j["jaw"], blend: 0.02)
        for plate in plates {
            s.addLimb(
                plate.place, plate.tip, plate.size, 0.014, joint: j[plate.joint], blend: 0.015)
        }
        s.addChain(
            [Vector3(0, 0.52, -0.14)] + tail, [0.19, 0.15, 0.11, 0.08, 0.055, 0.03],
            joints: [j["pelvis"]] + (1...4).map { j["tail\($0)"] }, blend: 0.08)
        for (side, x) in [("left", Float(1)), ("right", Float(-1))] { addLimbs(&s, side, x) }
        return s
    }()

    private static func addLimbs(_ s: inout Sculpture, _ side: String, _ x: Float) {
        let j = skeleton
        func limb(_ from: String, _ to: String, _ a: Float, _ b: Float, blend: Float) {
            s.addLimb(
                j.place(side + from), j.place(side + to), a, b, joint: j[side + from],
                blend: blend)
        }
        s.addEllipsoid(
            Vector3(0.115 * x, 1.21, 0.25), Vector3(0.078, 0.078, 0.078), joint: j["head"],
            blend: 0.04)
        limb("Arm", "Hand", 0.062, 0.05, blend: 0.04)
        s.addLimb(
            j.place("\(side)Hand"), Vector3(0.165 * x, 0.7, 0.32), 0.05, 0.05,
            joint: j["\(side)Hand"], blend: 0.03)
        limb("Thigh", "Shin", 0.145, 0.1, blend: 0.06)
        limb("Shin", "Foot", 0.085, 0.066, blend: 0.05)
        s.addEllipsoid(
            Vector3(0.18 * x, 0.062, 0.0), Vector3(0.095, 0.06, 0.14), joint: j["\(side)Foot"],
            blend: 0.05)
    }

    private static func creature(seed: UInt64) -> Creature {
        let noise = Noise(seed: seed, "dinosaur.skin")
        var creature = Creature(
            skeleton: skeleton, sculpture: sculpture, cell: 0.026, textureSize: 288,
            color: { skin($0, $1, noise) })
        let eyes = Creature.eyeSurface(
            iris: paint(0xF2B632), irisSize: 0.85, pupilSize: Vector2(0.5, 0.62))
        for x in [Float(1), -1] {
            creature.parts.append(
                Creature.Part(
                    shape: Creature.eye(
                        Vector3(0.122 * x, 1.225, 0.285), radius: 0.062,
                        rotation: .turns(x: -0.05, y: 0.3 * x)),
                    joint: "head", surface: eyes))
        }
        return creature
    }

    /// Green with darker spots, a cream belly, orange plates and white claws.
    private static func skin(_ p: Vector3, _ normal: Vector3, _ noise: Noise) -> Paint {
        let soft = noise.octaves(p * 9, count: 3)
        var color = mix(paint(0x6CC04A), paint(0x57AB3E), soft)
        let spots = noise.value(p * 11 + Vector3(5, 0, 0)) + 0.25 * normal.y
        color = mix(color, paint(0x3C8A3A), smoothstep(0.62, 0.72, spots))
        let isHead = p.y > 0.95
        // Belly, throat and the tail's underside, in bands.
        let facing = isHead ? -normal.y : normal.z * 0.9 - normal.y * 0.45
        var belly = smoothstep(0.35, 0.6, facing) * smoothstep(0.16, 0.11, abs(p.x))
        if !isHead { belly *= smoothstep(0.2, 0.3, p.y + max(-p.z, 0) * 0.4) }
        let bands = 0.9 + 0.1 * smoothstep(-0.2, 0.2, sin((p.y - p.z * 0.6) * 75))
        color = mix(color, paint(0xF7E7B0) * bands, belly)
        for plate in plates {
            let axis = plate.tip - plate.place
            let along = dot(p - plate.place, axis) / dot(axis, axis)
            let away = length(p - plate.place - axis * along)
            let inside =
                smoothstep(0.35, 0.5, along) * smoothstep(plate.size * 1.05, plate.size * 0.9, away)
            color = mix(color, mix(paint(0xF0702A), paint(0xF9B04A), along), inside)
        }
        let nostril = length((p - Vector3(p.x < 0 ? -0.05 : 0.05, 1.15, 0.5)) / 0.02)
        color = mix(color, paint(0x2C5A2A), 1 - smoothstep(0.7, 1.1, nostril))
        let lips = smoothstep(0.014, 0.006, abs(p.y - 1.045)) * smoothstep(0.2, 0.26, p.z)
        color = mix(color, paint(0xA8434A), lips)
        // Three claws a foot.
        let claw = sin((abs(p.x) - 0.18) * 62 + .pi / 2)
        let toes = smoothstep(0.08, 0.1, p.z) * smoothstep(0.07, 0.05, p.y)
        return mix(color, paint(0xFFF8E8), toes * smoothstep(0.1, 0.35, claw))
    }
}
