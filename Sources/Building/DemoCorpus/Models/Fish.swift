import Foundation
import Geometry
import Imaging
import MeshFiles

/// A clownfish that swims on the spot: a skinned spine and painted scales.
enum Fish {
    static func document(seed: UInt64) -> GLTFDocument {
        creature(seed: seed).document(name: "fish", motions: [swim])
    }

    private static let spine: [Vector3] = [
        Vector3(0, 0, 0.3), Vector3(0, 0, 0.14), Vector3(0, 0, 0.0), Vector3(0, 0, -0.13),
        Vector3(0, 0, -0.25), Vector3(0, 0, -0.36),
    ]

    private static let skeleton: Skeleton = {
        var s = Skeleton()
        s.add("root", Vector3(0, 0, 0.02))
        s.add("head", spine[1], under: "root")
        s.add("spine1", spine[2], under: "root")
        s.add("spine2", spine[3], under: "spine1")
        s.add("spine3", spine[4], under: "spine2")
        s.add("fin", spine[5], under: "spine3")
        for (side, x) in [("left", Float(1)), ("right", Float(-1))] {
            s.add("\(side)Fin", Vector3(0.125 * x, -0.07, 0.13), under: "head")
        }
        return s
    }()

    private static let sculpture: Sculpture = {
        var s = Sculpture()
        let j = skeleton
        s.addEllipsoid(
            Vector3(0, 0, 0.2), Vector3(0.15, 0.185, 0.19), joint: j["head"], blend: 0)
        s.addEllipsoid(
            Vector3(0, 0.005, 0.03), Vector3(0.165, 0.235, 0.22), joint: j["root"], blend: 0.1)
        s.addEllipsoid(
            Vector3(0, 0, -0.12), Vector3(0.12, 0.17, 0.17), joint: j["spine1"], blend: 0.1)
        s.addLimb(
            Vector3(0, 0, -0.2), Vector3(0, 0, -0.3), 0.1, 0.07, joint: j["spine2"], blend: 0.08)
        s.addLimb(
            Vector3(0, 0, -0.3), Vector3(0, 0, -0.39), 0.068, 0.05, joint: j["spine3"],
            blend: 0.05)
        for x in [Float(1), -1] {
            s.addEllipsoid(
                Vector3(0.03 * x, -0.045, 0.375), Vector3(0.06, 0.03, 0.035), joint: j["head"],
                blend: 0.03)
        }
        return s
    }()

    private static func creature(seed: UInt64) -> Creature {
        let noise = Noise(seed: seed, "fish.skin")
        var creature = Creature(
            skeleton: skeleton, sculpture: sculpture, cell: 0.019, textureSize: 288,
            roughness: 0.4, color: { skin($0, $1, noise) })
        let eyes = Creature.eyeSurface(
            iris: paint(0x2E2A28), irisSize: 0.8, pupilSize: Vector2(0.7, 0.7))
        for x in [Float(1), -1] {
            creature.parts.append(
                Creature.Part(
                    shape: Creature.eye(
                        Vector3(0.1 * x, 0.06, 0.293), radius: 0.052,
                        rotation: .turns(x: -0.08, y: 0.75 * x)),
                    joint: "head", surface: eyes))
        }
        creature.parts += fins
        return creature
    }

    /// Plates with rays, orange with a dark rim.
    private static var fins: [Creature.Part] {
        let surface = Creature.Surface(
            material: Material(name: "fins", roughness: 0.5),
            image: Image.painted(width: 128, height: 128) { uv -> Paint in
                let p = uv - Vector2(0.5, 0.5)
                let out = (p.x * p.x + p.y * p.y).squareRoot() * 2
                let rays = 0.85 + 0.15 * sin(atan2(p.y, p.x) * 34)
                let rim = smoothstep(0.72, 0.8, out)
                return mix(paint(0xFF8A2A) * rays, paint(0x2B1D16), rim)
            })
        func part(_ outline: (Float) -> Float, _ joint: String, _ move: Matrix4) -> Creature.Part {
            let points = (0..<40).map { i in
                let angle = turn * Float(i) / 40
                return Vector2(cos(angle), sin(angle)) * outline(angle)
            }
            return Creature.Part(
                shape: Shape.plate(points, depth: 0.022).transformed(move), joint: joint,
                surface: surface)
        }
        func upright(_ place: Vector3) -> Matrix4 {
            .compose(
                translation: SIMD3(place), rotation: .turns(y: .pi / 2), scale: SIMD3(1, 1, 1))
        }
        // Seen from the fish's left side, +X of a plate points to the tail.
        let tail = part(
            { angle in
                0.13 + 0.07 * cos(angle) + 0.05 * cos(2 * (angle - 0.9)) * (cos(angle) > 0 ? 1 : 0)
            }, "fin", upright(Vector3(0, 0, -0.46)))
        let back = part(
            { 0.14 + 0.045 * sin(3 * $0) + 0.03 * cos(2 * $0) }, "root",
            upright(Vector3(0, 0.2, -0.02)))
        let belly = part(
            { 0.1 + 0.03 * cos(2 * ($0 + 0.6)) }, "spine1", upright(Vector3(0, -0.17, -0.12)))
        let sides = [Float(1), -1].map { x in
            part(
                { 0.085 + 0.035 * cos($0) }, x > 0 ? "leftFin" : "rightFin",
                .compose(
                    translation: SIMD3(Vector3(0.2 * x, -0.09, 0.09)),
                    rotation: .turns(y: x > 0 ? 0.6 : .pi - 0.6, z: -0.25 * x),
                    scale: SIMD3(1, 1, 1)))
        }
        return [tail, back, belly] + sides
    }

    /// Orange with rows of scales and three white bands edged in black.
    private static func skin(_ p: Vector3, _ normal: Vector3, _ noise: Noise) -> Paint {
        let around = atan2(p.x, p.y) / turn
        let row = p.z * 30
        let shift = fraction((row.rounded(.down)) * 0.5)
        let cell = Vector2(fraction(around * 26 + shift) - 0.5, fraction(row) - 0.15)
        let arc = (cell.x * cell.x + cell.y * cell.y).squareRoot()
        let scale = smoothstep(0.42, 0.55, arc) * smoothstep(0.24, 0.16, p.z)
        var color = mix(paint(0xFF7F1E), paint(0xFFA040), noise.octaves(p * 12, count: 2))
        color = mix(color, paint(0xD95A10), scale * 0.6)
        color = mix(color, paint(0xFFB866), 0.5 * smoothstep(-0.5, -0.9, normal.y))
        for (middle, width) in [(Float(0.165), Float(0.05)), (-0.06, 0.055), (-0.3, 0.03)] {
            let bend = 0.5 * p.y * p.y
            let away = abs(p.z - middle - bend)
            color = mix(color, paint(0x2B1D16), 1 - smoothstep(width + 0.012, width + 0.018, away))
            color = mix(color, paint(0xFFFFFF), 1 - smoothstep(width - 0.002, width + 0.004, away))
        }
        let mouth =
            smoothstep(0.008, 0.003, abs(p.y + 0.045 - 0.3 * abs(p.x)))
            * smoothstep(0.35, 0.37, p.z)
        return mix(color, paint(0x7A2E10), mouth * smoothstep(0.07, 0.06, abs(p.x)))
    }

    private static let swim = Motion(name: "swim", duration: 1, keyCount: 25) { phase in
        var pose = Pose(skeleton)
        let a = turn * phase
        pose.shift("root", Vector3(0.03 * sin(a), 0.02 * sin(2 * a), 0))
        pose.turn("root", y: 0.22 * sin(a), z: 0.08 * sin(a))
        pose.turn("head", y: 0.14 * sin(a - 0.4))
        for (joint, amount, lag) in [
            ("spine1", Float(0.2), Float(0.9)), ("spine2", 0.24, 1.5), ("spine3", 0.28, 2.1),
            ("fin", 0.36, 2.8),
        ] {
            pose.turn(joint, y: -amount * sin(a - lag))
        }
        for (side, sign) in [("left", Float(1)), ("right", Float(-1))] {
            pose.turn("\(side)Fin", y: sign * 0.35 * sin(2 * a), z: sign * 0.5 * sin(2 * a + 0.8))
        }
        return pose
    }
}
