import Foundation
import Geometry
import Imaging
import MeshFiles

/// A flag that waves by two morph targets whose weights run through a full circle, below zero too.
enum Flag {
    static func document(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let texture = document.add(
            Texture(name: "flag", image: image, wrapU: .clampToEdge, wrapV: .clampToEdge))
        let cloth = document.add(
            Material(
                name: "cloth", baseColor: SIMD4(SIMD3(repeating: whiteAlbedo), 1),
                baseColorTexture: TextureReference(texture: texture),
                roughness: 0.85, doubleSided: true))
        let wood = document.addColor("pole", 0x8A5A32, roughness: 0.6)
        let gold = document.addColor("knob", 0xE8B848, roughness: 0.4, metallic: 0.4)

        let pole = Shape.lathe(
            [
                Vector2(0, 1.22), Vector2(0.022, 1.22), Vector2(0.026, 0.05), Vector2(0.03, 0.04),
                Vector2(0.17, 0.03), Vector2(0.18, 0), Vector2(0, 0),
            ], segments: 28)
        let knob = Shape.sphere(0.05, segments: 24, rings: 14).placed(at: Vector3(0, 1.25, 0))
        _ = document.addPart(
            "pole", [(pole, wood), (knob, gold)], at: Vector3(-0.5, -0.6, 0))

        var primitive = rest.primitive(material: cloth)
        primitive.targets = [rest.morphTarget(to: wave(0)), rest.morphTarget(to: wave(0.25))]
        let mesh = document.add(
            GLTFDocument.Mesh(
                name: "flag", primitives: [primitive], targetNames: ["cosine", "sine"]))
        let node = document.add(
            GLTFDocument.Node(name: "flag", translation: Vector3(-0.475, 0.2, 0), mesh: mesh))
        document.animations = [
            GLTFDocument.Animation(
                name: "wave",
                channels: [
                    .weights(node, seconds: 1, keys: 25) {
                        [cos(turn * $0), -sin(turn * $0)]
                    }
                ])
        ]
        return document
    }

    private static let rest = Shape.sheet(columns: 28, rows: 16, flat).smoothed()

    /// The cloth, hanging a little at its free end.
    private static func flat(_ uv: Vector2) -> Vector3 {
        Vector3(0.98 * uv.x, 0.36 - 0.66 * uv.y - 0.1 * uv.x * uv.x, 0)
    }

    /// The cloth displaced by a wave that has gone on by `phase` of its length.
    private static func wave(_ phase: Float) -> Shape {
        Shape.sheet(columns: 28, rows: 16) { uv in
            let a = turn * (1.35 * uv.x + 0.25 * uv.y - phase)
            let amount = pow(uv.x, 0.8)
            return flat(uv)
                + Vector3(
                    0.05 * amount * cos(a + 0.8), 0.07 * amount * sin(a), 0.16 * amount * cos(a))
        }.smoothed()
    }

    /// A sun with rays over sea and sky.
    private static let image = Image.painted(width: 288, height: 192) { uv -> Paint in
        let p = Vector2((uv.x - 0.5) * 1.5, uv.y - 0.5)
        let out = (p.x * p.x + p.y * p.y).squareRoot()
        let angle = atan2(p.y, p.x)
        let rays = smoothstep(-0.05, 0.05, sin(angle * 12))
        var color = mix(paint(0x1E73C8), paint(0x37A3E8), rays)
        color = mix(color, paint(0xE8453A), smoothstep(0.735, 0.74, uv.y))
        color = mix(color, paint(0xFFFFFF), smoothstep(0.02, 0.016, abs(uv.y - 0.74)))
        let corona = 0.2 + 0.045 * abs(fraction(angle / turn * 16) - 0.5) * 2
        color = mix(color, paint(0xFFD83D), smoothstep(corona + 0.005, corona - 0.005, out))
        return mix(color, paint(0xFFA51E), smoothstep(0.15, 0.145, out))
    }
}
