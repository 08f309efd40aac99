import Foundation
import Geometry
import Imaging
import MeshFiles

/// An unlit cartoon ghost. Its arms are raised by a default morph weight of the node, which stands
/// before the mesh's and which no clip sets.
enum Ghost {
    static func document(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let noise = Noise(seed: seed, "ghost")
        let sheet = sculpture.painted(cell: 0.029, resolution: 192) { color($0, $1, noise) }
        let texture = document.add(
            Texture(
                name: "sheet", image: sheet.image, wrapU: .clampToEdge, wrapV: .clampToEdge))
        let flat = document.add(
            Material(
                name: "sheet", baseColorTexture: TextureReference(texture: texture), unlit: true))
        var primitive = sheet.shape.primitive(material: flat)
        primitive.targets = [
            sheet.shape.morphTarget(to: sheet.shape.deformed(raised)),
            sheet.shape.morphTarget(to: sheet.shape.deformed { Vector3($0.x, $0.y * 0.6, $0.z) }),
        ]
        let mesh = document.add(
            GLTFDocument.Mesh(
                name: "ghost", primitives: [primitive], weights: [0, 0.8],
                targetNames: ["arms up", "flat"]))
        let root = document.add(GLTFDocument.Node(name: "drift"))
        _ = document.add(
            GLTFDocument.Node(name: "ghost", mesh: mesh, weights: [1, 0]), under: root)
        document.animations = [
            GLTFDocument.Animation(
                name: "haunt",
                channels: [
                    .vector(root, .translation, seconds: 2, keys: 25) { phase in
                        Vector3(0.1 * cos(turn * phase), 0.06 * sin(2 * turn * phase), 0)
                    },
                    .rotation(root, seconds: 2, keys: 25) { phase in
                        .turns(y: 0.6 * sin(turn * phase), z: 0.14 * cos(turn * phase))
                    },
                    .vector(root, .scale, seconds: 2, keys: 25) { phase in
                        let s = 0.05 * sin(2 * turn * phase)
                        return Vector3(1 - s, 1 + s, 1 - s)
                    },
                ])
        ]
        return document
    }

    private static let sculpture: Sculpture = {
        var s = Sculpture()
        s.addLimb(Vector3(0, 0.72, 0), Vector3(0, 0.25, 0), 0.28, 0.31, joint: 0, blend: 0)
        for i in 0..<7 {
            let angle = turn * Float(i) / 7
            let out = Vector3(sin(angle), 0, cos(angle))
            s.addLimb(
                out * 0.22 + Vector3(0, 0.2, 0), out * 0.25 + Vector3(0, 0.02, 0), 0.12, 0.07,
                joint: 0, blend: 0.04)
        }
        for x in [Float(1), -1] {
            s.addLimb(
                Vector3(0.22 * x, 0.52, 0.05), Vector3(0.44 * x, 0.36, 0.12), 0.11, 0.075, joint: 0,
                blend: 0.06)
        }
        return s
    }()

    /// Turns the arms up about the shoulders.
    private static func raised(_ p: Vector3) -> Vector3 {
        let side: Float = p.x < 0 ? -1 : 1
        let amount = smoothstep(0.24, 0.36, abs(p.x)) * smoothstep(0.2, 0.28, p.y)
        let angle = 1.25 * amount
        let q = Vector2(abs(p.x) - 0.24, p.y - 0.5)
        return Vector3(
            side * (0.24 + q.x * cos(angle) - q.y * sin(angle)),
            0.5 + q.x * sin(angle) + q.y * cos(angle), p.z)
    }

    /// Pale blue with a soft shadow, since nothing lights it; wide eyes, a mouth and blush.
    private static func color(_ p: Vector3, _ normal: Vector3, _ noise: Noise) -> Paint {
        var color = mix(
            paint(0xA9BDF2), paint(0xF6F9FF), smoothstep(-0.7, 0.5, normal.y + 0.35 * normal.z))
        color = mix(color, paint(0x8FA3E8), 0.6 * smoothstep(0.22, -0.05, p.y))
        color *= 0.97 + 0.03 * noise.octaves(p * 10, count: 2)
        guard p.z > 0 else { return color }
        let side = abs(p.x)
        func oval(_ center: Vector2, _ size: Vector2) -> Float {
            let q = (Vector2(side, p.y) - center) / size
            return (q.x * q.x + q.y * q.y).squareRoot()
        }
        color = mix(
            color, paint(0xF7A8C4),
            0.8 * smoothstep(1.1, 0.6, oval(Vector2(0.19, 0.64), Vector2(0.055, 0.035))))
        color = mix(
            color, paint(0x1C1F38),
            smoothstep(1.06, 0.96, oval(Vector2(0.105, 0.76), Vector2(0.05, 0.08))))
        color = mix(
            color, paint(0xFFFFFF),
            smoothstep(1.1, 0.9, oval(Vector2(0.118, 0.795), Vector2(0.016, 0.022))))
        let mouth = oval(Vector2(0, 0.6), Vector2(0.07, 0.055))
        color = mix(color, paint(0x1C1F38), smoothstep(1.06, 0.96, mouth))
        let tongue = oval(Vector2(0, 0.57), Vector2(0.045, 0.03))
        return mix(
            color, paint(0xF0607A), smoothstep(1.1, 0.95, tongue) * smoothstep(1, 0.9, mouth))
    }
}
