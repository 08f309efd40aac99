import Geometry

/// Points drawn as small coloured octahedra on a grey mesh.
enum PointMarks {
    private static let corners: [SIMD3<Float>] = [
        SIMD3(1, 0, 0), SIMD3(-1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, -1, 0), SIMD3(0, 0, 1),
        SIMD3(0, 0, -1),
    ]
    private static let faces: [UInt32] = [
        0, 2, 4, 2, 1, 4, 1, 3, 4, 3, 0, 4, 2, 0, 5, 1, 2, 5, 3, 1, 5, 0, 3, 5,
    ]

    /// The mesh without its colours, with a mark at every point of every frame. A mark's colour is
    /// its place in frame 0, in the box of that frame.
    ///
    /// - Parameters:
    ///   - marks: `[T, N, 3]`.
    ///   - radius: of the marks.
    static func sequence(
        _ mesh: MeshSequence, marks: Vector3Array, radius: Float
    ) -> MeshSequence {
        let n = marks.count / mesh.frameCount
        var positions = Vector3Array()
        for t in 0..<mesh.frameCount {
            for v in mesh.vertexRange(ofFrame: t) { positions.append(mesh.positions[v]) }
            for i in 0..<n {
                for corner in corners { positions.append(marks[t * n + i] + radius * corner) }
            }
        }
        let box = mesh.bounds(ofFrame: 0)
        let size = pointwiseMax(box.maximum - box.minimum, SIMD3<Float>(repeating: 1e-6))
        var colors = [SIMD4<Float>](
            repeating: SIMD4(0.2, 0.2, 0.2, 1), count: mesh.vertexCount)
        var triangles = mesh.triangles
        for i in 0..<n {
            let place = (marks[i] - box.minimum) / size
            let color = SIMD4(place * place, 1)
            let first = UInt32(mesh.vertexCount + corners.count * i)
            colors += [SIMD4<Float>](repeating: color, count: corners.count)
            triangles += faces.map { first + $0 }
        }
        return MeshSequence(
            times: mesh.times, vertexCount: mesh.vertexCount + corners.count * n,
            positions: positions, triangles: triangles, colors: colors)
    }
}
