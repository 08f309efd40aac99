import Foundation
import Geometry
import Imaging
import MeshFiles

/// An industrial robot that swings a box around: rigid parts in a chain, its rotations written as
/// normalised 16-bit integers.
enum RobotArm {
    static func document(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let orange = document.addColor("orange", 0xF57C1F, roughness: 0.45)
        let gray = document.addColor("gray", 0x4B5563, roughness: 0.5, metallic: 0.4)
        let steel = document.addColor("steel", 0xC5CCD6, roughness: 0.3, metallic: 0.8)
        let stripes = document.addPicture("stripes", stripeImage, roughness: 0.7)
        let crate = document.addPicture(
            "crate", crateImage(Noise(seed: seed, "robot-arm.crate")), roughness: 0.8)

        let base = Shape.lathe(
            [
                Vector2(0, 0.12), Vector2(0.24, 0.12), Vector2(0.27, 0.09), Vector2(0.3, 0.09),
                Vector2(0.3, 0), Vector2(0, 0),
            ], segments: 40)
        let plinth = Shape.lathe(
            [Vector2(0, 0.001), Vector2(0.44, 0), Vector2(0.44, -0.05), Vector2(0, -0.05)],
            segments: 40
        ).mappingUVs { Vector2($0.x * 14, $0.y * 3) }
        let root = document.addPart("base", [(base, gray), (plinth, stripes)])
        let turret = document.addPart(
            "turret",
            [
                (cylinder(radius: 0.2, height: 0.16), orange),
                (
                    Shape.box(Vector3(0.13, 0.2, 0.2), bevel: 0.03)
                        .placed(at: Vector3(-0.12, 0.16, 0)), orange
                ),
            ], at: Vector3(0, 0.19, 0), under: root)
        let upper = document.addPart(
            "upperArm", [(link(length: 0.4, width: 0.15), orange), (joint(0.11, 0.2), gray)],
            at: Vector3(0.02, 0.2, 0), rotation: .turns(x: 0.2), under: turret)
        let fore = document.addPart(
            "foreArm", [(link(length: 0.32, width: 0.115), orange), (joint(0.085, 0.17), gray)],
            at: Vector3(0, 0.4, 0), rotation: .turns(x: 1.4), under: upper)
        let wrist = document.addPart(
            "wrist",
            [
                (joint(0.06, 0.13), gray),
                (
                    Shape.tube(
                        [.zero, Vector3(0, 0.09, 0)], radii: [0.045, 0.045], segments: 20), steel
                ),
            ], at: Vector3(0, 0.32, 0), under: fore)
        let hand = document.addPart(
            "hand", Shape.box(Vector3(0.2, 0.05, 0.09), bevel: 0.015), gray,
            at: Vector3(0, 0.13, 0), under: wrist)
        let finger = Shape.box(Vector3(0.03, 0.14, 0.06), bevel: 0.01)
            .placed(at: Vector3(0, 0.08, 0))
        let left = document.addPart(
            "leftFinger", finger, steel, at: Vector3(-0.085, 0, 0), under: hand)
        let right = document.addPart(
            "rightFinger", finger, steel, at: Vector3(0.085, 0, 0), under: hand)
        _ = document.addPart(
            "crate", Shape.box(Vector3(0.13, 0.13, 0.13), bevel: 0.012, steps: 2), crate,
            at: Vector3(0, 0.12, 0), under: hand)
        document.animations = [
            work([turret, upper, fore, wrist, hand], fingers: (left, right))
        ]
        return document
    }

    private static func work(_ chain: [Int], fingers: (Int, Int)) -> GLTFDocument.Animation {
        let seconds: Float = 2
        func swing(
            _ node: Int, _ rotation: @escaping (Float) -> Quaternion
        ) -> GLTFDocument.Channel {
            .rotation(node, seconds: seconds, keys: 33, component: .short) { rotation(turn * $0) }
        }
        return GLTFDocument.Animation(
            name: "work",
            channels: [
                swing(chain[0]) { .turns(y: 0.85 * sin($0)) },
                swing(chain[1]) { .turns(x: 0.1 + 0.2 * sin(2 * $0)) },
                swing(chain[2]) { .turns(x: 1.45 + 0.2 * cos(2 * $0 + 2.6)) },
                swing(chain[3]) { .turns(x: 1 - 0.4 * sin(2 * $0)) },
                swing(chain[4]) { .turns(y: 1.2 * sin($0)) },
                .vector(fingers.0, .translation, seconds: seconds, keys: 9) {
                    Vector3(-0.085 - 0.012 * bump($0), 0, 0)
                },
                .vector(fingers.1, .translation, seconds: seconds, keys: 9) {
                    Vector3(0.085 + 0.012 * bump($0), 0, 0)
                },
            ])
    }

    /// A rounded beam along +Y, from joint to joint.
    private static func link(length: Float, width: Float) -> Shape {
        Shape.box(Vector3(width * 0.72, length + width * 0.7, width), bevel: width * 0.3)
            .placed(at: Vector3(0, length / 2, 0))
    }

    /// A drum about the X axis.
    private static func joint(_ radius: Float, _ width: Float) -> Shape {
        cylinder(radius: radius, height: width).placed(rotation: .turns(z: .pi / 2))
    }

    private static func cylinder(radius: Float, height: Float) -> Shape {
        let h = height / 2
        let edge = radius * 0.1
        return Shape.lathe(
            [
                Vector2(0, h), Vector2(radius - edge, h), Vector2(radius, h - edge),
                Vector2(radius, edge - h), Vector2(radius - edge, -h), Vector2(0, -h),
            ], segments: 32)
    }

    private static let stripeImage = Image.painted(width: 64, height: 64) { uv -> Paint in
        mix(
            paint(0x1F2328), paint(0xFFC81E),
            smoothstep(-0.08, 0.08, sin((uv.x + uv.y) * turn)))
    }

    private static func crateImage(_ noise: Noise) -> Image {
        Image.painted(width: 96, height: 96) { uv -> Paint in
            let grain = noise.octaves(Vector3(uv.x * 4, uv.y * 40, 0))
            var color = mix(paint(0xC8945A), paint(0xE0B77E), grain)
            let plank = smoothstep(0.45, 0.48, abs(fraction(uv.y * 4) - 0.5))
            color = mix(color, paint(0x7A4E28), plank * 0.8)
            let edge = max(abs(uv.x - 0.5), abs(uv.y - 0.5))
            color = mix(color, paint(0xA8703A), smoothstep(0.38, 0.39, edge))
            let cross = min(abs(uv.x - uv.y), abs(uv.x + uv.y - 1))
            return mix(color, paint(0xA8703A), smoothstep(0.07, 0.06, cross))
        }
    }
}
