import Foundation
import Geometry
import Imaging
import Rendering
import ShardStore

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
        func write<Element: ArrayElement>(
            _ name: String, _ shape: [Int], _ array: [Element]
        ) throws {
            inputs[name] = try NumpyFile.write(array, shape: shape, name, in: folder)
        }
        let (T, V) = (views.count, mesh.vertexCount)
        try write("positions", [T, V, 3], mesh.positions.scalars)
        if !mesh.normals.isEmpty { try write("normals", [T, V, 3], mesh.normals.scalars) }
        try write("triangles", [mesh.triangleCount, 3], mesh.triangles)
        if let uvs = mesh.uvSets.first { try write("uvs", [V, 2], uvs.flatMap { [$0.x, $0.y] }) }
        try write("clip_from_world", [T, 4, 4], views.flatMap { PeerScene.clip($0.camera) })
        try write(
            "eyes", [T, 3],
            views.flatMap { v in (0..<3).map { Float(v.camera.position[$0]) } })
        for (i, texture) in mesh.textures.enumerated() {
            let image = texture.image
            try write("texture\(i)", [image.height, image.width, 4], image.pixels)
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
