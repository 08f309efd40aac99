import Geometry

/// Reads a prepared texture. A plain value of pointers, so that passing it around counts no
/// references; the ``PreparedTexture`` that it came from keeps the memory.
struct TextureSampler: BitwiseCopyable {
    private let full: UnsafePointer<SIMD4<UInt8>>
    private let reduced: UnsafePointer<SIMD4<UInt16>>
    /// `[levels]`: where the texels of each start.
    private let starts: UnsafePointer<Int32>
    private let colors: UnsafePointer<Float>
    private let fractions: UnsafePointer<Float>
    /// Whether colour comes out multiplied by alpha.
    let isPremultiplied: Bool
    private let magnifiesLinearly: Bool
    private let minifiesLinearly: Bool
    private let blendsLevels: Bool
    private let wrapU: Continuation
    private let wrapV: Continuation
    /// The smallest level. A little more than 0 where there is no other, so that minification can
    /// be told from magnification.
    let lastLevel: Float
    /// Width and height of the full-size level.
    let width: Float
    let height: Float

    init(
        _ texture: Texture, full: UnsafePointer<SIMD4<UInt8>>,
        reduced: UnsafePointer<SIMD4<UInt16>>, starts: UnsafePointer<Int32>,
        levelCount: Int,
        use: TextureUse
    ) {
        self.full = full
        self.reduced = reduced
        self.starts = starts
        fractions = ColorEncoding.fractionOfByte.base
        colors = use == .data ? fractions : ColorEncoding.linearOfByte.base
        isPremultiplied = use == .colorWithAlpha
        magnifiesLinearly = texture.magnification == .linear
        minifiesLinearly = texture.minification == .linear
        blendsLevels = texture.mipmap == .linear && levelCount > 1
        wrapU = Continuation(texture.wrapU)
        wrapV = Continuation(texture.wrapV)
        lastLevel = levelCount > 1 ? Float(levelCount - 1) : 0.25
        width = Float(texture.image.width)
        height = Float(texture.image.height)
    }

    /// The linear value of a texel of the full-size level.
    @inline(__always)
    func decode(_ texel: SIMD4<UInt8>) -> SIMD4<Float> {
        let color = SIMD4(
            colors[Int(texel.x)], colors[Int(texel.y)], colors[Int(texel.z)],
            fractions[Int(texel.w)])
        return isPremultiplied
            ? SIMD4(color.x * color.w, color.y * color.w, color.z * color.w, color.w) : color
    }

    /// The linear value of a texel of a smaller level.
    @inline(__always)
    static func decode(_ texel: SIMD4<UInt16>) -> SIMD4<Float> {
        SIMD4<Float>(SIMD4<Int32>(truncatingIfNeeded: texel)) * (1 / 65535)
    }

    /// The texture's values.
    ///
    /// - Parameters:
    ///   - u: coordinates that may lie outside 0...1.
    ///   - v: coordinates that may lie outside 0...1.
    ///   - level: the level of detail, -1...`lastLevel`: base-2 logarithm of the texels of the
    ///     full-size level that a pixel spans, at most 0 where the texture is magnified.
    ///   - memory: for this call alone.
    @inline(never)
    func sample(
        _ u: FloatLanes, _ v: FloatLanes, level: FloatLanes,
        _ memory: UnsafeMutablePointer<Memory>
    ) -> ColorLanes {
        let place = TexturePlace(u: folded(u, wrapU), v: folded(v, wrapV))
        let minified = larger(level, .zero)
        let whole = (blendsLevels ? minified : minified + 0.5).rounded(.down)
        let fraction = blendsLevels ? minified - whole : .zero
        guard magnifiesLinearly, minifiesLinearly else {
            return sampleNearest(place, level, whole, fraction)
        }
        let next = smaller(whole + 1, FloatLanes(repeating: lastLevel))
        memory.pointee.near = taps(place, level: whole)
        memory.pointee.fraction = fraction
        if blendsLevels { memory.pointee.far = taps(place, level: next) }
        // From here on every lane goes its own way: what it needs is read from memory, and what it
        // finds goes there, which compiles to far less code than taking registers apart.
        let colors = UnsafeMutableRawPointer(memory).assumingMemoryBound(to: SIMD4<Float>.self)
        let columns = UnsafeRawPointer(memory).assumingMemoryBound(to: Int32.self)
        var lane = 0
        while lane < 8 {
            colors[lane] = mix(columns + lane)
            lane &+= 1
        }
        return ColorLanes(
            colors[0], colors[1], colors[2], colors[3], colors[4], colors[5], colors[6],
            colors[7])
    }

    /// What eight lanes need for reading a texture, in columns of eight numbers, behind room for
    /// what they find.
    struct Memory: BitwiseCopyable {
        fileprivate var colors: (FloatLanes, FloatLanes, FloatLanes, FloatLanes)
        fileprivate var near: Taps
        fileprivate var far: Taps
        fileprivate var fraction: FloatLanes

        /// Places of the columns, in numbers.
        fileprivate static var nearColumns: Int { 32 }
        fileprivate static var farColumns: Int { 72 }
        fileprivate static var fractionColumn: Int { 112 }
    }

    /// Finds one lane's value.
    ///
    /// - Parameter columns: the lane's number in the first column of a ``Memory``.
    @inline(__always)
    private func mix(_ columns: UnsafePointer<Int32>) -> SIMD4<Float> {
        let near = columns + Memory.nearColumns
        let (index, stride) = (Int(near[0]), Int(near[8]))
        let color =
            near[16] == 0
            ? fullTexels(index, stride, number(near[24]), number(near[32]))
            : reducedTexels(index, stride, number(near[24]), number(near[32]))
        let fraction = number(columns[Memory.fractionColumn])
        guard fraction > 0 else { return color }
        let far = columns + Memory.farColumns
        let coarser = reducedTexels(
            Int(far[0]), Int(far[8]), number(far[24]), number(far[32]))
        return color + (coarser - color) * fraction
    }

    @inline(__always)
    private func number(_ bits: Int32) -> Float { Float(bitPattern: UInt32(bitPattern: bits)) }

    /// Four texels of a smaller level, interpolated.
    @inline(__always)
    private func reducedTexels(
        _ index: Int, _ stride: Int, _ tx: Float, _ ty: Float
    ) -> SIMD4<Float> {
        @inline(__always)
        func texel(_ i: Int) -> SIMD4<Float> {
            SIMD4<Float>(SIMD4<Int32>(truncatingIfNeeded: reduced[i]))
        }
        let a = texel(index), b = texel(index &+ 1)
        let c = texel(index &+ stride), d = texel(index &+ stride &+ 1)
        let upper = a + (b - a) * tx
        let lower = c + (d - c) * tx
        return (upper + (lower - upper) * ty) * (1 / 65535)
    }

    /// Four texels of the full-size level, interpolated.
    @inline(never)
    private func fullTexels(
        _ index: Int, _ stride: Int, _ tx: Float, _ ty: Float
    ) -> SIMD4<Float> {
        let a = decode(full[index]), b = decode(full[index &+ 1])
        let c = decode(full[index &+ stride]), d = decode(full[index &+ stride &+ 1])
        let upper = a + (b - a) * tx
        let lower = c + (d - c) * tx
        return upper + (lower - upper) * ty
    }

    /// The upper left one of four texels, how far to go to the right and down from it, and the
    /// level.
    fileprivate struct Taps: BitwiseCopyable {
        let index: IntLanes
        let stride: IntLanes
        let level: IntLanes
        let tx: FloatLanes
        let ty: FloatLanes
    }

    /// The width and the height of levels: halved and rounded down from each to the next.
    @inline(__always)
    private func size(ofLevel i: IntLanes) -> (width: FloatLanes, height: FloatLanes) {
        let scale = floats(bits: (127 &- i) &<< 23)
        return (
            larger((width * scale).rounded(.down), .one),
            larger((height * scale).rounded(.down), .one)
        )
    }

    @inline(__always)
    private func taps(_ place: TexturePlace, level: FloatLanes) -> Taps {
        let i = integers(level)
        let (w, h) = size(ofLevel: i)
        let x = cell(place.u * w - 0.5, w, wrapU), y = cell(place.v * h - 0.5, h, wrapV)
        let left = x.rounded(.down), top = y.rounded(.down)
        let stride = integers(w) &+ 1
        let start = gather(starts, i)
        return Taps(
            index: start &+ integers(top) &* stride &+ integers(left), stride: stride, level: i,
            tx: x - left, ty: y - top)
    }

    /// A place in texels, between the first one's centre (0) and what follows the last one's.
    @inline(__always)
    private func cell(_ x: FloatLanes, _ size: FloatLanes, _ wrap: Continuation) -> FloatLanes {
        if wrap == .tiled {
            // Rounding may make a coordinate of just below 0 or 1 the size itself.
            let inside = x.replacing(with: x + size, where: x .< FloatLanes.zero)
            return inside.replacing(with: inside - size, where: inside .>= size)
        }
        return larger(smaller(x, size - 1), .zero)
    }

    /// The four texels of a lane, interpolated.
    private func texels(_ taps: Taps, _ lane: Int) -> SIMD4<Float> {
        let index = Int(taps.index[lane]), stride = Int(taps.stride[lane])
        return taps.level[lane] == 0
            ? fullTexels(index, stride, taps.tx[lane], taps.ty[lane])
            : reducedTexels(index, stride, taps.tx[lane], taps.ty[lane])
    }

    /// Reads one texel instead of four where the filter asks for it.
    @inline(never)
    private func sampleNearest(
        _ place: TexturePlace, _ level: FloatLanes, _ whole: FloatLanes, _ fraction: FloatLanes
    ) -> ColorLanes {
        let next = smaller(whole + 1, FloatLanes(repeating: lastLevel))
        let near = taps(place, level: whole), far = taps(place, level: next)
        let nearIndex = nearestTexels(place, level: whole)
        let farIndex = nearestTexels(place, level: next)
        func value(_ lane: Int) -> SIMD4<Float> {
            guard level[lane] > 0 ? !minifiesLinearly : !magnifiesLinearly else {
                let a = texels(near, lane)
                return fraction[lane] > 0
                    ? a + (texels(far, lane) - a) * fraction[lane] : a
            }
            let a = texel(Int(nearIndex[lane]), level: near.level[lane])
            guard fraction[lane] > 0 else { return a }
            return a + (texel(Int(farIndex[lane]), level: far.level[lane]) - a) * fraction[lane]
        }
        return ColorLanes(
            value(0), value(1), value(2), value(3), value(4), value(5), value(6), value(7))
    }

    @inline(__always)
    private func nearestTexels(_ place: TexturePlace, level: FloatLanes) -> IntLanes {
        let i = integers(level)
        // A coordinate of exactly 1 lies on what follows the last texel.
        let (w, h) = size(ofLevel: i)
        let x = (place.u * w).rounded(.down), y = (place.v * h).rounded(.down)
        return gather(starts, i) &+ integers(y) &* (integers(w) &+ 1) &+ integers(x)
    }

    @inline(__always)
    private func texel(_ index: Int, level: Int32) -> SIMD4<Float> {
        level == 0 ? decode(full[index]) : TextureSampler.decode(reduced[index])
    }
}

/// `TextureWrap` as plain bits.
private enum Continuation: BitwiseCopyable {
    case tiled, clamped, mirrored

    init(_ wrap: TextureWrap) {
        switch wrap {
        case .repeat: self = .tiled
        case .clampToEdge: self = .clamped
        case .mirroredRepeat: self = .mirrored
        }
    }
}

/// Texture coordinates, brought into 0...1.
private struct TexturePlace {
    let u: FloatLanes
    let v: FloatLanes
}

/// Coordinates brought into 0...1 as the texture continues; 0 where they are no numbers that a
/// texture can be read at.
@inline(__always)
private func folded(_ v: FloatLanes, _ wrap: Continuation) -> FloatLanes {
    let usable = FloatLanes.zero.replacing(
        with: v, where: magnitude(v) .< FloatLanes(repeating: 1e6))
    switch wrap {
    case .tiled: return usable - usable.rounded(.down)
    case .clamped: return saturated(usable)
    case .mirrored:
        let period = usable - 2 * (usable * 0.5).rounded(.down)
        return smaller(period, 2 - period)
    }
}

@inline(__always)
private func gather(_ p: UnsafePointer<Int32>, _ i: IntLanes) -> IntLanes {
    IntLanes(
        p[Int(i[0])], p[Int(i[1])], p[Int(i[2])], p[Int(i[3])], p[Int(i[4])], p[Int(i[5])],
        p[Int(i[6])], p[Int(i[7])])
}
