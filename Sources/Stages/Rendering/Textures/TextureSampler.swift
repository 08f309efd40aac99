import Geometry

/// Reads a prepared texture. A plain value of pointers, so that passing it around counts no
/// references; the ``PreparedTexture`` that it came from keeps the memory.
struct TextureSampler: BitwiseCopyable {
    private let full: UnsafePointer<SIMD4<UInt8>>
    private let levels: UnsafePointer<TextureLevel>
    private let colors: UnsafePointer<Float>
    private let fractions: UnsafePointer<Float>
    private let premultiplies: Bool
    private let magnifiesLinearly: Bool
    private let minifiesLinearly: Bool
    private let blendsLevels: Bool
    /// How coordinates outside 0...1 are brought inside: -1 by the fraction, 0 by cutting off, 1
    /// by mirroring.
    let foldU: Int8
    let foldV: Int8
    /// The smallest level. A little more than 0 where there is no other, so that minification can
    /// be told from magnification.
    let lastLevel: Float
    /// Width and height of the full-size level.
    let width: Float
    let height: Float

    init(
        _ texture: Texture, full: UnsafePointer<SIMD4<UInt8>>,
        levels: UnsafePointer<TextureLevel>, levelCount: Int, use: TextureUse
    ) {
        self.full = full
        self.levels = levels
        fractions = ColorEncoding.fractionOfByte.base
        colors = use == .data ? fractions : ColorEncoding.linearOfByte.base
        premultiplies = use == .colorWithAlpha
        magnifiesLinearly = texture.magnification == .linear
        minifiesLinearly = texture.minification == .linear
        blendsLevels = texture.mipmap == .linear && levelCount > 1
        func fold(_ wrap: TextureWrap) -> Int8 {
            switch wrap {
            case .repeat: -1
            case .clampToEdge: 0
            case .mirroredRepeat: 1
            }
        }
        foldU = fold(texture.wrapU)
        foldV = fold(texture.wrapV)
        lastLevel = levelCount > 1 ? Float(levelCount - 1) : 0.25
        width = Float(texture.image.width)
        height = Float(texture.image.height)
    }

    /// Whether colour comes out multiplied by alpha.
    var isPremultiplied: Bool { premultiplies }

    /// The linear value of a texel of the full-size level.
    @inline(__always)
    func decode(_ texel: SIMD4<UInt8>) -> SIMD4<Float> {
        let alpha = fractions[Int(texel.w)]
        let color = SIMD4(
            colors[Int(texel.x)], colors[Int(texel.y)], colors[Int(texel.z)], 1)
        return premultiplies
            ? color * alpha : SIMD4(color.x, color.y, color.z, alpha)
    }

    /// The linear value of a texel of a smaller level.
    @inline(__always)
    static func decode(_ texel: SIMD4<UInt16>) -> SIMD4<Float> {
        SIMD4<Float>(SIMD4<Int32>(truncatingIfNeeded: texel)) * (1 / 65535)
    }

    /// The texture's value.
    ///
    /// - Parameters:
    ///   - u: 0...1, already folded.
    ///   - v: 0...1, already folded.
    ///   - level: the level of detail, -1...`lastLevel`: base-2 logarithm of the texels of the
    ///     full-size level that a pixel spans, at most 0 where the texture is magnified.
    @inline(__always)
    func sample(_ u: Float, _ v: Float, level: Float) -> SIMD4<Float> {
        let place = SIMD4(u, v, u, v)
        guard level > 0 else {
            return magnifiesLinearly ? linear(place, level: 0) : nearest(place, level: 0)
        }
        let whole = Int(blendsLevels ? level : level + 0.5)
        let value =
            minifiesLinearly ? linear(place, level: whole) : nearest(place, level: whole)
        let fraction = level - Float(whole)
        guard blendsLevels, fraction > 0 else { return value }
        let coarser =
            minifiesLinearly ? linear(place, level: whole + 1) : nearest(place, level: whole + 1)
        return value + (coarser - value) * fraction
    }

    @inline(__always)
    private func linear(_ place: SIMD4<Float>, level: Int) -> SIMD4<Float> {
        let size = levels[level]
        let scaled = place * size.size - 0.5
        let corner = scaled.rounded(.down)
        let t = scaled - corner
        var texel = nearestIntegers(corner) &+ SIMD4(0, 0, 1, 1)
        texel = texel.replacing(with: size.beforeFirst, where: texel .< SIMD4<Int32>.zero)
        texel = texel.replacing(with: size.afterLast, where: size.sizeInTexels .<= texel)
        let row0 = Int(texel.y) &* size.width
        let row1 = Int(texel.w) &* size.width
        let x0 = Int(texel.x), x1 = Int(texel.z)
        let a: SIMD4<Float>, b: SIMD4<Float>, c: SIMD4<Float>, d: SIMD4<Float>
        if level == 0 {
            (a, b) = (decode(full[row0 &+ x0]), decode(full[row0 &+ x1]))
            (c, d) = (decode(full[row1 &+ x0]), decode(full[row1 &+ x1]))
        } else {
            let texels = size.texels
            a = TextureSampler.decode(texels[row0 &+ x0])
            b = TextureSampler.decode(texels[row0 &+ x1])
            c = TextureSampler.decode(texels[row1 &+ x0])
            d = TextureSampler.decode(texels[row1 &+ x1])
        }
        let upper = a + (b - a) * t.x
        let lower = c + (d - c) * t.x
        return upper + (lower - upper) * t.y
    }

    @inline(__always)
    private func nearest(_ place: SIMD4<Float>, level: Int) -> SIMD4<Float> {
        let size = levels[level]
        var texel = nearestIntegers((place * size.size).rounded(.down))
        // A coordinate of exactly 1 lies on the border to what follows.
        texel = texel.replacing(with: size.afterLast, where: size.sizeInTexels .<= texel)
        let index = Int(texel.y) &* size.width &+ Int(texel.x)
        return level == 0
            ? decode(full[index]) : TextureSampler.decode(size.texels[index])
    }
}

extension TextureSampler {
    /// Coordinates brought into 0...1 as the texture continues; 0 where they are no numbers that a
    /// texture can be read at.
    @inline(__always)
    static func folded(_ v: FloatLanes, _ fold: Int8) -> FloatLanes {
        let limit = FloatLanes(repeating: 1e6)
        let usable = FloatLanes.zero.replacing(with: v, where: magnitude(v) .< limit)
        if fold < 0 { return usable - usable.rounded(.down) }
        if fold == 0 { return saturated(usable) }
        let period = usable - 2 * (usable * 0.5).rounded(.down)
        return smaller(period, 2 - period)
    }
}
