import Foundation
import Geometry
import Imaging
import MeshFiles

/// Soap bubbles over a wand: many instances of one blended mesh that overlap, each wobbling by
/// morph weights in normalised 8-bit integers.
enum SoapBubbles {
    static func document(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let texture = document.add(
            Texture(name: "film", image: filmImage(Noise(seed: seed, "soap-bubbles.film"))))
        let film = document.add(
            Material(
                name: "film", baseColorTexture: TextureReference(texture: texture), roughness: 0.08,
                alphaMode: .blend))
        let plastic = document.addColor("wand", 0xE8389A, roughness: 0.35)
        let grip = document.addColor("grip", 0x3A6FE0, roughness: 0.5)

        let ring = Shape.torus(radius: 0.13, thickness: 0.022, segments: 40, sides: 12)
            .placed(at: Vector3(0, 0.42, 0), rotation: .turns(x: .pi / 2))
        let stick = Shape.tube(
            [Vector3(0, 0.28, 0), Vector3(0, 0.08, 0)], radii: [0.018, 0.018], segments: 14)
        let handle = Shape.tube(
            [Vector3(0, 0.14, 0), Vector3(0, 0.0, 0)], radii: [0.034, 0.03], segments: 16)
        _ = document.addPart(
            "wand", [(Shape.joined([ring, stick]), plastic), (handle, grip)],
            at: Vector3(-0.1, 0, 0), rotation: .turns(z: -0.25))

        let ball = Shape.sphere(1, segments: 32, rings: 20)
        var primitive = ball.primitive(material: film)
        primitive.targets = [
            ball.morphTarget(
                to: ball.deformed { Vector3($0.x * 1.22, $0.y * 0.82, $0.z) }),
            ball.morphTarget(
                to: ball.deformed { $0 + 0.16 * Vector3(0, sin($0.x * 3), sin($0.y * 3)) }),
        ]
        let mesh = document.add(
            GLTFDocument.Mesh(
                name: "bubble", primitives: [primitive], targetNames: ["wide", "wobble"]))
        var channels: [GLTFDocument.Channel] = []
        for (i, bubble) in bubbles.enumerated() {
            let node = document.add(
                GLTFDocument.Node(
                    name: "bubble\(i)", translation: bubble.place,
                    scale: Vector3(repeating: bubble.radius), mesh: mesh))
            channels += drifting(node, bubble, lag: Float(i) * 0.37)
        }
        document.animations = [GLTFDocument.Animation(name: "drift", channels: channels)]
        return document
    }

    private static let bubbles: [(place: Vector3, radius: Float)] = [
        (Vector3(0.02, 0.62, 0.05), 0.2), (Vector3(0.33, 0.42, 0.12), 0.15),
        (Vector3(-0.32, 0.78, -0.1), 0.17), (Vector3(0.3, 0.9, -0.05), 0.13),
        (Vector3(-0.06, 1.0, 0.1), 0.1), (Vector3(-0.34, 0.4, 0.15), 0.09),
        (Vector3(0.12, 0.3, 0.2), 0.07),
    ]

    private static func drifting(
        _ node: Int, _ bubble: (place: Vector3, radius: Float), lag: Float
    ) -> [GLTFDocument.Channel] {
        [
            .vector(node, .translation, seconds: 2, keys: 25) { phase in
                let a = turn * (phase + lag)
                return bubble.place
                    + Vector3(0.06 * sin(a), 0.07 * cos(a + 0.5), 0.05 * sin(2 * a))
            },
            .rotation(node, seconds: 2, keys: 13) { .turns(x: 0.3, y: turn * ($0 + lag)) },
            .weights(node, seconds: 2, keys: 25, component: .unsignedByte) { phase in
                let a = turn * (2 * phase + lag)
                return [0.5 + 0.5 * sin(a), 0.5 + 0.5 * cos(a)]
            },
        ]
    }

    /// Swirls of thin-film colours, clearest in the middle of the bands, with a window's light.
    private static func filmImage(_ noise: Noise) -> Image {
        Image.painted(width: 256, height: 128) { uv -> SIMD4<Float> in
            let p = Globe.place(uv)
            let swirl = noise.octaves(p * 1.6 + 4, count: 3) * 3 + p.y * 1.2
            let color = Paint(
                0.5 + 0.45 * cos(turn * swirl), 0.55 + 0.4 * cos(turn * (swirl + 0.33)),
                0.62 + 0.38 * cos(turn * (swirl + 0.67)))
            let window = Vector2(uv.x - 0.42, uv.y - 0.3) * Vector2(16, 9)
            let pane = smoothstep(1.1, 0.8, max(abs(window.x), abs(window.y)))
            let alpha = 0.5 + 0.15 * cos(turn * swirl * 2)
            return SIMD4(mix(color, paint(0xFFFFFF), pane), max(alpha, pane * 0.9))
        }
    }
}
