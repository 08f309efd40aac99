import Foundation
import Geometry
import Imaging
import MeshFiles

/// A butterfly with alpha-masked wings; the right wing is the left one's mesh under a node with a
/// negative scale.
enum Butterfly {
    static func document(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let texture = document.add(
            Texture(
                name: "wing", image: wingImage(seed: seed), wrapU: .clampToEdge,
                wrapV: .clampToEdge))
        let wing = document.add(
            Material(
                name: "wing", baseColorTexture: TextureReference(texture: texture), roughness: 0.8,
                alphaMode: .mask(cutoff: 0.5), doubleSided: true))
        let velvet = document.addColor("velvet", 0x33241C, roughness: 0.95)
        let yellow = document.addColor("stripes", 0xE2B13C, roughness: 0.9)

        let root = document.add(GLTFDocument.Node(name: "butterfly"))
        _ = document.addPart("body", [(body, velvet), (stripes, yellow)], under: root)
        let wingMesh = document.add(
            GLTFDocument.Mesh(name: "wing", primitives: [wingShape.primitive(material: wing)]))
        var hinges: [Int] = []
        for (name, mirror) in [("left", Float(1)), ("right", Float(-1))] {
            let side = document.add(
                GLTFDocument.Node(
                    name: "\(name)Side", scale: mirror < 0 ? Vector3(-1, 1, 1) : nil), under: root)
            hinges.append(
                document.add(
                    GLTFDocument.Node(
                        name: "\(name)Wing", translation: Vector3(0.025, 0.05, 0), mesh: wingMesh),
                    under: side))
        }
        document.animations = [flutter(root: root, hinges: hinges)]
        return document
    }

    private static func flutter(root: Int, hinges: [Int]) -> GLTFDocument.Animation {
        let flap = { (phase: Float) -> Quaternion in
            // Open at first, nearly closed halfway; the wings tilt as they go.
            let a = turn * phase
            return .turns(x: 0.12 * sin(a), y: -(0.45 - 0.55 * cos(a)))
        }
        var channels: [GLTFDocument.Channel] = hinges.map {
            .rotation($0, seconds: 1, keys: 33, flap)
        }
        channels.append(
            .vector(root, .translation, seconds: 1, keys: 17) { phase in
                Vector3(0.02 * sin(turn * phase), -0.05 * cos(turn * phase - 0.6), 0)
            })
        channels.append(
            .rotation(root, seconds: 1, keys: 17) { phase in
                .turns(x: -0.15 + 0.08 * sin(turn * phase), z: 0.06 * sin(turn * phase))
            })
        return GLTFDocument.Animation(name: "flutter", channels: channels)
    }

    /// A sheet to the right of the hinge; the picture cuts out the wing's outline.
    private static let wingShape: Shape = {
        Shape.sheet(columns: 8, rows: 10) { uv in
            // Slightly cupped.
            Vector3(uv.x * 0.66, 0.56 - uv.y * 1.0, 0.05 * sin(uv.x * .pi) - 0.02 * uv.x)
        }.smoothed()
    }()

    private static let body: Shape = {
        let abdomen = Shape.tube(
            (0...8).map { Vector3(0, 0.02 - 0.3 * Float($0) / 8, 0) },
            radii: (0...8).map { 0.04 - 0.022 * Float($0) / 8 + 0.006 * sin(Float($0) * 1.7) },
            segments: 14)
        let thorax = Shape.sphere(0.055, segments: 20, rings: 12)
            .placed(at: Vector3(0, 0.08, 0), scale: Vector3(0.95, 1.35, 1))
        let head = Shape.sphere(0.045, segments: 18, rings: 12).placed(at: Vector3(0, 0.185, 0.01))
        var parts = [abdomen, thorax, head]
        for x in [Float(1), -1] {
            let feeler = (0...10).map { i -> Vector3 in
                let t = Float(i) / 10
                return Vector3(x * (0.015 + 0.1 * t * t + 0.04 * t), 0.21 + 0.2 * t, 0.03 * t)
            }
            parts.append(
                Shape.tube(feeler, radii: Array(repeating: 0.007, count: 11), segments: 8))
            parts.append(
                Shape.sphere(0.016, segments: 12, rings: 8).placed(at: feeler[10]))
        }
        return Shape.joined(parts)
    }()

    private static let stripes = Shape.joined(
        (0..<4).map { i in
            Shape.torus(
                radius: 0.036 - 0.005 * Float(i), thickness: 0.009, segments: 20, sides: 8
            ).placed(at: Vector3(0, -0.05 - 0.055 * Float(i), 0))
        })

    /// A fore and a hind wing: glowing orange, dark veins and rim, white dots.
    private static func wingImage(seed: UInt64) -> Image {
        let noise = Noise(seed: seed, "butterfly.wing")
        return Image.painted(width: 272, height: 416) { uv -> SIMD4<Float> in
            let p = Vector2(uv.x * 0.66, 0.56 - uv.y * 1.0)
            let fore = lobe(p, Vector2(0, 0.02), angle: 0.62, reach: 0.62, width: 0.3)
            let hind = lobe(p, Vector2(0, -0.03), angle: -0.72, reach: 0.46, width: 0.29)
            let inside = max(fore.inside, hind.inside)
            let (lobeHere, tone) =
                fore.inside > 0 ? (fore, Float(0)) : (hind, Float(1))
            var color = mix(paint(0xFFB02E), paint(0xF0601C), lobeHere.along)
            color = mix(color, paint(0xFFD46A), tone * 0.35 * (1 - lobeHere.along))
            color *= 0.94 + 0.06 * noise.octaves(Vector3(p.x * 60, p.y * 60, 0), count: 2)
            let veins = smoothstep(0.9, 0.985, cos(lobeHere.angle * 22))
            color = mix(color, paint(0x251812), veins * smoothstep(0.1, 0.3, lobeHere.along))
            let rim = smoothstep(0.24, 0.17, inside)
            color = mix(color, paint(0x251812), rim)
            let dots = Vector2(fraction(lobeHere.angle * 9) - 0.5, (inside - 0.1) * 9)
            let dot = smoothstep(0.34, 0.24, (dots.x * dots.x + dots.y * dots.y).squareRoot())
            color = mix(color, paint(0xFFFFFF), dot)
            return SIMD4(color, smoothstep(-0.01, 0.02, inside))
        }
    }

    /// How far a place lies inside a rounded wing (1 at its middle line, 0 at its rim), how far out
    /// along it, and at which angle from its root.
    private static func lobe(
        _ p: Vector2, _ root: Vector2, angle: Float, reach: Float, width: Float
    ) -> (inside: Float, along: Float, angle: Float) {
        let q = p - root
        let along = (q.x * cos(angle) + q.y * sin(angle)) / reach
        let across = (q.y * cos(angle) - q.x * sin(angle)) / width
        // Narrow at the root, widest past the middle, round at the end.
        let t = min(max(along, 0), 1)
        let half = 0.12 + 0.75 * pow(t, 0.8) * (1 - pow(t, 5)).squareRoot()
        let side = along >= 0 && along <= 1 ? 1 - abs(across) / half : -1
        let end = (1 - along) * 2.4
        return (min(side, end), t, atan2(q.y, q.x))
    }
}
