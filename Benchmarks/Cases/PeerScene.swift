import Foundation
import Geometry
import Imaging
import Rendering

/// A mesh sequence and the cameras that look at it, as files that a peer reads: arrays as `.npy`,
/// the rest as the request's options (Benchmarks/Peers/llvmpipe.py lists both).
struct PeerScene {
    /// Files by name.
    let inputs: [String: URL]
    /// What the peer is told beside them.
    let options: [String: any Sendable]

    /// Writes a scene to a folder. View `i` must show frame `i`.
    init(
        _ mesh: MeshSequence, _ views: [View], _ settings: RenderSettings, folder: URL
    ) throws {
        var inputs: [String: URL] = [:]
        func write<Element>(
            _ name: String, _ type: String, _ shape: [Int], _ array: [Element]
        ) throws {
            let file = folder.appending(path: "\(name).npy")
            let bytes = array.withUnsafeBytes { Data($0) }
            try (PeerScene.header(type, shape) + bytes).write(to: file)
            inputs[name] = file
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
        options = [
            "width": settings.width, "height": settings.height,
            "samples": settings.samples.rawValue, "lit": !settings.lights.showsOwnColor,
            "parts": mesh.parts.filter { !$0.triangles.isEmpty }.map { part in
                PeerScene.part(part, mesh.materials[part.material])
            },
            "suns": settings.lights.suns.map { sun in
                let d = normalize(sun.direction)
                return [
                    "direction": [d.x, d.y, d.z],
                    "irradiance": (0..<3).map { Double(sun.irradiance[$0]) },
                ]
            },
        ]
    }

    /// A run of triangles and what it is made of.
    private static func part(_ part: MeshPart, _ material: Material) -> [String: any Sendable] {
        [
            "first": part.triangles.lowerBound, "count": part.triangles.count,
            "base_color": (0..<4).map { Double(material.baseColor[$0]) },
            "texture": material.baseColorTexture.map { "texture\($0.texture)" } ?? "",
            "metallic": Double(material.metallic), "roughness": Double(material.roughness),
            "culls": !material.doubleSided,
        ]
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
