import Geometry

/// The triangles of an OBJ file over vertices that have one position, one UV and one normal each,
/// and that remember the file's vertex.
package struct OBJSurface: Sendable {
    /// `[V]`: the vertex of the file, an index into its positions.
    package var filePositions: [UInt32] = []
    /// `[V]`: index into the file's texture coordinates, or -1.
    package var fileTexcoords: [Int32] = []
    /// `[V]`: index into the file's normals, or -1.
    package var fileNormals: [Int32] = []
    /// `[F, 3]` vertex indices, material by material.
    package var triangles: [UInt32] = []
    /// The runs of triangles of one material; materials index the document's names.
    package var parts: [(material: Int, triangles: Range<Int>)] = []

    /// The surface of a document.
    ///
    /// - Parameter splitsByNormal: whether corners that share position and UV but not the normal
    ///   become several vertices. Where not, a vertex keeps the normal of its first corner.
    /// - Complexity: O(*n*) in the number of corners.
    package init(_ document: OBJDocument, splitsByNormal: Bool) {
        let (corners, polygons) = document.triangles()
        var vertices: [OBJDocument.Corner: UInt32] = [:]
        vertices.reserveCapacity(document.positions.count)
        var vertexOfCorner = [UInt32](repeating: 0, count: document.corners.count)
        for (i, corner) in document.corners.enumerated() {
            var key = corner
            if !splitsByNormal { key.normal = -1 }
            if let known = vertices[key] {
                vertexOfCorner[i] = known
                continue
            }
            vertexOfCorner[i] = UInt32(filePositions.count)
            vertices[key] = vertexOfCorner[i]
            filePositions.append(UInt32(corner.position))
            fileTexcoords.append(corner.texcoord)
            fileNormals.append(corner.normal)
        }
        // Triangles are counted by material, then put in their places, in the file's order.
        var counts = [Int](repeating: 0, count: document.materialNames.count)
        for p in polygons { counts[Int(document.polygonMaterials[Int(p)])] += 1 }
        var next = 0
        var places = counts.map { count in
            defer { next += count }
            return next
        }
        for (material, count) in counts.enumerated() where count > 0 {
            parts.append((material, places[material]..<places[material] + count))
        }
        triangles = [UInt32](repeating: 0, count: corners.count)
        for (f, p) in polygons.enumerated() {
            let material = Int(document.polygonMaterials[Int(p)])
            for k in 0..<3 {
                triangles[3 * places[material] + k] = vertexOfCorner[Int(corners[3 * f + k])]
            }
            places[material] += 1
        }
    }

    /// V.
    package var vertexCount: Int { filePositions.count }

    /// `[V]` UVs with v running down, or empty where the file has none.
    func uvs(_ document: OBJDocument) -> [SIMD2<Float>] {
        guard !document.texcoords.isEmpty else { return [] }
        return fileTexcoords.map { index in
            guard index >= 0 else { return .zero }
            let uv = document.texcoords[Int(index)]
            return SIMD2(uv.x, 1 - uv.y)
        }
    }

    /// `[V, 3]` positions of a document of the same topology, turned by `axis`.
    func positions(_ document: OBJDocument, axis: UpAxis) -> Vector3Array {
        var result = Vector3Array()
        result.reserveCapacity(vertexCount)
        for p in filePositions { result.append(axis.world(document.positions[Int(p)])) }
        return result
    }

    /// `[V, 3]` unit normals of a document of the same topology, turned by `axis`; a vertex
    /// without one has zero. Empty where the file has none.
    func normals(_ document: OBJDocument, axis: UpAxis) -> Vector3Array {
        guard !document.normals.isEmpty, fileNormals.contains(where: { $0 >= 0 }) else {
            return Vector3Array()
        }
        var result = Vector3Array()
        result.reserveCapacity(vertexCount)
        for n in fileNormals {
            result.append(n < 0 ? .zero : axis.world(normalize(document.normals[Int(n)])))
        }
        return result
    }

    /// `[V]` linear colours, or empty where the file has none.
    func colors(_ document: OBJDocument) -> [SIMD4<Float>] {
        document.colors.isEmpty ? [] : filePositions.map { document.colors[Int($0)] }
    }
}
