/// Averages the samples of a pixel whose fragments are shaded.
struct PixelResolver {
    private let queue: FragmentQueue
    private let pattern: SamplePattern
    private let stack: ScratchBuffer<Int32>
    private let weight: Float

    init(queue: FragmentQueue, pattern: SamplePattern, stack: ScratchBuffer<Int32>) {
        self.queue = queue
        self.pattern = pattern
        self.stack = stack
        weight = 1 / Float(pattern.count)
    }

    /// The pixel's linear colour, multiplied by its alpha.
    @inline(__always)
    func resolve(_ pixel: PixelFragments) -> SIMD4<Float> {
        guard pixel.layerCount == 0 else { return resolveLayers(pixel) }
        let first = Int(pixel.first)
        var sum = SIMD4<Float>.zero
        var covered = 0
        for i in first..<first &+ Int(pixel.opaqueCount) {
            let samples = queue.fragments.base[i].mask.nonzeroBitCount
            sum += queue.colors.base[i] * Float(samples)
            covered &+= samples
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
        var sum = SIMD4<Float>.zero
        for sample in 0..<pattern.count {
            let bit = UInt32(1) << UInt32(sample)
            let place = SamplePattern.offset(of: sample, count: pattern.count)
            let depthOrder = sort(
                layers, bit: bit, x: Float(pixel.x) + Float(place.x),
                y: Float(pixel.y) + Float(place.y))
            var color = SIMD4<Float>.zero
            var transmitted: Float = 1
            for i in 0..<depthOrder {
                let c = queue.colors.base[Int(stack.base[i])]
                let alpha = min(1, max(0, c.w))
                color += c * (transmitted * alpha)
                transmitted *= 1 - alpha
            }
            for i in opaque where queue.fragments.base[i].mask & bit != 0 {
                color += queue.colors.base[i] * transmitted
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
            let fragment = queue.fragments.base[i]
            let plane = queue.depths.base[i]
            return plane.x + plane.y * (x - fragment.x) + plane.z * (y - fragment.y)
        }
        for i in layers where queue.fragments.base[i].mask & bit != 0 {
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

/// Turns linear colour, multiplied by alpha, into sRGB bytes with straight alpha.
struct PixelEncoder {
    private let bytes = ColorEncoding.byteOfSquareRoot.base

    /// The bytes of a pixel. Radiance above 1 is white; what is not a number is black.
    @inline(__always)
    func encode(_ color: SIMD4<Float>) -> SIMD4<UInt8> {
        guard color.w > 0 else { return .zero }
        let straight = color / color.w
        // The comparisons are written so that what is not a number becomes zero.
        var limited = SIMD4<Float>.zero.replacing(with: straight, where: straight .> SIMD4.zero)
        limited = SIMD4<Float>.one.replacing(with: limited, where: limited .< SIMD4.one)
        let root = nearestIntegers(
            squareRoot(limited) * Float(ColorEncoding.squareRootSteps))
        let alpha = UInt8(min(1, color.w) * 255 + 0.5)
        return SIMD4(bytes[Int(root.x)], bytes[Int(root.y)], bytes[Int(root.z)], alpha)
    }

    @inline(__always)
    private func squareRoot(_ v: SIMD4<Float>) -> SIMD4<Float> {
        let wide = FloatLanes(lowHalf: v, highHalf: v)
        return Rendering.squareRoot(wide).lowHalf
    }
}
