import Foundation

/// Wavefront OBJ and MTL files as text.
struct OBJFile {
    private var text: String
    private var positionCount = 0
    private var uvCount = 0
    private var normalCount = 0

    /// A file whose materials are in `library`.
    init(library: String) { text = "mtllib \(library)\n" }

    var data: Data { Data(text.utf8) }

    /// Adds a quad mesh, its vertices in the mesh's own order, with the UVs of an atlas.
    mutating func add(_ mesh: QuadMesh, _ atlas: Atlas, material: String) {
        for p in mesh.positions { append("v", [p.x, p.y, p.z]) }
        // OBJ's v runs up.
        for uv in atlas.uvs { append("vt", [uv.x, 1 - uv.y]) }
        for n in mesh.normals { append("vn", [n.x, n.y, n.z]) }
        text += "usemtl \(material)\n"
        for (quad, uvs) in zip(mesh.quads, atlas.quadUVs) {
            text += "f"
            for corner in 0..<4 {
                let v = Int(quad[corner]) + 1
                let t = Int(uvs[corner]) + 1
                text += " \(v + positionCount)/\(t + uvCount)/\(v + normalCount)"
            }
            text += "\n"
        }
        positionCount += mesh.positions.count
        uvCount += atlas.uvs.count
        normalCount += mesh.normals.count
    }

    /// Adds a shape as a group of triangles.
    mutating func add(_ shape: Shape, group: String, material: String) {
        text += "g \(group)\n"
        for p in shape.positions { append("v", [p.x, p.y, p.z]) }
        for uv in shape.uvs { append("vt", [uv.x, 1 - uv.y]) }
        for n in shape.normals { append("vn", [n.x, n.y, n.z]) }
        text += "usemtl \(material)\n"
        for i in stride(from: 0, to: shape.triangles.count, by: 3) {
            text += "f"
            for corner in 0..<3 {
                let v = Int(shape.triangles[i + corner]) + 1
                text += " \(v + positionCount)/\(v + uvCount)/\(v + normalCount)"
            }
            text += "\n"
        }
        positionCount += shape.positions.count
        uvCount += shape.uvs.count
        normalCount += shape.normals.count
    }

    /// Numbers with four decimals: a tenth of a millimetre.
    private mutating func append(_ keyword: String, _ values: [Float]) {
        text += keyword
        for value in values {
            text += " "
            text += OBJFile.fixed(value)
        }
        text += "\n"
    }

    /// A number with four decimals, without the cost of format strings.
    private static func fixed(_ value: Float) -> String {
        let scaled = Int((Double(value) * 10_000).rounded())
        let magnitude = abs(scaled)
        let decimals = String(magnitude % 10_000 + 10_000).dropFirst()
        return (scaled < 0 ? "-" : "") + "\(magnitude / 10_000)." + decimals
    }

    /// A material library: each material's linear colour, its picture, and its glow.
    static func library(
        _ materials: [(name: String, color: Paint, picture: String?, glow: Paint)]
    ) -> Data {
        var text = ""
        for material in materials {
            text += "newmtl \(material.name)\n"
            text += "Ka 0 0 0\n"
            text += "Kd \(material.color.x) \(material.color.y) \(material.color.z)\n"
            text += "Ks 0.1 0.1 0.1\nNs 20\n"
            if material.glow != .zero {
                text += "Ke \(material.glow.x) \(material.glow.y) \(material.glow.z)\n"
            }
            if let picture = material.picture { text += "map_Kd \(picture)\n" }
        }
        return Data(text.utf8)
    }
}
