import Geometry

/// One frame of a mesh sequence as plain pointers, valid for the length of one call. They are only
/// read through, hence safe to share.
struct MeshPointers: @unchecked Sendable {
    /// `[F, 3]`
    let triangles: UnsafePointer<UInt32>
    /// `[V, 3]`
    let positions: UnsafePointer<Float>
    /// `[V, 3]` at the next view's frame.
    let nextPositions: UnsafePointer<Float>
    /// `[V, 3]`, or nil where the mesh has none.
    let normals: UnsafePointer<Float>?
    /// `[V]` each, or nil.
    let uvs: (UnsafePointer<SIMD2<Float>>?, UnsafePointer<SIMD2<Float>>?)
    /// `[V]`, or nil.
    let colors: UnsafePointer<SIMD4<Float>>?

    /// The UVs of set 0 or 1, or nil where the mesh has none.
    @inline(__always)
    func uvSet(_ set: Int) -> UnsafePointer<SIMD2<Float>>? { set == 0 ? uvs.0 : uvs.1 }

    /// The vertices of a triangle.
    @inline(__always)
    func vertices(of triangle: Int) -> (Int, Int, Int) {
        let t = triangles + 3 &* triangle
        return (Int(t[0]), Int(t[1]), Int(t[2]))
    }

    /// The place of a vertex relative to a point.
    @inline(__always)
    func position(_ vertex: Int, from origin: SIMD3<Float>) -> SIMD3<Float> {
        let p = positions + 3 &* vertex
        return SIMD3(p[0] - origin.x, p[1] - origin.y, p[2] - origin.z)
    }
}

extension MeshSequence {
    /// Lends pointers to one frame, and to the positions of another, to `body`.
    func withPointers<Result>(
        frame: Int, next: Int, _ body: (MeshPointers) -> Result
    ) -> Result {
        func lend<Element, R>(
            _ array: [Element]?, _ body: (UnsafePointer<Element>?) -> R
        ) -> R {
            guard let array, !array.isEmpty else { return body(nil) }
            return array.withUnsafeBufferPointer { body($0.baseAddress) }
        }
        func present<Element>(_ pointer: UnsafePointer<Element>?) -> UnsafePointer<Element> {
            // Empty meshes have no memory; nothing is read through this address.
            pointer ?? UnsafePointer(bitPattern: MemoryLayout<Element>.alignment)!
        }
        return lend(triangles) { triangles in
            lend(positions.scalars) { positions in
                lend(normals.scalars) { normals in
                    lend(uvSets.first) { uv0 in
                        lend(uvSets.count > 1 ? uvSets[1] : nil) { uv1 in
                            lend(colors) { colors in
                                let start = 3 * frame * vertexCount
                                return body(
                                    MeshPointers(
                                        triangles: present(triangles),
                                        positions: present(positions) + start,
                                        nextPositions: present(positions) + 3 * next * vertexCount,
                                        normals: normals.map { $0 + start }, uvs: (uv0, uv1),
                                        colors: colors))
                            }
                        }
                    }
                }
            }
        }
    }
}
