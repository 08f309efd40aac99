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
/// which matters where a large texture is used for few small frames. The smaller levels are averages
/// in linear light, in sixteen bits a channel, which hold the darkest sRGB steps apart.
final class PreparedTexture: @unchecked Sendable {
    // Written in `init` and only read after it, hence safe to share.
    private let full: ScratchBuffer<SIMD4<UInt8>>
    private let reduced: ScratchBuffer<SIMD4<UInt16>>
    private let starts: ScratchBuffer<Int32>

    /// What the shader reads; valid while this object lives.
    let sampler: TextureSampler

    /// Copies a texture's picture and builds its mipmaps.
    ///
    /// - Complexity: linear in the number of pixels.
    init(_ texture: Texture, use: TextureUse) {
        let image = texture.image
        let levels = PreparedTexture.levels(image, mipmap: texture.mipmap)
        full = ScratchBuffer(capacity: levels[0].count)
        reduced = ScratchBuffer(capacity: levels.dropFirst().reduce(0) { $0 + $1.count })
        starts = ScratchBuffer(capacity: levels.count)
        for (i, level) in levels.enumerated() { starts.base[i] = Int32(level.start) }
        sampler = TextureSampler(
            texture, full: full.base, reduced: reduced.base,
            starts: UnsafePointer(starts.base),
            levelCount: levels.count, use: use)
        copyFullLevel(image, levels[0])
        levels[0].fillBorder(full.base, wrapU: texture.wrapU, wrapV: texture.wrapV)
        let accumulator = ScratchBuffer<SIMD4<Float>>(capacity: image.width)
        for i in 1..<max(1, levels.count) {
            reduce(levels[i - 1], to: levels[i], isFirst: i == 1, accumulator.base)
            levels[i].fillBorder(
                reduced.base + levels[i].start, wrapU: texture.wrapU, wrapV: texture.wrapV)
        }
    }

    private static func levels(_ image: Image, mipmap: MipmapMode) -> [TextureLevel] {
        var levels = [TextureLevel(width: image.width, height: image.height, start: 0)]
        guard mipmap != .none else { return levels }
        var start = 0
        while let last = levels.last, last.width > 1 || last.height > 1 {
            let next = TextureLevel(
                width: max(1, last.width / 2), height: max(1, last.height / 2), start: start)
            start += next.count
            levels.append(next)
        }
        return levels
    }

    private func copyFullLevel(_ image: Image, _ level: TextureLevel) {
        image.pixels.withUnsafeBytes { bytes in
            guard let source = bytes.baseAddress else { return }
            for y in 0..<level.height {
                UnsafeMutableRawPointer(full.base + y * level.stride).copyMemory(
                    from: source + 4 * y * level.width, byteCount: 4 * level.width)
            }
        }
    }

    /// Averages a level into the next smaller one, each texel over exactly the area that it covers
    /// (three by three texels of unequal weight where a side is odd).
    ///
    /// - Parameter isFirst: whether the larger level is the full-size one.
    private func reduce(
        _ source: TextureLevel, to target: TextureLevel, isFirst: Bool,
        _ accumulator: UnsafeMutablePointer<SIMD4<Float>>
    ) {
        let destination = reduced.base + target.start
        for y in 0..<target.height {
            let rows = Coverage(of: y, source: source.height, target: target.height)
            for tap in 0..<rows.count {
                let start = (rows.first + tap) * source.stride
                let weight = rows.weight(tap)
                if isFirst {
                    let row = full.base + start
                    accumulate(source.width, weight, tap, accumulator) { sampler.decode(row[$0]) }
                } else {
                    let row = reduced.base + source.start + start
                    accumulate(source.width, weight, tap, accumulator) {
                        TextureSampler.decode(row[$0])
                    }
                }
            }
            let row = destination + y * target.stride
            for x in 0..<target.width {
                let columns = Coverage(of: x, source: source.width, target: target.width)
                var sum = accumulator[columns.first] * columns.weight(0)
                for tap in 1..<max(1, columns.count) {
                    sum += accumulator[columns.first + tap] * columns.weight(tap)
                }
                row[x] = SIMD4<UInt16>(truncatingIfNeeded: nearestIntegers(sum * 65535))
            }
        }
    }

    /// Adds a row of texels, times a weight, to sums; the first row replaces them.
    @inline(__always)
    private func accumulate(
        _ width: Int, _ weight: Float, _ tap: Int,
        _ accumulator: UnsafeMutablePointer<SIMD4<Float>>, _ texel: (Int) -> SIMD4<Float>
    ) {
        if tap == 0 {
            for x in 0..<width { accumulator[x] = texel(x) * weight }
        } else {
            for x in 0..<width { accumulator[x] += texel(x) * weight }
        }
    }

    /// The texels of a larger level that one texel of a smaller level covers, along one axis.
    private struct Coverage {
        let first: Int
        let count: Int
        private let weights: SIMD4<Float>

        @inline(__always)
        init(of index: Int, source: Int, target: Int) {
            if source == 1 {
                (first, count, weights) = (0, 1, SIMD4(1, 0, 0, 0))
            } else if source == 2 * target {
                (first, count, weights) = (2 * index, 2, SIMD4(0.5, 0.5, 0, 0))
            } else {
                // source = 2 target + 1: the texel covers [i, i + 1) * source / target.
                let s = Float(source)
                first = 2 * index
                count = 3
                weights = SIMD4(
                    Float(target - index) / s, Float(target) / s, Float(index + 1) / s, 0)
            }
        }

        @inline(__always)
        func weight(_ tap: Int) -> Float {
            tap == 0 ? weights.x : tap == 1 ? weights.y : weights.z
        }
    }
}
