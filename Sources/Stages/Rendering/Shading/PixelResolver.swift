/// Averages the samples of a pixel whose fragments are shaded.
struct PixelResolver {
    private let fragments: UnsafePointer<Fragment>
    private let colors: UnsafePointer<SIMD4<Float>>
    private let depths: UnsafePointer<SIMD4<Float>>
    private let sampleCount: Int
    private let width: Int
    private let stack: ScratchBuffer<Int32>
    private let weight: Float

    init(
        queue: FragmentQueue, pattern: SamplePattern, width: Int, stack: ScratchBuffer<Int32>
    ) {
        fragments = UnsafePointer(queue.fragments.base)
        colors = UnsafePointer(queue.colors.base)
        depths = UnsafePointer(queue.depths.base)
        sampleCount = pattern.count
        self.width = width
        self.stack = stack
        weight = 1 / Float(pattern.count)
    }

    /// The pixel's linear colour, multiplied by its alpha.
    @inline(__always)
    func resolve(_ pixel: PixelFragments) -> SIMD4<Float> {
        guard pixel.layerCount == 0 else { return resolveLayers(pixel) }
        var i = Int(pixel.first)
        let end = i &+ Int(pixel.opaqueCount)
        var sum = SIMD4<Float>.zero
        var covered: Int32 = 0
        while i < end {
            let samples = Int32(truncatingIfNeeded: fragments[i].mask.nonzeroBitCount)
            sum += colors[i] * Float(samples)
            covered &+= samples
            i &+= 1
        }
        // Solid fragments cover their samples wholly, whatever their materials' alpha says.
        sum.w = Float(covered)
        return sum * weight
    }

    /// Composites transparent fragments over opaque ones, sample by sample, from the front.
    @inline(never)
    private func resolveLayers(_ pixel: PixelFragments) -> SIMD4<Float> {
        let opaque = Int(pixel.first)..<Int(pixel.first + pixel.opaqueCount)
        let layers = opaque.upperBound..<opaque.upperBound + Int(pixel.layerCount)
        stack.reserve(layers.count)
        let (y, x) = Int(pixel.pixel).quotientAndRemainder(dividingBy: width)
        var sum = SIMD4<Float>.zero
        for sample in 0..<sampleCount {
            let bit = UInt32(1) << UInt32(sample)
            let place = SamplePattern.offset(of: sample, count: sampleCount)
            let depthOrder = sort(
                layers, bit: bit, x: Float(x) + Float(place.x), y: Float(y) + Float(place.y))
            var color = SIMD4<Float>.zero
            var transmitted: Float = 1
            for i in 0..<depthOrder {
                let c = colors[Int(stack.base[i])]
                let alpha = min(1, max(0, c.w))
                color += c * (transmitted * alpha)
                transmitted *= 1 - alpha
            }
            for i in opaque where fragments[i].mask & bit != 0 {
                color += colors[i] * transmitted
                transmitted = 0
            }
            sum += SIMD4(color.x, color.y, color.z, 1 - transmitted)
        }
        return sum * weight
    }

    /// Puts the layers that cover a sample on the stack, the nearest first; equally near ones in
    /// the order of triangles.
    private func sort(_ layers: Range<Int>, bit: UInt32, x: Float, y: Float) -> Int {
        var count = 0
        func inverseDepth(_ i: Int) -> Float {
            let plane = depths[i]
            return plane.x + plane.y * (x - fragments[i].x) + plane.z * (y - fragments[i].y)
        }
        for i in layers where fragments[i].mask & bit != 0 {
            let depth = inverseDepth(i)
            var slot = count
            while slot > 0, inverseDepth(Int(stack.base[slot - 1])) < depth {
                stack.base[slot] = stack.base[slot - 1]
                slot -= 1
            }
            stack.base[slot] = Int32(truncatingIfNeeded: i)
            count += 1
        }
        return count
    }
}
