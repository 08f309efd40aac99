import Foundation
import Geometry
import MeshFiles

/// The smallest assets of each kind, a kilobyte or two each, for trying things out quickly.
public enum TinyAssets {
    /// A red box, one metre a side, that turns once about Y in `seconds`.
    public static func turningBox(seconds: Float = 1) -> GLTFDocument {
        var document = Broken.box()
        document.animations = [
            GLTFDocument.Animation(
                name: "turn",
                channels: [.rotation(0, seconds: seconds, keys: 5) { .turns(y: turn * $0) }])
        ]
        return document
    }

    /// A box without a clip.
    public static func stillBox() -> GLTFDocument { Broken.box() }

    /// A strip of two metres up the Y axis whose upper half bends sideways by 60 degrees and back:
    /// two joints, blended in between.
    public static func bendingStrip(seconds: Float = 1) -> GLTFDocument {
        var document = GLTFDocument()
        let material = document.add(Material(name: "green", baseColor: linear(0x4E9A3A)))
        var skeleton = Skeleton()
        skeleton.add("lower", .zero)
        skeleton.add("upper", Vector3(0, 1, 0), under: "lower")
        var strip = Shape.box(Vector3(0.4, 2, 0.4), bevel: 0.1, steps: 1)
            .placed(at: Vector3(0, 1, 0))
        strip.weights = strip.positions.flatMap { place -> [Float] in
            let upper = smoothstep(0.6, 1.4, place.y)
            return [1 - upper, upper]
        }
        let nodes = document.add(skeleton)
        let mesh = document.add(
            GLTFDocument.Mesh(name: "strip", primitives: [strip.primitive(material: material)]))
        let skin = document.addSkin(skeleton, nodes: nodes)
        document.add(GLTFDocument.Node(name: "strip", mesh: mesh, skin: skin))
        let bend = Motion(name: "bend", duration: seconds, keyCount: 5) { [skeleton] phase in
            var pose = Pose(skeleton)
            pose.turn("upper", z: -turn / 6 * sin(turn * phase))
            return pose
        }
        document.add(bend, skeleton, nodes: nodes)
        return document
    }

    /// A ball that swells to one and a half times its size and back by a morph target.
    public static func swellingBall(seconds: Float = 1) -> GLTFDocument {
        var document = GLTFDocument()
        let material = document.add(Material(name: "blue", baseColor: linear(0x2F7DE1)))
        let ball = Shape.sphere(0.5, segments: 8, rings: 6)
        var primitive = ball.primitive(material: material)
        primitive.targets = [
            ball.morphTarget(to: ball.placed(scale: Vector3(repeating: 1.5)))
        ]
        let mesh = document.add(
            GLTFDocument.Mesh(name: "ball", primitives: [primitive], targetNames: ["large"]))
        let node = document.add(GLTFDocument.Node(name: "ball", mesh: mesh))
        document.animations = [
            GLTFDocument.Animation(
                name: "swell",
                channels: [.weights(node, seconds: seconds, keys: 5) { [bump($0)] }])
        ]
        return document
    }

    /// A DeformingThings4D file of a box that stretches upwards over `frameCount` frames.
    public static func anime(frameCount: Int = 4) -> Data {
        let box = Shape.box(.one, bevel: 0.1, steps: 1)
        let frames = (0..<frameCount).map { frame in
            box.positions.map { $0 * Vector3(1, 1 + 0.1 * Float(frame), 1) }
        }
        return AnimeFile.data(frames, triangles: box.triangles)
    }
}
