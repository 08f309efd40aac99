import Foundation
import Geometry
import MeshFiles

/// A faceted windmill in vertex colours: no texture, no normals, no index lists. The blades' node
/// has a translation, a rotation and a scale at rest, of which the clip sets the rotation alone.
enum Windmill {
    static func document(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let plain = document.add(
            Material(
                name: "vertex colours", baseColor: SIMD4(SIMD3(repeating: whiteAlbedo), 1),
                roughness: 0.9))
        func part(
            _ name: String, _ shapes: [Shape], at translation: Vector3? = nil,
            scale: Vector3? = nil, under parent: Int? = nil
        ) -> Int {
            var flat = Shape.joined(shapes).unindexed()
            flat.normals = []
            var primitive = flat.primitive(material: plain)
            primitive.triangles = nil
            primitive.colorComponent = .unsignedByte
            let mesh = document.add(GLTFDocument.Mesh(name: name, primitives: [primitive]))
            return document.add(
                GLTFDocument.Node(
                    name: name, translation: translation, scale: scale, mesh: mesh),
                under: parent)
        }
        let root = part("mill", land + tower)
        let cap = part("cap", hood, at: Vector3(0, 0.78, 0), under: root)
        let blades = part(
            "blades", sails, at: Vector3(0, 0.06, 0.26), scale: Vector3(0.55, 0.55, 0.8),
            under: cap)
        document.nodes[blades].rotation = .turns(z: 0.3)
        document.animations = [
            GLTFDocument.Animation(
                name: "turn",
                channels: [
                    .rotation(blades, seconds: 3, keys: 13) { .turns(z: 0.3 - turn * $0) },
                    .rotation(cap, seconds: 3, keys: 13) { .turns(y: 0.35 * sin(turn * $0)) },
                ])
        ]
        return document
    }

    /// A cone, or a prism, of flat sides.
    private static func cone(
        _ bottom: Float, _ top: Float, _ height: Float, sides: Int, _ color: UInt32
    ) -> Shape {
        var shape = Shape.lathe(
            top > 0
                ? [
                    Vector2(0, height), Vector2(top, height), Vector2(bottom, 0), Vector2(0, 0),
                ] : [Vector2(0, height), Vector2(bottom, 0), Vector2(0, 0)],
            segments: sides, crease: 1)
        shape.uvs = []
        return shape.colored(linear(color))
    }

    private static func block(_ size: Vector3, _ color: UInt32) -> Shape {
        var shape = Shape.box(size, bevel: min(size.x, size.y, size.z) * 0.1, steps: 1)
        shape.uvs = []
        return shape.colored(linear(color))
    }

    private static var land: [Shape] {
        var shapes = [
            cone(0.6, 0.55, 0.05, sides: 18, 0x7CC04B).placed(at: Vector3(0, -0.05, 0)),
            cone(0.57, 0.6, 0.06, sides: 18, 0x8A6240).placed(at: Vector3(0, -0.11, 0)),
        ]
        let trees: [(Float, Float, Float)] = [
            (0.4, 0.12, 1), (0.34, -0.26, 0.8), (-0.42, -0.1, 0.9),
        ]
        for (x, z, size) in trees {
            let trunk = cone(0.03, 0.025, 0.1, sides: 6, 0x7A5230)
            let low = cone(0.12, 0, 0.2, sides: 7, 0x2F8F4A).placed(at: Vector3(0, 0.08, 0))
            let high = cone(0.09, 0, 0.17, sides: 7, 0x3FA65A).placed(at: Vector3(0, 0.18, 0))
            shapes += [trunk, low, high].map {
                $0.placed(at: Vector3(x, 0, z), scale: Vector3(repeating: size))
            }
        }
        return shapes
    }

    private static var tower: [Shape] {
        [
            cone(0.26, 0.17, 0.74, sides: 8, 0xEBD9B4),
            cone(0.275, 0.25, 0.1, sides: 8, 0xA9745A),
            block(Vector3(0.12, 0.2, 0.04), 0x8A4B2A).placed(at: Vector3(0, 0.1, 0.235)),
            block(Vector3(0.08, 0.09, 0.04), 0x4E8AC8).placed(at: Vector3(0, 0.4, 0.195)),
            block(Vector3(0.04, 0.09, 0.08), 0x4E8AC8).placed(at: Vector3(0.195, 0.36, 0)),
            block(Vector3(0.04, 0.09, 0.08), 0x4E8AC8).placed(at: Vector3(-0.195, 0.36, 0)),
        ]
    }

    private static var hood: [Shape] {
        [
            cone(0.22, 0.19, 0.05, sides: 8, 0x8A4B2A).placed(at: Vector3(0, -0.05, 0)),
            cone(0.2, 0, 0.22, sides: 8, 0xD2553A),
            block(Vector3(0.06, 0.06, 0.24), 0x5B3B24).placed(at: Vector3(0, 0.06, 0.17)),
        ]
    }

    private static var sails: [Shape] {
        var shapes = [block(Vector3(0.12, 0.12, 0.08), 0x5B3B24)]
        for i in 0..<4 {
            let beam = block(Vector3(0.04, 0.86, 0.035), 0x7A5230).placed(at: Vector3(0, 0.43, 0))
            let cloth = block(Vector3(0.19, 0.62, 0.014), i % 2 == 0 ? 0xFFF6E2 : 0xF2B134)
                .placed(at: Vector3(0.11, 0.52, 0.005), rotation: .turns(y: 0.2))
            shapes += [beam, cloth].map { $0.placed(rotation: .turns(z: turn * Float(i) / 4)) }
        }
        return shapes
    }
}
