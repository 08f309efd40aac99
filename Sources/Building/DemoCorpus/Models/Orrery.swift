import Foundation
import Geometry
import Imaging
import MeshFiles

/// A brass orrery: rigid parts on nested turning nodes, one of them placed by a matrix, under a sun
/// that glows. A second scene, which is not the one to show, holds a lone planet.
enum Orrery {
    static func document(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let noise = Noise(seed: seed, "orrery")
        let brass = document.addColor("brass", 0xE0AC48, roughness: 0.4, metallic: 0.4)
        let root = document.add(GLTFDocument.Node(name: "orrery"))
        addStand(to: &document, brass, noise, under: root)
        // The plane of the planets is tilted by a matrix that no clip touches.
        let tilt = document.add(
            GLTFDocument.Node(
                name: "tilt",
                matrix: Matrix4.translation(SIMD3(0, 0.62, 0))
                    * Matrix4.rotation(.turns(x: 0.32, z: 0.1))), under: root)
        // The zodiac's ring around everything keeps the model's box still.
        let zodiac = Shape.torus(radius: 0.78, thickness: 0.014, segments: 72, sides: 10)
        _ = document.addPart("zodiac", zodiac, brass, at: Vector3(0, -0.02, 0), under: tilt)
        let channels = addPlanets(to: &document, brass, noise, under: tilt)

        document.scenes[0].name = "orrery"
        let lone = document.add(
            GLTFDocument.Mesh(
                name: "spare",
                primitives: [
                    Shape.sphere(0.5, segments: 12, rings: 8).primitive(material: brass)
                ]))
        document.nodes.append(GLTFDocument.Node(name: "spare", mesh: lone))
        document.scenes.append(
            GLTFDocument.Scene(name: "spare", nodes: [document.nodes.count - 1]))
        document.animations = [GLTFDocument.Animation(name: "orbit", channels: channels)]
        return document
    }

    private static func addStand(
        to document: inout GLTFDocument, _ brass: Int, _ noise: Noise, under root: Int
    ) {
        let wood = document.addColor("foot", 0x5A3420, roughness: 0.6)
        let texture = document.add(Texture(name: "sun", image: sunImage(noise)))
        let sun = document.add(
            Material(
                name: "sun", baseColorTexture: TextureReference(texture: texture),
                roughness: 1, emissive: SIMD3(0.9, 0.55, 0.15),
                emissiveTexture: TextureReference(texture: texture)))
        let foot = Shape.lathe(
            [
                Vector2(0, 0.06), Vector2(0.2, 0.05), Vector2(0.24, 0.03), Vector2(0.25, 0),
                Vector2(0, 0),
            ], segments: 40)
        let column = Shape.tube(
            [Vector3(0, 0.05, 0), Vector3(0, 0.6, 0)], radii: [0.03, 0.022], segments: 16)
        _ = document.addPart("stand", [(foot, wood), (column, brass)], under: root)
        _ = document.addPart(
            "sun", Shape.sphere(0.18, segments: 36, rings: 20), sun, at: Vector3(0, 0.72, 0),
            under: root)
    }

    /// Adds three planets on arms, one with a moon and one with rings, and returns their turning.
    private static func addPlanets(
        to document: inout GLTFDocument, _ brass: Int, _ noise: Noise, under tilt: Int
    ) -> [GLTFDocument.Channel] {
        let earth = document.addPicture("earth", Globe.mapImage(noise), roughness: 0.5)
        let mars = document.addPicture("mars", marsImage(noise), roughness: 0.8)
        let saturn = document.addPicture("saturn", saturnImage, roughness: 0.7)
        let moon = document.addColor("moon", 0xC9C6C0, roughness: 0.9)

        let inner = document.addArm("innerArm", length: 0.3, height: -0.06, brass, under: tilt)
        _ = document.addPart(
            "mars", Shape.sphere(0.09, segments: 24, rings: 14), mars,
            at: Vector3(0.3, 0.03, 0), under: inner)
        let middle = document.addArm("middleArm", length: 0.42, height: -0.1, brass, under: tilt)
        let blue = document.addPart(
            "earth", Shape.sphere(0.125, segments: 28, rings: 16), earth,
            at: Vector3(0.42, 0.05, 0), under: middle)
        let lunar = document.add(GLTFDocument.Node(name: "lunarOrbit"), under: blue)
        _ = document.addPart(
            "moon", Shape.sphere(0.03, segments: 16, rings: 10), moon,
            at: Vector3(0.17, 0.02, 0), under: lunar)
        let outer = document.addArm("outerArm", length: 0.56, height: -0.14, brass, under: tilt)
        let rings = Shape.torus(radius: 0.17, thickness: 0.035, segments: 40, sides: 8)
            .placed(scale: Vector3(1, 0.12, 1))
        let ringed = document.addPart(
            "saturn",
            [(Shape.sphere(0.115, segments: 28, rings: 16), saturn), (rings, brass)],
            at: Vector3(0.56, 0.06, 0), rotation: .turns(z: 0.4), under: outer)
        return [
            spin(inner, turns: 3, from: 0.4), spin(middle, turns: 2, from: 0.1),
            spin(outer, turns: 1, from: 0.62), spin(blue, turns: 4, from: 0),
            spin(lunar, turns: -2, from: 0), spin(ringed, turns: 3, from: 0, lean: 0.4),
        ]
    }

    /// Whole turns about the parent's Y axis, starting `from` turns.
    private static func spin(
        _ node: Int, turns: Float, from: Float, lean: Float = 0
    ) -> GLTFDocument.Channel {
        .rotation(node, seconds: 4, keys: Int(abs(turns)) * 6 + 1) { phase in
            .turns(z: lean) * .turns(y: turn * (from + turns * phase))
        }
    }

    private static func sunImage(_ noise: Noise) -> Image {
        Image.painted(width: 128, height: 64) { uv -> Paint in
            let p = Globe.place(uv)
            let heat = noise.octaves(p * 4)
            return mix(paint(0xFF8A1E), paint(0xFFE87A), smoothstep(0.3, 0.7, heat))
        }
    }

    private static func marsImage(_ noise: Noise) -> Image {
        Image.painted(width: 128, height: 64) { uv -> Paint in
            let p = Globe.place(uv)
            var color = mix(paint(0xD8643A), paint(0x9E3F22), noise.octaves(p * 3 + 9))
            color = mix(color, paint(0xFFF3E8), smoothstep(0.86, 0.93, abs(p.y)))
            return color
        }
    }

    private static let saturnImage = Image.painted(width: 16, height: 64) { uv -> Paint in
        let bands = 0.5 + 0.5 * sin(uv.y * 40 + 2 * sin(uv.y * 13))
        return mix(paint(0xE8C98A), paint(0xB98A52), bands)
    }
}

extension GLTFDocument {
    /// Adds a turning node with a brass arm along +X.
    fileprivate mutating func addArm(
        _ name: String, length: Float, height: Float, _ material: Int, under parent: Int
    ) -> Int {
        let bend = [
            Vector3(0, height, 0), Vector3(length - 0.04, height, 0),
            Vector3(length, height + 0.04, 0), Vector3(length, 0.02, 0),
        ]
        let hub = Shape.torus(radius: 0.03, thickness: 0.018, segments: 20, sides: 10)
            .placed(at: Vector3(0, height, 0))
        return addPart(
            name,
            Shape.joined([
                Shape.tube(bend, radii: Array(repeating: 0.013, count: 4), segments: 8), hub,
            ]), material, under: parent)
    }
}
