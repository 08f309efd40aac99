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

/// Eight colours with alpha.
struct ColorLanes {
    var rgb: VectorLanes
    var alpha: FloatLanes

    @inline(__always)
    init(rgb: VectorLanes, alpha: FloatLanes) {
        self.rgb = rgb
        self.alpha = alpha
    }

    /// Eight colours, one after the other. (Not a closure of the lane, which the compiler would call
    /// with a lane that it does not know.)
    @inline(__always)
    init(
        _ a: SIMD4<Float>, _ b: SIMD4<Float>, _ d: SIMD4<Float>, _ e: SIMD4<Float>,
        _ f: SIMD4<Float>, _ g: SIMD4<Float>, _ h: SIMD4<Float>, _ i: SIMD4<Float>
    ) {
        rgb = VectorLanes(
            FloatLanes(a.x, b.x, d.x, e.x, f.x, g.x, h.x, i.x),
            FloatLanes(a.y, b.y, d.y, e.y, f.y, g.y, h.y, i.y),
            FloatLanes(a.z, b.z, d.z, e.z, f.z, g.z, h.z, i.z))
        alpha = FloatLanes(a.w, b.w, d.w, e.w, f.w, g.w, h.w, i.w)
    }

    /// One colour in every lane.
    @inline(__always)
    init(_ c: SIMD4<Float>) {
        rgb = VectorLanes(SIMD3(c.x, c.y, c.z))
        alpha = FloatLanes(repeating: c.w)
    }

    @inline(__always)
    static func *= (a: inout ColorLanes, b: ColorLanes) {
        a.rgb = a.rgb * b.rgb
        a.alpha *= b.alpha
    }

    /// Writes the colour of each lane to its index.
    @inline(__always)
    func scatter(to memory: UnsafeMutablePointer<SIMD4<Float>>, _ indices: UnsafePointer<Int32>) {
        @inline(__always)
        func store(_ lane: Int) {
            memory[Int(indices[lane])] = SIMD4(
                rgb.x[lane], rgb.y[lane], rgb.z[lane], alpha[lane])
        }
        store(0)
        store(1)
        store(2)
        store(3)
        store(4)
        store(5)
        store(6)
        store(7)
    }
}

extension VectorLanes {
    /// Component by component.
    @inline(__always)
    static func * (a: VectorLanes, b: VectorLanes) -> VectorLanes {
        VectorLanes(a.x * b.x, a.y * b.y, a.z * b.z)
    }
}
