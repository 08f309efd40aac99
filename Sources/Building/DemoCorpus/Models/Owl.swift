import Foundation
import Geometry
import Imaging
import MeshFiles

/// An owl on a branch that looks around, flaps and blinks: rigid parts, and eyelids that close by
/// sparse morph targets (few of the head's vertices move).
enum Owl {
    static func document(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let noise = Noise(seed: seed, "owl.feathers")
        let bark = document.addPicture(
            "bark",
            Image.painted(width: 64, height: 128) { uv -> Paint in
                mix(
                    paint(0x5B3B24), paint(0x8E6540),
                    noise.octaves(Vector3(uv.x * 30, uv.y * 3, 0)))
            }, roughness: 0.95)
        let orange = document.addColor("beak", 0xF2A02E, roughness: 0.5)

        let branch = Shape.tube(
            (0...8).map { Vector3(0.11 * Float($0) - 0.44, 0.02 * sin(Float($0)), 0) },
            radii: [0.05, 0.06, 0.055, 0.06, 0.062, 0.058, 0.06, 0.052, 0.045], segments: 16)
        let root = document.addPart("branch", branch, bark)
        let toes = Shape.joined(
            [-0.14, -0.1, -0.06, 0.06, 0.1, 0.14].map { x in
                Shape.tube(
                    [
                        Vector3(x, 0.09, -0.02), Vector3(x, 0.085, 0.045), Vector3(x, 0.02, 0.075),
                    ], radii: [0.018, 0.02, 0.012], segments: 10)
            })
        let trunk = torso.painted(cell: 0.022, resolution: 224) { bodyColor($0, $1, noise) }
        let plumage = document.addPicture(
            "plumage", trunk.image, roughness: 0.9, wrapU: .clampToEdge, wrapV: .clampToEdge)
        let body = document.addPart(
            "body", [(trunk.shape, plumage), (toes, orange)], under: root)

        let head = addHead(to: &document, under: body, noise)
        var wings: [Int] = []
        for x in [Float(1), -1] {
            let wing = Shape.sphere(1, segments: 28, rings: 18)
                .placed(at: Vector3(0.02 * x, -0.17, 0), scale: Vector3(0.05, 0.22, 0.13))
            wings.append(
                document.addPart(
                    x > 0 ? "leftWing" : "rightWing", wing,
                    document.addPicture("wing", wingImage(noise), roughness: 0.9),
                    at: Vector3(0.235 * x, 0.46, -0.02), under: body))
        }
        document.animations = [look(head: head.node, mesh: head.mesh, wings: wings, body: body)]
        return document
    }

    private static func look(
        head: Int, mesh: Int, wings: [Int], body: Int
    ) -> GLTFDocument.Animation {
        let seconds: Float = 2
        let blink = { (phase: Float) -> [Float] in
            let closed = bump((phase - 0.32) / 0.16) + bump((phase - 0.82) / 0.16)
            // Half shut on the way, so that the lids pass over the eyes and not through them.
            return [1 - abs(2 * closed - 1), max(2 * closed - 1, 0)]
        }
        return GLTFDocument.Animation(
            name: "look",
            channels: [
                .rotation(head, seconds: seconds, keys: 25) { phase in
                    let a = turn * phase
                    return .turns(x: 0.06 * sin(2 * a), y: 0.85 * sin(a), z: 0.22 * sin(a + 0.9))
                },
                .weights(mesh, seconds: seconds, keys: 51, blink),
                .rotation(wings[0], seconds: seconds, keys: 33) {
                    .turns(z: 0.12 + 0.75 * bump(fraction($0 * 2 + 0.25)))
                },
                .rotation(wings[1], seconds: seconds, keys: 33) {
                    .turns(z: -0.12 - 0.75 * bump(fraction($0 * 2 + 0.25)))
                },
                .rotation(body, seconds: seconds, keys: 17) { .turns(z: 0.06 * sin(turn * $0)) },
            ])
    }

    private static let torso: Sculpture = {
        var s = Sculpture()
        s.addEllipsoid(Vector3(0, 0.32, 0), Vector3(0.24, 0.27, 0.21), joint: 0, blend: 0)
        s.addEllipsoid(Vector3(0, 0.46, 0.01), Vector3(0.2, 0.16, 0.18), joint: 0, blend: 0.1)
        s.addLimb(
            Vector3(0, 0.2, -0.14), Vector3(0, -0.04, -0.21), 0.11, 0.06, joint: 0, blend: 0.06)
        return s
    }()

    private static let skull: Sculpture = {
        var s = Sculpture()
        s.addEllipsoid(Vector3(0, 0.12, 0), Vector3(0.25, 0.2, 0.2), joint: 0, blend: 0)
        for x in [Float(1), -1] {
            s.addLimb(
                Vector3(0.15 * x, 0.25, 0), Vector3(0.22 * x, 0.36, -0.01), 0.06, 0.014, joint: 0,
                blend: 0.05)
            s.addEllipsoid(
                Vector3(0.1 * x, 0.12, 0.12), Vector3(0.115, 0.115, 0.08), joint: 0, blend: 0.03)
        }
        return s
    }()

    private static func addHead(
        to document: inout GLTFDocument, under body: Int, _ noise: Noise
    ) -> (node: Int, mesh: Int) {
        let skull = skull.painted(cell: 0.021, resolution: 224) { headColor($0, $1, noise) }
        let feathers = document.addPicture(
            "head", skull.image, roughness: 0.9, wrapU: .clampToEdge, wrapV: .clampToEdge)
        // The lids take their colour from the crown.
        let crown = skull.shape.positions.indices.max {
            skull.shape.positions[$0].y < skull.shape.positions[$1].y
        }
        let crownUV = skull.shape.uvs[crown ?? 0]
        func withLids(_ opening: Float) -> Shape {
            var shape = skull.shape
            for x in [Float(1), -1] {
                shape.append(lid(opening, x).mappingUVs { _ in crownUV })
            }
            return shape
        }
        let open = withLids(1)
        var primitive = open.primitive(material: feathers)
        primitive.targets = [0.5, 0].map { open.morphTarget(to: withLids($0), isSparse: true) }

        let eyes = Creature.eyeSurface(
            iris: paint(0xFFB81E), irisSize: 1.2, pupilSize: Vector2(0.55, 0.55))
        let glossy = document.addPicture(
            "eyes", eyes.image ?? Image(width: 1, height: 1), roughness: 0.2)
        let beak = document.addColor("beak", 0xF2A02E, roughness: 0.5)
        let node = document.add(
            GLTFDocument.Node(name: "head", translation: Vector3(0, 0.56, 0.02)), under: body)
        let mesh = document.add(
            GLTFDocument.Mesh(
                name: "head", primitives: [primitive], targetNames: ["half shut", "shut"]))
        let head = document.add(GLTFDocument.Node(name: "headMesh", mesh: mesh), under: node)
        let balls = Shape.joined(
            [Float(1), -1].map { x in
                Creature.eye(eyePlace(x), radius: 0.072, rotation: .turns(y: 0.16 * x))
            })
        let bill = Shape.tube(
            [Vector3(0, 0.09, 0.19), Vector3(0, 0.065, 0.235), Vector3(0, 0.02, 0.235)],
            radii: [0.035, 0.03, 0.008], segments: 14)
        _ = document.addPart("face", [(balls, glossy), (bill, beak)], under: node)
        return (node, head)
    }

    private static func eyePlace(_ x: Float) -> Vector3 { Vector3(0.1 * x, 0.13, 0.155) }

    /// A cap over an eye that reaches down to 60 degrees up where it is open (1), and to 50
    /// degrees down where it is shut (0).
    private static func lid(_ opening: Float, _ x: Float) -> Shape {
        let lowest = mix(-50, 60, opening) * .pi / 180
        let shell = Shape.sheet(columns: 14, rows: 8) { uv in
            let elevation = mix(.pi * 0.49, lowest, uv.y)
            let azimuth = (uv.x - 0.5) * .pi * 1.1
            return Vector3(
                sin(azimuth) * cos(elevation), sin(elevation), cos(azimuth) * cos(elevation))
                * 0.081
        }
        return shell.smoothed().placed(at: eyePlace(x))
    }

    /// Rows of feather tips in brown, with a pale breast.
    private static func bodyColor(_ p: Vector3, _ normal: Vector3, _ noise: Noise) -> Paint {
        let around = atan2(p.x, p.z) / turn * 26
        let row = p.y * 22
        let shifted = fraction(
            around + 0.5 * (row.rounded(.down)).truncatingRemainder(dividingBy: 2))
        let tip = Vector2(shifted - 0.5, fraction(row) - 0.75)
        let arc = smoothstep(0.36, 0.5, (tip.x * tip.x + tip.y * tip.y).squareRoot())
        let soft = noise.octaves(p * 14, count: 2)
        let breast = smoothstep(0.1, 0.5, normal.z) * smoothstep(0.2, 0.15, abs(p.x))
        let dark = mix(paint(0x7A4E2C), paint(0x8E6038), soft)
        let light = mix(paint(0xF3DDB4), paint(0xFBEFD6), soft)
        let base = mix(dark, light, breast)
        let edge = mix(paint(0x54321A), paint(0xB98550), breast)
        return mix(base, edge, arc * 0.75)
    }

    private static func headColor(_ p: Vector3, _ normal: Vector3, _ noise: Noise) -> Paint {
        let soft = noise.octaves(p * 16, count: 2)
        var color = mix(paint(0x7A4E2C), paint(0x8E6038), soft)
        let eye = p - eyePlace(p.x < 0 ? -1 : 1)
        let out = (eye.x * eye.x + eye.y * eye.y).squareRoot()
        let front = smoothstep(0.02, 0.08, p.z)
        color = mix(color, paint(0x4E2E18), front * smoothstep(0.135, 0.125, out))
        let rays = 0.94 + 0.06 * sin(atan2(eye.y, eye.x) * 26)
        color = mix(color, paint(0xF8E6C2) * rays, front * smoothstep(0.122, 0.114, out))
        return mix(color, paint(0x4E2E18), smoothstep(0.3, 0.33, p.y))
    }

    /// Bars of dark and light brown, v from the shoulder to the tip.
    private static func wingImage(_ noise: Noise) -> Image {
        Image.painted(width: 64, height: 96) { uv -> Paint in
            let wave = 0.02 * sin(uv.x * turn * 6)
            let bars = smoothstep(-0.3, 0.3, sin((uv.y + wave) * 34))
            let color = mix(paint(0x5E3A20), paint(0x9A6B40), bars)
            return color * (0.9 + 0.1 * noise.value(Vector3(uv.x * 30, uv.y * 30, 0)))
        }
    }
}
