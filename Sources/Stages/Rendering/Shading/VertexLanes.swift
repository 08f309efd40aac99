/// Fetches what belongs to the corners of the triangles that eight lanes work on.
protocol TriangleCorners {
    /// Vectors out of `[V, 3]` at corner 0, 1 or 2.
    func vectors(_ corner: Int, of p: UnsafePointer<Float>) -> VectorLanes
    /// UVs out of `[V]`.
    func uvs(_ corner: Int, of p: UnsafePointer<SIMD2<Float>>) -> (u: FloatLanes, v: FloatLanes)
    /// Colours out of `[V]`.
    func colors(_ corner: Int, of p: UnsafePointer<SIMD4<Float>>) -> ColorLanes
}

/// One triangle in all lanes.
struct OneTriangle: TriangleCorners {
    private let vertices: (Int, Int, Int)

    /// Triangle `index` of a list.
    @inline(__always)
    init(_ index: Int32, of list: UnsafePointer<UInt32>) {
        let p = list + 3 &* Int(index)
        vertices = (Int(p[0]), Int(p[1]), Int(p[2]))
    }

    @inline(__always)
    private func vertex(_ corner: Int) -> Int {
        corner == 0 ? vertices.0 : corner == 1 ? vertices.1 : vertices.2
    }

    @inline(__always)
    func vectors(_ corner: Int, of p: UnsafePointer<Float>) -> VectorLanes {
        let q = p + 3 &* vertex(corner)
        return VectorLanes(SIMD3(q[0], q[1], q[2]))
    }

    @inline(__always)
    func uvs(_ corner: Int, of p: UnsafePointer<SIMD2<Float>>) -> (u: FloatLanes, v: FloatLanes) {
        let uv = p[vertex(corner)]
        return (FloatLanes(repeating: uv.x), FloatLanes(repeating: uv.y))
    }

    @inline(__always)
    func colors(_ corner: Int, of p: UnsafePointer<SIMD4<Float>>) -> ColorLanes {
        ColorLanes(p[vertex(corner)])
    }
}

/// A triangle in each lane.
struct EightTriangles: TriangleCorners {
    private let vertices: (VertexLanes, VertexLanes, VertexLanes)

    /// The triangles of a list that have the given indices.
    @inline(__always)
    init(_ indices: IntLanes, of list: UnsafePointer<UInt32>) {
        vertices = (
            VertexLanes(corner: 0, of: indices, in: list),
            VertexLanes(corner: 1, of: indices, in: list),
            VertexLanes(corner: 2, of: indices, in: list)
        )
    }

    @inline(__always)
    private func vertex(_ corner: Int) -> VertexLanes {
        corner == 0 ? vertices.0 : corner == 1 ? vertices.1 : vertices.2
    }

    @inline(__always)
    func vectors(_ corner: Int, of p: UnsafePointer<Float>) -> VectorLanes {
        vertex(corner).vectors(p)
    }

    @inline(__always)
    func uvs(_ corner: Int, of p: UnsafePointer<SIMD2<Float>>) -> (u: FloatLanes, v: FloatLanes) {
        vertex(corner).uvs(p)
    }

    @inline(__always)
    func colors(_ corner: Int, of p: UnsafePointer<SIMD4<Float>>) -> ColorLanes {
        vertex(corner).colors(p)
    }
}

/// One vertex of each of eight triangles, and how to fetch what belongs to it.
///
/// The indices are spelled out so that fetching compiles to scalar loads that are inserted into a
/// register, without a detour through memory.
struct VertexLanes {
    private let i0: Int
    private let i1: Int
    private let i2: Int
    private let i3: Int
    private let i4: Int
    private let i5: Int
    private let i6: Int
    private let i7: Int

    /// Vertices `corner` of eight triangles.
    @inline(__always)
    init(corner: Int, of triangles: IntLanes, in list: UnsafePointer<UInt32>) {
        let p = list + corner
        i0 = Int(p[3 &* Int(triangles[0])])
        i1 = Int(p[3 &* Int(triangles[1])])
        i2 = Int(p[3 &* Int(triangles[2])])
        i3 = Int(p[3 &* Int(triangles[3])])
        i4 = Int(p[3 &* Int(triangles[4])])
        i5 = Int(p[3 &* Int(triangles[5])])
        i6 = Int(p[3 &* Int(triangles[6])])
        i7 = Int(p[3 &* Int(triangles[7])])
    }

    /// The float at `offset` of records of `stride` floats.
    @inline(__always)
    private func fetch(_ p: UnsafePointer<Float>, stride: Int, offset: Int) -> FloatLanes {
        let q = p + offset
        return FloatLanes(
            q[stride &* i0], q[stride &* i1], q[stride &* i2], q[stride &* i3], q[stride &* i4],
            q[stride &* i5], q[stride &* i6], q[stride &* i7])
    }

    /// Vectors out of `[V, 3]`.
    @inline(__always)
    func vectors(_ p: UnsafePointer<Float>) -> VectorLanes {
        VectorLanes(
            fetch(p, stride: 3, offset: 0), fetch(p, stride: 3, offset: 1),
            fetch(p, stride: 3, offset: 2))
    }

    /// UVs out of `[V]`.
    @inline(__always)
    func uvs(_ p: UnsafePointer<SIMD2<Float>>) -> (u: FloatLanes, v: FloatLanes) {
        let q = UnsafeRawPointer(p).assumingMemoryBound(to: Float.self)
        return (fetch(q, stride: 2, offset: 0), fetch(q, stride: 2, offset: 1))
    }

    /// Colours out of `[V]`.
    @inline(__always)
    func colors(_ p: UnsafePointer<SIMD4<Float>>) -> ColorLanes {
        let q = UnsafeRawPointer(p).assumingMemoryBound(to: Float.self)
        return ColorLanes(
            rgb: VectorLanes(
                fetch(q, stride: 4, offset: 0), fetch(q, stride: 4, offset: 1),
                fetch(q, stride: 4, offset: 2)),
            alpha: fetch(q, stride: 4, offset: 3))
    }
}
