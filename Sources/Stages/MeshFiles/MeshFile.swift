import Geometry
import Imaging

/// Triangles as files that every mesh viewer reads: binary PLY and Wavefront OBJ. For GLB, see
/// ``GLTFDocument``.
///
/// A mesh without triangles is a valid file of none.
public enum MeshFile {
    /// Binary little-endian PLY: `float` positions, `float` normals `nx ny nz` and `uchar` colours
    /// `red green blue alpha` where there are any, and faces of `int` indices.
    ///
    /// - Parameters:
    ///   - normals: `[V, 3]`, or none.
    ///   - colors: `[V]` linear with alpha, or none; the file holds sRGB codes, as viewers expect.
    public static func ply(
        _ mesh: TriangleMesh, normals: Vector3Array = Vector3Array(), colors: [SIMD4<Float>] = []
    ) -> [UInt8] {
        precondition(
            normals.isEmpty || normals.count == mesh.vertexCount, "one normal a vertex or none")
        precondition(
            colors.isEmpty || colors.count == mesh.vertexCount, "one colour a vertex or none")
        var file = ByteBuffer()
        let header = plyHeader(mesh, hasNormals: !normals.isEmpty, hasColors: !colors.isEmpty)
        file.reserveCapacity(
            header.utf8.count + 28 * mesh.vertexCount + 13 * mesh.triangleCount)
        file.append(text: header)
        if normals.isEmpty && colors.isEmpty {
            file.append(floats: mesh.positions.scalars)
        } else {
            for v in 0..<mesh.vertexCount {
                file.append(mesh.positions[v])
                if !normals.isEmpty { file.append(normals[v]) }
                if !colors.isEmpty { file.append(contentsOf: codes(colors[v])) }
            }
        }
        for f in 0..<mesh.triangleCount {
            file.append(UInt8(3))
            for corner in mesh.triangles[3 * f..<3 * f + 3] { file.append(corner) }
        }
        return file.bytes
    }

    /// A frame of a sequence as PLY, with the normals and vertex colours that the sequence has.
    public static func ply(_ sequence: MeshSequence, frame: Int) -> [UInt8] {
        let range = sequence.vertexRange(ofFrame: frame)
        let normals =
            sequence.normals.isEmpty
            ? Vector3Array()
            : Vector3Array(
                scalars: Array(
                    sequence.normals.scalars[3 * range.lowerBound..<3 * range.upperBound]))
        return ply(sequence.mesh(ofFrame: frame), normals: normals, colors: sequence.colors)
    }

    /// Wavefront OBJ, with enough digits for every number to be read back as it is.
    ///
    /// - Parameter normals: `[V, 3]`, or none.
    public static func obj(
        _ mesh: TriangleMesh, normals: Vector3Array = Vector3Array()
    ) -> [UInt8] {
        precondition(
            normals.isEmpty || normals.count == mesh.vertexCount, "one normal a vertex or none")
        var text = "# \(mesh.vertexCount) vertices, \(mesh.triangleCount) triangles\n"
        for p in mesh.positions { text += "v \(p.x) \(p.y) \(p.z)\n" }
        for n in normals { text += "vn \(n.x) \(n.y) \(n.z)\n" }
        for f in 0..<mesh.triangleCount {
            let c = mesh.corners(f) &+ 1
            text +=
                normals.isEmpty
                ? "f \(c.x) \(c.y) \(c.z)\n" : "f \(c.x)//\(c.x) \(c.y)//\(c.y) \(c.z)//\(c.z)\n"
        }
        return Array(text.utf8)
    }

    private static func plyHeader(
        _ mesh: TriangleMesh, hasNormals: Bool, hasColors: Bool
    ) -> String {
        let floats = ["x", "y", "z"] + (hasNormals ? ["nx", "ny", "nz"] : [])
        let codes = hasColors ? ["red", "green", "blue", "alpha"] : []
        let properties =
            floats.map { "property float \($0)" } + codes.map { "property uchar \($0)" }
        return """
            ply
            format binary_little_endian 1.0
            element vertex \(mesh.vertexCount)
            \(properties.joined(separator: "\n"))
            element face \(mesh.triangleCount)
            property list uchar int vertex_indices
            end_header

            """
    }

    private static func codes(_ color: SIMD4<Float>) -> [UInt8] {
        let alpha = min(max(color.w, 0), 1)
        return [
            SRGB.encode(color.x), SRGB.encode(color.y), SRGB.encode(color.z),
            UInt8(alpha * 255 + 0.5),
        ]
    }
}

extension ByteBuffer {
    fileprivate mutating func append(_ v: SIMD3<Float>) {
        append(v.x)
        append(v.y)
        append(v.z)
    }
}
