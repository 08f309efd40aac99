import Geometry

/// A closed mesh of quads with normals, as ``Sculpture/meshed(cell:)`` makes it.
package struct QuadMesh {
    package var positions: [Vector3] = []
    package var normals: [Vector3] = []
    /// Four vertices a face, counter-clockwise seen from outside; the first and the third are the
    /// closer diagonal pair.
    package var quads: [SIMD4<Int32>] = []

    /// The four places of a face.
    func corners(_ quad: Int) -> [Vector3] {
        (0..<4).map { positions[Int(quads[quad][$0])] }
    }

    /// The faces of every vertex's neighbours: for each vertex the vertices that share an edge.
    var neighbours: [[Int32]] {
        var result = [[Int32]](repeating: [], count: positions.count)
        for quad in quads {
            // Every edge of a closed mesh is met once in each direction.
            for corner in 0..<4 {
                result[Int(quad[corner])].append(quad[(corner + 1) % 4])
            }
        }
        return result
    }

    /// The faces as triangles, two each.
    package var triangles: [UInt32] {
        quads.flatMap { q in [q[0], q[1], q[2], q[0], q[2], q[3]].map { UInt32($0) } }
    }
}
