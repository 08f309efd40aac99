import Foundation
import Geometry
import Imaging
import MeshFiles

/// A lighthouse whose beams sweep over a swelling sea: a .gltf that holds its buffer and pictures
/// as data URIs, with blended beams and an emissive lamp.
enum Lighthouse {
    static func document(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let noise = Noise(seed: seed, "lighthouse")
        let stripes = document.addPicture(
            "stripes", towerImage, roughness: 0.7, wrapV: .clampToEdge)
        let stone = document.addColor("stone", 0x7E7468, roughness: 0.95)
        let roof = document.addColor("roof", 0xC8342C, roughness: 0.5)
        let iron = document.addColor("iron", 0x30363F, roughness: 0.5)
        let lamp = document.add(
            Material(
                name: "lamp", baseColor: linear(0xFFF2B0), roughness: 0.4,
                emissive: SIMD3(1, 0.85, 0.4)))
        let beamTexture = document.add(
            Texture(name: "beam", image: beamImage, wrapU: .repeat, wrapV: .clampToEdge))
        let beam = document.add(
            Material(
                name: "beam", baseColorTexture: TextureReference(texture: beamTexture),
                roughness: 1, emissive: SIMD3(0.25, 0.18, 0.02), alphaMode: .blend,
                doubleSided: true))
        let water = document.addPicture("water", waterImage(noise), roughness: 0.15)

        let root = document.add(GLTFDocument.Node(name: "island"))
        let gallery = Shape.torus(radius: 0.15, thickness: 0.016, segments: 36, sides: 8)
        let railing = Shape.joined([
            gallery.placed(at: Vector3(0, 0.86, 0)), gallery.placed(at: Vector3(0, 0.92, 0)),
        ])
        let cap = Shape.lathe(
            [Vector2(0, 1.17), Vector2(0.02, 1.16), Vector2(0.14, 1.04), Vector2(0, 1.04)],
            segments: 28)
        _ = document.addPart(
            "tower",
            [(tower, stripes), (rock(noise), stone), (railing, iron), (cap, roof)], under: root)
        var sea = sheet(0).primitive(material: water)
        sea.targets = [0.25, 0.5].map { sheet(0).morphTarget(to: sheet($0)) }
        let seaMesh = document.add(
            GLTFDocument.Mesh(
                name: "sea", primitives: [sea], targetNames: ["quarter wave", "half wave"]))
        let seaNode = document.add(GLTFDocument.Node(name: "sea", mesh: seaMesh), under: root)
        let light = document.addPart(
            "light",
            [
                (Shape.sphere(0.065, segments: 20, rings: 12), lamp), (cone(1), beam),
                (cone(-1), beam),
            ], at: Vector3(0, 0.96, 0), under: root)
        document.animations = [
            GLTFDocument.Animation(
                name: "sweep",
                channels: [
                    .rotation(light, seconds: 2, keys: 9) { .turns(y: 0.4 + turn * $0) },
                    .weights(seaNode, seconds: 2, keys: 17) { phase in
                        // The wave at 0, 1/4, 1/2 and 3/4 of its way are the three corners of a
                        // plane, in which it goes around.
                        let a = turn * phase
                        return [sin(a), 0.5 - 0.5 * cos(a) - 0.5 * sin(a)]
                    },
                ])
        ]
        return document
    }

    private static let tower = Shape.lathe(
        [
            Vector2(0, 0.87), Vector2(0.16, 0.87), Vector2(0.16, 0.83), Vector2(0.125, 0.82),
            Vector2(0.14, 0.62), Vector2(0.16, 0.4), Vector2(0.19, 0.12), Vector2(0.2, 0.05),
            Vector2(0, 0.05),
        ], segments: 36)

    private static func rock(_ noise: Noise) -> Shape {
        var s = Sculpture()
        for i in 0..<9 {
            let angle = turn * Float(i) / 9
            let size = 0.11 + 0.06 * noise.cell(Int32(i), 1)
            s.addEllipsoid(
                Vector3(
                    0.24 * sin(angle), 0.02 + 0.03 * noise.cell(Int32(i), 2), 0.24 * cos(angle)),
                Vector3(size, size * 0.8, size), joint: 0, blend: 0.03)
        }
        s.addEllipsoid(Vector3(0, 0.03, 0), Vector3(0.26, 0.1, 0.26), joint: 0, blend: 0.04)
        let mesh = s.meshed(cell: 0.035)
        return Shape(
            positions: mesh.positions, normals: mesh.normals,
            uvs: mesh.positions.map { Vector2($0.x, $0.z) }, triangles: mesh.triangles)
    }

    /// A round sea whose waves run outwards, after `phase` of a wave.
    private static func sheet(_ phase: Float) -> Shape {
        Shape.sheet(columns: 48, rows: 14) { uv in
            let out = 0.56 * uv.y
            let wave = 0.05 * sin(turn * (out * 5 - phase) + 3 * sinOfTurn(uv.x)) * uv.y
            return Vector3(-out * sinOfTurn(uv.x), 0.0 + wave, -out * cosOfTurn(uv.x))
        }.smoothed()
    }

    /// A beam from the lamp along X, open at its far end.
    private static func cone(_ side: Float) -> Shape {
        Shape.sheet(columns: 20, rows: 5) { uv in
            let reach = 0.05 + 0.55 * uv.y
            let radius = 0.03 + 0.17 * uv.y
            return Vector3(side * reach, radius * cosOfTurn(uv.x), radius * sinOfTurn(uv.x))
        }.smoothed()
    }

    private static let towerImage = Image.painted(width: 128, height: 128) { uv -> Paint in
        let band = smoothstep(-0.06, 0.06, sin(uv.y * turn * 3.5))
        var color = mix(paint(0xF7F4EC), paint(0xD23B30), band)
        for (u, v) in [(Float(0.5), Float(0.82)), (0.25, 0.55), (0.75, 0.62)] {
            let q = (uv - Vector2(u, v)) / Vector2(0.035, 0.05)
            color = mix(color, paint(0x2A3B55), smoothstep(1.1, 0.95, max(abs(q.x), abs(q.y))))
        }
        return color
    }

    private static let beamImage = Image.painted(width: 8, height: 64) { uv -> SIMD4<Float> in
        SIMD4(paint(0xFFC41E), 0.85 * (1 - uv.y * uv.y))
    }

    private static func waterImage(_ noise: Noise) -> Image {
        Image.painted(width: 256, height: 128) { uv -> Paint in
            let p = Vector3(sin(turn * uv.x) * uv.y * 6, uv.y * 3, cos(turn * uv.x) * uv.y * 6)
            let foam = noise.octaves(p + 20, count: 4)
            let color = mix(paint(0x1566A8), paint(0x2FA3C8), foam)
            let shore = smoothstep(0.62, 0.56, uv.y + 0.12 * (foam - 0.5))
            return mix(color, paint(0xE8F8FF), max(shore, smoothstep(0.62, 0.7, foam) * 0.7))
        }
    }
}
