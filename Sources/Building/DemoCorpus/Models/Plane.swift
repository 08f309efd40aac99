import Foundation
import Geometry
import Imaging
import MeshFiles

/// A propeller plane whose picture is not there: what remains is the material's factor.
enum Plane {
    static func document(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let absent = document.add(
            Texture(name: "livery-that-is-not-there", image: Image(width: 1, height: 1)),
            isMissing: true)
        let red = document.add(
            Material(
                name: "livery", baseColor: linear(0xE2412E),
                baseColorTexture: TextureReference(texture: absent), roughness: 0.4))
        let cream = document.addColor("trim", 0xFFF1D6, roughness: 0.5)
        let glass = document.addColor("glass", 0x8CCBEF, roughness: 0.1)
        let dark = document.addColor("dark", 0x2A2D33, roughness: 0.6)
        let wood = document.addColor("propeller", 0xB57A3E, roughness: 0.5)

        let mesh = fuselage.meshed(cell: 0.028)
        let body = Shape(
            positions: mesh.positions, normals: mesh.normals,
            uvs: mesh.positions.map { Vector2($0.z, $0.y) }, triangles: mesh.triangles)
        let root = document.add(GLTFDocument.Node(name: "plane"))
        _ = document.addPart(
            "fuselage",
            [
                (Shape.joined([body] + [wing(0.62, 0.17), fins].map { $0 }), red), (trim, cream),
                (
                    Shape.sphere(1, segments: 28, rings: 16).placed(
                        at: Vector3(0, 0.13, 0.02), scale: Vector3(0.085, 0.09, 0.14)), glass
                ), (gear, dark),
            ], under: root)
        let propeller = document.addPart(
            "propeller", [(blades, wood), (spinner, cream)], at: Vector3(0, 0, 0.47), under: root)
        document.animations = [
            GLTFDocument.Animation(
                name: "fly",
                channels: [
                    .rotation(propeller, seconds: 1.5, keys: 49) { .turns(z: 6 * turn * $0) },
                    .rotation(root, seconds: 1.5, keys: 25) { phase in
                        let a = turn * phase
                        return .turns(x: 0.12 * sin(a), y: 0.3 * sin(a), z: 0.5 * cos(a))
                    },
                    .vector(root, .translation, seconds: 1.5, keys: 25) { phase in
                        Vector3(0.05 * cos(turn * phase), 0.06 * sin(turn * phase), 0)
                    },
                ])
        ]
        return document
    }

    private static let fuselage: Sculpture = {
        var s = Sculpture()
        s.addLimb(Vector3(0, 0, 0.3), Vector3(0, 0.0, 0.05), 0.15, 0.155, joint: 0, blend: 0)
        s.addLimb(Vector3(0, 0, 0.05), Vector3(0, 0.07, -0.55), 0.155, 0.045, joint: 0, blend: 0.08)
        return s
    }()

    /// A wing across the plane with rounded tips.
    private static func wing(_ half: Float, _ chord: Float) -> Shape {
        let steps = 20
        let path = (0...steps).map { i -> Vector3 in
            let t = Float(i) / Float(steps) * 2 - 1
            return Vector3(half * t, 0.05 * abs(t), 0.08 - 0.05 * abs(t))
        }
        let radii = (0...steps).map { i -> Float in
            let t = abs(Float(i) / Float(steps) * 2 - 1)
            return chord * (1 - 0.45 * t * t)
        }
        return Shape.tube(path, radii: radii, segments: 20, flattening: 0.16)
    }

    private static let fins: Shape = {
        let tail = Shape.tube(
            [Vector3(-0.24, 0.09, -0.54), Vector3(0, 0.08, -0.5), Vector3(0.24, 0.09, -0.54)],
            radii: [0.06, 0.085, 0.06], segments: 16, flattening: 0.2)
        let rudder = Shape.tube(
            [Vector3(0, 0.08, -0.5), Vector3(0, 0.2, -0.54), Vector3(0, 0.29, -0.58)],
            radii: [0.1, 0.085, 0.06], segments: 16, flattening: 0.2, up: Vector3(1, 0, 0))
        return Shape.joined([tail, rudder])
    }()

    private static let trim = Shape.joined([
        Shape.torus(radius: 0.15, thickness: 0.02, segments: 36, sides: 10)
            .placed(at: Vector3(0, 0, 0.33), rotation: .turns(x: .pi / 2)),
        Shape.sphere(0.075, segments: 20, rings: 12)
            .placed(at: Vector3(0.62, 0.05, 0.03), scale: Vector3(0.7, 0.3, 1.2)),
        Shape.sphere(0.075, segments: 20, rings: 12)
            .placed(at: Vector3(-0.62, 0.05, 0.03), scale: Vector3(0.7, 0.3, 1.2)),
    ])

    private static let gear = Shape.joined(
        [Float(1), -1].flatMap { x in
            [
                Shape.tube(
                    [Vector3(0.08 * x, -0.1, 0.17), Vector3(0.17 * x, -0.24, 0.19)],
                    radii: [0.018, 0.016], segments: 10),
                Shape.torus(radius: 0.05, thickness: 0.03, segments: 24, sides: 12)
                    .placed(
                        at: Vector3(0.18 * x, -0.25, 0.19), rotation: .turns(z: .pi / 2)),
            ]
        })

    private static let blades = Shape.joined(
        (0..<3).map { i in
            Shape.tube(
                [.zero, Vector3(0, 0.14, 0), Vector3(0, 0.28, 0)], radii: [0.025, 0.045, 0.028],
                segments: 12, flattening: 0.3, up: Vector3(0.4, 0, 1)
            ).placed(rotation: .turns(z: turn * Float(i) / 3))
        })

    private static let spinner = Shape.sphere(0.055, segments: 24, rings: 14)
        .placed(at: Vector3(0, 0, 0.02), scale: Vector3(1, 1, 1.3))
}
