import Foundation
import Geometry
import Imaging
import MeshFiles

/// A cobra that sways out of a painted pot: a long chain of joints with 16-bit weights and joint
/// indices, beside a mesh that is not skinned.
enum Cobra {
    static func document(seed: UInt64) -> GLTFDocument {
        var document = creature(seed: seed).document(
            name: "cobra", motions: [sway],
            influences: Creature.Influences(
                jointComponent: .unsignedShort, weightComponent: .unsignedShort))
        let image = potImage(seed: seed)
        let texture = document.add(
            Texture(name: "pot", image: image, wrapV: .clampToEdge))
        let clay = document.add(
            Material(
                name: "clay", baseColor: SIMD4(SIMD3(repeating: whiteAlbedo), 1),
                baseColorTexture: TextureReference(texture: texture),
                roughness: 0.8))
        let mesh = document.add(
            GLTFDocument.Mesh(name: "pot", primitives: [pot.primitive(material: clay)]))
        document.add(GLTFDocument.Node(name: "pot", mesh: mesh))
        return document
    }

    private static let jointCount = 9

    /// The body's centre line, from inside the pot up to the head.
    private static func spine(_ t: Float) -> Vector3 {
        Vector3(0, mix(0.16, 1.02, t), 0.1 * sin(t * turn * 0.75) - 0.02)
    }

    private static let places = (0...jointCount).map { spine(Float($0) / Float(jointCount)) }

    private static let skeleton: Skeleton = {
        var s = Skeleton()
        s.add("base", places[0])
        s.addChain("spine", Array(places[1..<jointCount]), under: "base")
        s.add("head", places[jointCount], under: "spine\(jointCount - 1)")
        return s
    }()

    private static let sculpture: Sculpture = {
        var s = Sculpture()
        let j = skeleton
        s.addChain(
            places, [0.1, 0.098, 0.095, 0.09, 0.085, 0.08, 0.075, 0.07, 0.065, 0.06],
            joints: [j["base"]] + (1..<jointCount).map { j["spine\($0)"] }, blend: 0.02)
        s.addEllipsoid(
            places[7], Vector3(0.225, 0.19, 0.062), joint: j["spine7"], blend: 0.07)
        let head = places[jointCount]
        s.addEllipsoid(
            head + Vector3(0, 0.02, 0.02), Vector3(0.115, 0.085, 0.12), joint: j["head"],
            blend: 0.04)
        s.addEllipsoid(
            head + Vector3(0, 0, 0.13), Vector3(0.085, 0.06, 0.115), joint: j["head"],
            blend: 0.05)
        return s
    }()

    private static func creature(seed: UInt64) -> Creature {
        let noise = Noise(seed: seed, "cobra.skin")
        var creature = Creature(
            skeleton: skeleton, sculpture: sculpture, cell: 0.02, textureSize: 288,
            roughness: 0.5, color: { skin($0, $1, noise) })
        let head = places[jointCount]
        let eyes = Creature.eyeSurface(
            iris: paint(0xE83A2A), irisSize: 0.95, pupilSize: Vector2(0.3, 0.75),
            white: paint(0xF6E7A0))
        for x in [Float(1), -1] {
            creature.parts.append(
                Creature.Part(
                    shape: Creature.eye(
                        head + Vector3(0.088 * x, 0.05, 0.085), radius: 0.032,
                        rotation: .turns(x: -0.1, y: 0.5 * x)),
                    joint: "head", surface: eyes))
        }
        let red = Creature.Surface(
            material: Material(name: "tongue", baseColor: linear(0xD8203A), roughness: 0.4),
            image: nil)
        for x in [Float(1), -1] {
            let fork = [
                head + Vector3(0, -0.02, 0.22), head + Vector3(0, -0.03, 0.28),
                head + Vector3(0.028 * x, -0.015, 0.33),
            ]
            creature.parts.append(
                Creature.Part(
                    shape: Shape.tube(fork, radii: [0.011, 0.01, 0.004], segments: 8),
                    joint: "head", surface: red))
        }
        return creature
    }

    /// Olive gold with diamond scales, a banded pale front, and the spectacles on the hood's back.
    private static func skin(_ p: Vector3, _ normal: Vector3, _ noise: Noise) -> Paint {
        let around = atan2(p.x, p.z) / turn * 22
        let up = p.y * 42
        let diamonds = abs(fraction(around + up) - 0.5) + abs(fraction(around - up) - 0.5)
        let soft = noise.octaves(p * 10, count: 3)
        var color = mix(paint(0xB79A2E), paint(0x8C7A22), soft)
        color = mix(color, paint(0x5E4F18), smoothstep(0.62, 0.8, diamonds) * 0.8)
        let rings = smoothstep(0.55, 0.8, sin(p.y * 30))
        color = mix(color, paint(0x4A3A16), rings * 0.7 * smoothstep(0.75, 0.7, p.y))
        let front = smoothstep(0.35, 0.6, normal.z) * smoothstep(0.99, 0.96, p.y)
        let bands = smoothstep(-0.1, 0.3, sin(p.y * 90))
        color = mix(color, mix(paint(0xB8964A), paint(0xF0DDA0), bands), front)
        // Two rings joined by a bow on the hood's back.
        let eye = Vector2(abs(p.x) - 0.075, p.y - 0.84)
        let ring = abs((eye.x * eye.x + eye.y * eye.y).squareRoot() - 0.035)
        let mark = smoothstep(0.014, 0.008, ring) * smoothstep(-0.3, -0.6, normal.z)
        color = mix(color, paint(0xF8EFC8), mark)
        let mouth = smoothstep(0.007, 0.003, abs(p.y - 1.0)) * smoothstep(0.06, 0.1, p.z + 0.12)
        return mix(color, paint(0x4A3A16), mouth * smoothstep(0.98, 0.99, p.y))
    }

    private static let sway = Motion(name: "sway", duration: 1.5, keyCount: 31) { phase in
        var pose = Pose(skeleton)
        let a = turn * phase
        for k in 1..<jointCount {
            let wave = a - 0.45 * Float(k)
            // The lower body stays upright in the pot's mouth.
            let freedom = smoothstep(0, 4, Float(k))
            pose.turn(
                "spine\(k)", x: 0.05 * freedom * sin(2 * wave), z: 0.15 * freedom * sin(wave))
        }
        pose.turn("head", x: 0.1 * sin(2 * a), y: 0.2 * sin(a), z: -0.35 * sin(a - 2.4))
        return pose
    }

    private static let pot: Shape = {
        let outside: [Vector2] = [
            Vector2(0.19, 0.36), Vector2(0.235, 0.385), Vector2(0.25, 0.37), Vector2(0.215, 0.33),
            Vector2(0.27, 0.26), Vector2(0.3, 0.17), Vector2(0.26, 0.07), Vector2(0.19, 0.0),
        ]
        let inside: [Vector2] = [Vector2(0, 0.2), Vector2(0.15, 0.24), Vector2(0.19, 0.36)]
        return Shape.lathe(
            inside.dropLast() + Shape.smoothProfile(outside, steps: 4) + [Vector2(0, 0)],
            segments: 40, crease: 50)
    }()

    private static func potImage(seed: UInt64) -> Image {
        let noise = Noise(seed: seed, "cobra.pot")
        return Image.painted(width: 256, height: 128) { uv -> Paint in
            var color = mix(
                paint(0xB5622F), paint(0xC97840), noise.octaves(Vector3(uv.x * 20, uv.y * 10, 0)))
            // Triangles and dots around the belly.
            let band = abs(uv.y - 0.68)
            let zigzag = abs(fraction(uv.x * 16) - 0.5) * 0.2
            color = mix(
                color, paint(0x1F6F78),
                smoothstep(0.005, -0.005, band - 0.1) * smoothstep(0, 0.015, uv.y - 0.6 - zigzag))
            let dot = Vector2(fraction(uv.x * 16) - 0.5, (uv.y - 0.535) * 8)
            color = mix(
                color, paint(0xF3DDA8),
                smoothstep(0.3, 0.22, (dot.x * dot.x + dot.y * dot.y).squareRoot()))
            color = mix(color, paint(0xF3DDA8), smoothstep(0.012, 0.006, abs(band - 0.115)))
            return mix(color, paint(0x3A1E10), smoothstep(0.2, 0.1, uv.y))
        }
    }
}
