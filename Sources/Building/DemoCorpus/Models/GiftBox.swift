import Foundation
import Geometry
import Imaging
import MeshFiles

/// A present whose lid jumps: one small picture, tiled, turned and shifted in three ways by
/// KHR_texture_transform, with mirrored wrapping and nearest filtering among the samplers.
enum GiftBox {
    static func document(seed: UInt64) -> GLTFDocument {
        var document = GLTFDocument()
        let dots = document.add(
            Texture(name: "dots", image: dotImage, wrapU: .repeat, wrapV: .repeat))
        let pixels = document.add(
            Texture(
                name: "pixels", image: pixelImage, wrapU: .mirroredRepeat, wrapV: .mirroredRepeat,
                magnification: .nearest, minification: .nearest, mipmap: .none))
        func material(_ name: String, _ reference: TextureReference, _ tint: UInt32) -> Int {
            document.add(
                Material(
                    name: name, baseColor: linear(tint) * SIMD4(SIMD3(repeating: whiteAlbedo), 1),
                    baseColorTexture: reference,
                    roughness: 0.6))
        }
        let side = material(
            "sides",
            TextureReference(
                texture: dots, offset: SIMD2(0.25, 0.1), rotation: .pi / 4, scale: SIMD2(4, 4)),
            0xFFFFFF)
        let top = material(
            "lid", TextureReference(texture: dots, offset: SIMD2(0.5, 0.5), scale: SIMD2(3, 3)),
            0xFFD6E8)
        let star = material(
            "star", TextureReference(texture: pixels, scale: SIMD2(2, 2)), 0xFFFFFF)
        let ribbon = document.addColor("ribbon", 0xFFC928, roughness: 0.4)

        let root = document.add(GLTFDocument.Node(name: "present"))
        let bands = [
            Shape.box(Vector3(0.12, 0.52, 0.73), bevel: 0.01, steps: 1),
            Shape.box(Vector3(0.73, 0.52, 0.12), bevel: 0.01, steps: 1),
        ].map { $0.placed(at: Vector3(0, 0.262, 0)) }
        _ = document.addPart(
            "box",
            [
                (
                    Shape.box(Vector3(0.7, 0.52, 0.7), bevel: 0.02).placed(
                        at: Vector3(0, 0.26, 0)), side
                ), (Shape.joined(bands), ribbon),
            ], under: root)
        let spring = document.addPart(
            "star",
            Shape.plate(Outline.star(rays: 5, outer: 0.24, inner: 0.11), depth: 0.09), star,
            at: Vector3(0, 0.7, 0), under: root)
        let lid = document.addPart(
            "lid", [(lidShape, top), (bow, ribbon)], at: Vector3(0, 0.57, 0), under: root)
        document.animations = [jump(lid: lid, star: spring, root: root)]
        return document
    }

    private static func jump(lid: Int, star: Int, root: Int) -> GLTFDocument.Animation {
        let seconds: Float = 1.5
        return GLTFDocument.Animation(
            name: "open",
            channels: [
                .vector(lid, .translation, seconds: seconds, keys: 31) { phase in
                    let up = 0.5 + 0.5 * cos(turn * phase)
                    return Vector3(0.12 * up, 0.57 + 0.5 * up, 0)
                },
                .rotation(lid, seconds: seconds, keys: 31) { phase in
                    let up = 0.5 + 0.5 * cos(turn * phase)
                    return .turns(x: 0.15 * up, z: -0.5 * up)
                },
                .vector(star, .translation, seconds: seconds, keys: 31) { phase in
                    Vector3(0, mix(0.28, 0.74, 0.5 + 0.5 * cos(turn * phase - 0.3)), 0)
                },
                .rotation(star, seconds: seconds, keys: 13) { .turns(y: turn * $0) },
                .vector(root, .scale, seconds: seconds, keys: 31) { phase in
                    let press = 0.1 * bump((phase - 0.35) / 0.3)
                    return Vector3(1 + press / 2, 1 - press, 1 + press / 2)
                },
            ])
    }

    private static let lidShape = Shape.box(Vector3(0.78, 0.14, 0.78), bevel: 0.02)

    private static let bow: Shape = {
        var parts = [
            Shape.box(Vector3(0.13, 0.15, 0.79), bevel: 0.01, steps: 1),
            Shape.box(Vector3(0.79, 0.15, 0.13), bevel: 0.01, steps: 1),
            Shape.sphere(0.055, segments: 20, rings: 12).placed(at: Vector3(0, 0.11, 0)),
        ]
        for x in [Float(1), -1] {
            parts.append(
                Shape.torus(radius: 0.085, thickness: 0.028, segments: 28, sides: 10).placed(
                    at: Vector3(0.11 * x, 0.14, 0), rotation: .turns(x: .pi / 2, z: 0.35 * x),
                    scale: Vector3(1, 0.75, 1)))
        }
        return Shape.joined(parts)
    }()

    private static let dotImage = Image.painted(width: 64, height: 64) { uv -> Paint in
        let p = uv - 0.5
        let dot = smoothstep(0.27, 0.24, (p.x * p.x + p.y * p.y).squareRoot())
        return mix(paint(0xE0356E), paint(0xFFFFFF), dot)
    }

    /// Four by four texels, to be seen as squares.
    private static let pixelImage: Image = {
        let colors: [UInt32] = [0xFFE14A, 0xFF9A2E, 0xFFD03A, 0xFFF08A]
        return Image.painted(width: 4, height: 4) { uv -> Paint in
            paint(colors[(Int(uv.x * 4) + 3 * Int(uv.y * 4)) % 4])
        }
    }()
}
