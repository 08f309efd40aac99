import Geometry

/// Reads a prepared texture. A plain value of pointers, so that passing it around counts no
/// references; the ``PreparedTexture`` that it came from keeps the memory.
struct TextureSampler: BitwiseCopyable {
    private let full: UnsafePointer<SIMD4<UInt8>>
    private let reduced: UnsafePointer<SIMD4<UInt16>>
    private let levels: LevelTable
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
        reduced: UnsafePointer<SIMD4<UInt16>>, levels: LevelTable, levelCount: Int,
        use: TextureUse
    ) {
        self.full = full
        self.reduced = reduced
        self.levels = levels
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
    @inline(never)
    func sample(_ u: FloatLanes, _ v: FloatLanes, level: FloatLanes) -> ColorLanes {
        let place = TexturePlace(u: folded(u, wrapU), v: folded(v, wrapV))
        let minified = larger(level, .zero)
        let whole = (blendsLevels ? minified : minified + 0.5).rounded(.down)
        let fraction = blendsLevels ? minified - whole : .zero
        guard magnifiesLinearly, minifiesLinearly else {
            return sampleNearest(place, level, whole, fraction)
        }
        let near = taps(place, level: whole)
        guard anyLane(fraction .> .zero) else {
            return ColorLanes { texels(near, $0) }
        }
        let next = smaller(whole + 1, FloatLanes(repeating: lastLevel))
        let far = taps(place, level: next)
        return ColorLanes { lane in
            let a = texels(near, lane)
            return a + (texels(far, lane) - a) * fraction[lane]
        }
    }

    /// The upper left one of four texels, how far to go to the right and down from it, and the
    /// level.
    private struct Taps {
        let index: IntLanes
        let stride: IntLanes
        let level: IntLanes
        let tx: FloatLanes
        let ty: FloatLanes
    }

    @inline(__always)
    private func taps(_ place: TexturePlace, level: FloatLanes) -> Taps {
        let i = integers(level)
        let w = gather(levels.width, i), h = gather(levels.height, i)
        let x = cell(place.u * w - 0.5, w, wrapU), y = cell(place.v * h - 0.5, h, wrapV)
        let left = x.rounded(.down), top = y.rounded(.down)
        let stride = gather(levels.stride, i)
        let start = gather(levels.start, i)
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
    @inline(__always)
    private func texels(_ taps: Taps, _ lane: Int) -> SIMD4<Float> {
        let upper: FloatLanes
        let lower: FloatLanes
        let index = Int(taps.index[lane])
        let stride = Int(taps.stride[lane])
        if taps.level[lane] == 0 {
            let p = full + index
            upper = FloatLanes(lowHalf: decode(p[0]), highHalf: decode(p[1]))
            lower = FloatLanes(lowHalf: decode(p[stride]), highHalf: decode(p[stride &+ 1]))
        } else {
            let p = UnsafeRawPointer(reduced + index)
            upper = pair(p)
            lower = pair(p + 8 &* stride)
        }
        let row = upper + (lower - upper) * taps.ty[lane]
        return row.lowHalf + (row.highHalf - row.lowHalf) * taps.tx[lane]
    }

    /// Two neighbouring texels of a smaller level.
    @inline(__always)
    private func pair(_ p: UnsafeRawPointer) -> FloatLanes {
        FloatLanes(
            SIMD8<Int32>(truncatingIfNeeded: p.loadUnaligned(as: SIMD8<UInt16>.self)))
            * (1 / 65535)
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
        return ColorLanes { lane in
            guard level[lane] > 0 ? !minifiesLinearly : !magnifiesLinearly else {
                let a = texels(near, lane)
                return fraction[lane] > 0
                    ? a + (texels(far, lane) - a) * fraction[lane] : a
            }
            let a = texel(Int(nearIndex[lane]), level: near.level[lane])
            guard fraction[lane] > 0 else { return a }
            return a + (texel(Int(farIndex[lane]), level: far.level[lane]) - a) * fraction[lane]
        }
    }

    @inline(__always)
    private func nearestTexels(_ place: TexturePlace, level: FloatLanes) -> IntLanes {
        let i = integers(level)
        // A coordinate of exactly 1 lies on what follows the last texel.
        let x = (place.u * gather(levels.width, i)).rounded(.down)
        let y = (place.v * gather(levels.height, i)).rounded(.down)
        return gather(levels.start, i) &+ integers(y) &* gather(levels.stride, i) &+ integers(x)
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
private func gather(_ p: UnsafePointer<Float>, _ i: IntLanes) -> FloatLanes {
    FloatLanes(
        p[Int(i[0])], p[Int(i[1])], p[Int(i[2])], p[Int(i[3])], p[Int(i[4])], p[Int(i[5])],
        p[Int(i[6])], p[Int(i[7])])
}

@inline(__always)
private func gather(_ p: UnsafePointer<Int32>, _ i: IntLanes) -> IntLanes {
    IntLanes(
        p[Int(i[0])], p[Int(i[1])], p[Int(i[2])], p[Int(i[3])], p[Int(i[4])], p[Int(i[5])],
        p[Int(i[6])], p[Int(i[7])])
}
