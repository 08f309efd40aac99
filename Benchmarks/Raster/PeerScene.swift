import Foundation
import Geometry
import Imaging
import Rendering

/// A mesh sequence and the cameras that look at it, as files that a peer reads: arrays as `.npy`,
/// the rest as the request's options.
struct PeerScene {
    /// Paths by name.
    let inputs: [String: String]
    /// What ``PeerScene/Options`` says, as JSON.
    let options: Options

    /// A material's run of triangles.
    struct Part: Encodable {
        var first: Int
        var count: Int
        var base_color: [Float]
        var texture: String?
        var metallic: Float
        var roughness: Float
        var culls: Bool

        private enum Key: String, CodingKey {
            case first, count, base_color, texture, metallic, roughness, culls
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(first, forKey: .first)
            try container.encode(count, forKey: .count)
            try container.encode(base_color, forKey: .base_color)
            // Null where there is none, rather than nothing.
            try container.encode(texture, forKey: .texture)
            try container.encode(metallic, forKey: .metallic)
            try container.encode(roughness, forKey: .roughness)
            try container.encode(culls, forKey: .culls)
        }
    }

    struct Sun: Encodable {
        var direction: [Double]
        var irradiance: [Float]
    }

    struct Options: Encodable {
        var width: Int
        var height: Int
        var samples: Int
        var lit: Bool
        var parts: [Part]
        var suns: [Sun]
        /// Processes that render frames at once, and rasterizing threads of each beside its own.
        var processes: Int
        var threads: Int
    }

    /// Writes a scene to a folder. View `i` must show frame `i`.
    init(
        _ mesh: MeshSequence, _ views: [View], _ settings: RenderSettings, processes: Int,
        threads: Int, folder: URL
    ) throws {
        var inputs: [String: String] = [:]
        func write<Element>(_ name: String, _ type: String, _ shape: [Int], _ array: [Element]) throws {
            let file = folder.appending(path: "\(name).npy")
            let bytes = array.withUnsafeBytes { Data($0) }
            try (PeerScene.header(type, shape) + bytes).write(to: file)
            inputs[name] = file.path
        }
        let (T, V) = (views.count, mesh.vertexCount)
        try write("positions", "<f4", [T, V, 3], mesh.positions.scalars)
        if !mesh.normals.isEmpty { try write("normals", "<f4", [T, V, 3], mesh.normals.scalars) }
        try write("triangles", "<u4", [mesh.triangleCount, 3], mesh.triangles)
        if let uvs = mesh.uvSets.first { try write("uvs", "<f4", [V, 2], uvs) }
        try write("clip_from_world", "<f4", [T, 4, 4], views.flatMap { PeerScene.clip($0.camera) })
        try write(
            "eyes", "<f4", [T, 3],
            views.flatMap { v in (0..<3).map { Float(v.camera.position[$0]) } })
        for (i, texture) in mesh.textures.enumerated() {
            let image = texture.image
            try write("texture\(i)", "|u1", [image.height, image.width, 4], image.pixels)
        }
        self.inputs = inputs
        options = Options(
            width: settings.width, height: settings.height, samples: settings.samples.rawValue,
            lit: !settings.lights.showsOwnColor,
            parts: mesh.parts.filter { !$0.triangles.isEmpty }.map { part in
                let m = mesh.materials[part.material]
                return Part(
                    first: part.triangles.lowerBound, count: part.triangles.count,
                    base_color: (0..<4).map { m.baseColor[$0] },
                    texture: m.baseColorTexture.map { "texture\($0.texture)" },
                    metallic: m.metallic, roughness: m.roughness, culls: !m.doubleSided)
            },
            suns: settings.lights.suns.map { sun in
                let d = normalize(sun.direction)
                return Sun(
                    direction: [d.x, d.y, d.z],
                    irradiance: (0..<3).map { sun.irradiance[$0] })
            }, processes: processes, threads: threads)
    }

    /// A `.npy` header, version 1.0.
    private static func header(_ type: String, _ shape: [Int]) -> Data {
        let list = shape.map { "\($0), " }.joined()
        var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(list)), }"
        text += String(repeating: " ", count: 63 - (10 + text.count) % 64) + "\n"
        return Data([0x93]) + Data("NUMPY".utf8)
            + Data([1, 0, UInt8(text.count & 255), UInt8(text.count >> 8)]) + Data(text.utf8)
    }

    /// OpenGL's clip space of a camera, row-major, with planes at 0.5 and 8: depth is then precise
    /// about an asset of size one at distance two.
    private static func clip(_ camera: Camera) -> [Float] {
        let (near, far) = (0.5, 8.0)
        let f = camera.focalLengthPixels
        let projection = Matrix4(rowMajor: [
            2 * f / Double(camera.width), 0, 0, 0,
            0, 2 * f / Double(camera.height), 0, 0,
            0, 0, (far + near) / (near - far), 2 * far * near / (near - far),
            0, 0, -1, 0,
        ])
        let m = projection * camera.cameraFromWorld
        let columns = [m.columns.0, m.columns.1, m.columns.2, m.columns.3]
        return (0..<4).flatMap { r in columns.map { Float($0[r]) } }
    }
}
