import Foundation
import Geometry
import Imaging
import MeshFiles

/// A flower in a pot that opens and closes: morph weights on cubic splines, with default weights on
/// the mesh.
enum Flower {
    static func document(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let noise = Noise(seed: seed, "flower")
        let petalTexture = document.add(
            Texture(
                name: "petal", image: petalImage(noise), wrapU: .clampToEdge, wrapV: .clampToEdge))
        let petal = document.add(
            Material(
                name: "petal", baseColor: SIMD4(SIMD3(repeating: whiteAlbedo), 1),
                baseColorTexture: TextureReference(texture: petalTexture),
                roughness: 0.7, doubleSided: true))
        let green = document.addColor("leaf", 0x4E9A3A, roughness: 0.8)
        let clay = document.addColor("pot", 0xC66B3D, roughness: 0.85)
        let soil = document.addColor("soil", 0x4A3324, roughness: 1)
        let center = document.addPicture(
            "center",
            Image.painted(width: 64, height: 64) { uv -> Paint in
                mix(
                    paint(0xF4B62A), paint(0xA8621A),
                    noise.value(Vector3(uv.x * 26, uv.y * 26, 3)))
            }, roughness: 0.9)

        _ = document.addPart("pot", [(pot, clay), (earth, soil), (stem, green)])
        let bud = Flower.blossom(opening: 0, twist: 0)
        var primitive = bud.primitive(material: petal)
        primitive.targets = [
            bud.morphTarget(to: blossom(opening: 1, twist: 0)),
            bud.morphTarget(to: blossom(opening: 0, twist: 1)),
        ]
        let mesh = document.add(
            GLTFDocument.Mesh(
                name: "petals", primitives: [primitive], weights: [0.15, 0.1],
                targetNames: ["open", "twist"]))
        let head = document.add(
            GLTFDocument.Node(name: "head", translation: Vector3(0, 0.64, 0)))
        _ = document.addPart(
            "center",
            Shape.sphere(0.085, segments: 24, rings: 14).placed(scale: Vector3(1, 0.7, 1)), center,
            at: Vector3(0, 0.05, 0), under: head)
        let petals = document.add(GLTFDocument.Node(name: "petals", mesh: mesh), under: head)
        document.animations = [opening(petals: petals, head: head)]
        return document
    }

    private static func opening(petals: Int, head: Int) -> GLTFDocument.Animation {
        // Few keys, whose tangents carry the curve: a linear reading would look jerky.
        let times: [Float] = [0, 0.45, 1, 1.55, 2]
        let values = GLTFDocument.Channel.splineKeys(times) { t in
            [0.5 - 0.5 * cos(.pi * t), 0.5 * sin(turn * t)]
        }
        return GLTFDocument.Animation(
            name: "open",
            channels: [
                GLTFDocument.Channel(
                    node: petals, path: .weights, interpolation: .cubicSpline, times: times,
                    values: values),
                .rotation(head, seconds: 2, keys: 17) {
                    .turns(x: 0.5 + 0.12 * sin(turn * $0), z: 0.18 * sin(turn * $0))
                },
            ])
    }

    /// Two rings of petals around the origin.
    private static func blossom(opening: Float, twist: Float) -> Shape {
        var parts: [Shape] = []
        for ring in 0..<2 {
            let count = 8
            for i in 0..<count {
                let angle = (Float(i) + 0.5 * Float(ring)) / Float(count) * turn + 0.5 * twist
                let spread = mix(0.1 + 0.06 * Float(ring), 1.32 - 0.3 * Float(ring), opening)
                let petal = Shape.sheet(columns: 6, rows: 10) { uv in
                    petalPoint(
                        uv, spread: spread, length: 0.5 - 0.09 * Float(ring), twist: twist)
                }
                parts.append(petal.smoothed().placed(rotation: .turns(y: angle)))
            }
        }
        return Shape.joined(parts)
    }

    /// A petal towards +Z that leaves the middle at `spread` radians from the vertical and curls.
    private static func petalPoint(
        _ uv: Vector2, spread: Float, length: Float, twist: Float
    ) -> Vector3 {
        let t = 1 - uv.y
        let half = 0.16 * pow(sin(.pi * min(t * 0.86 + 0.08, 1)), 0.7)
        let across = (uv.x - 0.5) * 2 * half
        // The direction turns outwards along the petal, and back in where it is closed.
        let bend = spread + (spread - 0.55) * 0.55 * t + 0.2 * twist * t
        let out = 0.05 + length * t * sin(bend)
        let up = length * t * cos(bend) + 0.03
        let cup = 0.35 * across * across / 0.16
        return Vector3(across, up + cup * sin(bend), out - cup * cos(bend))
    }

    private static let stem: Shape = {
        let line = (0...10).map { i -> Vector3 in
            let t = Float(i) / 10
            return Vector3(0.03 * sin(t * 4), mix(0.22, 0.64, t), 0.02 * sin(t * 5))
        }
        var parts = [Shape.tube(line, radii: Array(repeating: 0.022, count: 11), segments: 12)]
        for (x, height, rotation) in [(Float(1), Float(0.32), Float(0.5)), (-1, 0.4, -0.4)] {
            let leaf = Shape.sphere(1, segments: 20, rings: 12).placed(
                at: Vector3(0.16 * x, 0.06, 0), rotation: .turns(z: 0.45 * x),
                scale: Vector3(0.15, 0.016, 0.06))
            parts.append(
                leaf.placed(at: Vector3(0.02, height, 0), rotation: .turns(y: rotation)))
        }
        return Shape.joined(parts)
    }()

    private static let pot = Shape.lathe(
        [
            Vector2(0, 0.2), Vector2(0.15, 0.2), Vector2(0.16, 0.25), Vector2(0.19, 0.25),
            Vector2(0.19, 0.18), Vector2(0.17, 0.18), Vector2(0.13, 0), Vector2(0, 0),
        ], segments: 40)

    private static let earth = Shape.sphere(0.15, segments: 32, rings: 12)
        .placed(at: Vector3(0, 0.2, 0), scale: Vector3(1, 0.2, 1))

    /// White at the root, rose, and magenta at the tip with darker streaks.
    private static func petalImage(_ noise: Noise) -> Image {
        Image.painted(width: 64, height: 128) { uv -> Paint in
            let t = 1 - uv.y
            var color = mix(paint(0xFFF0C8), paint(0xFF6FA8), smoothstep(0.05, 0.5, t))
            color = mix(color, paint(0xD81E6E), smoothstep(0.55, 1, t))
            let streaks = noise.value(Vector3(uv.x * 18, uv.y * 2.5, 1))
            return color * (0.86 + 0.14 * streaks)
        }
    }
}
