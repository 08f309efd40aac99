import Foundation
import Geometry
import Imaging
import MeshFiles

/// A rolling robot: a metal ball with panel seams (normal map, metallic-roughness texture) under a
/// dome with glowing eyes.
enum Roller {
    static func document(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let noise = Noise(seed: seed, "roller")
        let color = document.add(Texture(name: "color", image: colorImage(noise)))
        let surface = document.add(Texture(name: "surface", image: surfaceImage(noise)))
        let seams = document.add(Texture(name: "seams", image: seamImage))
        let shell = document.add(
            Material(
                name: "shell", baseColorTexture: TextureReference(texture: color), metallic: 1,
                roughness: 1, metallicRoughnessTexture: TextureReference(texture: surface),
                normalTexture: TextureReference(texture: seams)))

        let root = document.add(
            GLTFDocument.Node(name: "roller", translation: Vector3(0, 0.4, 0)))
        let ball = document.addPart(
            "ball", Shape.sphere(0.4, segments: 56, rings: 32), shell, under: root)
        let head = document.add(
            GLTFDocument.Node(name: "head", translation: Vector3(0, 0.4, 0)), under: root)
        addHead(to: &document, under: head)
        document.animations = [
            GLTFDocument.Animation(
                name: "roll",
                channels: [
                    .rotation(ball, seconds: 2, keys: 17) {
                        .turns(z: 0.12 * sin(turn * $0)) * .turns(x: turn * $0)
                    },
                    .rotation(head, seconds: 2, keys: 25) {
                        .turns(
                            x: 0.14 + 0.06 * sin(2 * turn * $0), y: 0.7 * sin(turn * $0),
                            z: 0.12 * sin(turn * $0))
                    },
                    .vector(root, .translation, seconds: 2, keys: 17) {
                        Vector3(0.04 * sin(turn * $0), 0.4, 0)
                    },
                ])
        ]
        return document
    }

    /// Adds a dome with a collar, two eyes in a visor, and an antenna.
    private static func addHead(to document: inout GLTFDocument, under head: Int) {
        let navy = document.addColor("dome", 0x2B3A67, roughness: 0.35)
        let yellow = document.addColor("collar", 0xF6C83A, roughness: 0.4)
        let dark = document.addColor("dark", 0x242A33, roughness: 0.2)
        let glow = document.add(
            Material(
                name: "eyes", baseColor: linear(0x0A1A22), roughness: 0.2,
                emissive: SIMD3(0.05, 0.85, 1)))
        let profile = (0...10).map { i -> Vector2 in
            let angle = Float(i) / 10 * .pi / 2
            return Vector2(i == 0 ? 0 : 0.25 * sin(angle), 0.02 + 0.25 * cos(angle))
        }
        let dome = Shape.lathe(
            profile + [Vector2(0.25, -0.015), Vector2(0.2, -0.03), Vector2(0, -0.03)],
            segments: 44)
        let collar = Shape.torus(radius: 0.245, thickness: 0.018, segments: 44, sides: 10)
            .placed(at: Vector3(0, 0.03, 0))
        let visor = Shape.sphere(1, segments: 32, rings: 20)
            .placed(at: Vector3(0, 0.125, 0.13), scale: Vector3(0.185, 0.085, 0.115))
        let eyes = Shape.joined(
            [Float(1), -1].map { x in
                Shape.sphere(0.042, segments: 24, rings: 14)
                    .placed(at: Vector3(0.075 * x, 0.13, 0.222), scale: Vector3(1, 1.2, 0.5))
            })
        _ = document.addPart(
            "dome", [(dome, navy), (collar, yellow), (visor, dark), (eyes, glow)], under: head)
        let rod = Shape.tube(
            [Vector3(0.08, 0.2, -0.05), Vector3(0.11, 0.42, -0.07)], radii: [0.01, 0.007],
            segments: 10)
        let tip = Shape.sphere(0.025, segments: 16, rings: 10)
            .placed(at: Vector3(0.11, 0.44, -0.07))
        _ = document.addPart("antenna", [(rod, dark), (tip, glow)], under: head)
    }

    /// Twelve round panels at the corners of an icosahedron, given by the angle to the nearest.
    private static func panelAngle(_ uv: Vector2) -> Float {
        let p = Globe.place(uv)
        let golden: Float = 1.618034
        var best: Float = -1
        for a in [Float(1), -1] {
            for b in [golden, -golden] {
                for corner in [Vector3(0, a, b), Vector3(a, b, 0), Vector3(b, 0, a)] {
                    best = max(best, dot(p, normalize(corner)))
                }
            }
        }
        return arcCosine(best)
    }

    private static func colorImage(_ noise: Noise) -> Image {
        Image.painted(width: 384, height: 192) { uv -> Paint in
            let angle = panelAngle(uv)
            var color = paint(0xF6C83A)
            color = mix(color, paint(0x2B3A67), smoothstep(0.42, 0.41, angle))
            color = mix(color, paint(0xD5DCE4), smoothstep(0.31, 0.3, angle))
            color = mix(color, paint(0xE8503A), smoothstep(0.13, 0.12, angle))
            let wear = noise.octaves(Globe.place(uv) * 9)
            return color * (0.88 + 0.12 * smoothstep(0.35, 0.55, wear))
        }
    }

    /// Roughness in green, metalness in blue: brushed metal rings, painted elsewhere.
    private static func surfaceImage(_ noise: Noise) -> Image {
        Image.painted(width: 256, height: 128) { uv -> Paint in
            let angle = panelAngle(uv)
            let metal = smoothstep(0.31, 0.3, angle) * smoothstep(0.12, 0.13, angle)
            let scratches = noise.octaves(Vector3(uv.x * 60, uv.y * 30, 0))
            return Paint(1, mix(0.42, 0.25, metal) + 0.25 * scratches, metal)
        }
    }

    private static let seamImage = Image.normalMap(width: 384, height: 192) { uv in
        let angle = panelAngle(uv)
        func groove(_ at: Float) -> Float { 2.5 * smoothstep(0.022, 0.006, abs(angle - at)) }
        return -groove(0.415) - groove(0.305) - groove(0.125)
    }
}
