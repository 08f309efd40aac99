import Foundation
import Geometry
import Imaging
import MeshFiles

/// A snail that hardly moves: its clip lasts two seconds and takes it three millimetres.
enum Snail {
    static func document(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let noise = Noise(seed: seed, "snail")
        let skin = body.painted(cell: 0.023, resolution: 192) { p, _ in
            mix(paint(0xC9A878), paint(0xE3C99C), noise.octaves(p * 20, count: 3))
        }
        let slime = document.addPicture(
            "skin", skin.image, roughness: 0.35, wrapU: .clampToEdge, wrapV: .clampToEdge)
        let horn = document.addPicture("shell", shellImage(noise), roughness: 0.3)
        let eyes = Creature.eyeSurface(iris: nil)
        let black = document.addPicture(
            "eyes", eyes.image ?? Image(width: 1, height: 1), roughness: 0.2)
        let balls = Shape.joined(
            [Float(1), -1].map {
                Creature.eye(
                    Vector3(0.1 * $0, 0.52, 0.42), radius: 0.038, rotation: .turns(y: 0.2 * $0))
            })
        let root = document.addPart(
            "snail", [(skin.shape, slime), (shell, horn), (balls, black)])
        document.animations = [
            GLTFDocument.Animation(
                name: "creep",
                channels: [
                    .vector(root, .translation, seconds: 2, keys: 9) { phase in
                        Vector3(0, 0, 0.0015 * sin(turn * phase))
                    }
                ])
        ]
        return document
    }

    private static let body: Sculpture = {
        var s = Sculpture()
        s.addLimb(Vector3(0, 0.07, -0.5), Vector3(0, 0.08, 0.2), 0.035, 0.09, joint: 0, blend: 0)
        for x in [Float(0.07), -0.07] {
            s.addLimb(
                Vector3(x, 0.04, -0.3), Vector3(x, 0.04, 0.2), 0.04, 0.05, joint: 0, blend: 0.06)
        }
        s.addLimb(
            Vector3(0, 0.1, 0.2), Vector3(0, 0.28, 0.34), 0.1, 0.1, joint: 0, blend: 0.08)
        for x in [Float(1), -1] {
            s.addLimb(
                Vector3(0.05 * x, 0.34, 0.37), Vector3(0.1 * x, 0.5, 0.41), 0.026, 0.022, joint: 0,
                blend: 0.02)
            s.addLimb(
                Vector3(0.045 * x, 0.22, 0.42), Vector3(0.07 * x, 0.17, 0.49), 0.022, 0.018,
                joint: 0, blend: 0.02)
        }
        return s
    }()

    /// A tube on a spiral that widens and leans out.
    private static let shell: Shape = {
        let count = 64
        let path = (0...count).map { i -> Vector3 in
            let t = Float(i) / Float(count)
            let angle = -0.7 * Float.pi + t * turn * 2.4
            let out = 0.21 * exp(1.9 * (t - 1))
            return Vector3(
                0.14 * (1 - t) - 0.02, 0.36 + out * sin(angle) * -1, -0.12 + out * cos(angle))
        }
        let radii = (0...count).map { i -> Float in
            0.15 * exp(1.9 * (Float(i) / Float(count) - 1))
        }
        return Shape.tube(path, radii: radii, segments: 20)
    }()

    private static func shellImage(_ noise: Noise) -> Image {
        Image.painted(width: 64, height: 256) { uv -> Paint in
            let bands = smoothstep(-0.3, 0.3, sin(uv.x * turn * 3))
            let growth = 0.9 + 0.1 * sin(uv.y * turn * 40)
            let color = mix(paint(0xB4532A), paint(0xF0B46A), bands)
            return color * growth * (0.9 + 0.1 * noise.value(Vector3(uv.x * 8, uv.y * 40, 0)))
        }
    }
}
