import Foundation
import Geometry
import Imaging
import MeshFiles

/// An octopus whose vertices follow up to eight joints each (JOINTS_0 and JOINTS_1).
enum Octopus {
    static func document(seed: UInt64) -> GLTFDocument {
        creature(seed: seed).document(
            name: "octopus", motions: [swim],
            influences: Creature.Influences(perVertex: 8, weightComponent: .unsignedShort))
    }

    private static let armCount = 8
    private static let jointsPerArm = 4

    /// The centre line of an arm: out of the body, down, and up again at the tip.
    private static func arm(_ index: Int) -> [Vector3] {
        let angle = turn * (Float(index) + 0.5) / Float(armCount)
        let out = Vector3(sin(angle), 0, cos(angle))
        let line: [(Float, Float)] = [
            (0.12, 0.42), (0.27, 0.3), (0.4, 0.17), (0.52, 0.1), (0.62, 0.13),
        ]
        return line.map { out * $0.0 + Vector3(0, $0.1, 0) }
    }

    private static let skeleton: Skeleton = {
        var s = Skeleton()
        s.add("body", Vector3(0, 0.45, 0))
        s.add("mantle", Vector3(0, 0.6, -0.02), under: "body")
        for i in 0..<armCount {
            let places = arm(i).dropLast()
            for (k, place) in places.enumerated() {
                s.add("arm\(i)_\(k)", place, under: k == 0 ? "body" : "arm\(i)_\(k - 1)")
            }
        }
        return s
    }()

    private static let sculpture: Sculpture = {
        var s = Sculpture()
        let j = skeleton
        s.addEllipsoid(
            Vector3(0, 0.48, 0), Vector3(0.2, 0.17, 0.2), joint: j["body"], blend: 0)
        s.addEllipsoid(
            Vector3(0, 0.74, -0.05), Vector3(0.27, 0.27, 0.27), joint: j["mantle"], blend: 0.14)
        for x in [Float(1), -1] {
            s.addEllipsoid(
                Vector3(0.105 * x, 0.56, 0.165), Vector3(0.075, 0.085, 0.07), joint: j["body"],
                blend: 0.05)
        }
        for i in 0..<armCount {
            s.addChain(
                arm(i), [0.09, 0.08, 0.065, 0.048, 0.028],
                joints: (0..<jointsPerArm).map { j["arm\(i)_\($0)"] }, blend: 0.06)
        }
        return s
    }()

    private static func creature(seed: UInt64) -> Creature {
        let noise = Noise(seed: seed, "octopus.skin")
        var creature = Creature(
            skeleton: skeleton, sculpture: sculpture, cell: 0.027, textureSize: 256,
            blendRounds: 40, roughness: 0.45, color: { skin($0, $1, noise) })
        let eyes = Creature.eyeSurface(
            iris: paint(0xF0C23C), irisSize: 0.95, pupilSize: Vector2(0.72, 0.4))
        for x in [Float(1), -1] {
            creature.parts.append(
                Creature.Part(
                    shape: Creature.eye(
                        Vector3(0.112 * x, 0.57, 0.2), radius: 0.058,
                        rotation: .turns(x: -0.05, y: 0.25 * x)),
                    joint: "body", surface: eyes))
        }
        return creature
    }

    /// Coral violet with pale spots above and suckers below.
    private static func skin(_ p: Vector3, _ normal: Vector3, _ noise: Noise) -> Paint {
        let soft = noise.octaves(p * 8, count: 3)
        var color = mix(paint(0x9A4FC0), paint(0xC85AA8), smoothstep(0.2, 0.9, p.y + 0.3 * soft))
        let spots = noise.value(p * 13)
        color = mix(
            color, paint(0xF3A6D0), smoothstep(0.68, 0.76, spots) * smoothstep(-0.2, 0.3, normal.y))
        let under = smoothstep(-0.3, -0.6, normal.y) * smoothstep(0.45, 0.4, p.y)
        color = mix(color, paint(0xF6CDD8), under)
        let out = (p.x * p.x + p.z * p.z).squareRoot()
        let angle = atan2(p.x, p.z) / turn * Float(armCount)
        let across = abs(fraction(angle) - 0.5) * out
        let sucker = Vector2((across - 0.022) * 60, (fraction(out * 16) - 0.5) * 3)
        let rim = (sucker.x * sucker.x + sucker.y * sucker.y).squareRoot()
        color = mix(color, paint(0xC25F8C), under * smoothstep(1.15, 0.9, rim))
        let smile = (p - Vector3(0, 0.475, 0.2))
        let curve = smoothstep(0.01, 0.004, abs(smile.y - 4 * smile.x * smile.x + 0.02))
        return mix(
            color, paint(0x5A2060),
            curve * smoothstep(0.06, 0.05, abs(p.x)) * smoothstep(0.1, 0.15, p.z))
    }

    private static let swim = Motion(name: "swim", duration: 1.5, keyCount: 31) { phase in
        var pose = Pose(skeleton)
        let a = turn * phase
        pose.shift("body", Vector3(0, 0.05 * sin(a), 0))
        let squeeze = 1 + 0.09 * sin(a + 0.6)
        pose.scales[skeleton["mantle"]] = Vector3(1 / squeeze, squeeze, 1 / squeeze)
        pose.turn("mantle", x: 0.06 * sin(a), z: 0.1 * sin(a + 1))
        for i in 0..<armCount {
            let around = turn * (Float(i) + 0.5) / Float(armCount)
            // Across the arm's own direction: lifting, and swinging sideways.
            let lift = SIMD3(Double(cos(around)), 0, -Double(sin(around)))
            for k in 0..<jointsPerArm {
                let wave = a - 0.75 * Float(k) + 0.8 * Float(i % 2)
                let j = skeleton["arm\(i)_\(k)"]
                pose.rotations[j] =
                    Quaternion(axis: lift, angle: Double(-0.05 + 0.26 * sin(wave)))
                    * Quaternion.turns(y: 0.16 * sin(wave + Float(i)))
            }
        }
        return pose
    }
}
