/// A piece of a triangle in one pixel: what is shaded once.
struct Fragment: BitwiseCopyable {
    /// The triangle.
    var triangle: Int32
    /// The samples of the pixel at which it is seen, one bit each, and ``isWhole``.
    var mask: UInt32
    /// Where it is shaded: the mean of those samples, in pixels.
    var x: Float
    var y: Float

    /// A bit of ``mask`` that says that the pixel shows nothing else, so that what is shaded is what
    /// the pixel shows.
    static let isWhole: UInt32 = 1 << 31
}

/// The fragments of one pixel that shows several, or that is covered in part.
struct PixelFragments: BitwiseCopyable {
    /// The pixel's place in the picture, row by row.
    var pixel: Int32
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
    /// Fragments or pixels after which the queue should be emptied.
    static let limit = 4096
    /// Room beyond the limit: the fragments of a group of pixels, and a register's worth that the
    /// shader may touch behind the last one.
    static let slack = 64

    let fragments = ScratchBuffer<Fragment>(capacity: FragmentQueue.limit + FragmentQueue.slack)
    let pixels = ScratchBuffer<PixelFragments>(
        capacity: FragmentQueue.limit + FragmentQueue.slack)
    /// Linear colour, not multiplied by alpha, of every fragment that has been shaded.
    let colors = ScratchBuffer<SIMD4<Float>>()
    /// One over the distance of every transparent fragment: where it is shaded, and what a pixel to
    /// the right and a pixel down add.
    let depths = ScratchBuffer<SIMD4<Float>>()
    /// Linear colour, multiplied by alpha, of every pixel.
    let resolved = ScratchBuffer<SIMD4<Float>>(
        capacity: FragmentQueue.limit + FragmentQueue.slack)

    /// What the shader needs while it reads a texture.
    let textureMemory = ScratchBuffer<TextureSampler.Memory>(capacity: 1)

    /// Puts the fragments into an order in which the shader fills its lanes.
    let order = ShadingOrder()

    /// Fragments and pixels that wait.
    var count = 0
    var pixelCount = 0

    /// Whether it is time to empty the queue.
    var isFull: Bool { count >= FragmentQueue.limit || pixelCount >= FragmentQueue.limit }
}

/// Fills a queue, pixel by pixel.
struct FragmentWriter {
    private let queue: FragmentQueue
    private let centroids: CoverageCentroids
    private var fragments: UnsafeMutablePointer<Fragment>
    private let pixels: UnsafeMutablePointer<PixelFragments>
    private var x: Float = 0
    private var y: Float = 0
    private var first = 0
    private var count: Int
    private var pixelCount: Int

    /// Goes on behind what is in the queue.
    init(_ queue: FragmentQueue, _ centroids: CoverageCentroids) {
        self.queue = queue
        self.centroids = centroids
        fragments = queue.fragments.base
        pixels = queue.pixels.base
        count = queue.count
        pixelCount = queue.pixelCount
    }

    /// Whether it is time to empty the queue.
    var isFull: Bool { count >= FragmentQueue.limit || pixelCount >= FragmentQueue.limit }

    /// Starts a pixel.
    @inline(__always)
    mutating func begin(x: Int, y: Int) {
        self.x = Float(Int32(truncatingIfNeeded: x))
        self.y = Float(Int32(truncatingIfNeeded: y))
        first = count
    }

    /// Makes room for more fragments than a pixel has samples.
    mutating func reserve(_ more: Int) {
        queue.fragments.grow(count + more + FragmentQueue.slack, keeping: count)
        fragments = queue.fragments.base
    }

    /// Adds a fragment to the pixel.
    @inline(__always)
    mutating func append(triangle: Int32, mask: UInt32) {
        let offset = centroids.centroid(mask)
        fragments[count] = Fragment(
            triangle: triangle, mask: mask, x: x + offset.x, y: y + offset.y)
        count &+= 1
    }

    /// Adds a pixel that shows nothing but one triangle.
    @inline(__always)
    mutating func appendWhole(triangle: Int32, x: Int, y: Int) {
        store(triangle, x: Float(Int32(truncatingIfNeeded: x)) + 0.5, y: center(y))
        count &+= 1
    }

    /// Adds two pixels next to each other that show nothing but one triangle.
    @inline(__always)
    mutating func appendWholePair(triangle: Int32, x: Int, y: Int) {
        let left = Float(Int32(truncatingIfNeeded: x)) + 0.5
        store(triangle, x: left, y: center(y))
        count &+= 1
        store(triangle, x: left + 1, y: center(y))
        count &+= 1
    }

    @inline(__always)
    private func center(_ y: Int) -> Float { Float(Int32(truncatingIfNeeded: y)) + 0.5 }

    /// Writes a whole pixel's fragment at once.
    @inline(__always)
    private func store(_ triangle: Int32, x: Float, y: Float) {
        UnsafeMutableRawPointer(fragments + count).storeBytes(
            of: SIMD4(
                triangle, Int32(bitPattern: Fragment.isWhole), Int32(bitPattern: x.bitPattern),
                Int32(bitPattern: y.bitPattern)), as: SIMD4<Int32>.self)
    }

    /// Ends the pixel: all its fragments but the last `layerCount` are opaque.
    @inline(__always)
    mutating func end(pixel: Int, layerCount: Int) {
        pixels[pixelCount] = PixelFragments(
            pixel: Int32(truncatingIfNeeded: pixel), first: Int32(truncatingIfNeeded: first),
            opaqueCount: Int32(truncatingIfNeeded: count &- first &- layerCount),
            layerCount: Int32(truncatingIfNeeded: layerCount))
        pixelCount &+= 1
    }

    /// Tells the queue what was added.
    func commit() {
        queue.count = count
        queue.pixelCount = pixelCount
    }
}
