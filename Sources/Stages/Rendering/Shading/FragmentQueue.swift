/// A piece of a triangle in one pixel: what is shaded once.
struct Fragment: BitwiseCopyable {
    /// The triangle.
    var triangle: Int32
    /// The samples of the pixel at which it is seen, one bit each.
    var mask: UInt32
    /// Where it is shaded: the mean of those samples, in pixels.
    var x: Float
    var y: Float
}

/// The fragments of one pixel.
struct PixelFragments: BitwiseCopyable {
    var x: Int32
    var y: Int32
    /// The first of them in the queue: the opaque ones, then the transparent ones.
    var first: Int32
    var opaqueCount: Int32
    var layerCount: Int32
}

/// Fragments that wait to be shaded, pixel by pixel.
///
/// Fragments are shaded some thousand at a time: few enough to stay in the cache, and enough to
/// fill the shader's lanes with fragments of one material.
final class FragmentQueue {
    /// Fragments after which the queue should be emptied.
    static let limit = 4096

    let fragments = ScratchBuffer<Fragment>(capacity: FragmentQueue.limit + 64)
    let pixels = ScratchBuffer<PixelFragments>(capacity: FragmentQueue.limit + 64)
    /// Linear colour, not multiplied by alpha, of every fragment that has been shaded.
    let colors = ScratchBuffer<SIMD4<Float>>(capacity: FragmentQueue.limit + 64)
    /// One over the distance of every transparent fragment: where it is shaded, and what a pixel to
    /// the right and a pixel down add.
    let depths = ScratchBuffer<SIMD4<Float>>()
    /// Fragment indices by material.
    let order = ScratchBuffer<Int32>(capacity: FragmentQueue.limit + 64)
    /// Fragments of each material, then where each material's fragments start.
    let starts = ScratchBuffer<Int32>()

    private var origin = SIMD2<Float>.zero
    private(set) var count = 0
    private(set) var pixelCount = 0

    /// Whether it is time to empty the queue.
    var isFull: Bool { count >= FragmentQueue.limit || pixelCount >= FragmentQueue.limit }

    /// Forgets all fragments.
    func removeAll() {
        count = 0
        pixelCount = 0
    }

    /// Starts a pixel whose fragments, at most `fragmentCount`, are appended next.
    @inline(__always)
    func beginPixel(x: Int, y: Int, fragmentCount: Int) {
        fragments.grow(count &+ fragmentCount, keeping: count)
        pixels.base[pixelCount] = PixelFragments(
            x: Int32(truncatingIfNeeded: x), y: Int32(truncatingIfNeeded: y),
            first: Int32(truncatingIfNeeded: count), opaqueCount: 0, layerCount: 0)
        origin = SIMD2(Float(x), Float(y))
    }

    /// Adds a fragment to the pixel that was started last.
    ///
    /// - Parameter offset: where it is shaded, from the pixel's corner.
    @inline(__always)
    func append(triangle: Int32, mask: UInt32, offset: SIMD2<Float>) {
        let place = origin + offset
        fragments.base[count] = Fragment(
            triangle: triangle, mask: mask, x: place.x, y: place.y)
        count &+= 1
    }

    /// Ends the pixel: all fragments but the last `layerCount` are opaque.
    @inline(__always)
    func endPixel(layerCount: Int) {
        let all = Int32(truncatingIfNeeded: count) &- pixels.base[pixelCount].first
        let layers = Int32(truncatingIfNeeded: layerCount)
        pixels.base[pixelCount].opaqueCount = all &- layers
        pixels.base[pixelCount].layerCount = layers
        pixelCount &+= 1
    }

    /// Sorts the fragments' indices by material, keeping their order within one.
    ///
    /// - Returns: the order; fragments of material `m` lie at `starts[m] ..< starts[m + 1]`.
    func sort(
        byMaterialOf triangles: UnsafePointer<UInt16>, materialCount: Int
    ) -> UnsafePointer<Int32> {
        order.reserve(count)
        colors.reserve(count)
        starts.reserve(materialCount + 2)
        let s = starts.base
        s.update(repeating: 0, count: materialCount + 2)
        // Counted two places further, so that the running sum leaves every start one place early
        // and filling the order moves it where it belongs.
        for i in 0..<count { s[Int(triangles[Int(fragments.base[i].triangle)]) &+ 2] &+= 1 }
        for m in 1..<max(1, materialCount + 2) { s[m] &+= s[m - 1] }
        for i in 0..<count {
            let m = Int(triangles[Int(fragments.base[i].triangle)]) &+ 1
            order.base[Int(s[m])] = Int32(truncatingIfNeeded: i)
            s[m] &+= 1
        }
        return UnsafePointer(order.base)
    }
}
