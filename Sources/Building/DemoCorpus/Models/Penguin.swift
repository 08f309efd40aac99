import Foundation
import Geometry
import Imaging
import MeshFiles

/// A penguin with two clips, waddle and flap, built as exporters build files from other worlds:
/// the mesh and the joints are in centimetres with Z up, under an armature node that turns and
/// shrinks them.
enum Penguin {
    static func document(seed: UInt64) -> GLTFDocument {
        let creature = creature(seed: seed)
        return creature.document(
            name: "penguin", motions: [waddle, flap],
            armature: Armature(rotation: .turns(x: -.pi / 2), scale: 0.01))
    }

    private static let skeleton: Skeleton = {
        var s = Skeleton()
        s.add("hips", Vector3(0, 0.2, 0))
        s.add("body", Vector3(0, 0.38, 0), under: "hips")
        s.add("head", Vector3(0, 0.72, 0), under: "body")
        s.add("tail", Vector3(0, 0.16, -0.2), under: "hips")
        for (side, x) in [("left", Float(1)), ("right", Float(-1))] {
            s.add("\(side)Foot", Vector3(0.12 * x, 0.12, 0.02), under: "hips")
            s.add("\(side)Wing", Vector3(0.24 * x, 0.6, 0), under: "body")
            s.add("\(side)Tip", Vector3(0.34 * x, 0.42, 0.01), under: "\(side)Wing")
        }
        return s
    }()

    private static let sculpture: Sculpture = {
        var s = Sculpture()
        let j = skeleton
        s.addEllipsoid(
            Vector3(0, 0.3, 0), Vector3(0.27, 0.26, 0.25), joint: j["hips"], blend: 0)
        s.addEllipsoid(
            Vector3(0, 0.48, 0), Vector3(0.25, 0.27, 0.225), joint: j["body"], blend: 0.1)
        s.addEllipsoid(
            Vector3(0, 0.84, 0.02), Vector3(0.215, 0.2, 0.2), joint: j["head"], blend: 0.09)
        s.addLimb(
            Vector3(0, 0.81, 0.18), Vector3(0, 0.795, 0.3), 0.06, 0.016, joint: j["head"],
            blend: 0.02)
        s.addLimb(
            Vector3(0, 0.2, -0.2), Vector3(0, 0.13, -0.32), 0.08, 0.02, joint: j["tail"],
            blend: 0.05)
        for (side, x) in [("left", Float(1)), ("right", Float(-1))] {
            s.addEllipsoid(
                Vector3(0.13 * x, 0.045, 0.1), Vector3(0.095, 0.045, 0.15),
                joint: j["\(side)Foot"], blend: 0.015)
            s.addLimb(
                Vector3(0.12 * x, 0.14, 0.02), Vector3(0.13 * x, 0.07, 0.05), 0.08, 0.05,
                joint: j["\(side)Foot"], blend: 0.03)
            s.addLimb(
                Vector3(0.23 * x, 0.61, 0), j.place("\(side)Tip"), 0.062, 0.07,
                joint: j["\(side)Wing"], blend: 0.04)
            s.addLimb(
                j.place("\(side)Tip"), Vector3(0.42 * x, 0.26, 0.02), 0.07, 0.028,
                joint: j["\(side)Tip"], blend: 0.03)
        }
        return s
    }()

    private static func creature(seed: UInt64) -> Creature {
        let noise = Noise(seed: seed, "penguin.feathers")
        var creature = Creature(
            skeleton: skeleton, sculpture: sculpture, cell: 0.024, textureSize: 256,
            color: { feathers($0, $1, noise) })
        let eyes = Creature.eyeSurface(iris: nil)
        for x in [Float(1), -1] {
            creature.parts.append(
                Creature.Part(
                    shape: Creature.eye(
                        Vector3(0.085 * x, 0.89, 0.192), radius: 0.034,
                        rotation: .turns(y: 0.3 * x)),
                    joint: "head", surface: eyes))
        }
        let wool = Creature.Surface(
            material: Material(name: "scarf", roughness: 0.95),
            image: Image.painted(width: 128, height: 32) { uv -> Paint in
                let stripe = smoothstep(-0.2, 0.2, sin(uv.x * turn * 12))
                let knit = 0.9 + 0.1 * sin(uv.y * turn * 8) * sin(uv.x * turn * 60)
                return mix(paint(0xD8342C), paint(0xF6E3C0), stripe) * knit
            })
        let scarf = Shape.torus(radius: 0.185, thickness: 0.055, segments: 32, sides: 12)
            .placed(at: Vector3(0, 0.675, 0.01), scale: Vector3(1.05, 1, 1))
        creature.parts.append(Creature.Part(shape: scarf, joint: "body", surface: wool))
        let end = Shape.box(Vector3(0.1, 0.24, 0.035), bevel: 0.016)
            .placed(at: Vector3(0.1, 0.555, 0.232), rotation: .turns(x: -0.1, z: 0.16))
        creature.parts.append(Creature.Part(shape: end, joint: "body", surface: wool))
        return creature
    }

    /// Slate back, white front and cheeks, orange beak and feet.
    private static func feathers(_ p: Vector3, _ normal: Vector3, _ noise: Noise) -> Paint {
        let soft = noise.octaves(p * 18, count: 3)
        var color = mix(paint(0x2C3648), paint(0x3B475E), soft)
        let isWing = abs(p.x) > 0.27 || (abs(p.x) > 0.24 && p.y > 0.3)
        let isHead = p.y > 0.7
        if isHead {
            // Two round cheeks that meet above the beak.
            let cheek =
                (p - Vector3(p.x < 0 ? -0.08 : 0.08, 0.845, 0.18)) / Vector3(0.105, 0.115, 0.2)
            color = mix(color, paint(0xFBFAF5), 1 - smoothstep(0.9, 1.05, length(cheek)))
            let blush = (p - Vector3(p.x < 0 ? -0.135 : 0.135, 0.81, 0.15)) / 0.05
            color = mix(color, paint(0xF4A8A0), 0.7 * (1 - smoothstep(0.3, 1, length(blush))))
        } else if !isWing {
            let belly = (p - Vector3(0, 0.38, 0.2)) / Vector3(0.2, 0.36, 0.22)
            color = mix(color, paint(0xFBFAF5), 1 - smoothstep(0.95, 1.05, length(belly)))
        } else {
            color = mix(
                color, paint(0xE9E7E0), smoothstep(0.2, 0.5, -normal.x * (p.x < 0 ? -1 : 1)))
        }
        let beak = (p - Vector3(0, 0.805, 0.25)) / Vector3(0.066, 0.062, 0.09)
        color = mix(color, paint(0xF59A23), 1 - smoothstep(0.95, 1.05, length(beak)))
        let feet = smoothstep(0.105, 0.09, p.y) * (p.z > -0.1 ? 1 : 0)
        return mix(color, mix(paint(0xF59A23), paint(0xE2801A), soft), feet)
    }

    private static let waddle = Motion(name: "waddle", duration: 1, keyCount: 25) { phase in
        var pose = Pose(skeleton)
        let a = turn * phase
        let roll = 0.2 * sin(a)
        pose.shift("hips", Vector3(-0.05 * sin(a), 0.02 * abs(sin(a)), 0))
        pose.turn("hips", y: 0.18 * cos(a), z: roll)
        pose.turn("body", z: 0.04 * sin(a - 0.5))
        pose.turn("head", y: -0.15 * cos(a), z: -0.8 * roll)
        pose.turn("tail", y: 0.3 * sin(2 * a))
        for (side, sign) in [("left", Float(1)), ("right", Float(-1))] {
            // The foot on the rising side swings forward.
            let lift = max(sign * sin(a), 0)
            pose.turn("\(side)Foot", x: -0.25 * lift, z: -roll)
            pose.shift("\(side)Foot", Vector3(0, 0.06 * lift, -0.09 * sign * cos(a)))
            pose.turn("\(side)Wing", x: 0.12 * cos(a), z: sign * (0.3 + 0.14 * sin(2 * a)))
        }
        return pose
    }

    private static let flap = Motion(name: "flap", duration: 1.5, keyCount: 37) { phase in
        var pose = Pose(skeleton)
        let a = turn * phase
        pose.shift("hips", Vector3(0, 0.05 * bump(fraction(phase * 3)), 0))
        pose.turn("body", x: -0.08 + 0.06 * sin(a))
        pose.turn("head", x: -0.12 + 0.06 * sin(3 * a), z: 0.1 * sin(a))
        for (side, sign) in [("left", Float(1)), ("right", Float(-1))] {
            pose.turn("\(side)Wing", z: sign * (0.9 + 0.7 * sin(3 * a)))
            pose.turn("\(side)Tip", z: sign * (0.2 + 0.35 * sin(3 * a - 0.9)))
            pose.turn("\(side)Foot", x: 0.15 * sin(3 * a))
        }
        return pose
    }
}
