extension Image {
    /// The picture at another size: averaged over the area of each new pixel where a side shrinks,
    /// linear between pixel centres where it grows. It is done in linear light with premultiplied
    /// alpha, so that neither dark nor transparent pixels bleed into bright edges.
    ///
    /// - Complexity: O(`self.width * self.height + width * self.height + width * height`) where it
    ///   shrinks.
    public func resized(width newWidth: Int, height newHeight: Int) -> Image {
        precondition(newWidth > 0 && newHeight > 0, "an image has at least one pixel")
        guard newWidth != width || newHeight != height else { return self }
        return resampled(
            across: ResamplingWeights(from: width, to: newWidth),
            down: ResamplingWeights(from: height, to: newHeight))
    }

    /// A square of the picture, which may reach beyond its borders, as a picture of `size` pixels a
    /// side: averaged over the area of each new pixel where it shrinks, Catmull and Rom's spline
    /// where it grows, in linear light with premultiplied alpha.
    ///
    /// - Parameters:
    ///   - x: the square's left border in pixels from the picture's.
    ///   - y: its upper border.
    ///   - side: its side in pixels; above 0.
    ///   - size: pixels a side of the result.
    ///   - isContinued: whether the border's pixels go on outside; else there is nothing.
    /// - Complexity: O(pixels that are read + `size` * rows that are read + `size`²).
    func resampled(
        x: Double, y: Double, side: Double, size: Int, isContinued: Bool
    ) -> Image {
        let edge: ResamplingWeights.Edge = isContinued ? .continued : .empty
        return resampled(
            across: ResamplingWeights(from: width, window: x..<x + side, to: size, edge: edge),
            down: ResamplingWeights(from: height, window: y..<y + side, to: size, edge: edge))
    }

    private func resampled(across: ResamplingWeights, down: ResamplingWeights) -> Image {
        let rows = down.sources
        let narrowed = resampledRows(rows, across)
        var result = Image(width: across.count, height: down.count)
        let encoder = SRGB.encoder
        for y in 0..<down.count {
            let taps = down.taps(y)
            for x in 0..<across.count {
                var sum = SIMD4<Float>.zero
                for (row, weight) in taps {
                    sum += narrowed[(row - rows.lowerBound) * across.count + x] * weight
                }
                result[x, y] = Image.encoded(premultiplied: sum, encoder)
            }
        }
        return result
    }

    /// `[rows.count, across.count]`: rows resampled, premultiplied and linear.
    private func resampledRows(_ rows: Range<Int>, _ across: ResamplingWeights) -> [SIMD4<Float>] {
        let linear = SRGB.linearValues
        var row = [SIMD4<Float>](repeating: .zero, count: width)
        var result = [SIMD4<Float>](repeating: .zero, count: rows.count * across.count)
        for y in rows {
            for x in across.sources {
                let pixel = self[x, y]
                let color = SIMD4<Float>(
                    linear[Int(pixel.x)], linear[Int(pixel.y)], linear[Int(pixel.z)], 1)
                row[x] = color * (Float(pixel.w) / 255)
            }
            for x in 0..<across.count {
                var sum = SIMD4<Float>.zero
                for (column, weight) in across.taps(x) { sum += row[column] * weight }
                result[(y - rows.lowerBound) * across.count + x] = sum
            }
        }
        return result
    }

    private static func encoded(
        premultiplied color: SIMD4<Float>, _ encoder: SRGB.Encoder
    ) -> SIMD4<UInt8> {
        let alpha = UInt8(min(max(color.w, 0), 1) * 255 + 0.5)
        guard alpha > 0 else { return .zero }
        return SIMD4(
            encoder.encode(color.x / color.w), encoder.encode(color.y / color.w),
            encoder.encode(color.z / color.w), alpha)
    }
}
