/// Turns linear colour, multiplied by alpha, into sRGB bytes with straight alpha.
struct PixelEncoder {
    /// `[height, width]` of the whole picture.
    let output: UnsafeMutablePointer<SIMD4<UInt8>>
    let width: Int32
    private let bytes: UnsafePointer<UInt8>

    init(output: UnsafeMutablePointer<SIMD4<UInt8>>, width: Int) {
        self.output = output
        self.width = Int32(truncatingIfNeeded: width)
        bytes = UnsafePointer(ColorEncoding.byteOfLight.base)
    }

    /// Encodes fragments that are all that their pixels show, and writes them where they belong.
    ///
    /// - Parameter isWhole: negative in the lanes that this is to be done for.
    @inline(__always)
    func encode(_ color: VectorLanes, x: FloatLanes, y: FloatLanes, isWhole: IntLanes) {
        let red = index(color.x), green = index(color.y), blue = index(color.z)
        let pixel =
            integers(y - 0.5) &* IntLanes(repeating: width) &+ integers(x - 0.5)
        @inline(__always)
        func store(_ lane: Int) {
            guard isWhole[lane] < 0 else { return }
            output[Int(pixel[lane])] = SIMD4(
                bytes[Int(red[lane])], bytes[Int(green[lane])], bytes[Int(blue[lane])], 255)
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

    /// Where the bytes of light stand in their table. Radiance above 1 is white; what is not a
    /// number is black.
    @inline(__always)
    private func index(_ light: FloatLanes) -> IntLanes {
        let limited = smaller(larger(FloatLanes(repeating: ColorEncoding.darkest), light), .one)
        return (bits(limited) &>> ColorEncoding.lightShift)
            &- IntLanes(repeating: ColorEncoding.firstLight)
    }

    /// Encodes the resolved pixels of a queue and writes them where they belong.
    @inline(__always)
    func encode(_ queue: FragmentQueue) {
        let resolved = queue.resolved.base, pixels = queue.pixels.base
        let count = queue.pixelCount
        // Two at a time; the buffers have room for one more.
        resolved[count] = .zero
        var i = 0
        while i < count {
            let pair = FloatLanes(lowHalf: resolved[i], highHalf: resolved[i &+ 1])
            let (first, second) = encode(pair)
            output[Int(pixels[i].pixel)] = first
            if i &+ 1 < count { output[Int(pixels[i &+ 1].pixel)] = second }
            i &+= 2
        }
    }

    /// The byte of an alpha between 0 and 1. (Adding 2^23 leaves the nearest integer in the low bits
    /// of a float.)
    @inline(__always)
    private static func byte(ofAlpha alpha: Float) -> UInt8 {
        UInt8(truncatingIfNeeded: (min(1, alpha) * 255 + 8_388_608).bitPattern)
    }

    /// The bytes of two pixels.
    @inline(__always)
    private func encode(_ pair: FloatLanes) -> (SIMD4<UInt8>, SIMD4<UInt8>) {
        let a = pair[3], b = pair[7]
        let divisor = larger(
            FloatLanes(
                lowHalf: SIMD4(repeating: a), highHalf: SIMD4(repeating: b)),
            FloatLanes(repeating: 1e-20))
        let straight = pair / divisor
        let index = index(straight)
        return (
            SIMD4(
                bytes[Int(index[0])], bytes[Int(index[1])], bytes[Int(index[2])],
                PixelEncoder.byte(ofAlpha: a)),
            SIMD4(
                bytes[Int(index[4])], bytes[Int(index[5])], bytes[Int(index[6])],
                PixelEncoder.byte(ofAlpha: b))
        )
    }
}
