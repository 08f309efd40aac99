import Foundation
import Geometry
import Imaging
import MeshFiles

/// A clock whose second hand ticks by step keys, over gears that turn evenly and a pendulum that
/// swings. Gears and hands share their names, so that only indices tell the nodes apart.
enum Clock {
    static func document(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let wood = document.addPicture(
            "wood", woodImage(Noise(seed: seed, "clock.wood")), roughness: 0.55)
        let face = document.addPicture("face", faceImage, roughness: 0.6)
        let brass = document.addColor("brass", 0xE0AC48, roughness: 0.4, metallic: 0.4)
        let copper = document.addColor("copper", 0xD47A46, roughness: 0.4, metallic: 0.4)
        let ink = document.addColor("ink", 0x1E2430, roughness: 0.5)
        let red = document.addColor("red", 0xD42A2A, roughness: 0.4)

        let clock = document.add(
            GLTFDocument.Node(name: "clock", translation: Vector3(0, 0.32, 0)))
        let rim = Shape.torus(radius: 0.38, thickness: 0.035, segments: 56, sides: 14)
            .placed(rotation: .turns(x: .pi / 2))
        _ = document.addPart(
            "dial", [(Shape.plate(Outline.circle(0.375), depth: 0.05), face), (rim, brass)],
            under: clock)
        let back = Shape.box(Vector3(0.66, 0.66, 0.06), bevel: 0.02)
            .placed(at: Vector3(0, -0.34, -0.06))
        _ = document.addPart("case", back, wood, under: clock)

        let hour = document.addPart(
            "hand", hand(length: 0.17, width: 0.036), ink, at: Vector3(0, 0, 0.035),
            rotation: hourRotation, under: clock)
        let minute = document.addPart(
            "hand", hand(length: 0.27, width: 0.026), ink, at: Vector3(0, 0, 0.05), under: clock)
        let pin = Shape.sphere(0.032, segments: 20, rings: 12).placed(scale: Vector3(1, 1, 0.6))
        let second = document.addPart(
            "hand", Shape.joined([hand(length: 0.31, width: 0.014), pin]), red,
            at: Vector3(0, 0, 0.065), under: clock)
        let large = document.addPart(
            "gear", gear(radius: 0.15, teeth: 16), brass, at: Vector3(-0.13, -0.5, 0.0),
            under: clock)
        let small = document.addPart(
            "gear", gear(radius: 0.075, teeth: 8), copper, at: Vector3(0.108, -0.5, 0.0),
            under: clock)
        let rod = Shape.tube([.zero, Vector3(0, -0.6, 0)], radii: [0.014, 0.014], segments: 10)
        let bob = Shape.sphere(0.125, segments: 28, rings: 16)
            .placed(at: Vector3(0, -0.62, 0), scale: Vector3(1, 1, 0.35))
        let pendulum = document.addPart(
            "pendulum", Shape.joined([rod, bob]), brass, at: Vector3(0, -0.36, 0.075),
            under: clock)
        document.animations = [
            GLTFDocument.Animation(
                name: "tick",
                channels: ticking(hour: hour, minute: minute, second: second)
                    + machinery(large: large, small: small, pendulum: pendulum))
        ]
        return document
    }

    private static let seconds: Float = 2
    private static let hourRotation = Quaternion.turns(z: -turn * 10.2 / 12)

    private static func ticking(
        hour: Int, minute: Int, second: Int
    ) -> [GLTFDocument.Channel] {
        [
            // A quarter of a second a tick; the last key closes the circle.
            .rotation(second, seconds: seconds, keys: 9, interpolation: .step) {
                .turns(z: -turn * $0)
            },
            .rotation(minute, seconds: seconds, keys: 9) { .turns(z: -turn * $0) },
            .rotation(hour, seconds: seconds, keys: 2, interpolation: .step) { _ in hourRotation },
        ]
    }

    private static func machinery(
        large: Int, small: Int, pendulum: Int
    ) -> [GLTFDocument.Channel] {
        [
            .rotation(large, seconds: seconds, keys: 9) { .turns(z: turn * $0) },
            // Half a tooth off, so that teeth meet gaps.
            .rotation(small, seconds: seconds, keys: 17) { .turns(z: turn / 16 - turn * 2 * $0) },
            .rotation(pendulum, seconds: seconds, keys: 25) { .turns(z: 0.55 * cos(turn * $0)) },
        ]
    }

    private static func hand(length: Float, width: Float) -> Shape {
        Shape.tube(
            [Vector3(0, -0.05, 0), Vector3(0, length * 0.75, 0), Vector3(0, length, 0)],
            radii: [width * 0.7, width, width * 0.25], segments: 12, flattening: 0.35,
            up: Vector3(0, 0, 1))
    }

    private static func gear(radius: Float, teeth: Int) -> Shape {
        let outline = Outline.gear(radius: radius, teeth: teeth, depth: 0.026)
        let hole = Outline.circle(radius * 0.35, points: outline.count)
        return Shape.plate(outline, hole: hole, depth: 0.05)
    }

    /// Cream with sixty minute marks and twelve hour marks.
    private static let faceImage = Image.painted(width: 256, height: 256) { uv -> Paint in
        let p = (uv - 0.5) * 2
        let out = (p.x * p.x + p.y * p.y).squareRoot()
        let angle = atan2(p.x, -p.y) / turn
        func marks(_ count: Float, _ width: Float, _ from: Float, _ to: Float) -> Float {
            let away = abs(fraction(angle * count + 0.5) - 0.5) / count * turn * out
            return smoothstep(width, width * 0.6, away) * smoothstep(from, from + 0.01, out)
                * smoothstep(to, to - 0.01, out)
        }
        var color = mix(paint(0xFFF9EA), paint(0xF3E5C4), out)
        color = mix(color, paint(0x3A4A66), marks(60, 0.012, 0.88, 0.94))
        color = mix(color, paint(0x24304A), marks(12, 0.03, 0.76, 0.94))
        let ring = abs(out - 0.6)
        return mix(color, paint(0xC9A24B), smoothstep(0.012, 0.006, ring))
    }

    /// Walnut with grain along the picture.
    private static func woodImage(_ noise: Noise) -> Image {
        Image.painted(width: 128, height: 128) { uv -> Paint in
            let warp = noise.octaves(Vector3(uv.x * 3, uv.y * 3, 0)) * 2
            let grain = noise.octaves(Vector3(uv.x * 36 + warp, uv.y * 2.5, 5))
            return mix(paint(0x6B3F22), paint(0xA56A3A), grain)
        }
    }
}
