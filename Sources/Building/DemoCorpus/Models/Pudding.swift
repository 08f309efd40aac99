import Foundation
import Geometry
import Imaging
import MeshFiles

/// A wobbling pudding: cherries circle under a node whose scale differs by axis and changes, so
/// that children are sheared and their normals need the inverse transpose.
enum Pudding {
    static func document(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let custard = document.addPicture(
            "custard", custardImage(Noise(seed: seed, "pudding")), roughness: 0.3,
            wrapV: .clampToEdge)
        let china = document.addPicture("china", plateImage, roughness: 0.25, wrapV: .clampToEdge)
        let red = document.addColor("cherry", 0xC8102E, roughness: 0.15)
        let green = document.addColor("stalk", 0x5A8A2A, roughness: 0.7)
        let cream = document.addColor("cream", 0xFFF7EA, roughness: 0.7)

        _ = document.addPart("plate", plate, china)
        // Squeezed at rest already: wide and low.
        let wobble = document.add(
            GLTFDocument.Node(
                name: "wobble", translation: Vector3(0, 0.05, 0), scale: Vector3(1.15, 0.9, 1)))
        let lean = document.add(GLTFDocument.Node(name: "lean"), under: wobble)
        _ = document.addPart("pudding", pudding, custard, under: lean)
        let ring = document.add(
            GLTFDocument.Node(name: "ring", translation: Vector3(0, 0.5, 0)), under: lean)
        _ = document.addPart("cream", swirl, cream, under: ring)
        let cherryMesh = document.add(
            GLTFDocument.Mesh(
                name: "cherry",
                primitives: [
                    Shape.sphere(0.075, segments: 24, rings: 14).primitive(material: red),
                    stalk.primitive(material: green),
                ]))
        for i in 0..<5 {
            let angle = turn * Float(i) / 5
            _ = document.add(
                GLTFDocument.Node(
                    name: "cherry", translation: Vector3(0.2 * sin(angle), 0.06, 0.2 * cos(angle)),
                    rotation: .turns(z: 0.4) * .turns(y: angle), mesh: cherryMesh), under: ring)
        }
        document.animations = [
            GLTFDocument.Animation(
                name: "wobble",
                channels: [
                    .vector(wobble, .scale, seconds: 1, keys: 25) { phase in
                        let s = 0.16 * sin(turn * phase)
                        return Vector3(1.15 - s, 0.9 + s, 1 - s * 0.5)
                    },
                    .rotation(lean, seconds: 1, keys: 25) { phase in
                        .turns(x: 0.06 * sin(2 * turn * phase), z: 0.18 * cos(turn * phase))
                    },
                    .rotation(ring, seconds: 1, keys: 9) { .turns(y: turn / 5 * $0) },
                ])
        ]
        return document
    }

    private static let pudding: Shape = {
        let ribs: Float = 12
        let profile = Shape.smoothProfile(
            [
                Vector2(0, 0.5), Vector2(0.2, 0.5), Vector2(0.285, 0.46), Vector2(0.32, 0.3),
                Vector2(0.385, 0.06), Vector2(0.36, 0.0), Vector2(0, 0),
            ], steps: 5)
        return Shape.sheet(columns: 96, rows: profile.count - 1) { uv in
            let p = profile[Int((uv.y * Float(profile.count - 1)).rounded())]
            // Fluted where the mould was.
            let flute = 1 + 0.035 * cosOfTurn(fraction(uv.x * ribs)) * smoothstep(0.15, 0.3, p.x)
            return Vector3(
                -p.x * flute * sinOfTurn(uv.x), p.y, -p.x * flute * cosOfTurn(uv.x))
        }.smoothed()
    }()

    private static let swirl: Shape = Shape.tube(
        (0...40).map { i in
            let t = Float(i) / 40
            let angle = t * turn * 2.5
            let out = 0.1 * (1 - t)
            return Vector3(out * cos(angle), 0.03 + 0.14 * t, out * sin(angle))
        }, radii: (0...40).map { 0.055 * (1 - Float($0) / 48) }, segments: 12)

    private static let stalk = Shape.tube(
        [Vector3(0, 0.06, 0), Vector3(0.02, 0.13, 0), Vector3(0.06, 0.19, 0)],
        radii: [0.009, 0.008, 0.011], segments: 8)

    private static let plate = Shape.lathe(
        Shape.smoothProfile(
            [
                Vector2(0, 0.05), Vector2(0.36, 0.05), Vector2(0.46, 0.07), Vector2(0.58, 0.11),
                Vector2(0.6, 0.1), Vector2(0.46, 0.03), Vector2(0.3, 0.0), Vector2(0, 0),
            ], steps: 4), segments: 56, crease: 60)

    /// Caramel that runs down over custard.
    private static func custardImage(_ noise: Noise) -> Image {
        Image.painted(width: 256, height: 128) { uv -> Paint in
            let drip = 0.4 + 0.1 * sin(uv.x * turn * 7) + 0.07 * sin(uv.x * turn * 11 + 1)
            let caramel = mix(
                paint(0x6E2E0C), paint(0x93430F), noise.octaves(Vector3(uv.x * 16, uv.y * 8, 0)))
            return mix(caramel, paint(0xFFD978), smoothstep(drip, drip + 0.015, uv.y))
        }
    }

    private static let plateImage = Image.painted(width: 256, height: 64) { uv -> Paint in
        let rim = smoothstep(0.03, 0.02, abs(uv.y - 0.43))
        let dots = smoothstep(0.3, 0.2, abs(fraction(uv.x * 28) - 0.5))
        return mix(paint(0xFBFCFF), paint(0x2F62C8), rim * dots)
    }
}
