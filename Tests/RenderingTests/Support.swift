import Foundation
import Geometry
import Imaging
import Rendering

/// A generator of test numbers that is the same in every run.
func testRandom(_ purpose: String) -> KeyedRandom {
    KeyedRandom(seed: 1, asset: "rendering tests", purpose: purpose)
}

extension KeyedRandom {
    /// A point with each coordinate drawn from a range.
    mutating func point(_ range: Range<Double>) -> SIMD3<Double> {
        SIMD3(uniform(range), uniform(range), uniform(range))
    }

    /// A direction, all equally likely.
    mutating func direction() -> SIMD3<Double> {
        while true {
            let p = point(-1..<1)
            if length(p) < 1, length(p) > 0.1 { return normalize(p) }
        }
    }
}

/// A mesh of one frame out of points and triangles.
func mesh(
    _ points: [SIMD3<Double>], _ triangles: [UInt32], normals: [SIMD3<Double>] = [],
    uvs: [SIMD2<Float>] = [], colors: [SIMD4<Float>] = [], material: Material = Material(),
    textures: [Texture] = []
) -> MeshSequence {
    MeshSequence(
        times: [0], vertexCount: points.count,
        positions: Vector3Array(points.map { SIMD3<Float>($0) }),
        normals: Vector3Array(normals.map { SIMD3<Float>($0) }), triangles: triangles,
        uvSets: uvs.isEmpty ? [] : [uvs], colors: colors, materials: [material],
        textures: textures)
}

/// A rectangle about `center` whose front faces +Z; u grows to the right and v down over it.
func quad(
    width: Double, height: Double, center: SIMD3<Double> = .zero, material: Material = Material(),
    colors: [SIMD4<Float>] = [], textures: [Texture] = []
) -> MeshSequence {
    let x = width / 2, y = height / 2
    let points = [SIMD3(-x, y, 0), SIMD3(-x, -y, 0), SIMD3(x, y, 0), SIMD3(x, -y, 0)]
    return mesh(
        points.map { $0 + center }, [0, 1, 2, 2, 1, 3],
        normals: [SIMD3<Double>](repeating: SIMD3(0, 0, 1), count: 4),
        uvs: [SIMD2(0, 0), SIMD2(0, 1), SIMD2(1, 0), SIMD2(1, 1)], colors: colors,
        material: material, textures: textures)
}

/// A sphere about the origin with smooth normals.
func sphere(
    radius: Double, columns: Int, rows: Int, material: Material = Material()
) -> MeshSequence {
    var points: [SIMD3<Double>] = []
    var triangles: [UInt32] = []
    for j in 0...rows {
        for i in 0...columns {
            let polar = Double.pi * Double(j) / Double(rows)
            let azimuth = 2 * Double.pi * Double(i) / Double(columns)
            points.append(
                SIMD3(sin(polar) * sin(azimuth), cos(polar), sin(polar) * cos(azimuth)))
        }
    }
    let stride = UInt32(columns + 1)
    for j in 0..<UInt32(rows) {
        for i in 0..<UInt32(columns) {
            let a = j * stride + i
            triangles += [a, a + stride, a + 1, a + 1, a + stride, a + stride + 1]
        }
    }
    return mesh(points.map { $0 * radius }, triangles, normals: points, material: material)
}

/// Several meshes of one frame as one, each a part with a material of its own. They have no
/// textures, and all or none of them have normals.
func joined(_ meshes: [MeshSequence]) -> MeshSequence {
    var positions = Vector3Array()
    var normals = Vector3Array()
    var triangles: [UInt32] = []
    var parts: [MeshPart] = []
    for (i, m) in meshes.enumerated() {
        let first = triangles.count / 3
        triangles += m.triangles.map { $0 + UInt32(positions.count) }
        positions.append(contentsOf: m.positions)
        normals.append(contentsOf: m.normals)
        parts.append(
            MeshPart(name: "\(i)", triangles: first..<triangles.count / 3, material: i))
    }
    return MeshSequence(
        times: [0], vertexCount: positions.count, positions: positions, normals: normals,
        triangles: triangles, parts: parts, materials: meshes.map { $0.materials[0] })
}

/// Renders one view of a mesh.
func render(
    _ mesh: MeshSequence, _ camera: Camera, samples: SampleCount = .four,
    lights: LightRig = .unlit, outputs: RenderOutputs = .color,
    culling: BackFaceCulling = .byMaterial, threads: Int = 1
) throws -> RenderedFrame {
    let settings = RenderSettings(
        width: camera.width, height: camera.height, samples: samples, lights: lights,
        outputs: outputs, culling: culling, threads: threads)
    return try Renderer(mesh: mesh, settings: settings).render(View(frame: 0, camera: camera))
}

/// A camera at (0, 0, distance) that looks at the origin and sees a square of the given side there.
func frontCamera(seeing side: Double, distance: Double = 2, pixels: Int) -> Camera {
    .orbiting(
        azimuthDegrees: 0, distance: distance,
        fieldOfViewXDegrees: 2 * atan(side / 2 / distance) * 180 / .pi, width: pixels,
        height: pixels)
}

/// Linear light of an sRGB byte (IEC 61966-2-1).
func linear(_ byte: UInt8) -> Double {
    let v = Double(byte) / 255
    return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4)
}

/// The sRGB byte of linear light, not rounded.
func encoded(_ value: Double) -> Double {
    let v = min(1, max(0, value))
    return 255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * pow(v, 1 / 2.4) - 0.055)
}

/// The largest difference between a pixel's colour and linear light, in sRGB bytes.
func difference(_ pixel: SIMD4<UInt8>, _ expected: SIMD3<Double>) -> Double {
    (0..<3).map { abs(Double(pixel[$0]) - encoded(expected[$0])) }.max()!
}
