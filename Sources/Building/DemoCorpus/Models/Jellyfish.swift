import Foundation
import Geometry
import Imaging
import MeshFiles

/// A translucent jellyfish that pulses by morph targets: two primitives that share three targets,
/// blended over each other.
enum Jellyfish {
    static func document(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let noise = Noise(seed: seed, "jellyfish.bell")
        let texture = document.add(Texture(name: "bell", image: bellImage(noise)))
        let glass = document.add(
            Material(
                name: "bell", baseColorTexture: TextureReference(texture: texture), roughness: 0.2,
                emissive: SIMD3(0.03, 0.01, 0.04), alphaMode: .blend, doubleSided: true))
        let pink = document.add(
            Material(
                name: "arms", baseColor: linear(0xFF8FC6), roughness: 0.5,
                emissive: SIMD3(0.1, 0.02, 0.06)))

        func primitive(_ rest: Shape, material: Int) -> GLTFDocument.Primitive {
            var primitive = rest.primitive(material: material)
            primitive.targets = [pulse, swayX, swayZ].map {
                rest.morphTarget(to: rest.deformed($0))
            }
            return primitive
        }
        let mesh = document.add(
            GLTFDocument.Mesh(
                name: "jellyfish",
                primitives: [primitive(arms, material: pink), primitive(bell, material: glass)],
                weights: [0, 0, 0], targetNames: ["pulse", "swayX", "swayZ"]))
        let node = document.add(GLTFDocument.Node(name: "jellyfish", mesh: mesh))
        document.animations = [
            GLTFDocument.Animation(
                name: "drift",
                channels: [
                    .weights(node, seconds: 1.5, keys: 25) { phase in
                        let a = turn * phase
                        return [0.5 - 0.5 * cos(a), 0.7 * sin(a), 0.5 * cos(a)]
                    },
                    .vector(node, .translation, seconds: 1.5, keys: 25) { phase in
                        Vector3(0, 0.07 * sin(turn * phase - 0.6), 0)
                    },
                ])
        ]
        return document
    }

    /// The rim closes and sinks; the crown rises.
    private static func pulse(_ p: Vector3) -> Vector3 {
        let low = smoothstep(0.5, 0.1, p.y)
        let scale = 1 - 0.42 * low * smoothstep(-0.7, 0.1, p.y)
        return Vector3(
            p.x * scale, p.y - 0.1 * low + 0.08 * smoothstep(0.2, 0.5, p.y), p.z * scale)
    }

    private static func swayX(_ p: Vector3) -> Vector3 {
        let depth = max(0.15 - p.y, 0)
        return p + Vector3(0.3 * sin(depth * 4.5) * smoothstep(0, 0.4, depth), 0, 0)
    }

    private static func swayZ(_ p: Vector3) -> Vector3 {
        let depth = max(0.15 - p.y, 0)
        return p + Vector3(0, 0, 0.26 * sin(depth * 5 + 0.8) * smoothstep(0, 0.4, depth))
    }

    /// A dome with a scalloped rim, open below.
    private static let bell: Shape = Shape.sheet(columns: 64, rows: 18) { uv in
        let angle = uv.y * 0.56 * .pi
        let scallop = 1 + 0.05 * uv.y * uv.y * cosOfTurn(fraction(uv.x * 12))
        let radius = 0.42 * sinOfHalfTurn(uv.y * 0.56) * scallop
        return Vector3(
            -radius * sinOfTurn(uv.x), 0.1 + 0.36 * cos(angle) * (2 - scallop),
            -radius * cosOfTurn(uv.x))
    }.smoothed()

    /// Four frilled arms in the middle and eight threads from the rim.
    private static let arms: Shape = {
        var parts: [Shape] = []
        for i in 0..<4 {
            let angle = turn * (Float(i) + 0.5) / 4
            let line = (0...14).map { k -> Vector3 in
                let t = Float(k) / 14
                let out = 0.06 + 0.05 * sin(t * 5 + Float(i))
                return Vector3(out * sin(angle), 0.26 - 0.75 * t, out * cos(angle))
            }
            let radii = (0...14).map { k -> Float in
                let t = Float(k) / 14
                return (0.055 + 0.018 * sin(t * 40)) * (1 - 0.75 * t)
            }
            parts.append(Shape.tube(line, radii: radii, segments: 10))
        }
        for i in 0..<8 {
            let angle = turn * Float(i) / 8
            let line = (0...12).map { k -> Vector3 in
                let t = Float(k) / 12
                let out = 0.37 - 0.08 * t + 0.02 * sin(t * 9 + Float(i) * 2)
                return Vector3(out * sin(angle), 0.06 - 0.62 * t, out * cos(angle))
            }
            parts.append(
                Shape.tube(
                    line, radii: (0...12).map { 0.014 - 0.0008 * Float($0) }, segments: 8))
        }
        return Shape.joined(parts)
    }()

    /// Violet glass with brighter ribs, denser towards the rim.
    private static func bellImage(_ noise: Noise) -> Image {
        Image.painted(width: 256, height: 128) { uv -> SIMD4<Float> in
            let ribs = smoothstep(0.3, 0.95, cos(uv.x * turn * 24))
            let speckles = smoothstep(
                0.66, 0.74, noise.value(Vector3(uv.x * 60, uv.y * 24, 0)))
            var color = mix(paint(0xB79CFF), paint(0xF08CE0), uv.y)
            color = mix(color, paint(0xFFE3FB), max(ribs * 0.6, speckles * (1 - uv.y)))
            let alpha = 0.42 + 0.28 * smoothstep(0.75, 1, uv.y) + 0.2 * ribs * uv.y
            return SIMD4(color, min(alpha + 0.25 * speckles * (1 - uv.y), 0.95))
        }
    }
}
