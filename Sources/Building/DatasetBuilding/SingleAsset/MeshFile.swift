import Foundation
import Geometry

/// Triangles as files that every mesh viewer reads.
enum MeshFile {
    /// Binary little-endian PLY with `float` positions and `int` indices.
    static func ply(_ mesh: TriangleMesh) -> [UInt8] {
        let header = """
            ply
            format binary_little_endian 1.0
            element vertex \(mesh.vertexCount)
            property float x
            property float y
            property float z
            element face \(mesh.triangleCount)
            property list uchar int vertex_indices
            end_header

            """
        var bytes = Array(header.utf8)
        bytes.reserveCapacity(bytes.count + 12 * mesh.vertexCount + 13 * mesh.triangleCount)
        mesh.positions.scalars.withUnsafeBytes { bytes.append(contentsOf: $0) }
        for f in 0..<mesh.triangleCount {
            bytes.append(3)
            mesh.triangles[3 * f..<3 * f + 3].withUnsafeBytes { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    /// Wavefront OBJ.
    static func obj(_ mesh: TriangleMesh) -> [UInt8] {
        var text = ""
        for p in mesh.positions { text += "v \(p.x) \(p.y) \(p.z)\n" }
        for f in 0..<mesh.triangleCount {
            let c = mesh.corners(f) &+ 1
            text += "f \(c.x) \(c.y) \(c.z)\n"
        }
        return Array(text.utf8)
    }
}
