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
