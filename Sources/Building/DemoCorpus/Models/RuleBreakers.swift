import Foundation
import Geometry
import Imaging
import MeshFiles

/// Sound files that a filter must reject, each for one reason.
enum RuleBreakers {
    /// A painted vase without any clip.
    static func staticVase(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let noise = Noise(seed: seed, "vase")
        let glaze = document.addPicture(
            "glaze",
            Image.painted(width: 256, height: 256) { uv -> Paint in
                let body = mix(
                    paint(0xF4F1E6), paint(0xE4E0D0), noise.octaves(Vector3(uv.x * 9, uv.y * 9, 0)))
                let petal = abs(fraction(uv.x * 8) - 0.5) * 2
                let flower = abs(uv.y - 0.52) * 4 - 0.5 * (1 - petal * petal)
                var color = mix(body, paint(0x2257B8), smoothstep(0.05, -0.02, flower))
                color = mix(color, body, smoothstep(-0.12, -0.2, flower))
                for v in [Float(0.2), 0.26, 0.8, 0.86] {
                    color = mix(color, paint(0x2257B8), smoothstep(0.012, 0.008, abs(uv.y - v)))
                }
                return color
            }, roughness: 0.2, wrapV: .clampToEdge)
        let shape = Shape.lathe(
            Shape.smoothProfile(
                [
                    Vector2(0, 0.15), Vector2(0.1, 0.2), Vector2(0.1, 0.8), Vector2(0.13, 0.92),
                    Vector2(0.16, 0.93), Vector2(0.12, 0.82), Vector2(0.16, 0.68),
                    Vector2(0.29, 0.45), Vector2(0.25, 0.2), Vector2(0.15, 0.05), Vector2(0.16, 0),
                    Vector2(0, 0),
                ], steps: 5), segments: 48, crease: 60)
        _ = document.addPart("vase", shape, glaze)
        return document
    }

    /// A lamp with a clip of three channels whose keys are all alike.
    static func motionlessLamp(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let shade = document.add(
            Material(
                name: "shade", baseColor: linear(0xFFD98A), roughness: 0.8,
                emissive: SIMD3(0.35, 0.22, 0.06), doubleSided: true))
        let brass = document.addColor("brass", 0xD9A441, roughness: 0.3, metallic: 0.8)
        let foot = Shape.lathe(
            Shape.smoothProfile(
                [
                    Vector2(0, 0.62), Vector2(0.03, 0.6), Vector2(0.03, 0.45), Vector2(0.09, 0.34),
                    Vector2(0.04, 0.22), Vector2(0.06, 0.1), Vector2(0.2, 0.05), Vector2(0.21, 0),
                    Vector2(0, 0),
                ], steps: 4), segments: 36)
        let cone = Shape.sheet(columns: 40, rows: 4) { uv in
            let radius = mix(0.15, 0.31, uv.y)
            return Vector3(
                -radius * sinOfTurn(uv.x), mix(0.98, 0.6, uv.y), -radius * cosOfTurn(uv.x))
        }.smoothed()
        let lamp = document.addPart("lamp", [(foot, brass), (cone, shade)])
        document.animations = [
            GLTFDocument.Animation(
                name: "stand",
                channels: [
                    .vector(lamp, .translation, seconds: 2, keys: 9) { _ in .zero },
                    .rotation(lamp, seconds: 2, keys: 9) { _ in .identity },
                    .vector(lamp, .scale, seconds: 2, keys: 9) { _ in .one },
                ])
        ]
        return document
    }

    /// A rocket that climbs seven times its own height.
    static func rocket(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let hull = document.addPicture("hull", rocketImage, roughness: 0.4, wrapV: .clampToEdge)
        let red = document.addColor("fins", 0xD8342C, roughness: 0.45)
        let fire = document.add(
            Material(
                name: "fire", baseColor: linear(0xFFB02E), roughness: 1,
                emissive: SIMD3(1, 0.5, 0.1)))
        let body = Shape.lathe(
            Shape.smoothProfile(
                [
                    Vector2(0, 1), Vector2(0.09, 0.88), Vector2(0.17, 0.6), Vector2(0.15, 0.25),
                    Vector2(0.1, 0.12), Vector2(0, 0.12),
                ], steps: 5), segments: 40)
        let fins = Shape.joined(
            (0..<3).map { i in
                Shape.tube(
                    [Vector3(0, 0.32, 0.12), Vector3(0, 0.2, 0.25), Vector3(0, 0.03, 0.3)],
                    radii: [0.08, 0.08, 0.05], segments: 14, flattening: 0.2,
                    up: Vector3(1, 0, 0)
                ).placed(rotation: .turns(y: turn * Float(i) / 3))
            })
        let flame = Shape.lathe(
            Shape.smoothProfile(
                [Vector2(0, 0.14), Vector2(0.08, 0.1), Vector2(0.07, -0.02), Vector2(0, -0.2)],
                steps: 4), segments: 24)
        let rocket = document.addPart("rocket", [(body, hull), (fins, red)])
        let tail = document.addPart("flame", flame, fire, under: rocket)
        document.animations = [
            GLTFDocument.Animation(
                name: "launch",
                channels: [
                    .vector(rocket, .translation, seconds: 2, keys: 25) {
                        Vector3(0, 7 * $0 * $0, 0)
                    },
                    .rotation(rocket, seconds: 2, keys: 9) { .turns(y: turn * $0) },
                    .vector(tail, .scale, seconds: 2, keys: 25) {
                        Vector3(1, 1 + 0.4 * sin($0 * turn * 6), 1)
                    },
                ])
        ]
        return document
    }

    private static let rocketImage = Image.painted(width: 192, height: 192) { uv -> Paint in
        var color = mix(paint(0xD8342C), paint(0xF5F6F8), smoothstep(0.26, 0.27, uv.y))
        color = mix(color, paint(0xD8342C), smoothstep(0.84, 0.85, uv.y))
        let window = (uv - Vector2(0.5, 0.45)) * Vector2(6.5, 6.5)
        let out = (window.x * window.x + window.y * window.y).squareRoot()
        color = mix(color, paint(0x8C95A3), smoothstep(0.62, 0.58, out))
        return mix(color, paint(0x4FB0E8), smoothstep(0.46, 0.42, out))
    }

    /// A balloon that bursts: morph weights blow its vertices apart a hundredfold.
    static func explosion(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let noise = Noise(seed: seed, "explosion")
        let rubber = document.addColor("rubber", 0xE8389A, roughness: 0.15)
        let string = document.addColor("string", 0xF2F2F2, roughness: 0.9)
        let balloon = Shape.lathe(
            Shape.smoothProfile(
                [
                    Vector2(0, 1), Vector2(0.2, 0.94), Vector2(0.34, 0.7), Vector2(0.22, 0.4),
                    Vector2(0.05, 0.27), Vector2(0.07, 0.22), Vector2(0, 0.22),
                ], steps: 5), segments: 36)
        var burst = balloon
        for i in burst.positions.indices {
            let p = balloon.positions[i]
            let spread = 60 + 80 * noise.value(p * 31)
            burst.positions[i] = Vector3(0, 0.7, 0) + (p - Vector3(0, 0.7, 0)) * spread
        }
        var primitive = balloon.primitive(material: rubber)
        primitive.targets = [balloon.morphTarget(to: burst)]
        let mesh = document.add(
            GLTFDocument.Mesh(name: "balloon", primitives: [primitive], targetNames: ["burst"]))
        let node = document.add(GLTFDocument.Node(name: "balloon", mesh: mesh))
        let line = (0...8).map { Vector3(0.02 * sin(Float($0)), 0.23 - 0.03 * Float($0), 0) }
        _ = document.addPart(
            "string", Shape.tube(line, radii: Array(repeating: 0.008, count: 9), segments: 8),
            string)
        document.animations = [
            GLTFDocument.Animation(
                name: "burst",
                channels: [
                    .weights(node, seconds: 1.5, keys: 19) { phase in
                        [pow(smoothstep(0.12, 1, phase), 2)]
                    }
                ])
        ]
        return document
    }

    /// A spring toy whose only clip lasts 0.15 seconds: four frames at 24 a second.
    static func shortSpring(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let steel = document.addColor("spring", 0x9AA5B4, roughness: 0.3, metallic: 0.7)
        let wood = document.addColor("box", 0x2F7DE1, roughness: 0.6)
        let red = document.addColor("ball", 0xE8453A, roughness: 0.35)
        let coil = (0...80).map { i -> Vector3 in
            let t = Float(i) / 80
            return Vector3(0.12 * cos(t * turn * 5), 0.22 + 0.5 * t, 0.12 * sin(t * turn * 5))
        }
        _ = document.addPart(
            "box", Shape.box(Vector3(0.5, 0.24, 0.5), bevel: 0.03).placed(at: Vector3(0, 0.12, 0)),
            wood)
        let spring = document.addPart(
            "spring", Shape.tube(coil, radii: Array(repeating: 0.022, count: 81), segments: 10),
            steel)
        let ball = document.addPart(
            "ball", Shape.sphere(0.17, segments: 32, rings: 20), red, at: Vector3(0, 0.86, 0))
        document.animations = [
            GLTFDocument.Animation(
                name: "hop",
                channels: [
                    .vector(spring, .scale, seconds: 0.15, keys: 5) {
                        Vector3(1, 1 - 0.4 * bump($0), 1)
                    },
                    .vector(ball, .translation, seconds: 0.15, keys: 5) {
                        Vector3(0, 0.86 - 0.29 * bump($0), 0)
                    },
                ])
        ]
        return document
    }
}
