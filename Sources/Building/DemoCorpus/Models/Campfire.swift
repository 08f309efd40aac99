import Foundation
import Geometry
import Imaging

/// A campfire as a sequence of numbered OBJ files that share their topology.
enum Campfire {
    static let frameCount = 16

    /// The folder's files.
    static func files(seed: UInt64) throws -> [String: Data] {
        let noise = Noise(seed: seed, "campfire")
        let white = Paint(repeating: whiteAlbedo)
        var files: [String: Data] = [
            "fire.mtl": OBJFile.library([
                ("flame", white, "flame.png", paint(0x803008)), ("wood", white, "wood.png", .zero),
                ("stone", Paint(0.22, 0.21, 0.19), nil, .zero),
            ]),
            "flame.png": Data(try flameImage(noise).pngEncoded(.small)),
            "wood.png": Data(try woodImage(noise).pngEncoded(.small)),
        ]
        let still = (logs: logs, stones: stones(noise))
        for frame in 0..<frameCount {
            var file = OBJFile(library: "fire.mtl")
            file.add(
                flames(Float(frame) / Float(frameCount)), group: "flame", material: "flame")
            file.add(still.logs, group: "logs", material: "wood")
            file.add(still.stones, group: "stones", material: "stone")
            let number = String(frame + 1)
            files[String(repeating: "0", count: 4 - number.count) + number + ".obj"] = file.data
        }
        return files
    }

    /// Tongues of different sizes, each a little later than the one before.
    private static func flames(_ phase: Float) -> Shape {
        let tongues: [(x: Float, z: Float, size: Float, lag: Float)] = [
            (0, 0, 1, 0), (0.13, 0.06, 0.68, 0.3), (-0.13, 0.05, 0.74, 0.55),
            (0.04, -0.13, 0.7, 0.8), (-0.02, 0.15, 0.55, 0.15),
        ]
        let profile = Shape.smoothProfile(
            [
                Vector2(0, 0.8), Vector2(0.04, 0.64), Vector2(0.1, 0.42), Vector2(0.15, 0.2),
                Vector2(0.13, 0.06), Vector2(0, 0.0),
            ], steps: 2)
        return Shape.joined(
            tongues.map { tongue in
                let a = turn * (phase + tongue.lag)
                let stretch = 1 + 0.24 * sin(a)
                return Shape.lathe(profile, segments: 12, crease: 180).deformed { p in
                    let up = p.y / 0.8
                    let swing = up * up
                    // A bulge that climbs once a cycle.
                    let bulge = 1 + 0.28 * sin(turn * (up * 1.3) - a)
                    return Vector3(
                        p.x * bulge + 0.13 * swing * sin(a - 4 * up),
                        p.y * stretch, p.z * bulge + 0.11 * swing * cos(a - 3 * up))
                }.placed(
                    at: Vector3(tongue.x, 0.06, tongue.z),
                    scale: Vector3(repeating: tongue.size))
            })
    }

    private static let logs = Shape.joined(
        (0..<4).map { i in
            Shape.tube(
                [Vector3(-0.3, 0.03, 0), Vector3(0, 0.1, 0), Vector3(0.22, 0.16, 0)],
                radii: [0.058, 0.055, 0.048], segments: 8, capSteps: 2
            ).placed(rotation: .turns(y: turn * (Float(i) + 0.2) / 4))
        })

    private static func stones(_ noise: Noise) -> Shape {
        Shape.joined(
            (0..<8).map { i in
                let angle = turn * Float(i) / 8
                let size = 0.095 + 0.035 * noise.cell(Int32(i), 7)
                return Shape.sphere(1, segments: 9, rings: 5).placed(
                    at: Vector3(0.4 * sin(angle), size * 0.55, 0.4 * cos(angle)),
                    rotation: .turns(y: angle), scale: Vector3(size * 1.3, size * 0.8, size))
            })
    }

    /// White-hot at the bottom (v = 1), then yellow, orange and red.
    private static func flameImage(_ noise: Noise) -> Image {
        Image.painted(width: 64, height: 128) { uv -> Paint in
            let wave = 0.16 * (noise.octaves(Vector3(uv.x * 5, uv.y * 4, 0), count: 3) - 0.5)
            let t = 1 - uv.y + wave
            var color = mix(paint(0xFFF6B8), paint(0xFFD23A), smoothstep(0.02, 0.3, t))
            color = mix(color, paint(0xFF8A1E), smoothstep(0.28, 0.6, t))
            return mix(color, paint(0xE0301A), smoothstep(0.6, 0.95, t))
        }
    }

    /// Bark along the log, embers where it lies in the fire.
    private static func woodImage(_ noise: Noise) -> Image {
        Image.painted(width: 64, height: 128) { uv -> Paint in
            let grain = noise.octaves(Vector3(uv.x * 26, uv.y * 4, 3))
            var color = mix(paint(0x4A2E1C), paint(0x85573A), grain)
            color = mix(color, paint(0x17110E), smoothstep(0.45, 0.75, uv.y))
            let embers = smoothstep(0.6, 0.75, noise.octaves(Vector3(uv.x * 14, uv.y * 20, 9)))
            return mix(color, paint(0xFF6A1E), embers * smoothstep(0.5, 0.8, uv.y))
        }
    }
}
