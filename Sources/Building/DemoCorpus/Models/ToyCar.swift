import Foundation
import Geometry
import Imaging
import MeshFiles

/// A toy car that bobs along on turning wheels, kept as a .gltf with its buffer and pictures in
/// files beside it.
enum ToyCar {
    static func document(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let noise = Noise(seed: seed, "toy-car.paint")
        let painted = shell.painted(cell: 0.025, resolution: 288) { color($0, $1, noise) }
        let lacquer = document.addPicture(
            "toy-car-body", painted.image, roughness: 0.3, wrapU: .clampToEdge, wrapV: .clampToEdge)
        let rubber = document.addPicture("toy-car-wheel", wheelImage, roughness: 0.6)
        let chrome = document.addColor("chrome", 0xD9DEE6, roughness: 0.25, metallic: 0.8)

        let root = document.add(GLTFDocument.Node(name: "car"))
        let bumpers = Shape.joined(
            [Float(0.6), -0.58].map { z in
                Shape.tube(
                    [
                        Vector3(-0.2, 0.15, z - 0.03), Vector3(0, 0.15, z),
                        Vector3(0.2, 0.15, z - 0.03),
                    ],
                    radii: [0.03, 0.035, 0.03], segments: 12)
            })
        let body = document.addPart(
            "body", [(painted.shape, lacquer), (bumpers, chrome)], under: root)
        var wheels: [Int] = []
        for (name, x, z) in [
            ("frontLeft", Float(0.27), Float(0.35)), ("frontRight", -0.27, 0.35),
            ("rearLeft", 0.27, -0.33), ("rearRight", -0.27, -0.33),
        ] {
            wheels.append(
                document.addPart(
                    name, wheel, rubber, at: Vector3(x, 0.14, z), under: root))
        }
        document.animations = [drive(root: root, body: body, wheels: wheels)]
        return document
    }

    private static func drive(root: Int, body: Int, wheels: [Int]) -> GLTFDocument.Animation {
        let seconds: Float = 1.5
        var channels: [GLTFDocument.Channel] = [
            .rotation(root, seconds: seconds, keys: 25) { .turns(y: 0.42 * sin(turn * $0 + 0.7)) },
            .vector(body, .translation, seconds: seconds, keys: 37) { phase in
                Vector3(0, 0.025 * sin(3 * turn * phase), 0)
            },
            .rotation(body, seconds: seconds, keys: 37) { phase in
                .turns(x: 0.04 * cos(3 * turn * phase), z: 0.07 * sin(turn * phase + 0.2))
            },
        ]
        for (i, node) in wheels.enumerated() {
            channels.append(
                .rotation(node, seconds: seconds, keys: 25) { phase in
                    let steer = i < 2 ? 0.3 * cos(turn * phase + 0.7) : 0
                    return .turns(y: steer) * .turns(x: 2 * turn * phase)
                })
        }
        return GLTFDocument.Animation(name: "drive", channels: channels)
    }

    private static let shell: Sculpture = {
        var s = Sculpture()
        for x in [Float(0.14), -0.14] {
            s.addLimb(
                Vector3(x, 0.23, -0.4), Vector3(x, 0.22, 0.42), 0.13, 0.12, joint: 0, blend: 0.1)
        }
        s.addLimb(
            Vector3(0, 0.28, -0.36), Vector3(0, 0.26, 0.4), 0.16, 0.14, joint: 0, blend: 0.12)
        s.addEllipsoid(
            Vector3(0, 0.42, -0.07), Vector3(0.23, 0.21, 0.32), joint: 0, blend: 0.07)
        for x in [Float(1), -1] {
            for z in [Float(0.35), -0.33] {
                s.addEllipsoid(
                    Vector3(0.21 * x, 0.2, z), Vector3(0.085, 0.15, 0.18), joint: 0, blend: 0.05)
            }
            s.addEllipsoid(
                Vector3(0.15 * x, 0.27, 0.5), Vector3(0.07, 0.07, 0.06), joint: 0, blend: 0.02)
        }
        return s
    }()

    /// Red with a cream stripe, windows, lamps and a smiling grille.
    private static func color(_ p: Vector3, _ normal: Vector3, _ noise: Noise) -> Paint {
        var color = mix(paint(0xE0352B), paint(0xD02A24), noise.octaves(p * 6, count: 2))
        let stripe = smoothstep(0.075, 0.07, abs(p.x)) * smoothstep(0.1, 0.3, normal.y + 0.4)
        color = mix(color, paint(0xF7CF6B), stripe * smoothstep(0.24, 0.27, p.y))
        let glass = paint(0x2B4A66)
        let cabin = (p - Vector3(0, 0.42, -0.07)) / Vector3(0.24, 0.22, 0.33)
        let height = smoothstep(0.43, 0.44, p.y) * smoothstep(0.565, 0.555, p.y)
        let front = smoothstep(0.45, 0.5, abs(normal.z)) * smoothstep(0.17, 0.16, abs(p.x))
        let side = smoothstep(0.55, 0.6, abs(normal.x)) * smoothstep(0.02, 0.03, abs(p.z + 0.08))
        color = mix(color, glass, height * max(front, side) * (length(cabin) < 1.15 ? 1 : 0))
        let lamp = length((p - Vector3(p.x < 0 ? -0.15 : 0.15, 0.27, 0.53)) / 0.062)
        color = mix(color, paint(0xFFF6C0), smoothstep(1.02, 0.95, lamp))
        let pupil = length((p - Vector3(p.x < 0 ? -0.15 : 0.15, 0.27, 0.57)) / 0.032)
        color = mix(color, paint(0xFFFFFF), smoothstep(1.05, 0.9, pupil))
        let smile = abs(p.y - 0.185 - 1.6 * p.x * p.x)
        let grille = smoothstep(0.02, 0.015, smile) * smoothstep(0.13, 0.12, abs(p.x))
        color = mix(color, paint(0x3A1A1A), grille * smoothstep(0.45, 0.5, p.z))
        let tail = length((p - Vector3(p.x < 0 ? -0.17 : 0.17, 0.28, -0.52)) / 0.05)
        return mix(color, paint(0xFFB84A), smoothstep(1.05, 0.95, tail))
    }

    /// A tyre about the X axis with its hub.
    private static let wheel = Shape.lathe(
        Shape.smoothProfile(
            [
                Vector2(0, 0.075), Vector2(0.07, 0.07), Vector2(0.1, 0.055), Vector2(0.135, 0.05),
                Vector2(0.145, 0), Vector2(0.135, -0.05), Vector2(0.1, -0.055),
                Vector2(0.07, -0.07), Vector2(0, -0.075),
            ], steps: 3), segments: 36, crease: 50
    ).placed(rotation: .turns(z: .pi / 2))

    /// White hubs with five spokes, dark tread; v runs across the wheel.
    private static let wheelImage = Image.painted(width: 128, height: 96) { uv -> Paint in
        let fromHub = min(uv.y, 1 - uv.y)
        let spokes = smoothstep(-0.15, 0.15, cos(uv.x * turn * 5))
        let hub = mix(paint(0xF2C230), paint(0xFFFDF5), spokes)
        let tread = smoothstep(-0.2, 0.2, sin(uv.x * turn * 28))
        let tyre = mix(paint(0x24262B), paint(0x34373E), tread)
        return mix(hub, tyre, smoothstep(0.235, 0.245, fromHub))
    }
}
