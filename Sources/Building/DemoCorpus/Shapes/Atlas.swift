import Geometry
import Imaging

/// UVs of a quad mesh without overlap: charts of neighbouring faces that look along the same axis
/// are laid flat side by side in the unit square.
package struct Atlas {
    /// The UVs; vertices at the borders of charts have several.
    package private(set) var uvs: [Vector2] = []
    /// The vertex of each UV.
    package private(set) var vertexOfUV: [Int32] = []
    /// Four UVs a face, in the order of the mesh's corners.
    package private(set) var quadUVs: [SIMD4<Int32>] = []
    /// Texels along the side of the square for which charts were spaced.
    let resolution: Int

    /// Lays out the faces of `mesh` for a texture of `resolution` texels a side.
    package init(_ mesh: QuadMesh, resolution: Int) {
        self.resolution = resolution
        let charts = AtlasCharts(mesh)
        let boxes = charts.quadsOfChart.enumerated().map { chart, quads in
            quads.map { quad -> AtlasPacking.Box in
                let flat = mesh.corners(quad).map { charts.flattened($0, chart: chart) }
                return AtlasPacking.Box(around: flat)
            }
        }
        let packing = AtlasPacking(boxes, resolution: resolution)
        quadUVs = Array(repeating: .zero, count: mesh.quads.count)
        var made: [SIMD2<Int32>: Int32] = [:]
        for quad in mesh.quads.indices {
            let chart = charts.chartOfQuad[quad]
            for corner in 0..<4 {
                let vertex = mesh.quads[quad][corner]
                let key = SIMD2(Int32(chart), vertex)
                if let found = made[key] {
                    quadUVs[quad][corner] = found
                    continue
                }
                let flat = charts.flattened(mesh.positions[Int(vertex)], chart: chart)
                uvs.append(
                    (packing.origins[chart] + flat * packing.texelsPerUnit) / Float(resolution))
                vertexOfUV.append(vertex)
                made[key] = Int32(uvs.count - 1)
                quadUVs[quad][corner] = Int32(uvs.count - 1)
            }
        }
    }

    /// The mesh as triangles with one vertex for each UV.
    ///
    /// - Parameter weights: `[V, J]` joint weights of the mesh's vertices, or empty.
    func shape(of mesh: QuadMesh, weights: [Float] = []) -> Shape {
        var shape = Shape()
        let jointCount = weights.count / mesh.positions.count
        for (i, v) in vertexOfUV.enumerated() {
            let vertex = Int(v)
            shape.positions.append(mesh.positions[vertex])
            shape.normals.append(mesh.normals[vertex])
            shape.uvs.append(uvs[i])
            shape.weights += weights[vertex * jointCount..<(vertex + 1) * jointCount]
        }
        for q in quadUVs {
            shape.triangles += [q[0], q[1], q[2], q[0], q[2], q[3]].map { UInt32($0) }
        }
        return shape
    }

    /// A texture for the layout: every texel is asked for the colour at its place on the surface.
    package func painted(
        _ mesh: QuadMesh, _ color: (_ position: Vector3, _ normal: Vector3) -> Paint
    ) -> Image {
        var canvas = AtlasCanvas(resolution: resolution)
        for (q, quad) in mesh.quads.enumerated() {
            for (a, b, c) in [(0, 1, 2), (0, 2, 3)] {
                let corners = [a, b, c]
                canvas.fill(corners.map { uvs[Int(quadUVs[q][$0])] * Float(resolution) }) { w in
                    var position = Vector3.zero
                    var normal = Vector3.zero
                    for (slot, corner) in corners.enumerated() {
                        position += mesh.positions[Int(quad[corner])] * w[slot]
                        normal += mesh.normals[Int(quad[corner])] * w[slot]
                    }
                    return color(position, normalize(normal))
                }
            }
        }
        return canvas.spread()
    }
}
