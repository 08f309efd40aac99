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
        let across = ResamplingWeights(from: width, to: newWidth)
        let down = ResamplingWeights(from: height, to: newHeight)
        let narrowed = resampledRows(across)
        var result = Image(width: newWidth, height: newHeight)
        let encoder = SRGB.encoder
        for y in 0..<newHeight {
            let taps = down.taps(y)
            for x in 0..<newWidth {
                var sum = SIMD4<Float>.zero
                for (row, weight) in taps { sum += narrowed[row * newWidth + x] * weight }
                result[x, y] = Image.encoded(premultiplied: sum, encoder)
            }
        }
        return result
    }

    /// `[height, across.count]`: every row resampled, premultiplied and linear.
    private func resampledRows(_ across: ResamplingWeights) -> [SIMD4<Float>] {
        let linear = SRGB.linearValues
        var row = [SIMD4<Float>](repeating: .zero, count: width)
        var result = [SIMD4<Float>](repeating: .zero, count: height * across.count)
        for y in 0..<height {
            for x in 0..<width {
                let pixel = self[x, y]
                let color = SIMD4<Float>(
                    linear[Int(pixel.x)], linear[Int(pixel.y)], linear[Int(pixel.z)], 1)
                row[x] = color * (Float(pixel.w) / 255)
            }
            for x in 0..<across.count {
                var sum = SIMD4<Float>.zero
                for (column, weight) in across.taps(x) { sum += row[column] * weight }
                result[y * across.count + x] = sum
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

/// For every new position along one side, which old positions it averages.
private struct ResamplingWeights {
    let count: Int
    private var offsets: [Int] = [0]
    private var entries: [(position: Int, weight: Float)] = []

    init(from old: Int, to new: Int) {
        count = new
        for i in 0..<new {
            if new < old {
                appendArea(
                    from: Double(i) * Double(old) / Double(new),
                    to: Double(i + 1) * Double(old) / Double(new), limit: old)
            } else {
                appendLinear(at: (Double(i) + 0.5) * Double(old) / Double(new) - 0.5, limit: old)
            }
            offsets.append(entries.count)
        }
    }

    private mutating func appendArea(from start: Double, to end: Double, limit: Int) {
        for position in Int(start)..<min(limit, Int(end.rounded(.up))) {
            let overlap = min(end, Double(position + 1)) - max(start, Double(position))
            // A last pixel may be touched by rounding alone.
            if overlap > 1e-9 { entries.append((position, Float(overlap / (end - start)))) }
        }
    }

    private mutating func appendLinear(at center: Double, limit: Int) {
        let clamped = min(max(center, 0), Double(limit - 1))
        let low = min(Int(clamped), max(0, limit - 2))
        let share = Float(clamped - Double(low))
        entries.append((low, 1 - share))
        if share > 0 { entries.append((low + 1, share)) }
    }

    func taps(_ i: Int) -> ArraySlice<(position: Int, weight: Float)> {
        entries[offsets[i]..<offsets[i + 1]]
    }
}
