import Foundation
import Geometry
import Imaging
import MeshFiles

/// A turning desk globe: its map is on the second UV set, while the first one repeats a fine bump
/// map, so that a reader that mixes up the two shows rubbish.
enum Globe {
    static func document(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let noise = Noise(seed: seed, "globe")
        let map = document.add(Texture(name: "map", image: mapImage(noise), wrapV: .clampToEdge))
        let bumps = document.add(Texture(name: "bumps", image: bumpImage(noise)))
        let paper = document.add(
            Material(
                name: "globe",
                baseColorTexture: TextureReference(texture: map, uvSet: 1), roughness: 0.45,
                normalTexture: TextureReference(texture: bumps, uvSet: 0), normalScale: 0.6))
        let brass = document.addColor("brass", 0xE0AC48, roughness: 0.4, metallic: 0.4)
        let wood = document.addColor("foot", 0x6B3F22, roughness: 0.5)

        let sphere = Shape.sphere(0.4, segments: 48, rings: 28)
        var primitive = sphere.mappingUVs { $0 * Vector2(12, 6) }.primitive(material: paper)
        primitive.uvSets.append(sphere.uvs)
        let mesh = document.add(GLTFDocument.Mesh(name: "globe", primitives: [primitive]))

        let axis = document.add(
            GLTFDocument.Node(
                name: "axis", translation: Vector3(0, 0.66, 0), rotation: .turns(z: -0.41)))
        let globe = document.add(GLTFDocument.Node(name: "globe", mesh: mesh), under: axis)
        let arc = (0...24).map { i -> Vector3 in
            let angle = Float.pi * (Float(i) / 24 - 0.5)
            return Vector3(-0.45 * cos(angle), 0.45 * sin(angle), 0)
        }
        let poles = Shape.tube(
            [Vector3(0, -0.46, 0), Vector3(0, 0.46, 0)], radii: [0.018, 0.018], segments: 12)
        let meridian = Shape.tube(arc, radii: Array(repeating: 0.02, count: 25), segments: 12)
        _ = document.addPart("meridian", Shape.joined([meridian, poles]), brass, under: axis)
        let foot = Shape.lathe(
            Shape.smoothProfile(
                [
                    Vector2(0, 0.23), Vector2(0.03, 0.22), Vector2(0.035, 0.12),
                    Vector2(0.12, 0.07), Vector2(0.24, 0.04), Vector2(0.25, 0), Vector2(0, 0),
                ], steps: 4), segments: 40)
        _ = document.addPart("foot", foot, wood, at: Vector3(-0.18, 0, 0))
        document.animations = [
            GLTFDocument.Animation(
                name: "spin",
                channels: [
                    .rotation(globe, seconds: 2, keys: 9) { .turns(y: turn * $0) }
                ])
        ]
        return document
    }

    /// The unit vector of a place on a map: u runs east from -Z, v down from the north pole.
    static func place(_ uv: Vector2) -> Vector3 {
        let out = sin(.pi * uv.y)
        return Vector3(-out * sin(turn * uv.x), cos(.pi * uv.y), -out * cos(turn * uv.x))
    }

    /// Seas, plains, hills and ice of a planet that does not exist.
    static func mapImage(_ noise: Noise) -> Image {
        Image.painted(width: 384, height: 192) { uv -> Paint in
            let p = place(uv)
            let height = noise.octaves(p * 2.1 + 40, count: 5)
            let coast: Float = 0.52
            var sea = mix(paint(0x1C5FA8), paint(0x3E9BD6), smoothstep(coast - 0.14, coast, height))
            // A thin grid of degrees on the sea.
            let grid = max(
                smoothstep(0.06, 0.03, abs(fraction(uv.x * 24 + 0.5) - 0.5)),
                smoothstep(0.06, 0.03, abs(fraction(uv.y * 12 + 0.5) - 0.5)))
            sea = mix(sea, paint(0xBFE3F5), grid * 0.35)
            var land = mix(paint(0x6DB04A), paint(0xD9C06A), smoothstep(coast + 0.02, 0.62, height))
            land = mix(land, paint(0x9A6B3E), smoothstep(0.62, 0.72, height))
            var color = mix(sea, land, smoothstep(coast - 0.004, coast + 0.004, height))
            let ice = smoothstep(0.84, 0.88, abs(p.y) + 0.12 * (height - 0.5))
            color = mix(color, paint(0xFAFDFF), ice)
            return color
        }
    }

    private static func bumpImage(_ noise: Noise) -> Image {
        Image.normalMap(width: 64, height: 64) { uv in
            1.2 * sin(uv.x * turn * 3) * sin(uv.y * turn * 3)
        }
    }
}
