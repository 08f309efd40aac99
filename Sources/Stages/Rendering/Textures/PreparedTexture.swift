import Geometry
import Imaging

/// What the numbers of a texture mean, which decides how they are averaged.
enum TextureUse: Hashable {
    /// sRGB colour; alpha does not matter.
    case color
    /// sRGB colour that covers by its alpha. It is filtered with colour multiplied by alpha, so
    /// what hides behind zero alpha does not bleed.
    case colorWithAlpha
    /// Plain numbers.
    case data
}

/// A picture with its mipmaps, ready for sampling.
///
/// The full-size level stays in eight bits and is decoded as it is read: preparing it costs a copy,
/// which matters where a large texture is used for few small frames. The smaller levels are averages in
/// linear light, in sixteen bits a channel, which hold the darkest sRGB steps apart.
final class PreparedTexture: @unchecked Sendable {
    // Written in `init` and only read after it, hence safe to share.
    private let full: ScratchBuffer<SIMD4<UInt8>>
    private let reduced: ScratchBuffer<SIMD4<UInt16>>
    private let levels: ScratchBuffer<TextureLevel>

    /// What the shader reads; valid while this object lives.
    let sampler: TextureSampler

    /// Copies a texture's picture and builds its mipmaps.
    ///
    /// - Complexity: linear in the number of pixels.
    init(_ texture: Texture, use: TextureUse) {
        let image = texture.image
        let sizes = PreparedTexture.levelSizes(image, mipmap: texture.mipmap)
        full = ScratchBuffer(capacity: image.width * image.height)
        image.pixels.withUnsafeBytes { [full] bytes in
            UnsafeMutableRawPointer(full.base).copyMemory(
                from: bytes.baseAddress!, byteCount: bytes.count)
        }
        reduced = ScratchBuffer(
            capacity: sizes.dropFirst().reduce(0) { $0 + $1.width * $1.height })
        levels = ScratchBuffer(capacity: sizes.count)
        var texels = reduced.base
        for (i, size) in sizes.enumerated() {
            levels.base[i] = TextureLevel(
                texels: texels, width: size.width, height: size.height, wrapU: texture.wrapU,
                wrapV: texture.wrapV)
            if i > 0 { texels += size.width * size.height }
        }
        sampler = TextureSampler(
            texture, full: full.base, levels: levels.base, levelCount: sizes.count, use: use)
        guard sizes.count > 1 else { return }
        let rows = ScratchBuffer<SIMD4<Float>>(capacity: image.width)
        for i in 1..<sizes.count {
            reduce(level: i, from: sizes[i - 1], to: sizes[i], accumulator: rows.base)
        }
    }

    private typealias Size = (width: Int, height: Int)

    private static func levelSizes(_ image: Image, mipmap: MipmapMode) -> [Size] {
        var sizes: [Size] = [(image.width, image.height)]
        guard mipmap != .none else { return sizes }
        while let last = sizes.last, last.width > 1 || last.height > 1 {
            sizes.append((max(1, last.width / 2), max(1, last.height / 2)))
        }
        return sizes
    }

    /// Averages a level into the next smaller one, each texel over exactly the area that it covers
    /// (three by three texels of unequal weight where a side is odd).
    private func reduce(
        level: Int, from source: Size, to target: Size,
        accumulator: UnsafeMutablePointer<SIMD4<Float>>
    ) {
        let destination = UnsafeMutablePointer(mutating: levels.base[level].texels)
        for y in 0..<target.height {
            let rows = Coverage(of: y, source: source.height, target: target.height)
            for tap in 0..<rows.count {
                accumulate(
                    row: rows.first + tap, ofLevel: level - 1, width: source.width,
                    weight: rows.weight(tap), isFirst: tap == 0, into: accumulator)
            }
            for x in 0..<target.width {
                let columns = Coverage(of: x, source: source.width, target: target.width)
                var sum = accumulator[columns.first] * columns.weight(0)
                for tap in 1..<max(1, columns.count) {
                    sum += accumulator[columns.first + tap] * columns.weight(tap)
                }
                destination[y * target.width + x] = SIMD4<UInt16>(
                    truncatingIfNeeded: nearestIntegers(sum * 65535))
            }
        }
    }

    private func accumulate(
        row: Int, ofLevel level: Int, width: Int, weight: Float, isFirst: Bool,
        into accumulator: UnsafeMutablePointer<SIMD4<Float>>
    ) {
        let texels = levels.base[level].texels + row * width
        for x in 0..<width {
            let value =
                weight
                * (level == 0
                    ? sampler.decode(full.base[row * width + x])
                    : TextureSampler.decode(texels[x]))
            accumulator[x] = isFirst ? value : accumulator[x] + value
        }
    }

    /// The texels of a larger level that one texel of a smaller level covers, along one axis.
    private struct Coverage {
        let first: Int
        let count: Int
        private let weights: SIMD3<Float>

        init(of index: Int, source: Int, target: Int) {
            if source == 1 {
                (first, count, weights) = (0, 1, SIMD3(1, 0, 0))
            } else if source == 2 * target {
                (first, count, weights) = (2 * index, 2, SIMD3(0.5, 0.5, 0))
            } else {
                // source = 2 target + 1: the texel covers [i, i + 1) * source / target.
                let s = Float(source)
                first = 2 * index
                count = 3
                weights = SIMD3(Float(target - index) / s, Float(target) / s, Float(index + 1) / s)
            }
        }

        func weight(_ tap: Int) -> Float { weights[tap] }
    }
}

/// One level of a texture.
struct TextureLevel: BitwiseCopyable {
    /// `[height, width]`, linear; not read for the full-size level.
    let texels: UnsafePointer<SIMD4<UInt16>>
    /// Texels in a row.
    let width: Int
    /// Width and height, twice over, as numbers and as integers.
    let size: SIMD4<Float>
    let sizeInTexels: SIMD4<Int32>
    /// What stands for a column or row of -1, and for one that is as large as the level.
    let beforeFirst: SIMD4<Int32>
    let afterLast: SIMD4<Int32>

    init(
        texels: UnsafeMutablePointer<SIMD4<UInt16>>, width: Int, height: Int, wrapU: TextureWrap,
        wrapV: TextureWrap
    ) {
        self.texels = UnsafePointer(texels)
        self.width = width
        let w = Int32(width), h = Int32(height)
        sizeInTexels = SIMD4(w, h, w, h)
        size = SIMD4<Float>(sizeInTexels)
        let lastU = w - 1, lastV = h - 1
        let (lowU, highU) = wrapU == .repeat ? (lastU, 0) : (0, lastU)
        let (lowV, highV) = wrapV == .repeat ? (lastV, 0) : (0, lastV)
        beforeFirst = SIMD4(lowU, lowV, lowU, lowV)
        afterLast = SIMD4(highU, highV, highU, highV)
    }
}
