import Foundation
import Geometry
import Imaging
import MeshFiles

/// Assets with nothing wrong but what the corpus's tables say of them.
extension RuleBreakers {
    /// Two grey boxes that turn: nothing wrong with them but how they look.
    static func grayBoxes(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let gray = document.addColor("gray", 0x9A9A9A, roughness: 0.9)
        let low = document.addPart(
            "low", Shape.box(Vector3(0.8, 0.5, 0.5), bevel: 0.01, steps: 1), gray,
            at: Vector3(0, 0.25, 0))
        let high = document.addPart(
            "high", Shape.box(Vector3(0.35, 0.45, 0.35), bevel: 0.01, steps: 1), gray,
            at: Vector3(0, 0.73, 0))
        document.animations = [
            GLTFDocument.Animation(
                name: "turn",
                channels: [
                    .rotation(low, seconds: 2, keys: 9) { .turns(y: turn * $0) },
                    .rotation(high, seconds: 2, keys: 9) { .turns(y: -turn * $0) },
                ])
        ]
        return document
    }

    /// A top that spins and staggers, under a licence that forbids commercial use.
    static func spinningTop(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let rings = document.addPicture(
            "rings",
            Image.painted(width: 128, height: 128) { uv -> Paint in
                let colors: [UInt32] = [0xE8453A, 0xFFC62E, 0x2F7DE1, 0x35B25A]
                let band = Int(uv.y * 8 + fraction(uv.x * 6).rounded()) % 4
                return paint(colors[band])
            }, roughness: 0.35, wrapV: .clampToEdge)
        let shape = Shape.lathe(
            Shape.smoothProfile(
                [
                    Vector2(0, 0.9), Vector2(0.04, 0.88), Vector2(0.045, 0.66), Vector2(0.2, 0.58),
                    Vector2(0.44, 0.42), Vector2(0.3, 0.2), Vector2(0.06, 0.05), Vector2(0, 0),
                ], steps: 5), segments: 48, crease: 60)
        let lean = document.add(GLTFDocument.Node(name: "lean"))
        let top = document.addPart("top", shape, rings, under: lean)
        document.animations = [
            GLTFDocument.Animation(
                name: "spin",
                channels: [
                    .rotation(top, seconds: 1.5, keys: 25) { .turns(y: 3 * turn * $0) },
                    .rotation(lean, seconds: 1.5, keys: 25) { phase in
                        .turns(x: 0.12 * cos(turn * phase), z: 0.12 * sin(turn * phase))
                    },
                ])
        ]
        return document
    }

    /// A card with stripes and a circle that turns, tagged as a test.
    static func testCard(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let card = document.addPicture(
            "card",
            Image.painted(width: 128, height: 128) { uv -> Paint in
                let colors: [UInt32] = [
                    0xE8E8E8, 0xE0D020, 0x20C8C8, 0x20B030, 0xC030C0, 0xD03020, 0x2030C8, 0x202020,
                ]
                let p = uv - 0.5
                let out = (p.x * p.x + p.y * p.y).squareRoot()
                let ring = smoothstep(0.02, 0.012, abs(out - 0.36))
                return mix(paint(colors[Int(uv.x * 8)]), paint(0xFFFFFF), ring)
            }, roughness: 0.8)
        let node = document.addPart(
            "card", Shape.box(Vector3(1, 0.8, 0.06), bevel: 0.02), card)
        document.animations = [
            GLTFDocument.Animation(
                name: "turn",
                channels: [
                    .rotation(node, seconds: 2, keys: 17) {
                        .turns(x: 0.3 * sin(turn * $0), y: 0.9 * sin(turn * $0))
                    }
                ])
        ]
        return document
    }
}
