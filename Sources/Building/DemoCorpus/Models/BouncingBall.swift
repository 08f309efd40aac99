import Foundation
import Geometry
import Imaging
import MeshFiles

/// A beach ball that bounces and squashes: translation, rotation and scale on cubic splines, which
/// hold its parabolas exactly with a handful of keys.
enum BouncingBall {
    static func document(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let vinyl = document.addPicture("ball", ballImage, roughness: 0.35)
        let ring = document.addColor("ring", 0x3B4A6B, roughness: 0.5)
        let mat = document.addPicture("mat", matImage, roughness: 0.9)

        let rim = Shape.torus(radius: 0.46, thickness: 0.045, segments: 48, sides: 14)
            .placed(at: Vector3(0, 0.17, 0))
        let legs = (0..<6).map { i -> Shape in
            let angle = turn * (Float(i) + 0.5) / 6
            let foot = Vector3(0.5 * sin(angle), 0.02, 0.5 * cos(angle))
            let top = Vector3(0.46 * sin(angle), 0.16, 0.46 * cos(angle))
            return Shape.tube([foot, top], radii: [0.022, 0.022], segments: 10)
        }
        let cloth = Shape.lathe(
            [Vector2(0, 0.185), Vector2(0.45, 0.18), Vector2(0.45, 0.16), Vector2(0, 0.155)],
            segments: 48)
        _ = document.addPart("trampoline", [(Shape.joined([rim] + legs), ring), (cloth, mat)])
        let ball = document.addPart(
            "ball", Shape.sphere(radius, segments: 40, rings: 24), vinyl,
            at: Vector3(0, height(0), 0))
        document.animations = [bounce(ball)]
        return document
    }

    private static let radius: Float = 0.24
    private static let floor: Float = 0.18
    private static let seconds: Float = 1
    /// Half of the time that the ball touches the cloth.
    private static let contact: Float = 0.1

    /// The height of the ball's centre: free fall, and a sine while it touches the cloth.
    private static func height(_ time: Float) -> Float {
        let t = abs(fraction(time / seconds) - 0.5) * seconds
        let free = seconds / 2 - contact
        let gravity: Float = 0.72 / (free * free)
        if t > contact {
            let fromTop = seconds / 2 - t
            return floor + radius + 0.36 * gravity * (free * free - fromTop * fromTop)
        }
        let speed = 0.72 * gravity * free
        return floor + radius - speed * contact * (2 / .pi) * cos(t / contact * .pi / 2)
    }

    /// Flattened while it touches the cloth, a little stretched in flight; the volume stays.
    private static func squash(_ time: Float) -> Vector3 {
        let t = abs(fraction(time / seconds) - 0.5) * seconds
        let press = 0.36 * bump(0.5 + 0.5 * t / (contact * 1.25))
        let stretch = 0.12 * bump((t - contact) / (seconds / 2 - contact))
        let up = 1 - press + stretch
        let out = 1 / up.squareRoot()
        return Vector3(out, up, out)
    }

    private static func bounce(_ ball: Int) -> GLTFDocument.Animation {
        let middle = seconds / 2
        let times: [Float] = [
            0, middle - contact, middle - contact / 2, middle, middle + contact / 2,
            middle + contact, seconds,
        ]
        let squashTimes: [Float] = [
            0, 0.2, middle - contact, middle - contact / 2, middle, middle + contact / 2,
            middle + contact, 0.8, seconds,
        ]
        // Half a turn and back again would look the same at both ends; a whole one does too.
        let spin = { (t: Float) -> [Float] in
            let q = Quaternion.turns(x: 0.4, y: turn * t / seconds).components
            return [Float(q.x), Float(q.y), Float(q.z), Float(q.w)]
        }
        let spinTimes = (0...4).map { seconds * Float($0) / 4 }
        return GLTFDocument.Animation(
            name: "bounce",
            channels: [
                .smoothVector(ball, .translation, times: times) { Vector3(0, height($0), 0) },
                .smoothVector(ball, .scale, times: squashTimes, squash),
                GLTFDocument.Channel(
                    node: ball, path: .rotation, interpolation: .cubicSpline, times: spinTimes,
                    values: GLTFDocument.Channel.splineKeys(spinTimes, spin)),
            ])
    }

    /// Six coloured slices with white caps.
    private static let ballImage = Image.painted(width: 256, height: 128) { uv -> Paint in
        let colors: [UInt32] = [0xE8362E, 0xFFFFFF, 0x2F7DE1, 0xFFC62E, 0x35B25A, 0xFF8A2A]
        let slice = Int(uv.x * 6) % 6
        let seam = smoothstep(0.012, 0.006, abs(fraction(uv.x * 6 + 0.5) - 0.5) / 6)
        var color = mix(paint(colors[slice]), paint(colors[slice]) * 0.8, seam)
        color = mix(color, paint(0xFFFFFF), smoothstep(0.38, 0.385, abs(uv.y - 0.5)))
        return color
    }

    /// Rings of teal and navy.
    private static let matImage = Image.painted(width: 16, height: 128) { uv -> Paint in
        let rings = smoothstep(-0.1, 0.1, sin(uv.y * turn * 7))
        return mix(paint(0x1B3A5C), paint(0x2FB5B0), rings)
    }
}
