/// Eight RGBA pixels taken apart, each channel widened to 32 bits.
struct PixelBlock {
    var red: SIMD8<Int32>
    var green: SIMD8<Int32>
    var blue: SIMD8<Int32>
    var alpha: SIMD8<Int32>

    /// The eight pixels at a byte offset, 32 bytes of which must lie in the buffer.
    @inline(__always)
    init(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        let all = bytes.loadUnaligned(fromByteOffset: offset, as: SIMD32<UInt8>.self)
        red = SIMD8(truncatingIfNeeded: all.evenHalf.evenHalf)
        green = SIMD8(truncatingIfNeeded: all.oddHalf.evenHalf)
        blue = SIMD8(truncatingIfNeeded: all.evenHalf.oddHalf)
        alpha = SIMD8(truncatingIfNeeded: all.oddHalf.oddHalf)
    }

    /// The pixels from a byte offset to the end, fewer than eight, the rest transparent black.
    init(tailOf bytes: UnsafeRawBufferPointer, at offset: Int) {
        var rest = SIMD32<UInt8>.zero
        for i in offset..<bytes.count { rest[i - offset] = bytes[i] }
        self = withUnsafeBytes(of: rest) { PixelBlock($0, at: 0) }
    }

    /// A channel over an opaque ground, in units of 1/255² (exact).
    @inline(__always)
    func over(_ ground: Int32, _ channel: SIMD8<Int32>) -> SIMD8<Int32> {
        channel &* alpha &+ (255 &- alpha) &* ground
    }
}

/// One value a pixel of an 8-bit picture over an opaque ground.
struct Plane {
    /// Integer weights of red, green and blue.
    let weights: SIMD3<Int32>

    /// Rec. 601 luma in thousandths; its largest value times 255² stays within 31 bits.
    static let luma = Plane(weights: SIMD3(299, 587, 114))
    /// Red, green and blue by themselves.
    static let channels = [
        Plane(weights: SIMD3(1, 0, 0)), Plane(weights: SIMD3(0, 1, 0)),
        Plane(weights: SIMD3(0, 0, 1)),
    ]

    /// Writes the picture's values, in `[0, 1]`.
    ///
    /// - Parameters:
    ///   - stride: values from row to row in `output`, at least the width rounded up to a multiple
    ///     of eight: whole blocks are written.
    func write(
        _ image: Image, over background: SIMD3<UInt8>, to output: UnsafeMutablePointer<Float>,
        stride: Int
    ) {
        let ground = SIMD3<Int32>(truncatingIfNeeded: background)
        let scale = 1 / (Float(weights.wrappedSum()) * 65025)
        image.pixels.withUnsafeBytes { bytes in
            for y in 0..<image.height {
                let row = UnsafeRawBufferPointer(
                    rebasing: bytes[y * image.width * 4..<(y + 1) * image.width * 4])
                for x in Swift.stride(from: 0, to: image.width, by: 8) {
                    let block =
                        x + 8 <= image.width
                        ? PixelBlock(row, at: x * 4) : PixelBlock(tailOf: row, at: x * 4)
                    let sum =
                        block.over(ground.x, block.red) &* weights.x
                        &+ block.over(ground.y, block.green) &* weights.y
                        &+ block.over(ground.z, block.blue) &* weights.z
                    UnsafeMutableRawPointer(output + y * stride + x).storeBytes(
                        of: SIMD8<Float>(sum) * scale, as: SIMD8<Float>.self)
                }
            }
        }
    }
}

/// The sum over pixels and colour channels of the squared difference, codes scaled to `[0, 1]`.
/// Both buffers hold RGBA and have the same count.
func sumOfSquaredDifferences(
    _ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer, over background: SIMD3<UInt8>
) -> Double {
    let ground = SIMD3<Int32>(truncatingIfNeeded: background)
    var total = 0.0
    // Single precision carries the sum of one run of blocks, double precision that of all.
    let run = 32 * 64
    for start in stride(from: 0, to: a.count, by: run) {
        var sum = SIMD8<Float>.zero
        for i in stride(from: start, to: min(start + run, a.count), by: 32) {
            let isWhole = i + 32 <= a.count
            let p = isWhole ? PixelBlock(a, at: i) : PixelBlock(tailOf: a, at: i)
            let q = isWhole ? PixelBlock(b, at: i) : PixelBlock(tailOf: b, at: i)
            let red = SIMD8<Float>(p.over(ground.x, p.red) &- q.over(ground.x, q.red))
            let green = SIMD8<Float>(p.over(ground.y, p.green) &- q.over(ground.y, q.green))
            let blue = SIMD8<Float>(p.over(ground.z, p.blue) &- q.over(ground.z, q.blue))
            sum += red * red + green * green + blue * blue
        }
        total += Double(sum.sum())
    }
    return total / (65025 * 65025)
}
