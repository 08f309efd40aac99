extension TriangleMesh {
    /// Unit normals at the vertices, the mean of the triangles around them by area; zero where
    /// nothing with an area touches a vertex.
    ///
    /// Marching cubes cut slivers whose directions are mostly rounding: here they hardly count,
    /// while ``vertexNormals`` gives them a say by their angles. For meshes that people modelled,
    /// angles are the better choice, since they do not depend on how a polygon is cut.
    ///
    /// - Returns: `[V, 3]`.
    /// - Complexity: O(*V* + *F*).
    public var areaWeightedNormals: Vector3Array {
        var sums = [SIMD3<Double>](repeating: .zero, count: vertexCount)
        sums.withUnsafeMutableBufferPointer { sums in
            for f in 0..<triangleCount {
                let n = areaVector(f)
                let c = corners(f)
                sums[c.x] += n
                sums[c.y] += n
                sums[c.z] += n
            }
        }
        return Vector3Array(sums.lazy.map { SIMD3<Float>(normalize($0)) })
    }
}
