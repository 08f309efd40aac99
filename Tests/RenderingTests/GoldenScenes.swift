import Foundation
import Geometry
import Imaging
import Rendering

/// A small scene that shows one thing that a picture can get wrong, made in code.
struct GoldenScene {
    let name: String
    let mesh: MeshSequence
    let camera: Camera

    /// Every scene.
    static var all: [GoldenScene] {
        [
            smoothNormals, hardEdges, normalMap, transparency, emissive, foliage, mirrored,
            thinParts,
        ]
    }

    /// Its picture: 128 x 128, 4 samples a pixel, under four suns unless said otherwise.
    func picture(lights: LightRig = .fourSuns(), threads: Int = 1) throws -> Image {
        let settings = RenderSettings(
            width: 128, height: 128, lights: lights, threads: threads)
        let frame = try Renderer(mesh: mesh, settings: settings)
            .render(View(frame: 0, camera: camera))
        return frame.color!
    }

    private init(
        _ name: String, _ model: Model, azimuth: Double = 30, elevation: Double = 20
    ) {
        self.name = name
        mesh = model.mesh
        camera = .orbiting(
            azimuthDegrees: azimuth, elevationDegrees: elevation, width: 128, height: 128)
    }

    /// A coarse sphere whose normals hide that it is one, and the same sphere flat.
    private static var smoothNormals: GoldenScene {
        var model = Model()
        let material = model.add(Material(baseColor: SIMD4(0.7, 0.3, 0.2, 1), roughness: 0.35))
        model.addSphere(material, center: SIMD3(-0.27, 0, 0), radius: 0.25, columns: 16)
        model.addSphere(
            material, center: SIMD3(0.27, 0, 0), radius: 0.25, columns: 16, isFlat: true)
        return GoldenScene("smooth-normals", model, azimuth: 0)
    }

    /// A box, whose sides have normals of their own, with a texture that says which way is up.
    private static var hardEdges: GoldenScene {
        var model = Model()
        let texture = model.add(.squares)
        let material = model.add(
            Material(baseColorTexture: TextureReference(texture: texture), roughness: 0.6))
        model.addBox(material, half: SIMD3(0.35, 0.25, 0.3))
        return GoldenScene("hard-edges", model, azimuth: 35, elevation: 25)
    }

    /// Bumps on a plane and around a sphere.
    private static var normalMap: GoldenScene {
        var model = Model()
        let bumps = model.add(.bumps)
        let material = model.add(
            Material(
                baseColor: SIMD4(0.4, 0.5, 0.6, 1), roughness: 0.4,
                normalTexture: TextureReference(texture: bumps)))
        model.addSphere(material, center: SIMD3(-0.22, 0, 0.1), radius: 0.24, columns: 32)
        model.addCard(
            material, center: SIMD3(0.25, 0, 0), right: SIMD3(0.2, 0, -0.1), up: SIMD3(0, 0.3, 0))
        return GoldenScene("normal-map", model, azimuth: 10)
    }

    /// Three panes that cut through each other, before and behind a solid ball.
    private static var transparency: GoldenScene {
        var model = Model()
        model.addSphere(
            model.add(Material(baseColor: SIMD4(0.8, 0.8, 0.8, 1), roughness: 0.5)),
            center: .zero, radius: 0.2, columns: 32)
        let colors: [SIMD4<Float>] = [
            SIMD4(0.9, 0.1, 0.1, 0.5), SIMD4(0.1, 0.8, 0.1, 0.5), SIMD4(0.1, 0.2, 0.9, 0.5),
        ]
        for (i, color) in colors.enumerated() {
            let pane = model.add(
                Material(baseColor: color, roughness: 0.3, alphaMode: .blend, doubleSided: true))
            let angle = Double(i) * 2 * .pi / 3 + 0.2
            model.addCard(
                pane, center: SIMD3(0, Double(i) * 0.1 - 0.1, 0),
                right: SIMD3(0.4 * cos(angle), 0, 0.4 * sin(angle)), up: SIMD3(0, 0.3, 0))
        }
        return GoldenScene("transparency", model)
    }

    /// A black ball with glowing squares, some of them brighter than white.
    private static var emissive: GoldenScene {
        var model = Model()
        let texture = model.add(.squares)
        let material = model.add(
            Material(
                baseColor: SIMD4(0.02, 0.02, 0.02, 1), roughness: 0.3,
                emissive: SIMD3(1.5, 1.2, 0.6), emissiveTexture: TextureReference(texture: texture)
            ))
        model.addSphere(material, center: .zero, radius: 0.4, columns: 48)
        return GoldenScene("emissive", model)
    }

    /// Crossed cards with leaves cut out by alpha, seen from both sides.
    private static var foliage: GoldenScene {
        var model = Model()
        let leaves = model.add(.leaves)
        let material = model.add(
            Material(
                baseColorTexture: TextureReference(texture: leaves), roughness: 0.8,
                alphaMode: .mask(cutoff: 0.5), doubleSided: true))
        for i in 0..<4 {
            let angle = Double(i) * .pi / 4
            // They lean back, for two of the suns stand where upright cards at 45° turn an edge.
            model.addCard(
                material, center: .zero, right: SIMD3(0.4 * cos(angle), 0, 0.4 * sin(angle)),
                up: SIMD3(0.15 * sin(angle), 0.37, -0.15 * cos(angle)))
        }
        return GoldenScene("foliage", model, azimuth: 17)
    }

    /// A bumpy, textured half figure and its mirror image, which runs the other way around and reads
    /// its normal map mirrored.
    private static var mirrored: GoldenScene {
        var model = Model()
        let squares = model.add(.squares), bumps = model.add(.bumps)
        let material = model.add(
            Material(
                baseColorTexture: TextureReference(texture: squares), roughness: 0.5,
                normalTexture: TextureReference(texture: bumps)))
        model.addSphere(material, center: SIMD3(0.27, 0.05, 0), radius: 0.2, columns: 32)
        model.addCard(
            material, center: SIMD3(0.27, -0.25, 0.1), right: SIMD3(0.2, 0, 0),
            up: SIMD3(0, 0.12, -0.02))
        model.addMirrorImage()
        return GoldenScene("mirrored", model, azimuth: 0, elevation: 10)
    }

    /// Rods, each half as thick as the one before, the last a tenth of a pixel.
    private static var thinParts: GoldenScene {
        var model = Model()
        let material = model.add(Material(baseColor: SIMD4(0.1, 0.1, 0.1, 1), roughness: 0.9))
        for i in 0..<7 {
            let half = 0.035 * pow(0.5, Double(i))
            let x = 0.12 * Double(i) - 0.36
            model.addCard(
                material, center: SIMD3(x, 0, 0), right: SIMD3(half, 0, 0), up: SIMD3(0.08, 0.4, 0)
            )
        }
        return GoldenScene("thin-parts", model, azimuth: 0, elevation: 0)
    }
}

/// A mesh of one frame that grows piece by piece.
private struct Model {
    private var places: [SIMD3<Double>] = []
    private var normals: [SIMD3<Double>] = []
    private var uvs: [SIMD2<Float>] = []
    private var triangles: [UInt32] = []
    private var parts: [MeshPart] = []
    private var materials: [Material] = []
    private var textures: [Texture] = []

    var mesh: MeshSequence {
        MeshSequence(
            times: [0], vertexCount: places.count,
            positions: Vector3Array(places.map { SIMD3<Float>($0) }),
            normals: Vector3Array(normals.map { SIMD3<Float>($0) }), triangles: triangles,
            uvSets: [uvs], parts: parts, materials: materials, textures: textures)
    }

    mutating func add(_ material: Material) -> Int {
        materials.append(material)
        return materials.count - 1
    }

    mutating func add(_ texture: Texture) -> Int {
        textures.append(texture)
        return textures.count - 1
    }

    private mutating func close(_ material: Int, from first: Int) {
        parts.append(
            MeshPart(name: "", triangles: first / 3..<triangles.count / 3, material: material))
    }

    private mutating func vertex(
        _ place: SIMD3<Double>, _ normal: SIMD3<Double>, _ uv: SIMD2<Double>
    ) {
        places.append(place)
        normals.append(normal)
        uvs.append(SIMD2<Float>(uv))
    }

    /// A rectangle about `center`; u runs along `right`, v against `up`.
    mutating func addCard(
        _ material: Int, center: SIMD3<Double>, right: SIMD3<Double>, up: SIMD3<Double>
    ) {
        let first = triangles.count
        addQuad(center: center, right: right, up: up)
        close(material, from: first)
    }

    private mutating func addQuad(
        center: SIMD3<Double>, right: SIMD3<Double>, up: SIMD3<Double>
    ) {
        let base = UInt32(places.count)
        let normal = normalize(cross(right, up))
        for (x, y) in [(-1.0, 1.0), (-1.0, -1.0), (1.0, 1.0), (1.0, -1.0)] {
            vertex(
                center + x * right + y * up, normal, SIMD2(0.5 + 0.5 * x, 0.5 - 0.5 * y))
        }
        triangles += [base, base + 1, base + 2, base + 2, base + 1, base + 3]
    }

    mutating func addBox(_ material: Int, half: SIMD3<Double>) {
        let first = triangles.count
        for axis in 0..<3 {
            for sign in [1.0, -1.0] {
                var out = SIMD3<Double>.zero
                out[axis] = sign * half[axis]
                var up = SIMD3<Double>.zero
                up[axis == 1 ? 2 : 1] = half[axis == 1 ? 2 : 1]
                let side = normalize(cross(up, out))
                addQuad(center: out, right: side * abs(dot(side, half)), up: up)
            }
        }
        close(material, from: first)
    }

    mutating func addSphere(
        _ material: Int, center: SIMD3<Double>, radius: Double, columns: Int, isFlat: Bool = false
    ) {
        let first = triangles.count
        let rows = columns / 2
        let base = UInt32(places.count), stride = UInt32(columns + 1)
        for j in 0...rows {
            for i in 0...columns {
                let u = Double(i) / Double(columns), v = Double(j) / Double(rows)
                let d = SIMD3(
                    sin(.pi * v) * sin(2 * .pi * u), cos(.pi * v), sin(.pi * v) * cos(2 * .pi * u))
                vertex(center + radius * d, isFlat ? .zero : d, SIMD2(u, v))
            }
        }
        for j in 0..<UInt32(rows) {
            for i in 0..<UInt32(columns) {
                let a = base + j * stride + i
                triangles += [a, a + stride, a + 1, a + 1, a + stride, a + stride + 1]
            }
        }
        close(material, from: first)
    }

    /// Adds everything once more, mirrored at the plane between left and right.
    mutating func addMirrorImage() {
        let count = UInt32(places.count), first = triangles.count, partCount = parts.count
        let mirror = SIMD3<Double>(-1, 1, 1)
        places += places.map { $0 * mirror }
        normals += normals.map { $0 * mirror }
        uvs += uvs
        for i in stride(from: 0, to: first, by: 3) {
            // The other way around, so that fronts stay fronts.
            triangles += [
                triangles[i] + count, triangles[i + 2] + count, triangles[i + 1] + count,
            ]
        }
        for part in parts.prefix(partCount) {
            let range = part.triangles
            parts.append(
                MeshPart(
                    name: "",
                    triangles: range.lowerBound + first / 3..<range.upperBound + first / 3,
                    material: part.material))
        }
    }
}

extension Texture {
    private static func painted(_ side: Int, _ color: (_ x: Int, _ y: Int) -> SIMD4<UInt8>)
        -> Texture
    {
        var image = Image(width: side, height: side)
        for y in 0..<side {
            for x in 0..<side { image[x, y] = color(x, y) }
        }
        return Texture(image: image)
    }

    /// Squares that darken to the right and redden downwards.
    fileprivate static var squares: Texture {
        painted(64) { x, y in
            let isLight = (x / 8 + y / 8) % 2 == 0
            return SIMD4(
                UInt8(isLight ? 80 + 2 * y : 20), UInt8(isLight ? 240 - 3 * x : 30),
                UInt8(isLight ? 240 - 3 * y : 60), 255)
        }
    }

    /// Four by four hemispherical bumps.
    fileprivate static var bumps: Texture {
        painted(64) { x, y in
            let p = SIMD2(Double(x % 16) - 7.5, Double(y % 16) - 7.5) / 7
            let squared = p.x * p.x + p.y * p.y
            let n =
                squared < 1 ? SIMD3(p.x, -p.y, (1 - squared).squareRoot() + 0.5) : SIMD3(0, 0, 1)
            let code = (normalize(n) * 0.5 + 0.5) * 255
            return SIMD4(
                UInt8(code.x.rounded()), UInt8(code.y.rounded()), UInt8(code.z.rounded()), 255)
        }
    }

    /// Round leaves of two greens with nothing between them.
    fileprivate static var leaves: Texture {
        painted(64) { x, y in
            let p = SIMD2(Double(x % 16) - 7.5, Double(y % 16) - 7.5)
            let inside = p.x * p.x + 2.5 * p.y * p.y < 44
            let isLight = (x / 16 + y / 16) % 2 == 0
            return SIMD4(
                isLight ? 90 : 30, isLight ? 170 : 110, isLight ? 50 : 40, inside ? 255 : 0)
        }
    }
}
